//! Putting what mHero itself shows into the FHIR server: only what differs becomes a version.

use std::collections::{BTreeMap, HashMap};

use mhero_core::{PersonId, ProgrammeId};
use mhero_fhir::{Limits, check, primitive::is_id};
use mhero_store::{FhirResource, NewFhir, Snapshot, Unit};
use serde_json::{Value, json};

use crate::fhir::{FhirError, FhirServer};

/// A resource that mHero itself shows.
#[derive(Clone)]
pub struct Shown {
    /// Its kind.
    pub kind: &'static str,
    /// Its id.
    pub id: String,
    /// Whose it is: who may see this person may see it. Without one only those who see the whole country may, unless its kind is
    /// everybody's.
    pub person: Option<PersonId>,
    /// What it is to be; `None` when it is to be gone.
    pub resource: Option<Value>,
}

/// No resource: names and numbers stand there.
impl std::fmt::Debug for Shown {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut shown = f.debug_struct("Shown");
        shown.field("kind", &self.kind).field("id", &self.id).field("is_gone", &self.resource.is_none()).finish()
    }
}

impl FhirServer {
    /// Adds to a unit what makes resources stand as they should, and says how many versions that makes. What stands is read from
    /// the snapshot; the unit fails when it has changed by then, and all is to be decided again. A difference in `meta` alone makes
    /// no version, unless it is one of tags. What a client has just written and the register has not heard is left alone: it comes again when it has.
    ///
    /// # Errors
    /// Whatever the store reports. What R4 would forbid is not shown; the log tells its kind and id.
    pub async fn show(&self, unit: &mut Unit, snapshot: &mut Snapshot, shown: Vec<Shown>) -> Result<usize, FhirError> {
        self.show_of(unit, snapshot, shown, &HashMap::new()).await
    }

    /// The same of resources that belong to programmes, by their ids: who is narrowed to other programmes does not read them.
    ///
    /// # Errors
    /// As [`FhirServer::show`].
    pub async fn show_of(
        &self,
        unit: &mut Unit,
        snapshot: &mut Snapshot,
        shown: Vec<Shown>,
        programmes: &HashMap<String, ProgrammeId>,
    ) -> Result<usize, FhirError> {
        let mut by_kind: BTreeMap<&'static str, Vec<Shown>> = BTreeMap::new();
        for one in shown {
            by_kind.entry(one.kind).or_default().push(one);
        }
        let mut made = 0;
        for (kind, shown) in by_kind {
            let ids: Vec<String> = shown.iter().map(|one| one.id.clone()).collect();
            let stands = snapshot.fhir_named(kind, &ids).await?;
            let keys: Vec<_> = stands.iter().map(|one| one.resource).collect();
            let unheard = self.app.store().fhir_unheard(&keys).await?;
            let stands: HashMap<String, FhirResource> = stands.into_iter().map(|one| (one.id.clone(), one)).collect();
            for one in shown {
                let held = stands.get(&one.id);
                if held.is_some_and(|held| unheard.contains(&held.resource)) {
                    continue;
                }
                let programme = programmes.get(&one.id).copied();
                made += usize::from(self.show_one(unit, (one, programme), held).await?);
            }
        }
        Ok(made)
    }

    async fn show_one(
        &self,
        unit: &mut Unit,
        (shown, programme): (Shown, Option<ProgrammeId>),
        held: Option<&FhirResource>,
    ) -> Result<bool, FhirError> {
        let now = self.app.clock().now();
        let Shown { kind, id, person, resource } = shown;
        let Some(mut resource) = resource else {
            let Some(held) = held.filter(|held| !held.is_deleted) else { return Ok(false) };
            unit.delete_fhir(held.resource, held.version, now.as_microsecond());
            return Ok(true);
        };
        resource["resourceType"] = json!(kind);
        resource["id"] = json!(id);
        if let Some(held) = held.filter(|held| !held.is_deleted)
            && is_same(&resource, &serde_json::from_str(&held.body).unwrap_or_default())
        {
            if held.person != person {
                unit.own_fhir(held.resource, held.version, person);
            }
            return Ok(false);
        }
        let wrong = check(&resource, Limits::default()).into_iter().find(mhero_fhir::Issue::is_error);
        if let Some(wrong) = wrong.or_else(|| (!is_id(&id)).then(|| id_issue(kind))) {
            tracing::error!(
                kind,
                element = wrong.expression,
                code = wrong.code.as_str(),
                "a resource of ours is not valid R4"
            );
            return Ok(false);
        }
        let extra = self.number_keys(&resource).await?;
        let version = held.map_or(1, |held| held.version + 1);
        let (body, keys) = self.ready(resource, (version, now), extra);
        let is_public = crate::fhir::is_public(kind);
        let new = NewFhir { kind, id: &id, person, is_public, body: &body, keys: &keys, programme, author: None };
        match held {
            Some(held) => unit.change_fhir(held.resource, held.version, &new, now.as_microsecond()),
            None => unit.add_fhir(self.app.store().mint().uuid(), &new, now.as_microsecond()),
        };
        Ok(true)
    }
}

fn id_issue(kind: &str) -> mhero_fhir::Issue {
    mhero_fhir::Issue::error(mhero_fhir::Code::Value, format!("{kind}.id"), "this is no id")
}

/// Whether two resources say the same, whatever their `meta` is.
fn is_same(one: &Value, other: &Value) -> bool {
    let (Some(one), Some(other)) = (one.as_object(), other.as_object()) else { return one == other };
    let has = |object: &serde_json::Map<String, Value>| object.keys().filter(|name| *name != "meta").count();
    // Tags say something of whom it is about: that they want nothing more.
    let tags = |object: &serde_json::Map<String, Value>| object.get("meta").and_then(|meta| meta.get("tag")).cloned();
    has(one) == has(other)
        && tags(one) == tags(other)
        && one.iter().all(|(name, value)| name == "meta" || other.get(name) == Some(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_of_members_and_meta_make_no_difference() {
        let one = json!({ "resourceType": "Basic", "id": "1", "meta": { "versionId": "3" }, "code": { "text": "a" } });
        let other = json!({ "code": { "text": "a" }, "id": "1", "resourceType": "Basic" });
        assert!(is_same(&one, &other));
        assert!(!is_same(&one, &json!({ "id": "1", "resourceType": "Basic" })));
        assert!(!is_same(&one, &json!({ "id": "1", "resourceType": "Basic", "code": { "text": "b" } })));
    }
}
