//! Triggers: what begins a session.

mod read;

pub(crate) use read::{property, require};

use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _, ser::SerializeMap as _};
use serde_json::Value as Json;

use crate::{
    contact::Ticket,
    events::Event,
    moment::Moment,
    refs::{ChannelRef, FlowRef, UserRef},
    session::History,
};

/// What begins a session: the flow, when and why.
#[derive(Clone, Debug, PartialEq)]
pub struct Trigger {
    /// The flow to begin with.
    pub flow: FlowRef,
    /// When it was pulled.
    pub triggered_on: Moment,
    /// Whether many contacts were started together, which marks their messages as no answers to anybody.
    pub batch: bool,
    /// What the starter hands over, at `@trigger.params`.
    pub params: Option<Arc<Json>>,
    /// The sessions before this one.
    pub history: Option<History>,
    /// Why, with what belongs to it.
    pub kind: TriggerKind,
}

/// The eight reasons.
#[derive(Clone, Debug, PartialEq)]
pub enum TriggerKind {
    /// A phone call came in, or one was made for a voice flow.
    Call {
        /// `call_received` or `call_missed`, where the starter gives one.
        event: Option<Arc<Event>>,
    },
    /// A point of a campaign was reached.
    Campaign {
        /// `campaign_fired`.
        event: Arc<Event>,
    },
    /// Something happened on a channel; the older form of `call` and `chat`.
    Channel {
        /// What happened.
        event: ChannelEvent,
    },
    /// A contact opened a chat.
    Chat {
        /// `chat_started`.
        event: Arc<Event>,
    },
    /// An action of another session's flow started it.
    FlowAction {
        /// The run that did, as `@parent` shows it. Kept word for word.
        run_summary: Arc<Json>,
    },
    /// A person or a program started it.
    Manual {
        /// Who.
        user: Option<UserRef>,
        /// By which way: `ui`, `api`.
        origin: Option<Arc<str>>,
    },
    /// A message came.
    Msg {
        /// `msg_received`.
        event: Arc<Event>,
        /// The keyword that the message began with.
        keyword_match: Option<KeywordMatch>,
    },
    /// Something happened to a ticket.
    Ticket {
        /// What, e.g. `ticket_closed`.
        event: Arc<Event>,
        /// The ticket.
        ticket: Arc<Ticket>,
    },
}

impl TriggerKind {
    /// The name in JSON and at `@trigger.type`.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Call { .. } => "call",
            Self::Campaign { .. } => "campaign",
            Self::Channel { .. } => "channel",
            Self::Chat { .. } => "chat",
            Self::FlowAction { .. } => "flow_action",
            Self::Manual { .. } => "manual",
            Self::Msg { .. } => "msg",
            Self::Ticket { .. } => "ticket",
        }
    }
}

/// How a keyword stood in a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeywordMatch {
    /// Where.
    #[serde(rename = "type")]
    pub kind: KeywordMatchKind,
    /// The keyword.
    pub keyword: Arc<str>,
}

/// Where a keyword stood.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeywordMatchKind {
    /// The message began with it.
    FirstWord,
    /// The message was nothing else.
    OnlyWord,
}

/// What happened on a channel, for triggers of type `channel`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChannelEvent {
    /// What: `incoming_call`, `missed_call`, `new_conversation`, `referral`.
    #[serde(rename = "type")]
    pub kind: Arc<str>,
    /// Where.
    pub channel: ChannelRef,
}

/// Why a trigger or resume can't be read: the words of the specification, one clause for each property at fault.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ReadError(pub String);

impl Trigger {
    /// Reads a trigger.
    ///
    /// # Errors
    /// [`ReadError`] with the properties that are missing or wrong.
    pub fn read(json: &Json) -> Result<Self, ReadError> {
        read::trigger(json, false)
    }

    /// The summary of the run of another session that started this one.
    pub fn run_summary(&self) -> Option<&Json> {
        match &self.kind {
            TriggerKind::FlowAction { run_summary } => Some(run_summary),
            _ => None,
        }
    }

    /// A trigger that somebody pulls by hand, with nothing handed over.
    pub const fn manual(flow: FlowRef, triggered_on: Moment) -> Self {
        let kind = TriggerKind::Manual { user: None, origin: None };
        Self { flow, triggered_on, batch: false, params: None, history: None, kind }
    }
}

impl Serialize for Trigger {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("type", self.kind.name())?;
        map.serialize_entry("flow", &self.flow)?;
        if self.batch {
            map.serialize_entry("batch", &true)?;
        }
        if let Some(params) = &self.params {
            map.serialize_entry("params", params)?;
        }
        if let Some(history) = &self.history {
            map.serialize_entry("history", history)?;
        }
        map.serialize_entry("triggered_on", &self.triggered_on)?;
        match &self.kind {
            TriggerKind::Call { event: Some(event) }
            | TriggerKind::Campaign { event }
            | TriggerKind::Chat { event } => map.serialize_entry("event", event)?,
            TriggerKind::Call { event: None } => {}
            TriggerKind::Channel { event } => map.serialize_entry("event", event)?,
            TriggerKind::FlowAction { run_summary } => map.serialize_entry("run_summary", run_summary)?,
            TriggerKind::Manual { user, origin } => {
                if let Some(user) = user {
                    map.serialize_entry("user", user)?;
                }
                if let Some(origin) = origin {
                    map.serialize_entry("origin", origin)?;
                }
            }
            TriggerKind::Msg { event, keyword_match } => {
                map.serialize_entry("event", event)?;
                if let Some(keyword_match) = keyword_match {
                    map.serialize_entry("keyword_match", keyword_match)?;
                }
            }
            TriggerKind::Ticket { event, ticket } => {
                map.serialize_entry("event", event)?;
                map.serialize_entry("ticket", ticket)?;
            }
        }
        map.end()
    }
}

impl<'de> Deserialize<'de> for Trigger {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let json = Json::deserialize(deserializer)?;
        read::trigger(&json, true).map_err(D::Error::custom)
    }
}
