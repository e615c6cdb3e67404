//! For a country that keeps its RapidPro: fields and groups that are missing are made, and our people are written as contacts,
//! never over what somebody changed there meanwhile. Who asked us to stop is blocked there, as the API can't stop a contact.

use std::{collections::BTreeSet, sync::PoisonError};

use async_trait::async_trait;
use mhero_app::ports::{Keeper, OutField, PersonOut, WriteOutError, WroteOut};
use mhero_core::record::Reason;
use mhero_wire::rapidpro::{
    ContactDraft, ContactState, ENTITY_TYPE, FieldType, GLOBALID, HeldOut, field_of, group_of, out_change,
};
use serde_json::json;

use super::Workspace;
use crate::http::{Answer, HttpError};

/// What was made.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Prepared {
    /// Keys of fields.
    fields: Vec<String>,
    /// Names of groups.
    groups: Vec<String>,
    /// Keys of fields that are reserved there, or too many: people are written without them.
    untaken: BTreeSet<String>,
}

impl Workspace {
    /// Makes what is missing of fields (key and type) and groups (by name), and the two fields that hold the id and kind of a
    /// registry's record. What is there already is left as it is.
    async fn make(&self, fields: &[(&str, FieldType)], groups: &[&str]) -> Result<Prepared, HttpError> {
        let mut made = Prepared::default();
        let there: Vec<_> = self.api.all("fields").await?.iter().filter_map(field_of).collect();
        let own = [(GLOBALID, FieldType::Text), (ENTITY_TYPE, FieldType::Text)];
        for (key, kind) in own.iter().chain(fields) {
            let is_there = there.iter().any(|field| field.key == *key) || made.fields.iter().any(|field| field == key);
            if is_there {
                continue;
            }
            match self.make_field(key, *kind).await {
                Ok(()) => made.fields.push((*key).to_owned()),
                // One field that a workspace keeps for itself must not keep everybody from being written.
                Err(HttpError::Refused { status: 400, .. }) if *key != GLOBALID && *key != ENTITY_TYPE => {
                    tracing::warn!(field = key, "the workspace does not take a field; people are written without it");
                    made.untaken.insert((*key).to_owned());
                }
                Err(error) => return Err(error),
            }
        }
        let there: Vec<_> = self.api.all("groups").await?.iter().filter_map(group_of).collect();
        for name in groups {
            let same = |other: &str| other.to_lowercase() == name.to_lowercase();
            if !there.iter().any(|group| same(&group.name)) && !made.groups.iter().any(|group| same(group)) {
                self.api.judge(self.api.post("groups", &[], &json!({"name": name})).await?)?;
                made.groups.push((*name).to_owned());
            }
        }
        Ok(made)
    }

    /// Makes a field. The key follows from the name on the server's side, so that the key with spaces is the name.
    async fn make_field(&self, key: &str, kind: FieldType) -> Result<(), HttpError> {
        let name = key.replace('_', " ");
        let (newer, older) = match kind {
            FieldType::Number => ("number", "numeric"),
            FieldType::Datetime => ("datetime", "datetime"),
            FieldType::Text | FieldType::Place => ("text", "text"),
        };
        let answer = self.api.post("fields", &[], &json!({"name": name, "type": newer})).await?;
        let answer = match answer.status {
            // The older words for the same.
            400 => self.api.post("fields", &[], &json!({"label": name, "value_type": older})).await?,
            _ => answer,
        };
        let text = self.api.judge(answer)?;
        let is_same =
            serde_json::from_str(&text).ok().as_ref().and_then(field_of).is_some_and(|field| field.key == key);
        if is_same { Ok(()) } else { Err(self.api.odd("rapidpro-key-differs")) }
    }

    /// Writes one of our people as a contact.
    async fn keep(&self, person: &PersonOut) -> Result<WroteOut, WriteOutError> {
        let draft = self.draft(person);
        let found = match (&person.id, &person.phone) {
            (Some(id), _) => self.contact(&[("uuid", id)]).await.map_err(failed)?,
            (None, Some(phone)) => self.contact(&[("urn", &format!("tel:{phone}"))]).await.map_err(failed)?,
            (None, None) => None,
        };
        let Some((_, now)) = found else { return self.keep_new(&draft).await };
        let (own, there) = (person.globalid.0.as_str(), now.globalid());
        let before = self.before(person, &now, &draft);
        let was_ours = before.values.get(GLOBALID).is_some_and(|id| *id == there);
        let is_stranger = there.is_empty() && person.id.is_none();
        if is_stranger || (!there.is_empty() && !own.is_empty() && there != own && !was_ours) {
            return Err(WriteOutError::Conflict(Reason::plain("rapidpro-out-taken")));
        }
        let change = out_change(&now, &before, &draft, person.is_silent).map_err(too_long)?;
        if let Some(body) = &change.body {
            self.done(self.api.post("contacts", &[("uuid", &now.uuid)], body).await)?;
        }
        let acts = change.join.iter().map(|group| ("add", Some(group)));
        let acts = acts.chain(change.leave.iter().map(|group| ("remove", Some(group))));
        let silence = change.silence.map(|is_silent| (if is_silent { "block" } else { "unblock" }, None));
        for (action, group) in acts.chain(silence) {
            let mut body = json!({"contacts": [now.uuid], "action": action});
            if let Some(group) = group {
                body["group"] = json!(group);
            }
            self.done(self.api.post("contact_actions", &[], &body).await)?;
        }
        let is_changed = !change.is_nothing();
        let held = serde_json::to_string(&change.held).unwrap_or_default();
        Ok(WroteOut { id: now.uuid, held, is_created: false, is_changed, kept: change.kept })
    }

