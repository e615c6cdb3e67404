//! Actions that change the contact.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::Body;
use crate::{
    definition::{Text, limits, read::Object, write::Out},
    error::Rule,
    refs::{ChannelRef, FieldRef},
};

/// `add_contact_urn`.
#[derive(Clone, Debug)]
pub struct AddContactUrn {
    /// The kind of address, e.g. `tel`.
    pub scheme: Arc<str>,
    /// The address.
    pub path: Text,
}

/// `set_contact_channel`.
#[derive(Clone, Debug)]
pub struct SetContactChannel {
    /// The channel; none takes the preference away.
    pub channel: Option<ChannelRef>,
}

/// `set_contact_field`.
#[derive(Clone, Debug)]
pub struct SetContactField {
    /// The field.
    pub field: FieldRef,
    /// Its new value; empty takes it away.
    pub value: Text,
}

/// `set_contact_language`.
#[derive(Clone, Debug)]
pub struct SetContactLanguage {
    /// The code; empty takes it away.
    pub language: Text,
}

/// `set_contact_name`.
#[derive(Clone, Debug)]
pub struct SetContactName {
    /// The name.
    pub name: Text,
}

/// `set_contact_status`.
#[derive(Clone, Debug)]
pub struct SetContactStatus {
    /// The status.
    pub status: Status,
}

/// `set_contact_timezone`.
#[derive(Clone, Debug)]
pub struct SetContactTimezone {
    /// The name of the zone; empty takes it away.
    pub timezone: Text,
}

/// Whether and how a contact is written to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// As usual.
    #[default]
    Active,
    /// Nobody wants to hear from them.
    Blocked,
    /// They want to hear nothing.
    Stopped,
    /// Put away.
    Archived,
}

impl Status {
    /// Every status.
    pub const ALL: [Self; 4] = [Self::Active, Self::Blocked, Self::Stopped, Self::Archived];

    /// The word of the specification.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Blocked => "blocked",
            Self::Stopped => "stopped",
            Self::Archived => "archived",
        }
    }

    /// The status of a word.
    pub fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.word() == word)
    }
}

impl Body for AddContactUrn {
    fn read(object: &mut Object<'_>) -> Self {
        Self {
            scheme: object.needed_name("scheme", limits::NAME_LENGTH_MAX),
            path: object.needed_text("path", limits::TEXT_LENGTH_MAX),
        }
    }

    fn write(&self, out: &mut Out) {
        out.put("scheme", &*self.scheme);
        out.put_text("path", &self.path);
    }
}

impl Body for SetContactChannel {
    fn read(object: &mut Object<'_>) -> Self {
        Self { channel: object.some_reference("channel") }
    }

    fn write(&self, out: &mut Out) {
        out.put_as("channel", &self.channel);
    }
}

impl Body for SetContactField {
    fn read(object: &mut Object<'_>) -> Self {
        Self { field: object.field("field"), value: object.text("value") }
    }

    fn write(&self, out: &mut Out) {
        out.put_as("field", &self.field);
        out.put_text("value", &self.value);
    }
}

impl Body for SetContactLanguage {
    fn read(object: &mut Object<'_>) -> Self {
        Self { language: object.text("language") }
    }

    fn write(&self, out: &mut Out) {
        out.put_text("language", &self.language);
    }
}

impl Body for SetContactName {
    fn read(object: &mut Object<'_>) -> Self {
        Self { name: object.text("name") }
    }

    fn write(&self, out: &mut Out) {
        out.put_text("name", &self.name);
    }
}

impl Body for SetContactStatus {
    fn read(object: &mut Object<'_>) -> Self {
        let word = object.needed_word("status");
        let status = Status::of(word);
        if status.is_none() && !word.is_empty() {
            object.fault("status", Rule::Kind("contact status"));
        }
        Self { status: status.unwrap_or_default() }
    }

    fn write(&self, out: &mut Out) {
        out.put("status", self.status.word());
    }
}

impl Body for SetContactTimezone {
    fn read(object: &mut Object<'_>) -> Self {
        Self { timezone: object.text("timezone") }
    }

    fn write(&self, out: &mut Out) {
        out.put_text("timezone", &self.timezone);
    }
}
