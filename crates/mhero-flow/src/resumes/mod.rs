//! Resumes: what makes a waiting session go on.

mod read;

use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _, ser::SerializeMap as _};
use serde_json::Value as Json;

use crate::{events::Event, moment::Moment, triggers::ReadError};

/// What makes a waiting session go on.
#[derive(Clone, Debug, PartialEq)]
pub struct Resume {
    /// When.
    pub resumed_on: Moment,
    /// What happened.
    pub kind: ResumeKind,
    /// The event that tells of it: `msg_received`, `dial_ended`, `wait_timed_out` or `wait_expired`.
    pub event: Arc<Event>,
}

/// The four things that can happen to a wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResumeKind {
    /// A message came.
    Msg,
    /// A forwarded call ended.
    Dial,
    /// The wait's own time ran out; the run takes the category of the timeout.
    WaitTimeout,
    /// The flow's time ran out; the run ends as expired.
    WaitExpiration,
}

impl ResumeKind {
    /// The name in JSON and at `@resume.type`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Msg => "msg",
            Self::Dial => "dial",
            Self::WaitTimeout => "wait_timeout",
            Self::WaitExpiration => "wait_expiration",
        }
    }

    /// The type of event that it wraps.
    pub const fn event_type(self) -> &'static str {
        match self {
            Self::Msg => "msg_received",
            Self::Dial => "dial_ended",
            Self::WaitTimeout => "wait_timed_out",
            Self::WaitExpiration => "wait_expired",
        }
    }
}

impl Resume {
    /// Reads a resume.
    ///
    /// # Errors
    /// [`ReadError`] with the properties that are missing or wrong.
    pub fn read(json: &Json) -> Result<Self, ReadError> {
        read::resume(json)
    }
}

impl Serialize for Resume {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(3))?;
        map.serialize_entry("type", self.kind.name())?;
        map.serialize_entry("event", &*self.event)?;
        map.serialize_entry("resumed_on", &self.resumed_on)?;
        map.end()
    }
}

impl<'de> Deserialize<'de> for Resume {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let json = Json::deserialize(deserializer)?;
        Self::read(&json).map_err(D::Error::custom)
    }
}
