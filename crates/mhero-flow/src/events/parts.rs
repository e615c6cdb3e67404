//! Parts of events that are no messages.

use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{contact::Urn, refs::ChannelRef};

/// A phone call.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Call {
    /// The id.
    pub uuid: Uuid,
    /// The channel that carries it.
    pub channel: ChannelRef,
    /// The address called, or that calls.
    pub urn: Urn,
}

/// How a forwarded call ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dial {
    /// Whether it was answered.
    pub status: DialStatus,
    /// How long they spoke, in seconds.
    #[serde(default)]
    pub duration: u32,
}

/// Whether a forwarded call was answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DialStatus {
    /// It was.
    Answered,
    /// Nobody took it.
    NoAnswer,
    /// The line was busy.
    Busy,
    /// It could not be put through.
    Failed,
}

impl DialStatus {
    /// The word of the specification.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Answered => "answered",
            Self::NoAnswer => "no_answer",
            Self::Busy => "busy",
            Self::Failed => "failed",
        }
    }
}

/// An HTTP request and its answer, as a log.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HttpLog {
    /// The address.
    pub url: Arc<str>,
    /// The HTTP status; none when there was no answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status_code: Option<u16>,
    /// The request as it was sent.
    pub request: Arc<str>,
    /// The answer as it came.
    #[serde(default, skip_serializing_if = "super::content::empty")]
    pub response: Arc<str>,
    /// How long it took, in milliseconds.
    pub elapsed_ms: u64,
    /// How often it was tried again.
    pub retries: u32,
    /// Bytes of request and answer.
    #[serde(default)]
    pub sizes: HttpSizes,
    /// What came of it.
    pub status: CallStatus,
    /// When it was sent.
    pub created_on: Timestamp,
}

/// Bytes of a request and its answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct HttpSizes {
    /// The request with its head.
    pub request: u64,
    /// The answer with its head.
    pub response: u64,
}

/// What came of an HTTP call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CallStatus {
    /// An answer with a status of 2xx.
    Success,
    /// No whole answer.
    ConnectionError,
    /// An answer with another status.
    ResponseError,
    /// A subscriber of a resthook says with 410 that it wants no more.
    SubscriberGone,
}

/// What a language model took in and gave out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tokens {
    /// Tokens in.
    pub input: u64,
    /// Tokens out.
    pub output: u64,
}

/// A result before it changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PreviousResult {
    /// The value.
    pub value: Arc<str>,
    /// The category.
    pub category: Arc<str>,
}

/// Whether something was written by or to the contact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// By the contact.
    Incoming,
    /// To the contact.
    Outgoing,
}
