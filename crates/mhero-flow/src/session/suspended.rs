//! Where a sprint stands that waits for an outside call.

use std::sync::Arc;

use uuid::Uuid;

use crate::{effects::EffectRequest, resumes::Resume};

/// A sprint that stopped in the middle of a node. It stands in the blob of a session and not in its JSON.
#[derive(Clone, Debug)]
pub struct Suspended {
    /// The index of the run.
    pub run: u32,
    /// The node.
    pub node: Uuid,
    /// The index of the action that asked for something outside.
    pub action: u32,
    /// What was asked for; its key makes an answer to another question recognisable.
    pub request: EffectRequest,
    /// How many calls were asked for in this sprint, which makes their keys differ.
    pub effects: u32,
    /// The flow that an action before it entered, and whether all runs end before that: it begins when the actions are done.
    pub pushed: Option<(Uuid, bool)>,
    /// Steps taken in this sprint.
    pub steps: u32,
    /// What the sprint began with; none for the first.
    pub resume: Option<Arc<Resume>>,
}
