//! What a contact last sent.

use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use uuid::Uuid;

use crate::{contact::Urn, refs::ChannelRef};

/// A received message, as expressions see it at `@input`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename = "msg")]
pub struct Input {
    /// The id of the event that brought it.
    pub uuid: Uuid,
    /// The channel it came over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel: Option<ChannelRef>,
    /// When it came.
    pub created_on: Timestamp,
    /// The address it came from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub urn: Option<Urn>,
    /// The text.
    #[serde(default = "empty")]
    pub text: Arc<str>,
    /// Attachments, each `content/type:url`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<Arc<str>>,
    /// The channel's own id of the message.
    #[serde(default = "empty", skip_serializing_if = "is_empty")]
    pub external_id: Arc<str>,
    /// What came with the message that has no other place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payload: Option<Arc<Json>>,
}

fn is_empty(text: &Arc<str>) -> bool {
    text.is_empty()
}

fn empty() -> Arc<str> {
    Arc::from("")
}
