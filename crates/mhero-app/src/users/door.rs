//! The door to the console: after a few wrong tries an address, or a network, waits.
//!
//! Only wrong tries count, so that nobody is kept out by signing in often. Those with an address are counted by the network that they
//! come from, and all networks together that nobody has signed in from with it: whoever knows the address keeps its owner out of no
//! network that they use, and guesses no faster by having many.

use std::{
    collections::HashMap,
    hash::Hash,
    net::{IpAddr, Ipv6Addr},
    num::NonZeroU32,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use governor::{Quota, RateLimiter, middleware::StateInformationMiddleware, state::keyed::DefaultKeyedStateStore};
use jiff::{SignedDuration, Timestamp};
use mhero_store::Clock;
use sha2::{Digest, Sha256};

/// Wrong tries with one address in a minute, before it waits.
const TRIES_BY_ADDRESS: NonZeroU32 = NonZeroU32::new(5).expect("it is not zero");
/// Wrong tries from one network in a minute, before it waits. A whole ministry may sit behind one.
const TRIES_BY_NETWORK: NonZeroU32 = NonZeroU32::new(30).expect("it is not zero");
/// Longest wait, so that a clock that jumps locks nobody out.
const WAIT_MAX: SignedDuration = SignedDuration::from_mins(5);
/// Wrong codes of a second factor, before its user waits.
const CODES_WRONG: u32 = 5;
/// The first such wait; each further wrong code doubles it, up to the longest. One in a few hundred thousand codes is right, and at one
/// try every twelve seconds somebody who knows the password would have tried as many within weeks.
const CODES_WAIT: SignedDuration = SignedDuration::from_secs(12);
/// After so long one wrong code is forgiven.
const CODE_FORGIVEN: SignedDuration = SignedDuration::from_mins(5);
/// Waiting keys are tidied when there are so many.
const KEYS_MAX: usize = 10_000;

/// Both doors of a console.
pub(crate) struct Doors {
    clock: Clock,
    /// Of an address, from one network.
    pair: Door<([u8; 32], IpAddr)>,
    /// Of an address, from all networks that it is not known in.
    address: Door<[u8; 32]>,
    network: Door<IpAddr>,
    /// Codes of phones that somebody types to claim them.
    claims: Door<uuid::Uuid>,
    /// Codes of a second factor.
    factors: Strikes,
}

/// Wrong codes of a second factor, by user.
#[derive(Default)]
struct Strikes(Mutex<HashMap<uuid::Uuid, Strike>>);

/// How many there were, and since when, and until when the user waits.
#[derive(Clone, Copy)]
struct Strike {
    count: u32,
    at: Timestamp,
    until: Timestamp,
}

/// What a try is counted under.
pub(super) struct Visitor {
    pub(super) address: [u8; 32],
    pub(super) network: IpAddr,
}

impl Visitor {
    pub(super) fn new(folded_email: &str, from: IpAddr) -> Self {
        Self { address: Sha256::digest(folded_email).into(), network: network_of(from) }
    }
}

struct Door<K: Hash + Eq + Clone> {
    tries: RateLimiter<K, DefaultKeyedStateStore<K>, Ticks, StateInformationMiddleware>,
    shut_until: Mutex<HashMap<K, Timestamp>>,
    /// How long until one more try is allowed.
    next_try: SignedDuration,
}

/// The limiter's view of our clock.
#[derive(Clone)]
struct Ticks(Clock);

impl governor::clock::Clock for Ticks {
    type Instant = Duration;

    fn now(&self) -> Duration {
        Duration::try_from(self.0.now().duration_since(Timestamp::UNIX_EPOCH)).unwrap_or_default()
    }
}

impl Doors {
    pub(crate) fn new(clock: &Clock) -> Self {
        Self {
            pair: Door::new(clock, TRIES_BY_ADDRESS),
            address: Door::new(clock, TRIES_BY_ADDRESS),
            network: Door::new(clock, TRIES_BY_NETWORK),
            claims: Door::new(clock, TRIES_BY_ADDRESS),
            factors: Strikes::default(),
            clock: clock.clone(),
        }
    }

    /// How long a user waits before the next code of a phone.
    pub(crate) fn claim_wait(&self, user: uuid::Uuid) -> Option<SignedDuration> {
        self.claims.wait(&user, self.clock.now())
    }

    /// Counts a wrong code of a phone.
    pub(crate) fn claim_failed(&self, user: uuid::Uuid) {
        self.claims.failed(&user, self.clock.now());
    }

    /// How long a user waits before the next code of a second factor.
    pub(super) fn factor_wait(&self, user: uuid::Uuid) -> Option<SignedDuration> {
        self.factors.wait(&user, self.clock.now())
    }

    /// Counts a wrong code of a second factor.
    pub(super) fn factor_failed(&self, user: uuid::Uuid) {
        self.factors.failed(user, self.clock.now());
    }

    /// Forgets them: a right one came.
    pub(super) fn factor_passed(&self, user: uuid::Uuid) {
        self.factors.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&user);
    }

    /// How long this visitor still has to wait, wherever else their address is tried.
    pub(super) fn wait(&self, visitor: &Visitor) -> Option<SignedDuration> {
        let now = self.clock.now();
        self.pair.wait(&(visitor.address, visitor.network), now).max(self.network.wait(&visitor.network, now))
    }

    /// How long this visitor still has to wait where nobody has signed in with this address from their network of late.
    pub(super) fn wait_as_stranger(&self, visitor: &Visitor) -> Option<SignedDuration> {
        self.address.wait(&visitor.address, self.clock.now())
    }

    /// Counts a wrong try. True when the door is shut from now on.
    pub(super) fn failed(&self, visitor: &Visitor) -> bool {
        let now = self.clock.now();
        let pair = self.pair.failed(&(visitor.address, visitor.network), now);
        let address = self.address.failed(&visitor.address, now);
        self.network.failed(&visitor.network, now) || address || pair
    }
}

