//! A decision in parts, so that a page can say it in words.

use serde::{Deserialize, Serialize};

use crate::{
    level::Level,
    rules::{Because, Decision},
};

/// Why two records were joined, shown or left apart.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Explanation {
    /// One part a comparison, in the schema's order; those where one side says nothing weigh 0.
    pub parts: Vec<Part>,
    /// The sum of the parts' weights and the prior, in bits.
    pub total: f64,
    /// The weight of the prior in bits; it is far below 0, since most pairs are two people.
    pub prior: f64,
    /// The probability that both are one person.
    pub probability: f64,
    /// What was decided.
    pub decision: Decision,
    /// Why.
    pub because: Because,
}

/// What one comparison contributes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Part {
    /// The comparison: `name.family`, `birth`.
    pub field: String,
    /// The left value, normalised; empty when it says nothing.
    pub left: String,
    /// The right value.
    pub right: String,
    /// How alike they are.
    pub level: Level,
    /// The weight in bits: above 0 speaks for one person, below 0 against.
    pub weight: f64,
    /// How much of the weight comes from the value being rarer (above 0) or commoner than usual.
    pub by_frequency: f64,
}

/// A sentence for people: a Fluent key of `linkage.ftl` and its variables.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words {
    /// The key.
    pub key: String,
    /// The variables.
    pub args: Vec<(&'static str, String)>,
}

impl Explanation {
    /// The decision as a sentence: `linkage-because-...`, with `percent`.
    ///
    /// Decisions by weight have one key for each outcome: `linkage-because-score-link`.
    pub fn words(&self) -> Words {
        let decision = match self.decision {
            Decision::Link => "link",
            Decision::Review => "review",
            Decision::Apart => "apart",
        };
        let key = match self.because {
            Because::Told => format!("linkage-because-told-{decision}"),
            Because::Identifier => "linkage-because-identifier".to_owned(),
            Because::Score => format!("linkage-because-score-{decision}"),
            Because::Veto(veto) => format!("linkage-veto-{}", veto.word()),
        };
        Words { key, args: vec![("percent", percent(self.probability))] }
    }

    /// The parts that decided, the heaviest first, for or against; parts without evidence are left out.
    pub fn strongest(&self) -> Vec<&Part> {
        let mut parts: Vec<&Part> = self.parts.iter().filter(|part| part.level != Level::Missing).collect();
        parts.sort_by(|one, other| other.weight.abs().total_cmp(&one.weight.abs()));
        parts
    }
}

impl Part {
    /// The comparison's outcome as a sentence: `linkage-level-...`, with `left` and `right`. The field's own name is the key
    /// [`Part::field_key`].
    pub fn words(&self) -> Words {
        let args = vec![("left", self.left.clone()), ("right", self.right.clone())];
        Words { key: format!("linkage-level-{}", self.level.word()), args }
    }

    /// The Fluent key of the field's name: `linkage-field-name-family`.
    pub fn field_key(&self) -> String {
        format!("linkage-field-{}", self.field.replace('.', "-"))
    }

    /// How strongly it speaks: `linkage-strength-strongly-for`, `-for`, `-little`, `-against`, `-strongly-against`.
    pub fn strength_key(&self) -> &'static str {
        match self.weight {
            weight if weight >= 6.0 => "linkage-strength-strongly-for",
            weight if weight >= 1.0 => "linkage-strength-for",
            weight if weight > -1.0 => "linkage-strength-little",
            weight if weight > -4.0 => "linkage-strength-against",
            _ => "linkage-strength-strongly-against",
        }
    }
}

/// A probability as a percentage for people; what is nearly certain never reads as certain.
fn percent(probability: f64) -> String {
    format!("{:.1}", (probability * 100.0).clamp(0.0, 99.9))
}
