//! What is done with a weight: thresholds, trusted identifiers, vetoes, and what people said before.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use crate::entry::RecordId;

/// When two records are joined, shown to somebody, or left apart. All adjustable.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Rules {
    /// From this probability on two records are joined.
    pub high: f64,
    /// Below this one they stay apart; between the two somebody decides.
    pub low: f64,
    /// Systems whose identifiers are trusted: one shared value joins at once.
    pub trusted: Vec<String>,
    /// Systems that give a person one identifier only: two values are two people, or a mistake that somebody looks at.
    pub one_each: Vec<String>,
    /// What speaks against a join whatever the weight.
    pub vetoes: Vec<Veto>,
    /// Most records of one person.
    pub cluster_max: usize,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            high: 0.99,
            low: 0.5,
            trusted: Vec::new(),
            one_each: Vec::new(),
            vetoes: Veto::ALL.to_vec(),
            cluster_max: Self::CLUSTER_MAX,
        }
    }
}

impl Rules {
    /// Most records of one person, unless told otherwise: more is a chain, or a number that a whole facility shares.
    pub const CLUSTER_MAX: usize = 12;

    /// The same for two records of one source: that they are does not speak against them.
    #[must_use]
    pub fn within(&self) -> Self {
        let mut rules = self.clone();
        rules.vetoes.retain(|veto| *veto != Veto::SameSource);
        rules
    }
}

/// What speaks against a join.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Veto {
    /// Both come from one source that holds nobody twice: apart.
    SameSource,
    /// Birth date and sex both differ, and no name is the same: apart.
    OtherBirthAndSex,
    /// A trusted identifier is shared, but names and birth date or sex differ: somebody looks.
    SharedIdOnly,
    /// A system that gives one identifier to each person gave two: somebody looks, where all else says one person; else apart.
    TwoIds,
    /// A shared phone is all that is alike: apart. Colleagues share phones.
    PhoneOnly,
}

impl Veto {
    /// Every veto.
    pub const ALL: [Self; 5] =
        [Self::SameSource, Self::OtherBirthAndSex, Self::SharedIdOnly, Self::TwoIds, Self::PhoneOnly];

    /// The name in Fluent keys: `linkage-veto-two-ids`.
    pub const fn word(self) -> &'static str {
        match self {
            Self::SameSource => "same-source",
            Self::OtherBirthAndSex => "other-birth-and-sex",
            Self::SharedIdOnly => "shared-id-only",
            Self::TwoIds => "two-ids",
            Self::PhoneOnly => "phone-only",
        }
    }
}

/// What people said about pairs; it outweighs every weight. Order within a pair means nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Told {
    same: HashSet<(RecordId, RecordId)>,
    different: HashSet<(RecordId, RecordId)>,
}

impl Told {
    /// Somebody said that these are one person.
    pub fn same(&mut self, one: RecordId, other: RecordId) {
        let pair = ordered(one, other);
        self.different.remove(&pair);
        self.same.insert(pair);
    }

    /// Somebody said that these are two people.
    pub fn different(&mut self, one: RecordId, other: RecordId) {
        let pair = ordered(one, other);
        self.same.remove(&pair);
        self.different.insert(pair);
    }

    /// What was said of these: `Some(true)` one person, `Some(false)` two.
    pub fn of(&self, one: RecordId, other: RecordId) -> Option<bool> {
        let pair = ordered(one, other);
        if self.same.contains(&pair) {
            return Some(true);
        }
        self.different.contains(&pair).then_some(false)
    }

    /// The pairs that were said to be one person.
    pub(crate) fn joined(&self) -> impl Iterator<Item = (RecordId, RecordId)> + '_ {
        self.same.iter().copied()
    }
}

/// A pair with the smaller id first.
pub(crate) fn ordered(one: RecordId, other: RecordId) -> (RecordId, RecordId) {
    if one <= other { (one, other) } else { (other, one) }
}

/// What is done with a pair.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Decision {
    /// One person: join.
    Link,
    /// Somebody decides.
    Review,
    /// Two people.
    Apart,
}

/// Why.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Because {
    /// Somebody said so.
    Told,
    /// A trusted identifier is shared.
    Identifier,
    /// By the weight.
    Score,
    /// A veto, whatever the weight.
    Veto(Veto),
}

/// A pair that was compared.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Judged {
    /// The record with the smaller id.
    pub left: RecordId,
    /// The other.
    pub right: RecordId,
    /// The weight in bits, prior included: 0 is even odds.
    pub weight: f64,
    /// The probability that both are one person.
    pub probability: f64,
    /// What to do.
    pub decision: Decision,
    /// Why.
    pub because: Because,
}
