//! Nanoseconds in the core, UTC microseconds in the store.

use jiff::Timestamp;

/// The microseconds since 1970 that the store keeps for an instant.
pub fn micros(instant: Timestamp) -> i64 {
    instant.as_microsecond()
}

/// The instant of a stored number of microseconds, clamped to what a calendar can hold.
pub fn timestamp(micros: i64) -> Timestamp {
    Timestamp::from_microsecond(micros).unwrap_or(if micros < 0 { Timestamp::MIN } else { Timestamp::MAX })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn micros_come_back_and_extremes_are_clamped() {
        let now: Timestamp = "2026-05-14T09:34:00.000123Z".parse().expect("an instant");
        assert_eq!(timestamp(micros(now)), now);
        assert_eq!(timestamp(i64::MAX), Timestamp::MAX);
    }
}