impl Strike {
    /// Those that are not forgiven. A clock that was set back forgives all.
    fn left(self, now: Timestamp) -> u32 {
        let since = now.duration_since(self.at);
        let forgiven = if since.is_negative() { i64::MAX } else { since.as_secs() / CODE_FORGIVEN.as_secs() };
        self.count.saturating_sub(u32::try_from(forgiven).unwrap_or(u32::MAX))
    }
}

impl Strikes {
    fn wait(&self, user: &uuid::Uuid, now: Timestamp) -> Option<SignedDuration> {
        let strike = *self.0.lock().unwrap_or_else(PoisonError::into_inner).get(user)?;
        let left = strike.until.duration_since(now);
        (left.is_positive() && left <= WAIT_MAX).then_some(left)
    }

    fn failed(&self, user: uuid::Uuid, now: Timestamp) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= KEYS_MAX {
            all.retain(|_, strike| strike.left(now) > 0);
        }
        let count = all.get(&user).map_or(0, |strike| strike.left(now)).saturating_add(1);
        let pause = match count.checked_sub(CODES_WRONG) {
            None => SignedDuration::ZERO,
            Some(over) => (CODES_WAIT * 2_i32.saturating_pow(over.min(10))).min(WAIT_MAX),
        };
        all.insert(user, Strike { count, at: now, until: now + pause });
    }
}

impl<K: Hash + Eq + Clone> Door<K> {
    fn new(clock: &Clock, tries: NonZeroU32) -> Self {
        let quota = Quota::per_minute(tries);
        let limiter = RateLimiter::dashmap_with_clock(quota, Ticks(clock.clone()));
        Self {
            tries: limiter.with_middleware(),
            shut_until: Mutex::default(),
            next_try: SignedDuration::try_from(quota.replenish_interval()).unwrap_or(WAIT_MAX),
        }
    }

    fn wait(&self, key: &K, now: Timestamp) -> Option<SignedDuration> {
        let until = *self.shut_until.lock().unwrap_or_else(PoisonError::into_inner).get(key)?;
        let left = until.duration_since(now);
        (left.is_positive() && left <= WAIT_MAX).then_some(left)
    }

    fn failed(&self, key: &K, now: Timestamp) -> bool {
        if self.tries.check_key(key).is_ok_and(|state| state.remaining_burst_capacity() > 0) {
            return false;
        }
        let mut shut = self.shut_until.lock().unwrap_or_else(PoisonError::into_inner);
        if shut.len() >= KEYS_MAX {
            shut.retain(|_, until| *until > now);
            self.tries.retain_recent();
        }
        shut.insert(key.clone(), now + self.next_try);
        true
    }
}

