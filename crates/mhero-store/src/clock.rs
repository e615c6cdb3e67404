//! The clock: the wall's, or one that a test sets, which also wakes sleepers.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use jiff::{SignedDuration, Timestamp};
use mhero_core::{micros, timestamp};
use tokio::sync::watch;

/// Longest single sleep on the wall clock. A clock that was set forward wakes a sleeper within this time.
const NAP_MAX: Duration = Duration::from_secs(5);

/// Gives the time and lets tasks sleep until an instant.
#[derive(Clone, Debug)]
pub struct Clock(Kind);

#[derive(Clone, Debug)]
enum Kind {
    Wall,
    Manual(Arc<Manual>),
}

#[derive(Debug)]
struct Manual {
    now: AtomicI64,
    moved: watch::Sender<i64>,
}

/// The hand of a manual clock.
#[derive(Clone, Debug)]
pub struct Hand(Arc<Manual>);

impl Clock {
    /// The wall clock.
    pub const fn wall() -> Self {
        Self(Kind::Wall)
    }

    /// A clock that stands still until its hand is moved.
    pub fn manual(start: Timestamp) -> (Self, Hand) {
        let now = micros(start);
        let manual = Arc::new(Manual { now: AtomicI64::new(now), moved: watch::channel(now).0 });
        (Self(Kind::Manual(Arc::clone(&manual))), Hand(manual))
    }

    /// Now.
    pub fn now(&self) -> Timestamp {
        match &self.0 {
            Kind::Wall => Timestamp::now(),
            Kind::Manual(manual) => timestamp(manual.now.load(Ordering::SeqCst)),
        }
    }

    /// Now, in microseconds as stored.
    pub fn now_micros(&self) -> i64 {
        micros(self.now())
    }

    /// Sleeps until an instant has come on this clock. Returns at once when it has passed.
    pub async fn sleep_until(&self, instant: Timestamp) {
        match &self.0 {
            Kind::Wall => loop {
                let left = instant.duration_since(Timestamp::now());
                let Ok(left) = Duration::try_from(left) else { return };
                if left.is_zero() {
                    return;
                }
                tokio::time::sleep(left.min(NAP_MAX)).await;
            },
            Kind::Manual(manual) => {
                let mut moved = manual.moved.subscribe();
                // The sender lives as long as the clock that we hold.
                let _ = moved.wait_for(|now| *now >= micros(instant)).await;
            }
        }
    }

    /// Sleeps for a time on this clock.
    pub async fn sleep(&self, time: SignedDuration) {
        self.sleep_until(self.now() + time).await;
    }
}

impl Hand {
    /// Moves the clock on, or back.
    pub fn advance(&self, time: SignedDuration) {
        self.set(timestamp(self.0.now.load(Ordering::SeqCst)) + time);
    }

    /// Sets the clock.
    pub fn set(&self, instant: Timestamp) {
        self.0.now.store(micros(instant), Ordering::SeqCst);
        self.0.moved.send_replace(micros(instant));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_manual_clock_wakes_its_sleepers() {
        let (clock, hand) = Clock::manual(Timestamp::UNIX_EPOCH);
        let sleeper = tokio::spawn({
            let clock = clock.clone();
            async move {
                clock.sleep(SignedDuration::from_hours(90 * 24)).await;
                clock.now()
            }
        });
        tokio::task::yield_now().await;
        hand.advance(SignedDuration::from_hours(100 * 24));
        assert_eq!(sleeper.await.expect("it woke"), clock.now());
    }
}
