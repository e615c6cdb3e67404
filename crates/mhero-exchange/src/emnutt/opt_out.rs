//! People who want nothing more, and those who do again. As with STOP it counts for every number of theirs and every way of sending.

use mhero_app::Caller;
use mhero_core::{PersonId, Right};
use mhero_fhir::Code;
use mhero_store::{Queue, Unit};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{EmNutt, IDS_MAX};
use crate::fhir::FhirError;

/// What was done for one person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opted {
    /// Kind and id as they were asked for.
    pub name: String,
    /// Whether it was done.
    pub is_done: bool,
}

impl EmNutt {
    /// Notes for people, by kind and id, that they want nothing more; with `back` that they do again.
    ///
    /// # Errors
    /// [`FhirError::Refused`] for nobody or too many; [`FhirError::App`] for who may not change people.
    pub async fn opt_out(
        &self,
        caller: &Caller,
        whom: &[(String, String)],
        back: bool,
    ) -> Result<Vec<Opted>, FhirError> {
        caller.must(Right::EditPeople)?;
        if whom.is_empty() || whom.len() > IDS_MAX {
            let said =
                format!("name 1 to {IDS_MAX}: ?globalid=P1&entitytype=Practitioner, or a list of them in the body");
            return Err(FhirError::refused(Code::Required, "globalid", said));
        }
        let mut told = Vec::with_capacity(whom.len());
        for (kind, id) in whom {
            let is_done = self.opt_one(caller, (kind, id), back).await?;
            told.push(Opted { name: format!("{kind}/{id}"), is_done });
        }
        self.app.wake();
        Ok(told)
    }

    async fn opt_one(&self, caller: &Caller, (kind, id): (&str, &str), back: bool) -> Result<bool, FhirError> {
        let store = self.app.store();
        let entity = match store.fhir_entity((kind, id)).await? {
            None => store.fhir_entity(("Practitioner", id)).await?,
            found => found,
        };
        let Some(entity) = entity.or_else(|| Uuid::try_parse(id).ok()) else { return Ok(false) };
        let person = store.golden(PersonId::from_uuid(entity)).await?;
        let now = self.app.clock().now_micros();
        let Some(numbers) = store.numbers_of(&caller.scope, person, now).await? else { return Ok(false) };
        let mut unit = Unit::new();
        for (scheme, path) in &numbers {
            if back {
                unit.start((scheme, path), "");
            } else {
                unit.stop((scheme, path), "", None, now).cancel_waiting(scheme, path, now);
            }
        }
        let action = if back { "person-opted-in" } else { "person-opted-out" };
        unit.changed("person", person.uuid(), "updated", now);
        unit.audit(store, &caller.entry(action, "person", Some(person.uuid()), json!({ "numbers": numbers.len() })));
        store.write(unit, Queue::Interactive).await?;
        Ok(true)
    }
}

/// The people that a body names, in the shape of iHRIS: `[{"entitytype":"Practitioner","globalid":"P1"}]`.
pub fn named(body: &Value) -> Vec<(String, String)> {
    let all = body.as_array().into_iter().flatten();
    let text = |one: &Value, name: &str| one[name].as_str().map(ToOwned::to_owned);
    all.filter_map(|one| Some((text(one, "entitytype")?, text(one, "globalid")?))).collect()
}
