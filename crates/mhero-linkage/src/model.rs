//! The weights: how often each level is seen among pairs of one person (m) and among pairs of two (u).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{LinkageError, level::Level, schema::Schema};

/// Weights of all comparisons, and how likely any pair is one person. Learned by [`learn`](crate::learn), kept as JSON, adjusted by
/// whoever knows better.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Model {
    /// The probability that two records drawn at random are one person.
    pub prior: f64,
    /// By comparison, in the order of [`Schema::comparisons`].
    pub comparisons: Vec<Comparison>,
}

/// The weights of one comparison.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Comparison {
    /// Its name: `name.family`, `birth`.
    pub name: String,
    /// By level.
    pub levels: BTreeMap<Level, Odds>,
    /// Whether a rare value that both share counts for more, and a common one for less.
    pub by_frequency: bool,
}

/// How often a level is seen.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Odds {
    /// Among pairs of one person, 0 to 1.
    pub m: f64,
    /// Among pairs of two people, 0 to 1.
    pub u: f64,
}

impl Odds {
    /// Smallest share that counts: what was never seen is rare, not impossible.
    pub const SHARE_MIN: f64 = 1e-6;

    /// The weight in bits, `log2(m/u)`.
    pub fn bits(self) -> f64 {
        (self.m.max(Self::SHARE_MIN) / self.u.max(Self::SHARE_MIN)).log2()
    }
}

impl Model {
    /// Weights to begin with, before anything was learned: those of registries of health workers.
    pub fn usual(schema: &Schema) -> Self {
        let comparisons = schema.comparisons().into_iter();
        let kinds = schema.fields.iter().flat_map(|field| std::iter::repeat_n(field.kind, field.kind.comparisons()));
        let comparisons = comparisons.zip(kinds).map(|(name, kind)| crate::usual::comparison(name, kind)).collect();
        Self { prior: 1e-5, comparisons }
    }

    /// Whether these weights belong to that schema.
    ///
    /// # Errors
    /// [`LinkageError::OtherModel`] with the first comparison that has no weights.
    pub fn check(&self, schema: &Schema) -> Result<(), LinkageError> {
        let names = schema.comparisons();
        let missing = names
            .iter()
            .enumerate()
            .find(|(at, name)| self.comparisons.get(*at).is_none_or(|comparison| comparison.name != **name));
        missing.map_or(Ok(()), |(_, name)| Err(LinkageError::OtherModel(name.clone())))
    }
}
