//! A Group that a client writes under an id of ours is a group of the register: officials see it, and requests name it.

use std::collections::BTreeSet;

use mhero_app::Caller;
use mhero_core::{GroupId, LangMap, PersonId, Right};
use mhero_fhir::Code;
use mhero_store::{Group, Unit};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    read::{RECIPIENTS_MAX, Whom},
    whom,
};
use crate::fhir::{FhirError, FhirServer};

/// Longest name of a group, in characters.
const NAME_MAX: usize = 120;

impl FhirServer {
    /// What writing a Group means. One with another kind of id is kept as it is, and its members count where a request names it.
    pub(crate) async fn meaning_of_group(&self, caller: &Caller, resource: &Value) -> Result<Unit, FhirError> {
        let id = resource["id"].as_str().and_then(|id| Uuid::try_parse(id).ok());
        let is_list =
            resource["actual"] != false && matches!(resource["type"].as_str(), Some("practitioner" | "person"));
        let Some(id) = id.filter(|_| is_list).map(GroupId::from_uuid) else { return Ok(Unit::new()) };
        caller.must(Right::EditAudiences)?;
        let members = self.members(caller, resource).await?;
        let name: String = resource["name"].as_str().unwrap_or_default().trim().chars().take(NAME_MAX).collect();
        if name.is_empty() {
            return Err(FhirError::refused(Code::Required, "Group.name", "a group needs a name by which it is chosen"));
        }
        let (store, now) = (self.app.store(), self.app.clock().now_micros());
        let folded = mhero_query::fold(&name);
        let held = store.group(id).await?;
        if let Some(other) = store.group_named(&folded).await?.filter(|other| other.id != id) {
            let why = format!("“{name}” is the name of Group/{}: choose another, or write to that one", other.id);
            return Err(FhirError::refused(Code::BusinessRule, "Group.name", why));
        }
        let mut unit = Unit::new();
        let before: BTreeSet<PersonId> = match &held {
            Some(group) if group.query.is_some() => {
                let why = "this group is kept by a rule: who is in it can't be written";
                return Err(FhirError::refused(Code::BusinessRule, "Group.member", why));
            }
            Some(group) => {
                let mut changed = group.clone();
                changed.name = LangMap::one(caller.language, &name);
                changed.active = resource["active"] != false;
                changed.updated_at = now;
                unit.set_group(&changed, &folded);
                let most = i64::try_from(RECIPIENTS_MAX).unwrap_or(i64::MAX);
                let shown = store.snapshot().await?.golden_group(id.uuid(), most).await?;
                let members = shown.map(|shown| shown.members).unwrap_or_default();
                // Whom somebody else put in from elsewhere the caller has not seen, and takes out not by leaving out.
                self.seen_of(caller, members).await?.into_iter().collect()
            }
            None => {
                let new = Group {
                    id,
                    name: LangMap::one(caller.language, &name),
                    query: None,
                    active: true,
                    created_by: caller.scope.principal(),
                    created_at: now,
                    updated_at: now,
                    version: 1,
                };
                unit.add_group(&new, &folded);
                BTreeSet::new()
            }
        };
        for person in members.difference(&before) {
            unit.add_member(id, *person, now);
        }
        for person in before.difference(&members) {
            unit.remove_member(id, *person);
        }
        unit.changed("group", id.uuid(), if held.is_some() { "updated" } else { "created" }, now);
        let facts = json!({ "people": members.len() });
        unit.audit(store, &caller.entry("group-members-written", "group", Some(id.uuid()), facts));
        Ok(unit)
    }

    /// What taking a Group away means: it is put away, and its history stays.
    pub(crate) async fn meaning_of_group_delete(&self, id: &str) -> Result<Unit, FhirError> {
        let mut unit = Unit::new();
        let Some(id) = Uuid::try_parse(id).ok().map(GroupId::from_uuid) else { return Ok(unit) };
        if let Some(mut group) = self.app.store().group(id).await?.filter(|group| group.active) {
            group.active = false;
            group.updated_at = self.app.clock().now_micros();
            let name = group.name.iter().next().map(|(_, name)| mhero_query::fold(name)).unwrap_or_default();
            // Its name is free again.
            unit.set_group(&group, &format!("{name} {id}"));
            unit.changed("group", id.uuid(), "updated", group.updated_at);
        }
        Ok(unit)
    }

    /// Those of some people whom the caller may see.
    async fn seen_of(&self, caller: &Caller, people: Vec<PersonId>) -> Result<Vec<PersonId>, FhirError> {
        if caller.scope.all_places() {
            return Ok(people);
        }
        let seen = self.app.store().person_facts(&caller.scope, &people, self.app.clock().now_micros()).await?;
        Ok(seen.into_iter().map(|facts| facts.id).collect())
    }

    async fn members(&self, caller: &Caller, resource: &Value) -> Result<BTreeSet<PersonId>, FhirError> {
        let all = resource["member"].as_array().map(Vec::as_slice).unwrap_or_default();
        if all.len() > RECIPIENTS_MAX {
            let why = format!("at most {RECIPIENTS_MAX} members");
            return Err(FhirError::refused(Code::TooCostly, "Group.member", why));
        }
        let mut named = Vec::with_capacity(all.len());
        for (at, member) in all.iter().enumerate().filter(|(_, member)| member["inactive"] != true) {
            let mut steps = member["entity"]["reference"].as_str().unwrap_or_default().rsplit('/');
            let (id, kind) = (steps.next().unwrap_or_default(), steps.next().unwrap_or_default());
            named.push((format!("Group.member[{at}].entity"), Whom::Named(kind.to_owned(), id.to_owned())));
        }
        let found = whom::resolve(&self.app, caller, &named).await?;
        if found.unknown.is_empty() { Ok(found.people) } else { Err(FhirError::Refused(found.unknown)) }
    }
}
