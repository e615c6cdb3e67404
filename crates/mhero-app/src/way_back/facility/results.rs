//! Which results of which flows are values of places, and which of the people who give them.

use std::collections::BTreeMap;

use mhero_query::fold;
use mhero_store::RunAnswer;

use crate::{App, AppError};

/// The library's flow that asks about a facility, and those of its results that a register can hold. How many are on duty is
/// another number every day: no two colleagues need to agree on it.
const FACILITY_CHECK: (&str, [&str; 3]) = ("facility check", ["open", "power", "water"]);
/// The setting that adds to them: a JSON object from names of flows to objects from keys of results to fields.
/// `FIELD` takes the category of the result, `FIELD:value` its value; `person:FIELD` is a value of whoever answers. An empty object
/// takes a flow's results out.
pub(in crate::way_back) const SETTING: &str = "way-back-places";
/// What follows a field that takes the value of a result.
const BY_VALUE: &str = ":value";
/// What stands before a field of whoever answers.
pub(in crate::way_back) const OF_PERSON: &str = "person:";
/// Longest value, in characters.
const VALUE_MAX: usize = 100;
/// Categories that answer nothing, folded.
const SAYS_NOTHING: [&str; 8] =
    ["other", "autre", "no answer", "no response", "sans reponse", "pas de reponse", "expired", "failure"];

/// One result as a value of a place, or of whoever answers.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Taken {
    field: String,
    by_value: bool,
    of_person: bool,
}

impl Taken {
    fn read(text: &str) -> Self {
        let (text, of_person) = text.strip_prefix(OF_PERSON).map_or((text, false), |field| (field, true));
        let field = text.strip_suffix(BY_VALUE);
        // What people say of themselves is what they wrote, as it is with the fields that flows keep.
        let by_value = of_person || field.is_some();
        Self { field: field.unwrap_or(text).to_owned(), by_value, of_person }
    }
}

/// Which results of which flows are values of places or people: by the folded name of the flow and the key of the result.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct PlaceResults(BTreeMap<String, BTreeMap<String, Taken>>);

impl PlaceResults {
    fn of(setting: Option<&str>) -> Result<Self, serde_json::Error> {
        let (flow, fields) = FACILITY_CHECK;
        let own = fields.map(|field| (field.to_owned(), Taken::read(field)));
        let mut all = Self(BTreeMap::from([(flow.to_owned(), BTreeMap::from(own))]));
        let more: BTreeMap<String, BTreeMap<String, String>> =
            setting.map_or(Ok(BTreeMap::new()), serde_json::from_str)?;
        for (flow, results) in more {
            let results = results.into_iter().map(|(key, field)| (key, Taken::read(&field)));
            all.0.insert(fold(&flow), results.collect());
        }
        Ok(all)
    }

    /// Whether a flow of this name asks about places, or of what its people have in the register.
    pub(crate) fn has(&self, flow: &str) -> bool {
        self.0.get(&fold(flow)).is_some_and(|results| !results.is_empty())
    }

    /// The field and value that a result of a flow says; `None` for one that is no value of a place, or answers nothing.
    pub(super) fn said(&self, flow: &str, answer: &RunAnswer) -> Option<(String, String)> {
        self.taken(flow, answer, false)
    }

    /// The field and value that a result of a flow says of whoever answered.
    pub(super) fn said_of_self(&self, flow: &str, answer: &RunAnswer) -> Option<(String, String)> {
        self.taken(flow, answer, true)
    }

    fn taken(&self, flow: &str, answer: &RunAnswer, of_person: bool) -> Option<(String, String)> {
        let taken = self.0.get(&fold(flow))?.get(&answer.key).filter(|taken| taken.of_person == of_person)?;
        if SAYS_NOTHING.contains(&fold(&answer.category).as_str()) {
            return None;
        }
        let text = if taken.by_value { answer.value.trim() } else { answer.category.trim() };
        (!text.is_empty()).then(|| (taken.field.clone(), text.chars().take(VALUE_MAX).collect()))
    }
}

impl App {
    /// Which results of which flows are values of places.
    pub(crate) async fn place_results(&self) -> Result<PlaceResults, AppError> {
        let setting = self.store().setting(SETTING).await?;
        Ok(PlaceResults::of(setting.as_deref()).unwrap_or_else(|error| {
            tracing::error!(%error, "the setting way-back-places can't be read");
            PlaceResults::of(None).unwrap_or_default()
        }))
    }
}

#[cfg(test)]
mod tests {
    use mhero_core::{FlowId, PersonId};
    use uuid::Uuid;

    use super::*;

    fn answer(key: &str, value: &str, category: &str) -> RunAnswer {
        let (flow, person) = (FlowId::from_uuid(Uuid::nil()), PersonId::from_uuid(Uuid::nil()));
        let (value, category) = (value.to_owned(), category.to_owned());
        RunAnswer { flow, person, key: key.to_owned(), value, category, input: None, at: 0 }
    }

    #[test]
    fn the_check_of_the_library_is_known_and_others_are_added() {
        let own = PlaceResults::of(None).expect("nothing to read");
        let said = |all: &PlaceResults, flow: &str, answer: &RunAnswer| all.said(flow, answer);
        let open = ("open".to_owned(), "Partly".to_owned());
        assert_eq!(said(&own, "Facility check", &answer("open", "2", "Partly")), Some(open));
        assert_eq!(said(&own, "Facility check", &answer("open", "huh", "Other")), None);
        assert_eq!(said(&own, "Facility check", &answer("staff_on_duty", "3", "Number")), None);
        assert!(!own.has("Cold chain"));
        let more = r#"{"Cold Chain": {"fridges": "fridges:value", "name": "person:name"}, "Facility check": {}}"#;
        let more = PlaceResults::of(Some(more)).expect("it is right");
        let fridges = ("fridges".to_owned(), "2".to_owned());
        assert_eq!(said(&more, "cold chain", &answer("fridges", "2", "Number")), Some(fridges));
        let own = answer("name", "Ann Kollie", "All Responses");
        assert_eq!(said(&more, "cold chain", &own), None);
        let named = ("name".to_owned(), "Ann Kollie".to_owned());
        assert_eq!(more.said_of_self("Cold chain", &own), Some(named));
        assert!(more.has("Cold chain") && !more.has("Facility check"));
        assert!(PlaceResults::of(Some("[]")).is_err());
    }
}
