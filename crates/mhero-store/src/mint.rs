//! New ids: version 7, so that later ones sort after earlier ones.

use std::sync::atomic::{AtomicU64, Ordering};

use jiff::Timestamp;
use uuid::Uuid;

use crate::Clock;

/// Mints ids by the store's clock.
#[derive(Debug)]
pub struct Mint {
    clock: Clock,
    last: AtomicU64,
}

impl Mint {
    /// A mint on a clock.
    pub fn new(clock: Clock) -> Self {
        Self { clock, last: AtomicU64::new(0) }
    }

    /// A new id of any kind: `mint.id(PersonId::from_uuid)`.
    pub fn id<T>(&self, wrap: fn(Uuid) -> T) -> T {
        wrap(self.uuid())
    }

    /// A new UUID of version 7. Within a process they never go back, even when the clock does.
    pub fn uuid(&self) -> Uuid {
        let nanos = self.clock.now().duration_since(Timestamp::UNIX_EPOCH).as_nanos().clamp(0, i128::from(u64::MAX));
        let wanted = u64::try_from(nanos / 1_000).unwrap_or(u64::MAX / 1_000);
        let micros = self
            .last
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, |last| Some(wanted.max(last + 1)))
            .map_or(wanted, |last| wanted.max(last + 1));
        let random = Uuid::new_v4().into_bytes();
        let mut bytes = random;
        bytes[..6].copy_from_slice(&(micros / 1_000).to_be_bytes()[2..]);
        // The twelve bits after the version hold the microseconds, scaled; the rest stays random.
        let fraction = u16::try_from((micros % 1_000) * 4).unwrap_or(0);
        bytes[6] = 0x70 | u8::try_from(fraction >> 8).unwrap_or(0);
        bytes[7] = u8::try_from(fraction & 0xff).unwrap_or(0);
        bytes[8] = (bytes[8] & 0x3f) | 0x80;
        Uuid::from_bytes(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn later_ids_sort_after_earlier_ones_even_when_the_clock_jumps_back() {
        let (clock, hand) = Clock::manual("2026-05-14T09:34:00Z".parse().expect("an instant"));
        let mint = Mint::new(clock);
        let first = mint.uuid();
        hand.advance(jiff::SignedDuration::from_hours(-5));
        let ids: Vec<_> = (0..5_000).map(|_| mint.uuid()).collect();
        assert!(first < ids[0] && ids.is_sorted());
        assert_eq!(first.get_version_num(), 7);
    }
}
