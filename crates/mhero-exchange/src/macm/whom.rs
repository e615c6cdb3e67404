//! Whom the recipients of a request mean here.

use std::collections::{BTreeSet, VecDeque};

use mhero_app::{App, AppError, Caller};
use mhero_core::{GroupId, LangMap, PersonId, PlaceId};
use mhero_fhir::{Code, Issue};
use mhero_store::{Group, Queue, StoreError, Unit};
use serde_json::Value;
use uuid::Uuid;

use super::read::Whom;
use crate::fhir::FhirError;

/// People that stand in a query by name; more are put into a group.
pub(crate) const BY_NAME_MAX: usize = 100;
/// How deep groups and teams lead to others.
const DEPTH_MAX: usize = 4;
/// People that one unit puts into a group.
const SLICE: usize = 500;
/// The namespace of the groups that are made for requests.
const GROUPS: Uuid = Uuid::from_u128(0x8f2a_7c0e_51d4_4b7e_9c3d_6a1f_0e9b_2d48);

/// Whom the recipients mean.
#[derive(Debug, Default)]
pub(crate) struct Audience {
    /// People by name, those of the caller's scope.
    pub(crate) people: BTreeSet<PersonId>,
    /// Conditions of the query language: groups, places, numbers.
    clauses: BTreeSet<String>,
    /// Recipients that mean nobody here.
    pub(crate) unknown: Vec<Issue>,
}

impl Audience {
    /// Whether nobody is meant.
    pub(crate) fn is_empty(&self) -> bool {
        self.people.is_empty() && self.clauses.is_empty()
    }

    /// The query, where everybody can stand in it.
    pub(crate) fn query(&self) -> Option<String> {
        (self.people.len() <= BY_NAME_MAX)
            .then(|| self.joined(self.people.iter().map(|one| format!("uuid = \"{one}\""))))
    }

    fn joined(&self, by_name: impl Iterator<Item = String>) -> String {
        by_name.chain(self.clauses.iter().cloned()).collect::<Vec<_>>().join(" OR ")
    }

    /// The query; people who are too many for it are put into a group of their own, which is put away with the request.
    pub(crate) async fn query_or_group(&self, app: &App, caller: &Caller, request: &str) -> Result<String, AppError> {
        if let Some(query) = self.query() {
            return Ok(query);
        }
        let id = group_of(request);
        let now = app.clock().now_micros();
        if app.store().group(id).await?.is_none() {
            let name = format!("CommunicationRequest {request}");
            let group = Group {
                id,
                name: LangMap::one(caller.language, &name),
                query: None,
                active: true,
                created_by: caller.scope.principal(),
                created_at: now,
                updated_at: now,
                version: 1,
            };
            let mut unit = Unit::new();
            unit.add_group(&group, &mhero_query::fold(&name)).changed("group", id.uuid(), "created", now);
            match app.store().write(unit, Queue::Interactive).await {
                Err(StoreError::Exists { .. }) => {}
                other => drop(other?),
            }
        }
        let people: Vec<PersonId> = self.people.iter().copied().collect();
        for slice in people.chunks(SLICE) {
            let mut unit = Unit::new();
            for person in slice {
                unit.add_member(id, *person, now);
            }
            app.store().write(unit, Queue::Bulk).await?;
        }
        Ok(self.joined(std::iter::once(format!("group = \"{id}\""))))
    }
}

/// The group of the people of a request.
fn group_of(request: &str) -> GroupId {
    GroupId::from_uuid(Uuid::new_v5(&GROUPS, request.as_bytes()))
}

/// Puts the group of a request away, where it has one.
pub(crate) async fn put_away(app: &App, request: &str) -> Result<(), AppError> {
    match app.store().group(group_of(request)).await? {
        Some(group) if group.active => app.archive_group(&Caller::system(), group.id).await,
        _ => Ok(()),
    }
}

