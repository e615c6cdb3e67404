//! Writing one resource. Each way of writing is first a plan, which a transaction gathers and a single request carries out alone.

use jiff::Timestamp;
use mhero_app::{AppError, Caller};
use mhero_core::{PersonId, ProgrammeId, TokenId};
use mhero_fhir::{
    Code, Issue, Limits, check, patch,
    primitive::is_id,
    search::{Key, KeyValue, keys},
};
use mhero_store::{NewFhir, Queue, Unit};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{FhirError, FhirServer, Version, named, read::moment, rights};
use crate::macm::{implied_condition, texts::with_texts};

/// Matches that a condition is looked through for: two are as bad as many.
const MATCHES_MAX: usize = 2;

/// What is asked for.
#[derive(Clone, Debug)]
pub enum Write {
    /// `POST Kind`, with `If-None-Exist` where it is said.
    Create {
        /// The resource; an id in it is not used.
        resource: Value,
        /// A search: where it finds one, nothing is created.
        unless: Option<String>,
    },
    /// `PUT Kind/id`.
    Update {
        /// The resource.
        resource: Value,
        /// The version that `If-Match` names.
        if_match: Option<i64>,
    },
    /// `PUT Kind?condition`.
    UpdateWhere {
        /// The resource, with or without the id.
        resource: Value,
        /// The condition.
        condition: String,
    },
    /// `PATCH Kind/id`.
    Patch {
        /// The kind.
        kind: String,
        /// The id.
        id: String,
        /// JSON Patch, a list; or a merge document, an object.
        patch: Value,
        /// The version that `If-Match` names.
        if_match: Option<i64>,
    },
    /// `DELETE Kind/id`.
    Delete {
        /// The kind.
        kind: String,
        /// The id.
        id: String,
        /// The version that `If-Match` names.
        if_match: Option<i64>,
    },
}

/// What became of it.
#[derive(Clone, Debug)]
pub struct Done {
    /// 200, 201 or 204.
    pub status: u16,
    /// What stands now; `None` after a deletion.
    pub version: Option<Version>,
    /// What was taken all the same, and is worth knowing.
    pub warnings: Vec<Issue>,
}

/// A write that can be carried out: what stands now is known.
pub(super) struct Plan {
    pub(super) kind: String,
    pub(super) id: String,
    step: Step,
    warnings: Vec<Issue>,
    /// Whose it is, where that is known.
    person: Option<PersonId>,
    /// Who writes it, and the programme that narrows them.
    writer: (Option<Uuid>, Option<ProgrammeId>),
    /// What it is found by beside what it says: its numbers in the international spelling.
    extra: Vec<Key>,
    /// The client, where the register is to hear it.
    said_by: Option<TokenId>,
    /// What else it means: see `meaning`.
    also: Unit,
}

enum Step {
    /// It is there already: a conditional create, or nothing changes.
    Nothing(Box<Version>),
    Add(Uuid, Value),
    Change(Uuid, i64, Value),
    Delete(Uuid, i64),
    /// It was gone before.
    Gone,
}

impl FhirServer {
    /// Writes one resource.
    ///
    /// # Errors
    /// What keeps it from being written, by the status that a client is told.
    pub async fn write(&self, caller: &Caller, write: &Write) -> Result<Done, FhirError> {
        let once = || async {
            let plan = self.plan(caller, write.clone(), None).await?;
            let (mut unit, now) = (Unit::new(), self.app.clock().now());
            let done = self.carry_out(&mut unit, plan, now);
            if !unit.is_empty() {
                self.app.store().write(unit, Queue::Interactive).await?;
            }
            Ok(done)
        };
        self.app.store().decide(once).await
    }

