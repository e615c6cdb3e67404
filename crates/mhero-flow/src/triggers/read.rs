//! Reads triggers from JSON.

use std::sync::Arc;

use serde::de::DeserializeOwned;
use serde_json::Value as Json;

use super::{ReadError, Trigger, TriggerKind};
use crate::events::Event;

/// Reads a trigger. One that is stored already may lack the event of its call.
pub(super) fn trigger(json: &Json, stored: bool) -> Result<Trigger, ReadError> {
    let kind =
        json.get("type").and_then(Json::as_str).ok_or_else(|| ReadError("field 'type' is required".to_owned()))?;
    let own: &[&str] = match kind {
        "channel" => &["event"],
        "flow_action" => &["run_summary"],
        "ticket" => &["ticket"],
        "call" | "campaign" | "chat" | "manual" | "msg" => &[],
        other => return Err(ReadError(format!("unknown trigger type: '{other}'"))),
    };
    let mut required = vec!["flow", "triggered_on"];
    required.extend(own);
    require(json, &required)?;
    Ok(Trigger {
        kind: read_kind(kind, json, stored)?,
        flow: property(json, "flow")?,
        triggered_on: property(json, "triggered_on")?,
        batch: optional(json, "batch")?.unwrap_or_default(),
        params: optional::<Json>(json, "params")?.map(Arc::new),
        history: optional(json, "history")?,
    })
}

fn read_kind(kind: &str, json: &Json, stored: bool) -> Result<TriggerKind, ReadError> {
    Ok(match kind {
        "call" => TriggerKind::Call { event: call_event(json, stored)? },
        "campaign" => TriggerKind::Campaign { event: event(json, kind, "campaign_fired")? },
        "channel" => TriggerKind::Channel { event: property(json, "event")? },
        "chat" => TriggerKind::Chat { event: event(json, kind, "chat_started")? },
        "flow_action" => TriggerKind::FlowAction { run_summary: Arc::new(property(json, "run_summary")?) },
        "manual" => TriggerKind::Manual { user: optional(json, "user")?, origin: text(json, "origin")? },
        "msg" => TriggerKind::Msg { event: event(json, kind, "msg_received")?, keyword_match: keyword_match(json)? },
        _ => {
            let event_type = event_type(json).unwrap_or_default();
            if !event_type.starts_with("ticket_") {
                return Err(ReadError("ticket trigger event must be of type ticket_closed".to_owned()));
            }
            TriggerKind::Ticket { event: property(json, "event")?, ticket: Arc::new(property(json, "ticket")?) }
        }
    })
}

fn call_event(json: &Json, stored: bool) -> Result<Option<Arc<Event>>, ReadError> {
    match event_type(json) {
        None if stored && json.get("event").is_none_or(Json::is_null) => Ok(None),
        Some("call_received" | "call_missed" | "call_created") => property(json, "event").map(Arc::new).map(Some),
        _ => Err(ReadError("call trigger event must be of type call_received".to_owned())),
    }
}

fn keyword_match(json: &Json) -> Result<Option<super::KeywordMatch>, ReadError> {
    let Some(found) = json.get("keyword_match").filter(|found| !found.is_null()) else { return Ok(None) };
    let missing = ["type", "keyword"].into_iter().filter(|key| is_missing(found, key));
    let missing: Vec<_> = missing.map(|key| format!("field 'keyword_match.{key}' is required")).collect();
    if !missing.is_empty() {
        return Err(ReadError(missing.join(", ")));
    }
    property(json, "keyword_match").map(Some)
}

/// The event that a trigger wraps.
fn event(json: &Json, kind: &str, event_type: &str) -> Result<Arc<Event>, ReadError> {
    if self::event_type(json) != Some(event_type) {
        return Err(ReadError(format!("{kind} trigger event must be of type {event_type}")));
    }
    property(json, "event").map(Arc::new)
}

fn event_type(json: &Json) -> Option<&str> {
    json.pointer("/event/type").and_then(Json::as_str)
}

/// Fails with one clause for each property that is not there.
pub(crate) fn require(json: &Json, keys: &[&str]) -> Result<(), ReadError> {
    let missing: Vec<_> =
        keys.iter().filter(|key| is_missing(json, key)).map(|key| format!("field '{key}' is required")).collect();
    if missing.is_empty() { Ok(()) } else { Err(ReadError(missing.join(", "))) }
}

/// A property of a given shape.
pub(crate) fn property<T: DeserializeOwned>(json: &Json, key: &str) -> Result<T, ReadError> {
    let value = json.get(key).unwrap_or(&Json::Null);
    T::deserialize(value).map_err(|error| ReadError(format!("field '{key}' is not valid: {error}")))
}

fn optional<T: DeserializeOwned>(json: &Json, key: &str) -> Result<Option<T>, ReadError> {
    if is_missing(json, key) { Ok(None) } else { property(json, key).map(Some) }
}

fn text(json: &Json, key: &str) -> Result<Option<Arc<str>>, ReadError> {
    Ok(optional::<String>(json, key)?.filter(|text| !text.is_empty()).map(Arc::from))
}

fn is_missing(json: &Json, key: &str) -> bool {
    json.get(key).is_none_or(|value| value.is_null() || value.as_str() == Some(""))
}
