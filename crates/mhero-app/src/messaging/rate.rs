//! The rate of a channel: parts a second, by our own clock, so that a test of a day takes milliseconds.

use std::{collections::HashMap, sync::Mutex};

use mhero_core::ChannelId;
use mhero_store::ChannelRow;

use super::deliver::Lanes;
use crate::App;

/// Messages that a channel without a limit may try in one pass.
const UNLIMITED: i64 = 1_000;

/// What each channel may still send just now.
#[derive(Debug, Default)]
pub(crate) struct Rates(Mutex<HashMap<ChannelId, Bucket>>);

#[derive(Clone, Copy, Debug)]
struct Bucket {
    tokens: f64,
    at: i64,
}

impl App {
    /// How many messages a channel may try now; `None` for none. Urgent ones may draw on the next second.
    pub(crate) fn budget(&self, channel: &ChannelRow, lanes: Lanes) -> Option<i64> {
        if channel.parts_per_second <= 0.0 {
            return Some(UNLIMITED);
        }
        let tokens = self.rates().tokens(channel, self.clock().now_micros());
        #[expect(clippy::cast_possible_truncation, reason = "the bucket holds at most a second's worth")]
        let whole = tokens.floor() as i64;
        match (whole, lanes) {
            (1.., _) => Some(whole.min(UNLIMITED)),
            (_, Lanes::Urgent) if tokens > -channel.parts_per_second.max(1.0) => Some(1),
            _ => None,
        }
    }

    /// Notes that parts were handed over.
    pub(super) fn spend(&self, channel: &ChannelRow, parts: usize) {
        self.carriers().paces().note(channel.id, parts, self.clock().now_micros());
        if channel.parts_per_second > 0.0 {
            self.rates().spend(channel.id, parts);
        }
    }
}

impl Rates {
    fn tokens(&self, channel: &ChannelRow, now: i64) -> f64 {
        let mut buckets = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let full = channel.parts_per_second.max(1.0);
        let bucket = buckets.entry(channel.id).or_insert(Bucket { tokens: full, at: now });
        #[expect(clippy::cast_precision_loss, reason = "microseconds since the last look are few")]
        let seconds = (now - bucket.at).max(0) as f64 / 1e6;
        bucket.tokens = (bucket.tokens + seconds * channel.parts_per_second).min(full);
        bucket.at = now;
        bucket.tokens
    }

    fn spend(&self, channel: ChannelId, parts: usize) {
        let mut buckets = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some(bucket) = buckets.get_mut(&channel) {
            #[expect(clippy::cast_precision_loss, reason = "a pass hands over a few hundred parts")]
            let parts = parts as f64;
            bucket.tokens -= parts;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_come_back_with_time_and_never_exceed_a_second() {
        let channel = ChannelRow {
            id: ChannelId::from_uuid(uuid::Uuid::nil()),
            name: String::new(),
            kind: String::new(),
            config: String::new(),
            secret: None,
            sender: None,
            parts_per_second: 10.0,
            active: true,
        };
        let rates = Rates::default();
        assert!((rates.tokens(&channel, 0) - 10.0).abs() < 1e-9);
        rates.spend(channel.id, 10);
        assert!(rates.tokens(&channel, 100_000) < 1.5);
        assert!((rates.tokens(&channel, 60_000_000) - 10.0).abs() < 1e-9);
    }
}
