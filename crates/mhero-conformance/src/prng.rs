//! The generators that the pack's answers were made with, known by their answers in `fixtures/prng.json`.
//!
//! A permuted congruential generator with 128 bits of state, both halves of which start as the seed; see B.3 of the flow
//! specification. Identifiers come from one of their own.

use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;
use mhero_expr::Chance;
use uuid::Uuid;

const MULTIPLIER: u128 = (2_549_297_995_355_413_924 << 64) | 4_865_540_595_714_422_341;
const INCREMENT: u128 = (6_364_136_223_846_793_005 << 64) | 1_442_695_040_888_963_407;

/// The seed of most tables.
pub const SEED: u64 = 123_456;

/// A stream of random numbers.
#[derive(Clone, Debug)]
pub struct Pcg(u128);

impl Pcg {
    /// A stream from its start.
    pub fn new(seed: u64) -> Self {
        Self((u128::from(seed) << 64) | u128::from(seed))
    }

    /// The next 64 bits.
    pub fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_mul(MULTIPLIER).wrapping_add(INCREMENT);
        let (mut high, low) = (half(self.0 >> 64), half(self.0));
        high ^= high >> 32;
        high = high.wrapping_mul(0xda94_2042_e4dd_58b5);
        high ^= high >> 48;
        high.wrapping_mul(low | 1)
    }

    /// A float from 0 up to but not including 1.
    #[expect(clippy::cast_precision_loss, reason = "both are within the 53 bits that a float holds exactly")]
    pub fn float(&mut self) -> f64 {
        const STEPS: u64 = 1 << 53;
        (self.bits() % STEPS) as f64 / STEPS as f64
    }

    /// A whole number below another.
    pub fn below(&mut self, n: u64) -> u64 {
        if n.is_power_of_two() {
            return self.bits() & (n - 1);
        }
        let mut product = u128::from(self.bits()) * u128::from(n);
        if half(product) < n {
            let threshold = n.wrapping_neg() % n;
            while half(product) < threshold {
                product = u128::from(self.bits()) * u128::from(n);
            }
        }
        half(product >> 64)
    }

    /// A UUID of version 4.
    pub fn uuid_v4(&mut self) -> Uuid {
        let mut bytes = self.uuid_bytes();
        bytes[6] = (bytes[6] & 0x0f) | 0x40;
        bytes[8] = (bytes[8] & 0x3f) | 0x80;
        Uuid::from_bytes(bytes)
    }

    /// A UUID of version 7 for an instant.
    pub fn uuid_v7(&mut self, now: Timestamp) -> Uuid {
        let mut bytes = self.uuid_bytes();
        let nanos = u128::try_from(now.as_nanosecond()).unwrap_or(0);
        let (millis, rest) = (nanos / 1_000_000, nanos % 1_000_000);
        bytes[..6].copy_from_slice(&millis.to_be_bytes()[10..]);
        let sequence = (rest >> 8).to_be_bytes();
        bytes[6] = 0x70 | (sequence[14] & 0x0f);
        bytes[7] = sequence[15];
        bytes[8] = (bytes[8] & 0x3f) | 0x80;
        Uuid::from_bytes(bytes)
    }

    fn uuid_bytes(&mut self) -> [u8; 16] {
        let mut bytes = [0; 16];
        bytes[..8].copy_from_slice(&self.bits().to_le_bytes());
        bytes[8..].copy_from_slice(&self.bits().to_le_bytes());
        bytes
    }
}

#[expect(clippy::cast_possible_truncation, reason = "the lower half is what is asked for")]
const fn half(n: u128) -> u64 {
    n as u64
}

/// A stream that evaluations share.
#[derive(Debug)]
pub struct Stream(Mutex<Pcg>);

impl Stream {
    /// A stream from its start.
    pub fn new(seed: u64) -> Self {
        Self(Mutex::new(Pcg::new(seed)))
    }
}

impl Chance for Stream {
    fn next(&self) -> u64 {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).bits()
    }
}