/// The network that tries are counted under.
pub(super) fn network_of(from: IpAddr) -> IpAddr {
    match from.to_canonical() {
        IpAddr::V4(address) => IpAddr::V4(address),
        // One subscriber has a whole /64.
        IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from(u128::from(address) >> 64 << 64)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn visitor(email: &str, from: &str) -> Visitor {
        Visitor::new(email, from.parse().expect("an address"))
    }

    #[test]
    fn five_wrong_tries_then_one_every_twelve_seconds() {
        let (clock, hand) = Clock::manual("2026-05-14T09:34:00Z".parse().expect("an instant"));
        let doors = Doors::new(&clock);
        let one = visitor("a@moh.example", "10.0.0.1");
        assert_eq!((0..5).map(|_| doors.failed(&one)).collect::<Vec<_>>(), [false, false, false, false, true]);
        assert_eq!(doors.wait(&one), Some(SignedDuration::from_secs(12)));
        assert_eq!(doors.wait(&visitor("b@moh.example", "10.0.0.1")), None, "another address from there may come in");
        let elsewhere = visitor("a@moh.example", "10.9.9.9");
        assert!(doors.wait_as_stranger(&elsewhere).is_some(), "many networks guess no faster than one");
        assert_eq!(doors.wait(&elsewhere), None, "its owner comes in from their own");
        hand.advance(SignedDuration::from_secs(12));
        assert_eq!(doors.wait(&one), None);
        assert!(doors.failed(&one) && doors.wait(&one).is_some());
        hand.advance(SignedDuration::from_hours(1));
        assert!(!doors.failed(&one));
    }

    #[test]
    fn codes_are_guessed_ever_more_slowly_until_one_is_right() {
        let (clock, hand) = Clock::manual("2026-05-14T09:34:00Z".parse().expect("an instant"));
        let (doors, user) = (Doors::new(&clock), uuid::Uuid::from_u128(7));
        let mut waits = Vec::new();
        for _ in 0..12 {
            doors.factor_failed(user);
            let wait = doors.factor_wait(user).unwrap_or_default();
            waits.push(wait.as_secs());
            hand.advance(wait);
        }
        // While one waits one wrong code after the other is forgiven: no more than one in five minutes comes about.
        assert_eq!(waits, [0, 0, 0, 0, 12, 24, 48, 96, 192, 300, 300, 300]);
        let tries = (0..1_000).filter(|_| {
            hand.advance(SignedDuration::from_secs(90));
            let may = doors.factor_wait(user).is_none();
            if may {
                doors.factor_failed(user);
            }
            may
        });
        assert!(tries.count() < 320, "a day and an hour of trying");
        doors.factor_passed(user);
        doors.factor_failed(user);
        assert_eq!(doors.factor_wait(user), None, "who typed a right one begins anew");
        hand.advance(SignedDuration::from_hours(-10));
        assert_eq!(doors.factor_wait(user), None);
    }

    #[test]
    fn a_clock_that_jumps_back_locks_nobody_out() {
        let (clock, hand) = Clock::manual("2026-05-14T09:34:00Z".parse().expect("an instant"));
        let doors = Doors::new(&clock);
        let one = visitor("a@moh.example", "10.0.0.1");
        assert!((0..5).any(|_| doors.failed(&one)));
        hand.advance(SignedDuration::from_hours(-10));
        assert_eq!(doors.wait(&one), None);
    }

    #[test]
    fn a_network_of_six_is_one_network() {
        let doors = Doors::new(&Clock::wall());
        for number in 0..30 {
            doors.failed(&visitor(&format!("{number}@moh.example"), &format!("2001:db8::{number:x}")));
        }
        assert!(doors.wait(&visitor("x@moh.example", "2001:db8::ffff")).is_some());
        assert!(doors.wait(&visitor("x@moh.example", "2001:db8:0:1::1")).is_none());
        assert!(doors.wait(&visitor("x@moh.example", "::ffff:10.0.0.1")).is_none());
    }
}
