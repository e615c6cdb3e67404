//! What is counted: wrong tokens by address, failures by account.

use std::{
    collections::HashMap,
    hash::Hash,
    net::IpAddr,
    sync::{Mutex, PoisonError},
};

use mhero_core::TokenId;

/// Wrong tokens from one address within a minute, before it waits for the rest of it.
const WRONG_MAX: u32 = 60;
/// The minute, in microseconds.
const WRONG_MICROS: i64 = 60_000_000;
/// Failures of an account within the span, before the administrators are told.
const FAULTS_TOLD: u32 = 20;
/// The span, in microseconds: ten minutes.
const FAULTS_MICROS: i64 = 600_000_000;
/// How long nothing more is said of an account, in microseconds: six hours.
const QUIET_MICROS: i64 = 6 * 3_600_000_000;
/// Addresses or accounts counted at most; then all are forgotten.
const COUNTED_MAX: usize = 10_000;

/// A count that begins anew after a span.
#[derive(Clone, Copy, Default)]
struct Count {
    since: i64,
    number: u32,
}

fn count<K: Hash + Eq>(counts: &mut HashMap<K, Count>, key: K, now: i64, span: i64) -> u32 {
    if counts.len() >= COUNTED_MAX && !counts.contains_key(&key) {
        counts.clear();
    }
    let known = counts.entry(key).or_insert(Count { since: now, number: 0 });
    // A clock that was set back begins anew too.
    if !(known.since..known.since.saturating_add(span)).contains(&now) {
        *known = Count { since: now, number: 0 };
    }
    known.number = known.number.saturating_add(1);
    known.number
}

/// Wrong tokens by address.
#[derive(Default)]
pub(super) struct WrongTokens(Mutex<HashMap<IpAddr, Count>>);

impl WrongTokens {
    pub(super) fn count(&self, address: IpAddr, now: i64) {
        count(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner), address, now, WRONG_MICROS);
    }

    pub(super) fn is_shut(&self, address: IpAddr, now: i64) -> bool {
        let counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        counts
            .get(&address)
            .is_some_and(|known| known.number >= WRONG_MAX && (known.since..known.since + WRONG_MICROS).contains(&now))
    }
}

/// Failures by account.
#[derive(Default)]
pub(super) struct Faults(Mutex<(HashMap<TokenId, Count>, HashMap<TokenId, i64>)>);

impl Faults {
    /// Counts one; the count where somebody should be told now.
    pub(super) fn count(&self, client: TokenId, now: i64) -> Option<u32> {
        let mut both = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (counts, told) = &mut *both;
        let number = count(counts, client, now, FAULTS_MICROS);
        let is_quiet = told.get(&client).is_some_and(|at| (*at..*at + QUIET_MICROS).contains(&now));
        if number < FAULTS_TOLD || is_quiet {
            return None;
        }
        if told.len() >= COUNTED_MAX {
            told.clear();
        }
        told.insert(client, now);
        Some(number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn administrators_are_told_once_and_again_after_hours() {
        let (faults, client) = (Faults::default(), TokenId::from_uuid(uuid::Uuid::nil()));
        let told = |from: i64| (0..100).filter(|n| faults.count(client, from + n).is_some()).count();
        assert_eq!((told(1_000), told(2_000)), (1, 0));
        assert_eq!(told(1_000 + QUIET_MICROS + FAULTS_MICROS), 1);
    }

    #[test]
    fn an_address_waits_for_the_rest_of_the_minute() {
        let (wrong, address) = (WrongTokens::default(), "10.0.0.1".parse().unwrap());
        (0..WRONG_MAX).for_each(|_| wrong.count(address, 5));
        assert!(wrong.is_shut(address, 6) && !wrong.is_shut(address, 5 + WRONG_MICROS));
        assert!(!wrong.is_shut("10.0.0.2".parse().unwrap(), 6));
    }
}
