//! How a session came from others.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The sessions before this one, where an action of a flow started it. The counters stop loops between sessions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct History {
    /// The session whose action started this one.
    pub parent_uuid: Uuid,
    /// How many sessions came before, each started by the one before it.
    pub ancestors: u32,
    /// How many of them since a contact last wrote something.
    pub ancestors_since_input: u32,
}