/// Finds whom recipients mean. Whoever lies outside the caller's scope is nobody.
pub(crate) async fn resolve(app: &App, caller: &Caller, recipients: &[(String, Whom)]) -> Result<Audience, FhirError> {
    let mut audience = Audience::default();
    let mut queue: VecDeque<(String, Whom, usize)> =
        recipients.iter().map(|(place, whom)| (place.clone(), whom.clone(), 0)).collect();
    let mut named: Vec<(String, PersonId)> = Vec::new();
    while let Some((place, whom, depth)) = queue.pop_front() {
        match whom {
            Whom::Phone(number) => phone(app, &mut audience, &place, &number).await?,
            Whom::Members(references) => {
                for reference in references {
                    let mut steps = reference.rsplit('/');
                    if let (Some(id), Some(kind), true) = (steps.next(), steps.next(), depth < DEPTH_MAX) {
                        queue.push_back((place.clone(), Whom::Named(kind.to_owned(), id.to_owned()), depth + 1));
                    }
                }
            }
            Whom::Named(kind, id) => match meant(app, caller, (&kind, &id)).await? {
                Some(Meant::Person(person)) => named.push((place, person)),
                Some(Meant::Clause(clause)) => drop(audience.clauses.insert(clause)),
                Some(Meant::Others(references)) => queue.push_back((place, Whom::Members(references), depth + 1)),
                None => audience.unknown.push(unknown(&place, &kind, &id)),
            },
        }
    }
    let ids: Vec<PersonId> = named.iter().map(|(_, person)| *person).collect();
    let seen = app.store().person_facts(&caller.scope, &ids, app.clock().now_micros()).await?;
    let seen: BTreeSet<PersonId> = seen.into_iter().map(|facts| facts.id).collect();
    for (place, person) in named {
        if seen.contains(&person) {
            audience.people.insert(person);
        } else {
            audience.unknown.push(unknown(&place, "Practitioner", &person.to_string()));
        }
    }
    Ok(audience)
}

enum Meant {
    Person(PersonId),
    Clause(String),
    Others(Vec<String>),
}

async fn meant(app: &App, caller: &Caller, (kind, id): (&str, &str)) -> Result<Option<Meant>, FhirError> {
    let store = app.store();
    let own = Uuid::try_parse(id).ok();
    let entity = match store.fhir_entity((kind, id)).await? {
        None if matches!(kind, "Person" | "Patient") => store.fhir_entity(("Practitioner", id)).await?,
        found => found,
    };
    let entity = entity.or(own);
    Ok(match kind {
        "Practitioner" | "Person" | "Patient" => match entity {
            Some(entity) => Some(Meant::Person(store.golden(PersonId::from_uuid(entity)).await?)),
            None => None,
        },
        "Group" => {
            let group = match entity {
                Some(entity) => store.group(GroupId::from_uuid(entity)).await?.filter(|group| group.active),
                None => None,
            };
            match group {
                Some(group) => Some(Meant::Clause(format!("group = \"{}\"", group.id))),
                None => held(app, caller, (kind, id), |body| all(&body["member"], &["entity"])).await?,
            }
        }
        "Location" | "Organization" => {
            let place = match entity {
                Some(entity) => store.place(PlaceId::from_uuid(entity)).await?,
                None => None,
            };
            place.map(|place| Meant::Clause(format!("place = \"{}\"", place.id)))
        }
        "PractitionerRole" => held(app, caller, (kind, id), |body| one(&body["practitioner"])).await?,
        "CareTeam" => held(app, caller, (kind, id), |body| all(&body["participant"], &["member"])).await?,
        "HealthcareService" => held(app, caller, (kind, id), |body| all(&body["location"], &[])).await?,
        _ => None,
    })
}

/// What a resource that is held here leads to.
async fn held(
    app: &App,
    caller: &Caller,
    name: (&str, &str),
    leads: impl Fn(&Value) -> Vec<String>,
) -> Result<Option<Meant>, FhirError> {
    let found = app.store().fhir_resource(&caller.scope, name).await?.filter(|found| !found.is_deleted);
    Ok(found.map(|found| Meant::Others(leads(&serde_json::from_str(&found.body).unwrap_or_default()))))
}

fn one(reference: &Value) -> Vec<String> {
    reference["reference"].as_str().map(ToOwned::to_owned).into_iter().collect()
}

fn all(list: &Value, steps: &[&str]) -> Vec<String> {
    let each = list.as_array().into_iter().flatten();
    each.flat_map(|item| one(steps.iter().fold(item, |at, step| &at[*step]))).collect()
}

/// Somebody who has a number.
async fn phone(app: &App, audience: &mut Audience, place: &str, number: &str) -> Result<(), FhirError> {
    let read = app.numbering_cached().await?.read(number).e164().map(str::to_owned);
    let holders = match &read {
        Some(number) => app.store().holders("tel", number.trim_start_matches("tel:")).await?,
        None => Vec::new(),
    };
    match read {
        Some(number) if holders.iter().any(|holder| holder.standing == "worker") => {
            audience.clauses.insert(format!("phone = \"{number}\""));
        }
        // The number itself is not said: answers are kept in logs.
        _ => audience.unknown.push(Issue::error(
            Code::NotFound,
            place,
            "nobody of the register has the phone of this contained resource",
        )),
    }
    Ok(())
}

fn unknown(place: &str, kind: &str, id: &str) -> Issue {
    let shown: String = id.chars().take(64).collect();
    let said = format!("there is no {kind}/{shown} here that could be written to, or it lies outside your scope");
    Issue::error(Code::NotFound, place, said)
}