    /// Creates a contact.
    async fn keep_new(&self, draft: &ContactDraft) -> Result<WroteOut, WriteOutError> {
        if draft.phones.is_empty() {
            return Err(WriteOutError::Refused(Reason::plain("rapidpro-contact-gone")));
        }
        let body = draft.body().map_err(too_long)?;
        let answer = self.done(self.api.post("contacts", &[], &body).await)?;
        let state = serde_json::from_str(&answer).ok().and_then(|item| ContactState::read(&item));
        let Some(state) = state else { return Err(failed(self.api.odd("rapidpro-no-list"))) };
        let mut held = HeldOut::of(&state, draft);
        held.groups = draft.groups.iter().cloned().collect();
        let held = serde_json::to_string(&held).unwrap_or_default();
        Ok(WroteOut { id: state.uuid, held, is_created: true, is_changed: true, kept: Vec::new() })
    }

    /// What the contact said when we last had to do with it.
    fn before(&self, person: &PersonOut, now: &ContactState, draft: &ContactDraft) -> HeldOut {
        if let Some(held) = person.held.as_deref().and_then(|held| serde_json::from_str(held).ok()) {
            return held;
        }
        let received = person.raw.as_deref().and_then(|raw| serde_json::from_str(raw).ok());
        let received = received.and_then(|raw| ContactState::read(&raw));
        HeldOut::of(received.as_ref().unwrap_or(now), draft)
    }

    fn draft(&self, person: &PersonOut) -> ContactDraft {
        let (id, kind) = &person.globalid;
        let untaken = self.untaken.lock().unwrap_or_else(PoisonError::into_inner);
        let is_taken = |key: &str| !untaken.contains(key);
        ContactDraft {
            name: person.name.clone(),
            language: person.language.clone(),
            phones: person.phone.iter().cloned().collect(),
            fields: person
                .fields
                .iter()
                .filter(|(key, _)| is_taken(key))
                .map(|(k, v)| (k.clone(), v.clone()))
                .collect(),
            groups: person.groups.clone(),
            globalid: (!id.is_empty()).then(|| (id.clone(), kind.clone())),
        }
    }

    /// The text of an answer to a write. What was lost on its way is found by the next attempt.
    fn done(&self, answer: Result<Answer, HttpError>) -> Result<String, WriteOutError> {
        let answer = answer.map_err(failed)?;
        if answer.status == 204 {
            return Ok(String::new());
        }
        self.api.judge(answer).map_err(failed)
    }
}

/// Whom a workspace lets in at all is not a question of one person.
fn failed(error: HttpError) -> WriteOutError {
    match error {
        HttpError::Refused { status, reason } if !matches!(status, 401 | 403) => WriteOutError::Refused(reason),
        other => WriteOutError::Later(other.reason().clone()),
    }
}

fn too_long(field: String) -> WriteOutError {
    WriteOutError::Refused(Reason::new("rapidpro-too-long", [("field", field)]))
}

#[async_trait]
impl Keeper for Workspace {
    async fn prepare_for_people(&self, fields: &[(String, OutField)], groups: &[String]) -> Result<(), WriteOutError> {
        let kind = |kind: OutField| match kind {
            OutField::Text => FieldType::Text,
            OutField::Number => FieldType::Number,
            OutField::Instant => FieldType::Datetime,
        };
        let fields: Vec<(&str, FieldType)> = fields.iter().map(|(key, of)| (key.as_str(), kind(*of))).collect();
        let groups: Vec<&str> = groups.iter().map(String::as_str).collect();
        let made = self.make(&fields, &groups).await.map_err(failed)?;
        *self.untaken.lock().unwrap_or_else(PoisonError::into_inner) = made.untaken;
        Ok(())
    }

    async fn write_person(&self, person: &PersonOut) -> Result<WroteOut, WriteOutError> {
        self.keep(person).await
    }
}