    /// Looks at what stands, and decides what is to be done. `assigned` is the id that a transaction has given a new resource.
    pub(super) async fn plan(
        &self,
        caller: &Caller,
        write: Write,
        assigned: Option<String>,
    ) -> Result<Plan, FhirError> {
        match write {
            Write::Create { resource, unless } => {
                let kind = named(&resource).0.to_owned();
                rights::may_write(&self.parameters, caller, &kind)?;
                if let Some(condition) = unless.or_else(|| implied_condition(&resource))
                    && let Some(found) = self.the_one(caller, &kind, &condition).await?
                {
                    let id = found.id.clone();
                    return Ok(Plan::bare(&kind, &id, Step::Nothing(Box::new(found))));
                }
                let id = assigned.unwrap_or_else(|| self.app.store().mint().uuid().to_string());
                self.put(caller, resource, (&kind, &id), None).await
            }
            Write::Update { resource, if_match } => {
                let (kind, id) = named(&resource);
                let (kind, id) = (kind.to_owned(), id.to_owned());
                self.put(caller, resource, (&kind, &id), if_match).await
            }
            Write::UpdateWhere { resource, condition } => {
                let (kind, id) = named(&resource);
                let (kind, said) = (kind.to_owned(), id.to_owned());
                let id = match self.the_one(caller, &kind, &condition).await? {
                    Some(found) if !said.is_empty() && said != found.id => {
                        let why = format!("the condition finds {kind}/{}, the resource says “{said}”", found.id);
                        return Err(FhirError::refused(Code::Value, format!("{kind}.id"), why));
                    }
                    Some(found) => found.id,
                    None if said.is_empty() => assigned.unwrap_or_else(|| self.app.store().mint().uuid().to_string()),
                    None => said,
                };
                self.put(caller, resource, (&kind, &id), None).await
            }
            Write::Patch { kind, id, patch, if_match } => {
                rights::may_write(&self.parameters, caller, &kind)?;
                let id = self.golden_id(&kind, &id).await?.unwrap_or(id);
                let before = self.read(caller, &kind, &id).await?;
                let held: Value = serde_json::from_str(&before.body).unwrap_or_default();
                let after = if patch.is_array() { patch::patched(&held, &patch) } else { patch::merged(&held, &patch) };
                let after = after.map_err(|issue| FhirError::Refused(vec![issue]))?;
                // What was patched is what must still stand.
                self.put(caller, after, (&kind, &id), Some(if_match.unwrap_or(before.version))).await
            }
            Write::Delete { kind, id, if_match } => {
                rights::may_write(&self.parameters, caller, &kind)?;
                let id = self.golden_id(&kind, &id).await?.unwrap_or(id);
                let found = self.app.store().fhir_resource(&caller.scope, (&kind, &id)).await?;
                let step = match found {
                    None => return Err(FhirError::NotFound(format!("{kind}/{id}"))),
                    Some(found) if found.is_deleted => Step::Gone,
                    Some(found) => {
                        matches_version(if_match, found.version)?;
                        Step::Delete(found.resource, found.version)
                    }
                };
                let also = self.meaning_of_delete((&kind, &id)).await?;
                Ok(Plan { said_by: said_by(caller, &kind), also, ..Plan::bare(&kind, &id, step) })
            }
        }
    }

    /// Plans that a resource stands under a name.
    async fn put(
        &self,
        caller: &Caller,
        mut resource: Value,
        (kind, id): (&str, &str),
        if_match: Option<i64>,
    ) -> Result<Plan, FhirError> {
        rights::may_write(&self.parameters, caller, kind)?;
        if !is_id(id) {
            let why = format!("“{id}”: an id has 1 to 64 of A-Z, a-z, 0-9, - and .");
            return Err(FhirError::refused(Code::Value, format!("{kind}.id"), why));
        }
        let store = self.app.store();
        let mut held = store.fhir_resource(&caller.scope, (kind, id)).await?;
        let mut golden = None;
        if held.as_ref().is_none_or(|held| held.is_deleted) {
            // Who was joined to somebody is written under the id of the one that stands.
            golden = self.golden_id(kind, id).await?;
            if let Some(golden) = &golden {
                held = store.fhir_resource(&caller.scope, (kind, golden)).await?;
            }
        }
        let id = golden.as_deref().unwrap_or(id);
        resource["id"] = json!(id);
        let (errors, warnings): (Vec<Issue>, Vec<Issue>) =
            check(&resource, Limits::default()).into_iter().partition(Issue::is_error);
        if !errors.is_empty() {
            return Err(FhirError::Refused(errors));
        }
        let extra = self.number_keys(&resource).await?;
        let mut person = None;
        let also = Box::pin(self.meaning(caller, &mut resource, held.as_ref())).await?;
        let step = match held {
            Some(found) => {
                matches_version(if_match, found.version)?;
                person = found.person;
                Step::Change(found.resource, found.version, resource)
            }
            None if !caller.scope.all_places() && store.fhir_standing((kind, id)).await?.is_some() => {
                return Err(FhirError::Forbidden(format!("{kind}/{id} lies outside your scope")));
            }
            None if if_match.is_some() => {
                return Err(FhirError::Precondition(format!(
                    "{kind}/{id} is not there, so it has no version to match"
                )));
            }
            None => Step::Add(store.mint().uuid(), resource),
        };
        let said_by = said_by(caller, kind);
        let writer = self.writer(caller, kind).await?;
        Ok(Plan { kind: kind.to_owned(), id: id.to_owned(), step, warnings, person, writer, extra, said_by, also })
    }

