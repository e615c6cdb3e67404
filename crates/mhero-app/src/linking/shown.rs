//! Why two people are one, or may be: as it is kept, and as it is told.

use mhero_core::{LangMap, PersonId, PlaceId};
use mhero_linkage::{Explanation, Guard};
use mhero_store::{LinkRow, PersonRecord};
use serde::{Deserialize, Serialize};

/// Why two people are one, or may be.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Why {
    /// The comparison in parts; `None` where somebody joined two who were never compared.
    pub explanation: Option<Explanation>,
    /// What held a clear link back.
    pub guard: Option<Guard>,
    /// Whether somebody said so; else a rule.
    pub by_hand: bool,
}

/// A merge as it is shown.
#[derive(Clone, Debug)]
pub struct LinkView {
    /// The merge.
    pub link: LinkRow,
    /// Why.
    pub why: Why,
    /// The name of the joined person, as it was.
    pub joined_name: String,
}

impl Why {
    /// As it is kept.
    pub(super) fn keep(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// From how it is kept; empty where that can't be read.
    pub(super) fn read(kept: &str) -> Self {
        serde_json::from_str(kept).unwrap_or_default()
    }

    /// The probability, where the two were compared.
    pub(super) fn score(&self) -> f64 {
        self.explanation.as_ref().map_or(1.0, |explanation| explanation.probability)
    }

    /// Writes names of places in place of their ids.
    pub(super) fn name_places(&mut self, records: [&PersonRecord; 2], lang: mhero_core::Lang) {
        let held = || records.into_iter().flat_map(|record| &record.positions);
        let name = |id: &str| {
            let id = uuid::Uuid::try_parse(id).ok().map(PlaceId::from_uuid)?;
            let found = held().filter_map(|held| held.place.as_ref()).find(|(place, _, _)| *place == id);
            found.map(|(_, name, _): &(PlaceId, LangMap, bool)| name.best(lang).to_owned())
        };
        let named = |ids: &str| {
            let names: Vec<String> = ids.split(", ").map(|id| name(id).unwrap_or_else(|| id.to_owned())).collect();
            names.join(", ")
        };
        for part in self.explanation.iter_mut().flat_map(|explanation| &mut explanation.parts) {
            if part.field == "place" {
                (part.left, part.right) = (named(&part.left), named(&part.right));
            }
        }
    }

    /// Turns the sides about, so that the left one is that of the smaller id.
    pub(super) fn turned(mut self, is_turned: bool) -> Self {
        if is_turned {
            for part in self.explanation.iter_mut().flat_map(|explanation| &mut explanation.parts) {
                std::mem::swap(&mut part.left, &mut part.right);
            }
        }
        self
    }
}

/// A pair of people, the smaller id first.
pub(super) fn ordered(one: PersonId, other: PersonId) -> (PersonId, PersonId) {
    if one.uuid() <= other.uuid() { (one, other) } else { (other, one) }
}
