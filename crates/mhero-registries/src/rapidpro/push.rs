//! Writes corrections of contacts, and creates contacts.

use mhero_app::ports::{Push, PushOutcome};
use mhero_core::record::Reason;
use mhero_wire::rapidpro::{CONTACT, ContactDraft, ContactState};
use serde_json::Value;

use super::Workspace;
use crate::http::{Answer, HttpError};

impl Workspace {
    /// Writes one change. A contact changes with every message that it sends, so that a later `modified_on` alone is no conflict:
    /// it is one when any value that is to be written is no longer what it was.
    pub(super) async fn write(&self, push: &Push) -> PushOutcome {
        if push.target.kind != CONTACT {
            let args = [("kind", push.target.kind.clone())];
            return PushOutcome::Refused { reason: Reason::new("rapidpro-writes-contacts-only", args) };
        }
        if push.target.id.is_empty() {
            let values = push.values.iter().map(|change| (change.field.as_str(), change.new.as_str()));
            return self.create(&ContactDraft::of_values(values)).await;
        }
        let found = match self.contact(&[("uuid", &push.target.id)]).await {
            Ok(Some(found)) => found,
            Ok(None) => return PushOutcome::Refused { reason: Reason::plain("rapidpro-contact-gone") },
            Err(error) => return not_sent(error),
        };
        let (item, now) = found;
        if push.values.iter().all(|change| now.value(&change.field) == change.new) {
            return PushOutcome::Written { id: now.uuid, raw: Some(item.to_string()) };
        }
        let before = serde_json::from_str(&push.target.raw).ok().and_then(|raw: Value| ContactState::read(&raw));
        let is_same = before.is_some_and(|before| {
            let untouched = || push.values.iter().all(|change| before.agrees(&now, &change.field));
            (before.modified_on.is_some() && before.modified_on == now.modified_on) || untouched()
        });
        if !is_same {
            let values = push.values.iter().map(|change| (change.field.clone(), now.value(&change.field)));
            return PushOutcome::Conflict { values: values.collect(), now: Some(item.to_string()) };
        }
        let values: Vec<_> = push
            .values
            .iter()
            .map(|change| (change.field.as_str(), change.old.as_deref(), change.new.as_str()))
            .collect();
        match now.change(&values) {
            Ok(body) => self.told(self.api.post("contacts", &[("uuid", &now.uuid)], &body).await),
            Err(field) => too_long(field),
        }
    }

    /// Creates a contact, unless one has its number already: then it is that one where both name the same record of a registry,
    /// and a conflict where they do not.
    pub(super) async fn create(&self, draft: &ContactDraft) -> PushOutcome {
        let body = match draft.body() {
            Ok(body) => body,
            Err(field) => return too_long(field),
        };
        for phone in &draft.phones {
            match self.contact(&[("urn", &format!("tel:{phone}"))]).await {
                Ok(None) => {}
                Ok(Some((item, there))) => {
                    let own = draft.globalid.as_ref().map(|(id, _)| id.as_str()).unwrap_or_default();
                    if !own.is_empty() && there.globalid() == own {
                        return PushOutcome::Written { id: there.uuid, raw: Some(item.to_string()) };
                    }
                    let values = vec![("name".to_owned(), there.value("name"))];
                    return PushOutcome::Conflict { now: Some(item.to_string()), values };
                }
                Err(error) => return not_sent(error),
            }
        }
        self.told(self.api.post("contacts", &[], &body).await)
    }

    /// The contact of a UUID or an address.
    pub(super) async fn contact(&self, query: &[(&str, &str)]) -> Result<Option<(Value, ContactState)>, HttpError> {
        let mut cursor = Some(self.api.list("contacts", query));
        let page = self.api.next(&mut cursor).await?.unwrap_or_default();
        // A server that ignores the parameter lists everybody.
        let asked = query.iter().find(|(key, _)| *key == "uuid").map(|(_, uuid)| *uuid);
        let is_alone = page.items.len() == 1;
        let read = |item: Value| ContactState::read(&item).map(|state| (item, state));
        let mut found = page.items.into_iter().filter_map(read);
        Ok(match asked {
            Some(uuid) => found.find(|(_, state)| state.uuid == uuid),
            None => found.next().filter(|_| is_alone),
        })
    }

    /// What became of a write.
    pub(super) fn told(&self, answer: Result<Answer, HttpError>) -> PushOutcome {
        let text = match answer.and_then(|answer| self.api.judge(answer)) {
            Ok(text) => text,
            Err(error) => return error.into_outcome(),
        };
        let written = serde_json::from_str(&text).ok().and_then(|item: Value| ContactState::read(&item));
        match written {
            Some(state) => PushOutcome::Written { id: state.uuid, raw: Some(text) },
            None => self.api.odd("rapidpro-no-list").into_outcome(),
        }
    }
}

fn too_long(field: String) -> PushOutcome {
    PushOutcome::Refused { reason: Reason::new("rapidpro-too-long", [("field", field)]) }
}

/// A failure before anything was written.
pub(super) fn not_sent(error: HttpError) -> PushOutcome {
    match error {
        HttpError::Refused { reason, .. } => PushOutcome::Refused { reason },
        HttpError::NotSent(reason) | HttpError::Unknown(reason) | HttpError::Odd(reason) => {
            PushOutcome::NotSent { reason }
        }
        HttpError::Down { reason, .. } => PushOutcome::NotSent { reason },
    }
}
