//! Reads resumes from JSON.

use std::sync::Arc;

use serde_json::Value as Json;

use super::{Resume, ResumeKind};
use crate::triggers::{ReadError, property, require};

pub(super) fn resume(json: &Json) -> Result<Resume, ReadError> {
    let kind = match json.get("type").and_then(Json::as_str) {
        Some("msg") => ResumeKind::Msg,
        Some("dial") => ResumeKind::Dial,
        Some("wait_timeout") => ResumeKind::WaitTimeout,
        Some("wait_expiration") => ResumeKind::WaitExpiration,
        Some(other) => return Err(ReadError(format!("unknown resume type: '{other}'"))),
        None => return Err(ReadError("field 'type' is required".to_owned())),
    };
    require(json, &["resumed_on", "event"])?;
    let expected = kind.event_type();
    if json.pointer("/event/type").and_then(Json::as_str) != Some(expected) {
        return Err(ReadError(format!("{} resume event must be of type {expected}", kind.name())));
    }
    Ok(Resume { resumed_on: property(json, "resumed_on")?, kind, event: Arc::new(property(json, "event")?) })
}
