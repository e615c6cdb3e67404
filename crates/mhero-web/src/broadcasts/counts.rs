//! How far the messages of a broadcast have got: five inks, the further the darker.

use crate::{marks::Mark, page::Page, words::Arg};

/// Messages by state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// The handset has it.
    pub delivered: i64,
    /// The operator took it.
    pub sent: i64,
    /// On disk here.
    pub waiting: i64,
    /// Refused, or failed.
    pub failed: i64,
    /// Nobody knows.
    pub uncertain: i64,
    /// Taken back before it left.
    pub cancelled: i64,
    /// Not worth sending any more when its turn came.
    pub expired: i64,
}

/// One row of the table of states.
pub struct StateRow {
    /// The class of its ink.
    pub class: &'static str,
    /// The word in addresses.
    pub word: &'static str,
    /// The mark.
    pub mark: Mark,
    /// The key of its name.
    pub key: &'static str,
    /// The key of what it means.
    pub means: &'static str,
    /// How many people.
    pub people: i64,
}

/// One piece of the bar, in thousandths.
#[derive(Debug, PartialEq, Eq)]
pub struct BarPiece {
    /// The class of its ink.
    pub class: &'static str,
    /// Where it begins.
    pub x: i64,
    /// How wide it is.
    pub width: i64,
}

impl Counts {
    /// Everybody in the frozen list.
    pub fn total(&self) -> i64 {
        self.delivered + self.sent + self.waiting + self.failed + self.uncertain + self.cancelled + self.expired
    }

    /// How many have left us.
    pub fn left(&self) -> i64 {
        self.total() - self.waiting - self.cancelled - self.expired
    }

    /// The rows of the table of states. Those taken back are absent when there are none.
    pub fn states(&self) -> Vec<StateRow> {
        let row = |class, word, mark, key, means, people| StateRow { class, word, mark, key, means, people };
        let mut rows = vec![
            row("f3", "delivered", Mark::Delivered, "state-delivered", "means-delivered", self.delivered),
            row("f1", "sent", Mark::Sent, "state-sent", "means-sent", self.sent),
            row("f0", "waiting", Mark::Waiting, "state-waiting", "means-waiting", self.waiting),
            row("fx", "failed", Mark::Failed, "state-failed", "means-failed", self.failed),
            row("fu", "uncertain", Mark::Uncertain, "state-uncertain", "means-uncertain", self.uncertain),
        ];
        if self.cancelled > 0 {
            rows.push(row("bg", "cancelled", Mark::LeftOut, "state-cancelled", "means-cancelled", self.cancelled));
        }
        if self.expired > 0 {
            rows.push(row("bg", "expired", Mark::LeftOut, "state-expired", "means-expired", self.expired));
        }
        rows
    }

    /// The bar. Few failures stay visible: whatever is there is at least four thousandths wide.
    pub fn bar(&self) -> Vec<BarPiece> {
        let total = self.total().max(1);
        let rows = self.states();
        let shown: Vec<_> =
            rows.iter().filter(|row| row.people > 0 && !matches!(row.word, "cancelled" | "expired")).collect();
        let gaps = 2 * (i64::try_from(shown.len()).unwrap_or(0) - 1).max(0);
        let small = |people: i64| people * (1_000 - gaps) / total < 4;
        let kept = 4 * i64::try_from(shown.iter().filter(|row| small(row.people)).count()).unwrap_or(0);
        let mut x = 0;
        let piece = |row: &&StateRow| {
            let width = if small(row.people) { 4 } else { row.people * (1_000 - gaps - kept) / total };
            let piece = BarPiece { class: row.class, x, width };
            x += width + 2;
            piece
        };
        shown.iter().map(piece).collect()
    }

    /// The bar in words.
    pub fn said(&self, page: &Page) -> String {
        let pairs = [
            ("delivered", self.delivered),
            ("sent", self.sent),
            ("waiting", self.waiting),
            ("failed", self.failed),
            ("uncertain", self.uncertain),
        ];
        page.words.with("counts-said", &pairs.map(|(name, n)| (name, Arg::Count(n))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_fits_and_shows_the_few() {
        let counts =
            Counts { delivered: 1_748, sent: 612, waiting: 1_481, failed: 49, uncertain: 1, ..Counts::default() };
        let bar = counts.bar();
        assert_eq!(bar.len(), 5);
        assert_eq!(bar[4].width, 4);
        assert!(bar.iter().map(|piece| piece.x + piece.width).max() <= Some(1_000));
        assert_eq!(counts.left(), 2_410);
        assert!(Counts::default().bar().is_empty());
    }
}