    /// Whom what is written belongs to: a client reads its own again, and one of a programme writes for that programme. What the
    /// register hears belongs to the register.
    async fn writer(&self, caller: &Caller, kind: &str) -> Result<(Option<Uuid>, Option<ProgrammeId>), FhirError> {
        let Some(principal) = caller.scope.principal().filter(|_| !rights::is_of_register(kind)) else {
            return Ok((None, None));
        };
        let mut programme = None;
        if !caller.scope.all_programmes() {
            let grants = self.app.store().grants_of(principal).await?;
            programme = grants.into_iter().find_map(|grant| grant.programme);
        }
        Ok((Some(principal), programme))
    }

    /// The id under which the one stands whom a source knows by another; `None` where it is the id itself, or leads nowhere.
    pub(super) async fn golden_id(&self, kind: &str, id: &str) -> Result<Option<String>, FhirError> {
        if !rights::is_of_register(kind) {
            return Ok(None);
        }
        let store = self.app.store();
        let Some(entity) = store.fhir_entity((kind, id)).await? else { return Ok(None) };
        Ok(store.fhir_shown_as(kind, entity).await?.filter(|golden| golden != id))
    }

    /// What a resource is found by beside what it says: numbers, however they are written, in the international spelling.
    pub(crate) async fn number_keys(&self, resource: &Value) -> Result<Vec<Key>, FhirError> {
        let numbers = resource["telecom"].as_array().map(Vec::as_slice).unwrap_or_default();
        let is_phone = |one: &&Value| matches!(one["system"].as_str(), Some("phone" | "sms"));
        let numbers: Vec<&str> = numbers.iter().filter(is_phone).filter_map(|one| one["value"].as_str()).collect();
        if numbers.is_empty() {
            return Ok(Vec::new());
        }
        let numbering = match self.app.numbering_cached().await {
            Ok(numbering) => numbering,
            // Before the country is known no number can be read.
            Err(AppError::NotInitialised) => return Ok(Vec::new()),
            Err(error) => return Err(error.into()),
        };
        let read = |text: &str| numbering.read(text).e164().map(str::to_owned);
        let key = |number: String| {
            let value = KeyValue::Token { system: "phone".to_owned(), code: number };
            ["phone", "telecom"].map(|code| Key { code: code.to_owned(), value: value.clone() })
        };
        Ok(numbers.into_iter().filter_map(read).flat_map(key).collect())
    }

    /// The one resource that a condition finds.
    pub(super) async fn the_one(
        &self,
        caller: &Caller,
        kind: &str,
        condition: &str,
    ) -> Result<Option<Version>, FhirError> {
        rights::may_read(&self.parameters, caller, kind)?;
        let pairs = super::search::pairs(condition);
        let asked = self.asked(kind, &pairs);
        if let Some(refused) = asked.refused.first() {
            return Err(FhirError::refused(Code::NotSupported, "", format!("{}: {}", refused.asked, refused.why)));
        }
        if asked.query.clauses.is_empty() {
            return Err(FhirError::refused(
                Code::Value,
                "",
                format!("“{condition}” is no condition: it would fit all"),
            ));
        }
        let mut snapshot = self.app.store().snapshot().await?;
        let now = self.app.clock().now_micros();
        let found = snapshot.search_fhir(&caller.scope, &asked.query, None, (MATCHES_MAX, now)).await?;
        let mut found = found.resources.into_iter();
        match (found.next(), found.next()) {
            (Some(_), Some(_)) => Err(FhirError::Several(format!("{kind}?{condition} fits several: nothing was done"))),
            (Some(one), None) => Ok(Some(Version {
                kind: one.kind,
                id: one.id,
                version: one.version,
                at: moment(one.updated_at),
                method: "PUT".to_owned(),
                body: with_texts(&self.app, one.body).await?,
            })),
            (None, _) => Ok(None),
        }
    }

