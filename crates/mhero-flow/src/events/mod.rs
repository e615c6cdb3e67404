//! Events: all that comes out of a sprint, and what comes into sessions from outside. The JSON is the specification's.

mod content;
mod kind;
mod parts;

use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error, ser::Error as _};
use serde_json::{Map, Value as Json};
use uuid::Uuid;

pub use content::{MsgContent, MsgIn, MsgOut, Templating, TemplatingComponent, TemplatingVariable, UnsendableReason};
pub use kind::{EventKind, Problem};
pub use parts::{Call, CallStatus, Dial, DialStatus, Direction, HttpLog, HttpSizes, PreviousResult, Tokens};

/// Something that happened.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// The id, version 7.
    pub uuid: Uuid,
    /// When it happened.
    pub created_on: Timestamp,
    /// What happened.
    pub kind: EventKind,
    /// Properties that we know nothing about (`_user`, `_via` ...), kept as they came.
    pub more: Map<String, Json>,
}

impl Event {
    /// An event.
    pub fn new(uuid: Uuid, created_on: Timestamp, kind: impl Into<EventKind>) -> Self {
        Self { uuid, created_on, kind: kind.into(), more: Map::new() }
    }

    /// The word of the specification for what happened: `msg_created`.
    pub fn type_name(&self) -> &'static str {
        self.kind.name()
    }
}

impl Serialize for Event {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Ok(Json::Object(kind)) = serde_json::to_value(&self.kind) else {
            return Err(S::Error::custom("an event is an object"));
        };
        let mut all = Map::new();
        all.insert("uuid".to_owned(), Json::String(self.uuid.to_string()));
        all.insert("type".to_owned(), Json::String(self.type_name().to_owned()));
        all.insert("created_on".to_owned(), Json::String(self.created_on.to_string()));
        all.extend(self.more.clone());
        all.extend(kind);
        all.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Event {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        struct Head {
            uuid: Uuid,
            created_on: Timestamp,
        }
        let all = Map::deserialize(deserializer)?;
        let json = Json::Object(all);
        let head = Head::deserialize(&json).map_err(D::Error::custom)?;
        let kind = EventKind::deserialize(&json).map_err(D::Error::custom)?;
        let Json::Object(mut more) = json else { return Err(D::Error::custom("an event is an object")) };
        for known in ["uuid", "created_on", "type"].iter().chain(kind.fields()) {
            more.remove(*known);
        }
        Ok(Self { uuid: head.uuid, created_on: head.created_on, kind, more })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_we_know_nothing_about_is_kept() {
        let json = json!({
            "uuid": "01969b47-0d53-76f8-98c7-1f0d5859f77e", "type": "ticket_closed", "created_on": "2025-05-04T12:30:48.1Z",
            "_user": {"uuid": "0c78ef47-7d56-44d8-8f57-96e0f30e8f44", "name": "Ann"}, "_via": "ui",
            "ticket_uuid": "7481888c-07dd-47dc-bf22-ef7448696ffe",
        });
        let event = Event::deserialize(&json).expect("an event");
        assert_eq!((event.type_name(), event.more.len()), ("ticket_closed", 2));
        assert_eq!(serde_json::to_value(&event).expect("JSON"), json);
    }

    #[test]
    fn hostile_events_are_refused() {
        for json in [
            json!(null),
            json!({"type": "msg_created"}),
            json!({"uuid": "x", "type": "wait_expired", "created_on": "2025-05-04T12:30:48Z"}),
            json!({"uuid": "01969b47-0d53-76f8-98c7-1f0d5859f77e", "type": "none_such", "created_on": "2025-05-04T12:30:48Z"}),
            json!({
                "uuid": "01969b47-0d53-76f8-98c7-1f0d5859f77e", "type": "airtime_created", "created_on": "2025-05-04T12:30:48Z",
                "external_id": "", "sender": "", "recipient": "", "currency": "", "amount": 1e300,
            }),
        ] {
            assert!(Event::deserialize(&json).is_err(), "{json}");
        }
    }
}
