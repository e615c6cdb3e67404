//! Writes one correction into a resource as the server holds it, or creates what is new.
//!
//! Nothing is repeated here: an answer that is lost comes back as `Unknown`, and the next attempt reads first, so that a change
//! that was made is found to be made. The resource is edited as text, so that what mHero does not know stays as it is.

mod create;
mod edit;
mod place;
mod provenance;

pub(super) use place::is_of_place;

use mhero_app::ports::{Push, PushOutcome};
use mhero_core::record::Reason;
use mhero_wire::json::with_member;
use reqwest::Method;
use serde_json::{Value, json};

use super::{server::Server, settings::Write};
use crate::http::{Answer, HttpError};
use edit::{Edit, NoEdit};

/// What can be corrected.
pub(super) const FIELDS: &[&str] =
    &["phone", "name", "given", "family", "language", "sex", "birth", "active", "facility", "job"];

pub(super) async fn push(server: &Server, push: &Push) -> PushOutcome {
    if push.target.id.is_empty() {
        return create::create(server, push).await;
    }
    match correct(server, push).await {
        Ok(outcome) => outcome,
        Err(error) => error.into_outcome(),
    }
}

/// A resource as the server holds it now.
struct Current {
    text: String,
    value: Value,
    /// The version for `If-Match`.
    tag: Option<String>,
}

impl Current {
    fn read(answer: &Answer) -> Result<Self, HttpError> {
        let value = answer.json()?;
        let version = value.pointer("/meta/versionId").and_then(Value::as_str);
        let tag =
            answer.header("etag").map(str::to_owned).or_else(|| version.map(|version| format!("W/\"{version}\"")));
        Ok(Self { text: answer.text(), value, tag })
    }
}

async fn correct(server: &Server, push: &Push) -> Result<PushOutcome, HttpError> {
    let path = format!("{}/{}", push.target.kind, push.target.id);
    let answer = server.get(server.client.url(&path, &[])).await.map_err(before)?;
    if matches!(answer.status, 404 | 410) {
        let args = [("host", server.client.host()), ("what", path)];
        return Ok(PushOutcome::Refused { reason: Reason::new("registry-fhir-gone", args) });
    }
    let current = Current::read(&answer.success().map_err(before)?).map_err(before)?;
    let known: Value = serde_json::from_str(&push.target.raw).unwrap_or_default();
    let edit = match Edit::of(&push.target.kind, &current.value, &push.values) {
        Ok(edit) => edit,
        Err(NoEdit::Changed) => return Ok(conflict(push, &current)),
        Err(NoEdit::Refused(reason)) => return Ok(PushOutcome::Refused { reason }),
    };
    if edit.members.is_empty() {
        // An attempt before this one got through, or somebody else wrote the same.
        return Ok(PushOutcome::Written { id: push.target.id.clone(), raw: Some(current.text) });
    }
    if has_changed(&known, &current.value) {
        return Ok(conflict(push, &current));
    }
    let is_patch = wants_patch(server, &push.target.kind).await.map_err(before)?;
    let ask = if is_patch { patch(server, &path, &current, &edit) } else { put(server, &path, &current, &edit) };
    let ask = match &current.tag {
        Some(tag) => ask.header("if-match", tag),
        None => ask,
    };
    let answer = server.client.ask(&ask).await?;
    match answer.status {
        409 | 412 => {
            let now = server.get(server.client.url(&path, &[])).await.and_then(Answer::success);
            let now = now.and_then(|answer| Current::read(&answer));
            Ok(now.map_or(PushOutcome::Conflict { now: None, values: Vec::new() }, |current| conflict(push, &current)))
        }
        _ => {
            let answer = answer.success()?;
            let written =
                Current::read(&answer).ok().filter(|now| now.value["resourceType"] == push.target.kind.as_str());
            let written = match written {
                Some(written) => Some(written),
                // A server that answers a write without the resource is asked for it.
                None => {
                    let now = server.get(server.client.url(&path, &[])).await.and_then(Answer::success);
                    now.and_then(|answer| Current::read(&answer)).ok()
                }
            };
            let version = written.as_ref().and_then(|now| now.value.pointer("/meta/versionId")?.as_str());
            provenance::record(server, push, &path, version, "UPDATE").await;
            Ok(PushOutcome::Written { id: push.target.id.clone(), raw: written.map(|now| now.text) })
        }
    }
}

/// An error before anything was written: whatever it was, nothing left that changes something.
fn before(error: HttpError) -> HttpError {
    match error {
        HttpError::Unknown(reason) | HttpError::Odd(reason) | HttpError::Down { reason, .. } => {
            HttpError::NotSent(reason)
        }
        other => other,
    }
}

/// Whether somebody changed the record since we received it: by its version, else by its content.
fn has_changed(known: &Value, now: &Value) -> bool {
    let version = |value: &Value| value.pointer("/meta/versionId").and_then(Value::as_str).map(str::to_owned);
    match (version(known), version(now)) {
        (Some(known), Some(now)) => known != now,
        _ => without_meta(known) != without_meta(now),
    }
}

fn without_meta(value: &Value) -> Value {
    let mut value = value.clone();
    if let Some(object) = value.as_object_mut() {
        object.shift_remove("meta");
    }
    value
}

fn conflict(push: &Push, now: &Current) -> PushOutcome {
    let held = |field: &str| edit::held(&push.target.kind, &now.value, field).map(|held| (field.to_owned(), held));
    let values = push.values.iter().filter_map(|change| held(&change.field)).collect();
    PushOutcome::Conflict { now: Some(now.text.clone()), values }
}

async fn wants_patch(server: &Server, kind: &str) -> Result<bool, HttpError> {
    Ok(match server.settings.write {
        Write::Put => false,
        Write::Patch => true,
        Write::Auto => {
            let capability = server.capability().await?;
            capability.is_some_and(|known| !known.can(kind, "update") && known.can(kind, "patch"))
        }
    })
}

fn put(server: &Server, path: &str, current: &Current, edit: &Edit) -> crate::http::Ask {
    let mut text = current.text.clone();
    for (member, value) in &edit.members {
        let value = value.as_ref().map(Value::to_string);
        // The text was read as an object before.
        text = with_member(&text, member, value.as_deref()).unwrap_or(text);
    }
    server.write(Method::PUT, path, text)
}

fn patch(server: &Server, path: &str, current: &Current, edit: &Edit) -> crate::http::Ask {
    let mut steps = Vec::new();
    for (member, value) in &edit.members {
        let pointer = format!("/{member}");
        let was = current.value.get(*member);
        // The server itself makes sure that nobody was faster.
        steps.extend(was.map(|was| json!({"op": "test", "path": pointer, "value": was})));
        steps.push(match value {
            Some(value) => {
                json!({"op": if was.is_some() { "replace" } else { "add" }, "path": pointer, "value": value})
            }
            None => json!({"op": "remove", "path": pointer}),
        });
    }
    server
        .write(Method::PATCH, path, Value::from(steps).to_string())
        .header("content-type", "application/json-patch+json")
}
