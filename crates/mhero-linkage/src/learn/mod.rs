//! Weights from the records themselves, without anybody's answers: u from pairs drawn at random, m by expectation and maximisation
//! over the pairs of each pass, of those comparisons that the pass does not ask for; the prior from all pairs.

mod em;
mod sample;

use serde::{Deserialize, Serialize};

use crate::{
    index::Index,
    model::{Model, Odds},
};

/// How to learn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Training {
    /// Where the draws come from: the same seed and records give the same weights.
    pub seed: u64,
    /// Threads to compute on.
    pub threads: usize,
    /// Pairs drawn at random for u.
    pub random_pairs: usize,
    /// Pairs of the passes looked at for m; of more, a part of the records is drawn.
    pub blocked_pairs: usize,
}

impl Default for Training {
    fn default() -> Self {
        Self { seed: 1, threads: 1, random_pairs: 60_000, blocked_pairs: 1_000_000 }
    }
}

/// What learning found.
#[derive(Clone, Debug, PartialEq)]
pub struct Learned {
    /// The weights.
    pub model: Model,
    /// Pairs of one person that are expected among all records.
    pub expected_matches: f64,
    /// Pairs that were compared.
    pub compared: u64,
    /// Comparisons that no pass could teach anything about; they keep their usual weights.
    pub untrained: Vec<String>,
}

/// Rounds of u, m and prior. The first u counts pairs of one person among those drawn; the second knows how many there are.
const ROUNDS: usize = 2;

/// Learns the weights of the index's records. With fewer than some hundred records the usual weights are better:
/// [`Model::usual`].
///
/// ```
/// use mhero_linkage::{Index, Schema, Training, learn};
///
/// let index = Index::new(Schema::people(vec![]))?;
/// let learned = learn(&index, &Training::default());
/// assert_eq!(learned.untrained.len(), 8, "nothing to learn from");
/// # Ok::<(), mhero_linkage::LinkageError>(())
/// ```
pub fn learn(index: &Index, training: &Training) -> Learned {
    let mut model = Model::usual(index.schema());
    let random = sample::random(index, training);
    let blocked = sample::blocked(index, training);
    let pairs = sample::pairs(index);
    let mut untrained = Vec::new();
    let mut matches = 0.0;
    for _ in 0..ROUNDS {
        em::set_u(index, &mut model, &random, matches, pairs);
        untrained = em::set_m(index, &mut model, &blocked);
        matches = em::expected_matches(index, &model, &blocked, pairs).max(1.0);
        model.prior = (matches / pairs.max(1.0)).clamp(Odds::SHARE_MIN.powi(2), 0.5);
    }
    Learned { model, expected_matches: matches, compared: random.count + blocked.count, untrained }
}