    /// Adds to a unit what a plan asks for, and says what will stand.
    pub(super) fn carry_out(&self, unit: &mut Unit, plan: Plan, now: Timestamp) -> Done {
        let Plan { kind, id, step, warnings, person, writer: (author, programme), extra, said_by, also } = plan;
        let micros = now.as_microsecond();
        let is_public = rights::is_public(&kind);
        let (status, resource, number, method, key) = match step {
            Step::Nothing(found) => return Done { status: 200, version: Some(*found), warnings },
            Step::Gone => return Done { status: 204, version: None, warnings },
            Step::Delete(key, version) => {
                unit.delete_fhir(key, version, micros);
                if let Some(token) = said_by {
                    unit.fhir_said(key, token);
                }
                unit.append(also);
                return Done { status: 204, version: None, warnings };
            }
            Step::Add(key, resource) => {
                let (body, found) = self.ready(resource, (1, now), extra);
                let (body_of, keys) = (body.as_str(), found.as_slice());
                let new = NewFhir { kind: &kind, id: &id, person, is_public, body: body_of, keys, programme, author };
                unit.add_fhir(key, &new, micros);
                (201, body, 1, "POST", key)
            }
            Step::Change(key, version, resource) => {
                let (body, found) = self.ready(resource, (version + 1, now), extra);
                let (body_of, keys) = (body.as_str(), found.as_slice());
                let new = NewFhir { kind: &kind, id: &id, person, is_public, body: body_of, keys, programme, author };
                unit.change_fhir(key, version, &new, micros);
                (200, body, version + 1, "PUT", key)
            }
        };
        if let Some(token) = said_by {
            unit.fhir_said(key, token);
        }
        unit.append(also);
        let version =
            Version { kind, id, version: number, at: moment(micros), method: method.to_owned(), body: resource };
        Done { status, version: Some(version), warnings }
    }

    /// The text that is kept, with its version in it, and what it is found by.
    pub(crate) fn ready(
        &self,
        mut resource: Value,
        (version, now): (i64, Timestamp),
        extra: Vec<Key>,
    ) -> (String, Vec<Key>) {
        if !resource["meta"].is_object() {
            resource["meta"] = json!({});
        }
        resource["meta"]["versionId"] = json!(version.to_string());
        resource["meta"]["lastUpdated"] = json!(moment(now.as_microsecond()).to_string());
        let mut found = keys(&self.parameters, &resource, &self.base);
        found.extend(extra);
        (resource.to_string(), found)
    }
}

impl Plan {
    /// A plan that changes nothing which others look at.
    fn bare(kind: &str, id: &str, step: Step) -> Self {
        Self {
            kind: kind.to_owned(),
            id: id.to_owned(),
            step,
            warnings: Vec::new(),
            person: None,
            writer: (None, None),
            extra: Vec::new(),
            said_by: None,
            also: Unit::new(),
        }
    }
}

/// The client whose word it is, for kinds that the register hears.
fn said_by(caller: &Caller, kind: &str) -> Option<TokenId> {
    let token = caller.actor.id.filter(|_| caller.actor.kind == "token")?;
    rights::is_of_register(kind).then(|| TokenId::from_uuid(token))
}

fn matches_version(wanted: Option<i64>, stands: i64) -> Result<(), FhirError> {
    match wanted {
        Some(wanted) if wanted != stands => Err(FhirError::Precondition(format!(
            "version {stands} stands, not {wanted}: read it again, and write with its ETag"
        ))),
        _ => Ok(()),
    }
}
