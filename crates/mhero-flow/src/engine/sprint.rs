//! What a sprint gives.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{contact::Contact, effects::EffectRequest, events::Event, session::Session};
use std::sync::Arc;

/// One way from a node to the next.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Segment {
    /// The flow.
    pub flow_uuid: Uuid,
    /// The node that was left.
    pub node_uuid: Uuid,
    /// The exit that was taken.
    pub exit_uuid: Uuid,
    /// What the router looked at; none for nodes without router.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operand: Option<Arc<str>>,
    /// The node that was reached.
    pub destination_uuid: Uuid,
    /// When.
    pub time: Timestamp,
}

/// How a sprint ended.
#[expect(clippy::large_enum_variant, reason = "there is one a sprint")]
#[derive(Clone, Debug)]
pub enum Outcome {
    /// The session waits for a resume; the wait's event tells for what and until when.
    Waiting,
    /// The session has ended.
    Ended,
    /// The session stands in the middle of a node. The caller performs the request and goes on with
    /// [`Engine::answer`](crate::engine::Engine::answer).
    NeedsEffect(EffectRequest),
}

/// The work between two waits, or a part of it that ended at an outside call.
#[derive(Clone, Debug)]
pub struct Sprint {
    /// The session as it is now.
    pub session: Session,
    /// The contact as it is now.
    pub contact: Contact,
    /// What happened, in order.
    pub events: Vec<Event>,
    /// The ways taken, in order.
    pub segments: Vec<Segment>,
    /// How it ended.
    pub outcome: Outcome,
}
