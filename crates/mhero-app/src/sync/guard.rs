//! The guard against an abnormal shrink: how many people and places a run would take away, and whether that is too much.

use mhero_core::record::Reason;

use crate::people::import::Marked;

/// People and places.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Heads {
    pub(super) people: u64,
    pub(super) places: u64,
}

impl Heads {
    /// Those that count now.
    pub(super) fn current<'a>(marks: impl Iterator<Item = Marked<'a>>) -> Self {
        let mut heads = Self::default();
        for mark in marks {
            heads.add(&mark);
        }
        heads
    }

    /// Counts the person or place of a record, if it counts now.
    pub(super) fn add(&mut self, mark: &Marked<'_>) {
        if mark.gone || mark.inactive {
            return;
        }
        match mark.entity_kind {
            Some("person") => self.people += 1,
            Some("place") => self.places += 1,
            _ => {}
        }
    }

    /// Whether so many of them are too many to lose at once.
    pub(super) fn loses_too_much(self, lost: Self, percent: f64) -> bool {
        too_much(lost.people, self.people, percent) || too_much(lost.places, self.places, percent)
    }

    /// The question for an official.
    pub(super) fn question(self, lost: Self, percent: f64) -> Reason {
        Reason::new(
            "sync-asks-removals",
            [
                ("people", lost.people.to_string()),
                ("of_people", self.people.to_string()),
                ("places", lost.places.to_string()),
                ("of_places", self.places.to_string()),
                ("percent", percent.to_string()),
            ],
        )
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts of people are far below 2^52")]
fn too_much(lost: u64, of: u64, percent: f64) -> bool {
    lost as f64 * 100.0 > of as f64 * percent
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_percent_may_go_and_no_one_more() {
        assert!(!too_much(5, 100, 5.0));
        assert!(too_much(6, 100, 5.0));
        assert!(!too_much(0, 0, 5.0));
        assert!(!too_much(3, 5_000, 5.0));
        assert!(too_much(1, 10, 5.0));
        assert!(!too_much(10, 10, 100.0));
        assert!(too_much(1, 1_000, 0.0));
        let there = Heads { people: 100, places: 10 };
        assert!(there.loses_too_much(Heads { people: 0, places: 1 }, 5.0));
        assert!(!there.loses_too_much(Heads { people: 5, places: 0 }, 5.0));
    }
}
