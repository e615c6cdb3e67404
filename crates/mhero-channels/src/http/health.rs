//! Whether the gateway works. At first, and after a failure that is not the message's, one message goes ahead to see; after a failure
//! the channel rests, a little longer each time. A broadcast must not run through all its attempts while a password is wrong.

use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::{SignedDuration, Timestamp};
use mhero_app::rows::Clock;
use mhero_core::ChannelId;

use super::trouble::Trouble;

/// Rests after the first, second ... failure, in seconds. The last one stays.
const REST_SECONDS: [i64; 6] = [1, 2, 4, 8, 15, 30];

/// What has been learnt about one gateway.
pub(crate) struct Health {
    channel: ChannelId,
    /// What it is, for logs.
    provider: &'static str,
    clock: Clock,
    connections: usize,
    state: Mutex<State>,
}

#[derive(Clone, Copy, Default)]
struct State {
    /// It has taken something since this process began.
    is_proven: bool,
    trouble: Option<Trouble>,
    failures: usize,
    rests_until: Timestamp,
}

impl Health {
    pub(crate) fn new(channel: ChannelId, provider: &'static str, clock: Clock, connections: usize) -> Self {
        Self { channel, provider, clock, connections, state: Mutex::default() }
    }

    /// How many requests may be under way.
    pub(crate) fn room(&self) -> usize {
        let state = *self.lock();
        match state.trouble {
            None if state.is_proven => self.connections,
            None => 1,
            Some(_) if state.rest(self.clock.now()) > SignedDuration::ZERO => 0,
            Some(_) => 1,
        }
    }

    /// What is wrong.
    pub(crate) fn trouble(&self) -> Option<Trouble> {
        self.lock().trouble
    }

    /// It did its work.
    pub(crate) fn worked(&self) {
        let mut state = self.lock();
        if state.trouble.is_some() {
            let provider = self.provider;
            tracing::info!(channel = %self.channel, provider, failures = state.failures, "a gateway works again");
        }
        if state.trouble.is_some() || !state.is_proven {
            *state = State { is_proven: true, ..State::default() };
        }
    }

    /// It did not. Returns how long it rests. Failures of requests that were under way together count as one.
    pub(crate) fn failed(&self, trouble: Trouble) -> SignedDuration {
        let (mut state, now) = (self.lock(), self.clock.now());
        if state.trouble.is_none() || state.rest(now) <= SignedDuration::ZERO {
            state.failures += 1;
            let seconds = REST_SECONDS[(state.failures - 1).min(REST_SECONDS.len() - 1)];
            state.rests_until = now + SignedDuration::from_secs(seconds);
            if state.failures.is_power_of_two() {
                let (why, failures, provider) = (trouble.word(), state.failures, self.provider);
                tracing::warn!(channel = %self.channel, provider, failures, why, "a gateway fails; messages wait");
            }
        }
        state.trouble = Some(trouble);
        state.rest(now)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// How long it still rests. What would be longer than any rest was begun before the clock was set back.
    fn rest(&self, now: Timestamp) -> SignedDuration {
        let left = self.rests_until.duration_since(now);
        if left > SignedDuration::from_secs(REST_SECONDS[REST_SECONDS.len() - 1]) { SignedDuration::ZERO } else { left }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_rests_longer_with_each_failure_and_tries_one_at_a_time() {
        let (clock, hand) = Clock::manual("2026-11-22T08:00:00Z".parse().unwrap());
        let health = Health::new(ChannelId::from_uuid(uuid::Uuid::nil()), "test", clock, 20);
        assert_eq!(health.room(), 1, "nothing is known yet");
        health.worked();
        assert_eq!(health.room(), 20);
        for seconds in [1, 2, 4, 8, 15, 30, 30] {
            let rest = SignedDuration::from_secs(seconds);
            assert_eq!(health.failed(Trouble::Unreachable), rest);
            assert_eq!(health.failed(Trouble::Unreachable), rest, "one that was under way at the same time");
            assert_eq!(health.room(), 0);
            hand.advance(rest);
            assert_eq!(health.room(), 1, "one goes ahead");
        }
        health.worked();
        assert_eq!((health.room(), health.trouble()), (20, None));
    }
}
