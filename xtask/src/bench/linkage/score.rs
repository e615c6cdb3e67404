//! How many pairs were found that are there.

use std::{collections::HashMap, hash::Hash};

/// Pairs found rightly, found wrongly, and there to be found.
#[derive(Clone, Copy, Debug, Default)]
pub struct Score {
    /// Pairs of one person that were joined.
    pub right: usize,
    /// Pairs of two people that were joined.
    pub wrong: usize,
    /// Pairs of one person.
    pub all: usize,
}

impl Score {
    /// Counts the pairs within groups of records. `entity` tells the truth: who a record is.
    pub fn of<E: Eq + Hash>(records: usize, groups: &[Vec<usize>], entity: impl Fn(usize) -> E) -> Self {
        let mut sizes: HashMap<E, usize> = HashMap::new();
        (0..records).for_each(|record| *sizes.entry(entity(record)).or_default() += 1);
        let mut score = Self { all: sizes.values().map(|size| size * (size - 1) / 2).sum(), ..Self::default() };
        for group in groups {
            for (at, one) in group.iter().enumerate() {
                for other in &group[at + 1..] {
                    let is_right = entity(*one) == entity(*other);
                    score.right += usize::from(is_right);
                    score.wrong += usize::from(!is_right);
                }
            }
        }
        score
    }

    /// The harmonic mean of precision and recall.
    #[expect(clippy::cast_precision_loss, reason = "counts of pairs stay far below 2^52")]
    pub fn f1(self) -> f64 {
        2.0 * self.right as f64 / (self.right + self.wrong + self.all).max(1) as f64
    }

    /// The share of what was joined that is right.
    #[expect(clippy::cast_precision_loss, reason = "counts of pairs stay far below 2^52")]
    pub fn precision(self) -> f64 {
        self.right as f64 / (self.right + self.wrong).max(1) as f64
    }

    /// The share of what is there that was joined.
    #[expect(clippy::cast_precision_loss, reason = "counts of pairs stay far below 2^52")]
    pub fn recall(self) -> f64 {
        self.right as f64 / self.all.max(1) as f64
    }
}
