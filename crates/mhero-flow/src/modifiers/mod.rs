//! Modifiers: the one way a contact changes, in flows and out of them.

mod apply;
mod change;
mod groups;
mod tickets;
mod urns;

use std::sync::Arc;

use jiff::Timestamp;
use mhero_core::Lang;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub use change::Change;

use crate::{
    contact::{ContactStatus, Urn},
    json,
    refs::{ChannelRef, FieldRef, GroupRef, TopicRef, UserRef},
};

/// A change of a contact. The JSON is the specification's.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Modifier {
    /// Makes an address the preferred one, by a channel.
    Affinity {
        /// An address of the contact.
        urn: Urn,
        /// The channel.
        channel: Option<ChannelRef>,
    },
    /// Sets the channel that the contact is written to by.
    Channel {
        /// The channel; `None` for no preference.
        channel: Option<ChannelRef>,
    },
    /// Sets a field.
    Field {
        /// The field.
        field: FieldRef,
        /// The value as text; empty clears.
        value: Arc<str>,
    },
    /// Changes the groups.
    Groups {
        /// The groups.
        groups: Vec<GroupRef>,
        /// Whether they are added or removed.
        modification: GroupsModification,
    },
    /// Sets the language.
    Language {
        /// The language; `None` clears.
        #[serde(deserialize_with = "json::lang_opt::deserialize", default)]
        language: Option<Lang>,
    },
    /// Sets the name.
    Name {
        /// The name; empty clears.
        name: Arc<str>,
    },
    /// Changes addresses together with their channels.
    Routes {
        /// The addresses with their channels.
        routes: Vec<Route>,
        /// What to do with them.
        modification: UrnsModification,
    },
    /// Notes that the contact was heard of.
    Seen {
        /// When.
        seen_on: Timestamp,
    },
    /// Sets the status.
    Status {
        /// The status.
        status: ContactStatus,
    },
    /// Gives a ticket to somebody.
    TicketAssignee {
        /// The ticket.
        ticket_uuid: Uuid,
        /// To whom; `None` to nobody.
        assignee: Option<UserRef>,
    },
    /// Closes a ticket.
    TicketClose {
        /// The ticket.
        ticket_uuid: Uuid,
    },
    /// Writes a note about a ticket.
    TicketNote {
        /// The ticket.
        ticket_uuid: Uuid,
        /// The note.
        note: Arc<str>,
    },
    /// Opens a ticket, if none is open.
    #[serde(alias = "ticket")]
    TicketOpen {
        /// What it is about.
        topic: Option<TopicRef>,
        /// Who works on it.
        assignee: Option<UserRef>,
        /// A first note; empty for none.
        #[serde(default)]
        note: Arc<str>,
    },
    /// Opens a closed ticket again, if none is open.
    TicketReopen {
        /// The ticket.
        ticket_uuid: Uuid,
    },
    /// Changes what a ticket is about.
    TicketTopic {
        /// The ticket.
        ticket_uuid: Uuid,
        /// What it is about.
        topic: TopicRef,
    },
    /// Sets the zone.
    Timezone {
        /// The name of the zone; empty clears.
        timezone: Arc<str>,
    },
    /// Changes addresses and leaves their channels as they are.
    Urns {
        /// The addresses as they were written.
        urns: Vec<Arc<str>>,
        /// What to do with them.
        modification: UrnsModification,
    },
}

/// Whether groups are added or removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GroupsModification {
    /// The contact joins them.
    Add,
    /// The contact leaves them.
    Remove,
}

/// What to do with addresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UrnsModification {
    /// Put them behind those there are.
    Append,
    /// Take them away.
    Remove,
    /// Put them in the place of all.
    Set,
}

/// An address and the channel for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Route {
    /// The address as it was written.
    pub urn: Arc<str>,
    /// The channel.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel: Option<ChannelRef>,
}
