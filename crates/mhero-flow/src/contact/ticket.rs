//! Conversations that an official took over.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::refs::{TopicRef, UserRef};

/// Whether somebody works on a ticket.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TicketStatus {
    /// Open.
    #[default]
    Open,
    /// Closed.
    Closed,
}

/// A ticket of a contact.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Ticket {
    /// The id.
    pub uuid: Uuid,
    /// Open or closed.
    #[serde(default)]
    pub status: TicketStatus,
    /// What it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub topic: Option<TopicRef>,
    /// Who works on it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assignee: Option<UserRef>,
}

impl Ticket {
    /// Whether somebody still works on it.
    pub fn is_open(&self) -> bool {
        self.status == TicketStatus::Open
    }
}
