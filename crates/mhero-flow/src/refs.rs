//! References: how definitions, events and sessions name what lives outside a flow. They are resolved late, by uuid or key, so
//! that a thing that was renamed is still found and one that is missing does no harm.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A thing by its uuid, with the name it had when the reference was written. JSON: `{"uuid": "…", "name": "Registered"}`; an
/// empty name is left out.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Reference {
    /// Which one.
    pub uuid: Uuid,
    /// What it was called; for people only.
    #[serde(default = "nameless", skip_serializing_if = "is_empty")]
    pub name: Arc<str>,
}

/// A flow.
pub type FlowRef = Reference;
/// A group of contacts.
pub type GroupRef = Reference;
/// A channel.
pub type ChannelRef = Reference;
/// A label of messages.
pub type LabelRef = Reference;
/// A topic of tickets.
pub type TopicRef = Reference;
/// A contact.
pub type ContactRef = Reference;
/// A user.
pub type UserRef = Reference;
/// A message template of a carrier.
pub type TemplateRef = Reference;
/// A language model.
pub type LlmRef = Reference;
/// A classifier of texts, deprecated.
pub type ClassifierRef = Reference;
/// An opt-in of a contact, no longer supported.
pub type OptInRef = Reference;
/// A campaign.
pub type CampaignRef = Reference;

/// A contact field by its key. JSON: `{"key": "age", "name": "Age"}`; an empty name is written.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct FieldRef {
    /// The key, e.g. `activation_token`.
    pub key: Arc<str>,
    /// What it was called; for people only.
    #[serde(default = "nameless")]
    pub name: Arc<str>,
}

/// A global by its key. JSON as of a field.
pub type GlobalRef = FieldRef;

impl Reference {
    /// A reference.
    pub fn new(uuid: Uuid, name: impl Into<Arc<str>>) -> Self {
        Self { uuid, name: name.into() }
    }
}

impl FieldRef {
    /// A reference.
    pub fn new(key: impl Into<Arc<str>>, name: impl Into<Arc<str>>) -> Self {
        Self { key: key.into(), name: name.into() }
    }
}

fn nameless() -> Arc<str> {
    Arc::from("")
}

fn is_empty(name: &Arc<str>) -> bool {
    name.is_empty()
}
