//! How fast channels hand over, as this process has seen it.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Mutex, PoisonError},
};

use mhero_core::ChannelId;

/// A second, in microseconds.
const SECOND: i64 = 1_000_000;
/// Seconds over which a pace is measured.
const SECONDS: i64 = 60;
/// Fewer seconds say little.
const SECONDS_MIN: i64 = 5;

/// How many parts each channel handed over lately: second and count.
#[derive(Default)]
pub(crate) struct Paces(Mutex<HashMap<ChannelId, VecDeque<(i64, i64)>>>);

impl Paces {
    /// Notes parts that were handed over at an instant, in UTC microseconds.
    pub(super) fn note(&self, channel: ChannelId, parts: usize, now: i64) {
        let (second, parts) = (now.div_euclid(SECOND), i64::try_from(parts).unwrap_or(i64::MAX));
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let own = all.entry(channel).or_default();
        match own.back_mut().filter(|(at, _)| *at == second) {
            Some((_, count)) => *count += parts,
            None => own.push_back((second, parts)),
        }
        while own.front().is_some_and(|(at, _)| *at <= second - SECONDS) {
            own.pop_front();
        }
    }

    /// Parts a second over the last minute; `None` where too little was handed over to tell.
    pub(crate) fn per_second(&self, channel: ChannelId, now: i64) -> Option<f64> {
        let second = now.div_euclid(SECOND);
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let lately = all.get(&channel)?.iter().filter(|(at, _)| (second - SECONDS..=second).contains(at));
        let (parts, first) = lately.fold((0, second), |(sum, first), (at, count)| (sum + count, first.min(*at)));
        let seconds = second - first + 1;
        #[expect(clippy::cast_precision_loss, reason = "the parts of a minute are few")]
        (parts > 0 && seconds >= SECONDS_MIN).then(|| parts as f64 / seconds as f64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pace_is_that_of_the_last_minute() {
        let (paces, channel) = (Paces::default(), ChannelId::from_uuid(uuid::Uuid::nil()));
        paces.note(channel, 9, 0);
        assert_eq!(paces.per_second(channel, 0), None, "one second says little");
        for second in 1..10 {
            paces.note(channel, 9, second * SECOND);
        }
        assert_eq!(paces.per_second(channel, 9 * SECOND), Some(9.0));
        assert_eq!(paces.per_second(channel, 600 * SECOND), None);
    }
}
