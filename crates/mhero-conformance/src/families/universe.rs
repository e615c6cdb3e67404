//! The mock universe of the pack: a clock that moves on at every reading, ids and chance from a seed.

use std::sync::{Arc, Mutex, PoisonError};

use jiff::{Timestamp, ToSpan};
use mhero_expr::Chance;
use uuid::Uuid;

#[cfg(feature = "flow")]
use mhero_flow::{Urn, World};

/// The seed of both generators.
pub(crate) const SEED: u64 = 123_456;

/// The clock's first reading.
pub(crate) const START: &str = "2025-05-04T12:30:45.123456789Z";

/// PCG with 128 bits of state and the DXSM output.
#[derive(Clone, Debug)]
pub(crate) struct Pcg {
    state: u128,
}

impl Pcg {
    const MULTIPLIER: u128 = (2_549_297_995_355_413_924 << 64) | 4_865_540_595_714_422_341;
    const INCREMENT: u128 = (6_364_136_223_846_793_005 << 64) | 1_442_695_040_888_963_407;

    pub(crate) fn new(seed: u64) -> Self {
        Self { state: (u128::from(seed) << 64) | u128::from(seed) }
    }

    /// The next 64 bits.
    pub(crate) fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_mul(Self::MULTIPLIER).wrapping_add(Self::INCREMENT);
        let (mut high, low) = ((self.state >> 64) as u64, self.state as u64);
        high ^= high >> 32;
        high = high.wrapping_mul(0xda94_2042_e4dd_58b5);
        high ^= high >> 48;
        high.wrapping_mul(low | 1)
    }

    /// A version 4 id.
    pub(crate) fn uuid_v4(&mut self) -> Uuid {
        uuid::Builder::from_random_bytes(self.bytes()).into_uuid()
    }

    /// A version 7 id of an instant, with a sub-millisecond part as the pack has it.
    pub(crate) fn uuid_v7(&mut self, now: Timestamp) -> Uuid {
        let mut bytes = self.bytes();
        let nanoseconds = now.as_nanosecond();
        let milliseconds = (nanoseconds / 1_000_000) as u64;
        let rest = ((nanoseconds % 1_000_000) >> 8) as u16;
        bytes[..6].copy_from_slice(&milliseconds.to_be_bytes()[2..]);
        bytes[6] = 0x70 | ((rest >> 8) & 0x0f) as u8;
        bytes[7] = rest as u8;
        bytes[8] = (bytes[8] & 0x3f) | 0x80;
        Uuid::from_bytes(bytes)
    }

    fn bytes(&mut self) -> [u8; 16] {
        let mut bytes = [0; 16];
        bytes[..8].copy_from_slice(&self.next().to_le_bytes());
        bytes[8..].copy_from_slice(&self.next().to_le_bytes());
        bytes
    }
}

/// Chance from a seed.
pub(crate) struct Seeded(Mutex<Pcg>);

impl Seeded {
    pub(crate) fn new(seed: u64) -> Self {
        Self(Mutex::new(Pcg::new(seed)))
    }
}

impl Chance for Seeded {
    fn next(&self) -> u64 {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).next()
    }
}

/// The mock universe.
pub(crate) struct Universe {
    now: Timestamp,
    tick: i64,
    ids: Pcg,
    chance: Arc<Seeded>,
}

impl Universe {
    /// The universe in which sessions are tested: each reading of the clock is a second after the one before.
    pub(crate) fn new() -> Self {
        Self::at(START, 1)
    }

    /// A universe with another clock, which moves by so many seconds at each reading.
    pub(crate) fn at(now: &str, tick: i64) -> Self {
        let now = now.parse().expect("an instant of the pack");
        Self { now, tick, ids: Pcg::new(SEED), chance: Arc::new(Seeded::new(SEED)) }
    }

    /// Reads the clock.
    pub(crate) fn tick(&mut self) -> Timestamp {
        let now = self.now;
        self.now += self.tick.seconds();
        now
    }
}

#[cfg(feature = "flow")]
impl World for Universe {
    fn now(&mut self) -> Timestamp {
        self.tick()
    }

    fn uuid_v4(&mut self) -> Uuid {
        self.ids.uuid_v4()
    }

    fn uuid_v7(&mut self) -> Uuid {
        let now = self.tick();
        self.ids.uuid_v7(now)
    }

    fn chance(&self) -> Arc<dyn Chance> {
        self.chance.clone()
    }

    /// Paths that contain "taken" belong to somebody else.
    fn claim_urn(&mut self, _contact: Uuid, urn: &Urn) -> bool {
        !urn.path().contains("taken")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_and_numbers_are_the_published_ones() {
        let mut numbers = Pcg::new(SEED);
        assert_eq!(format!("{:x}", numbers.next()), "daf8cba0ab83201b");
        let mut ids = Pcg::new(SEED);
        assert_eq!(ids.uuid_v4().to_string(), "1b2083ab-a0cb-48da-924e-9de1a11831b3");
        let mut ids = Pcg::new(SEED);
        let start = START.parse().expect("an instant");
        assert_eq!(ids.uuid_v7(start).to_string(), "01969b47-0583-76f8-924e-9de1a11831b3");
    }
}
