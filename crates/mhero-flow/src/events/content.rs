//! What is in messages that flows get and give.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::{
    contact::Urn,
    definition::QuickReply,
    refs::{ChannelRef, TemplateRef},
};

/// Text, attachments and quick replies: a message without address, as broadcasts have it in each language.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct MsgContent {
    /// The text.
    #[serde(default, skip_serializing_if = "empty")]
    pub text: Arc<str>,
    /// Attachments, each `content/type:url`.
    #[serde(default, skip_serializing_if = "none_in", deserialize_with = "list")]
    pub attachments: Vec<Arc<str>>,
    /// Answers to tap.
    #[serde(default, skip_serializing_if = "none_in", deserialize_with = "list")]
    pub quick_replies: Vec<QuickReply>,
}

impl MsgContent {
    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.text.is_empty() && self.attachments.is_empty() && self.quick_replies.is_empty()
    }
}

/// A message that came in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MsgIn {
    /// The address it came from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub urn: Option<Urn>,
    /// The channel it came by.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel: Option<ChannelRef>,
    /// The text.
    #[serde(default)]
    pub text: Arc<str>,
    /// Attachments, each `content/type:url`.
    #[serde(default, skip_serializing_if = "none_in", deserialize_with = "list")]
    pub attachments: Vec<Arc<str>>,
    /// The id that the carrier gave it.
    #[serde(default, skip_serializing_if = "empty")]
    pub external_id: Arc<str>,
    /// What else the carrier sent with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payload: Option<Arc<serde_json::Value>>,
}

/// A message to send.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MsgOut {
    /// The address to send to; none where the contact has none that a channel reaches.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub urn: Option<Urn>,
    /// The channel to send by.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel: Option<ChannelRef>,
    /// The text.
    #[serde(default)]
    pub text: Arc<str>,
    /// Attachments, each `content/type:url`.
    #[serde(default, skip_serializing_if = "none_in", deserialize_with = "list")]
    pub attachments: Vec<Arc<str>>,
    /// Answers to tap.
    #[serde(default, skip_serializing_if = "none_in", deserialize_with = "list")]
    pub quick_replies: Vec<QuickReply>,
    /// The carrier's template and what fills it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub templating: Option<Templating>,
    /// The language of the text, with the country: `eng-US`.
    #[serde(default, skip_serializing_if = "empty")]
    pub locale: Arc<str>,
    /// Why it is not to be sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unsendable_reason: Option<UnsendableReason>,
}

/// Why a message that a flow made is not to be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UnsendableReason {
    /// No channel reaches any address of the contact.
    NoRoute,
    /// The contact is blocked.
    ContactBlocked,
    /// The contact stopped.
    ContactStopped,
    /// The contact is archived.
    ContactArchived,
    /// The world forbids what it says.
    ForbiddenContent,
}

/// A carrier's template and what fills it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Templating {
    /// The template.
    pub template: TemplateRef,
    /// Its parts that have variables.
    #[serde(default, skip_serializing_if = "none_in", deserialize_with = "list")]
    pub components: Vec<TemplatingComponent>,
    /// The values of all variables.
    #[serde(default, skip_serializing_if = "none_in", deserialize_with = "list")]
    pub variables: Vec<TemplatingVariable>,
}

/// A part of a template and the variables in it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TemplatingComponent {
    /// `body/text`, `header/media`, `button/quick_reply` ...
    #[serde(rename = "type")]
    pub kind: Arc<str>,
    /// The name.
    pub name: Arc<str>,
    /// Which value, by its place in the list of all, stands at which name.
    pub variables: std::collections::BTreeMap<Arc<str>, usize>,
}

/// The value of a variable of a template.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TemplatingVariable {
    /// `text`, `image` ...
    #[serde(rename = "type")]
    pub kind: Arc<str>,
    /// The value.
    pub value: Arc<str>,
}

pub(super) fn empty(text: &Arc<str>) -> bool {
    text.is_empty()
}

pub(super) fn none_in<T>(list: &[T]) -> bool {
    list.is_empty()
}

/// A list that may also be `null`.
pub(super) fn list<'de, T: Deserialize<'de>, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Vec<T>, D::Error> {
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}
