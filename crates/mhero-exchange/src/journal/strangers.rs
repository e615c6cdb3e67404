//! What is asked without an account: a line at once, then no more than one a minute for each address and answer, so that nobody whom
//! nobody knows fills the disk.

use std::{
    collections::HashMap,
    net::{IpAddr, Ipv6Addr},
};

use jiff::{SignedDuration, Timestamp};
use mhero_core::Direction;

use super::Entry;

/// How long what comes from one address and has one answer shares a line.
const TOGETHER: SignedDuration = SignedDuration::from_mins(1);
/// Addresses and answers that have lines of their own at a time. What comes beside them shares the lines of all others.
const APART_MAX: usize = 30;

/// An address, or the network of one subscriber, and what was answered; neither for all others.
type Key = (Option<IpAddr>, Option<i64>);

/// What was asked of late without an account.
#[derive(Default)]
pub(super) struct Strangers(HashMap<Key, Window>);

struct Window {
    until: Timestamp,
    /// The first that came since the last line, which says how many came after it.
    waits: Option<Entry>,
}

impl Strangers {
    /// Whether a call is one of nobody's account.
    pub(super) fn is_one(entry: &Entry) -> bool {
        entry.direction == Direction::In && entry.details.client.is_none()
    }

    /// Counts a call. It comes back where it is a line by itself, at once.
    pub(super) fn take(&mut self, mut entry: Entry) -> Option<Entry> {
        let own = (network(&entry), entry.status);
        let has_room = self.0.len() < APART_MAX || self.0.contains_key(&own);
        let key = if has_room { own } else { (None, None) };
        let Some(window) = self.0.get_mut(&key) else {
            self.0.insert(key, Window { until: entry.started_at + TOGETHER, waits: None });
            return Some(entry);
        };
        match &mut window.waits {
            Some(first) => first.details.folded += 1,
            None => {
                (entry.request, entry.response) = (None, None);
                window.waits = Some(entry);
            }
        }
        None
    }

    /// The lines whose minute is over.
    pub(super) fn due(&mut self, now: Timestamp) -> Vec<Entry> {
        let mut due = Vec::new();
        self.0.retain(|_, window| {
            let left = window.until.duration_since(now);
            // A clock that was set back ends a minute, too.
            if left.is_positive() && left <= TOGETHER {
                return true;
            }
            // Where something came the next minute begins with this line.
            window.until = now + TOGETHER;
            let waits = window.waits.take();
            let goes_on = waits.is_some();
            due.extend(waits.map(told));
            goes_on
        });
        due
    }

    /// All that waits: the process ends.
    pub(super) fn rest(&mut self) -> Vec<Entry> {
        self.0.drain().filter_map(|(_, window)| window.waits.map(told)).collect()
    }
}

/// The line of what came together.
fn told(mut entry: Entry) -> Entry {
    if entry.details.folded > 0 {
        entry.details.reason = Some("exchange-strangers".to_owned());
    }
    entry
}

/// Where a call came from; of IPv6 the network of one subscriber.
fn network(entry: &Entry) -> Option<IpAddr> {
    let address: IpAddr = entry.details.address.as_deref()?.parse().ok()?;
    Some(match address.to_canonical() {
        IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from(u128::from(address) >> 64 << 64)),
        four => four,
    })
}

#[cfg(test)]
mod tests {
    use mhero_app::rows::ExchangeDetails;
    use uuid::Uuid;

    use super::*;

    fn call(address: &str, status: i64, second: i64) -> Entry {
        Entry {
            correlation: Uuid::nil(),
            direction: Direction::In,
            peer: "?".into(),
            protocol: "fhir".into(),
            what: "GET /fhir/Practitioner".into(),
            outcome: "refused",
            status: Some(status),
            started_at: at(second),
            took_micros: 1,
            details: ExchangeDetails { address: Some(address.into()), ..ExchangeDetails::default() },
            request: None,
            response: None,
            folds: false,
        }
    }

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + second).expect("an instant")
    }

    #[test]
    fn one_address_has_a_line_a_minute_that_says_how_many() {
        let mut strangers = Strangers::default();
        let mut lines = Vec::new();
        for second in 0..600 {
            for _ in 0..10 {
                lines.extend(strangers.take(call("198.51.100.7", 429, second)));
            }
            lines.extend(strangers.due(at(second)));
        }
        lines.extend(strangers.rest());
        assert_eq!(lines.len(), 11, "the first at once, then one a minute");
        assert_eq!(lines.iter().map(|line| 1 + line.details.folded).sum::<i64>(), 6_000, "none is forgotten");
        assert_eq!(lines[0].details.reason, None);
        assert_eq!(lines[1].details.reason.as_deref(), Some("exchange-strangers"));
    }

    #[test]
    fn another_answer_and_another_address_have_their_own_line_but_not_without_end() {
        let mut strangers = Strangers::default();
        assert!(strangers.take(call("198.51.100.7", 401, 0)).is_some());
        assert!(strangers.take(call("198.51.100.7", 429, 0)).is_some());
        assert!(strangers.take(call("2001:db8::1", 401, 0)).is_some());
        assert!(strangers.take(call("2001:db8::2:1", 401, 0)).is_none(), "one subscriber");
        let many = (0..100_000_u32).map(|n| call(&std::net::Ipv4Addr::from(n).to_string(), 401, 1));
        let lines = many.filter_map(|call| strangers.take(call)).count();
        assert_eq!(lines, APART_MAX - 3 + 1, "however many addresses somebody has");
        let due = strangers.due(at(61));
        assert_eq!(due.iter().map(|line| 1 + line.details.folded).sum::<i64>(), 1 + 100_000 - 28);
        assert!(strangers.due(at(122)).is_empty());
        assert!(strangers.0.is_empty(), "who is quiet for a minute is forgotten");
    }
}
