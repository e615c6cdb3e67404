//! Contacts: the people whom flows are about.

mod ticket;
mod value;
pub(crate) mod asking;
mod parse;
mod routes;

use std::{collections::BTreeMap, fmt, sync::Arc};

use jiff::{Timestamp, tz::TimeZone};
use mhero_core::Lang;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub use crate::definition::Status as ContactStatus;
pub use ticket::{Ticket, TicketStatus};
pub use mhero_core::ContactUrn as Urn;
pub use parse::{truncated, truncated_with_dots};
pub use routes::{channel_of, shown_urn, with_channel};
pub use value::FieldValue;

use crate::{json, refs::{ContactRef, GroupRef}};

/// A contact. It changes only by [`crate::modifiers::Modifier`]s.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Contact {
    /// The id.
    pub uuid: Uuid,
    /// The number of the row in old systems, zero where there is none.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub id: i64,
    /// The name, empty where there is none.
    #[serde(default, skip_serializing_if = "str_is_empty")]
    pub name: Arc<str>,
    /// The language.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "json::lang_opt::deserialize")]
    pub language: Option<Lang>,
    /// Whether the contact can be written to.
    #[serde(default)]
    pub status: ContactStatus,
    /// The zone.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "json::zone_opt")]
    pub timezone: Option<TimeZone>,
    /// When the contact came to be.
    pub created_on: Timestamp,
    /// When the contact was last heard of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_seen_on: Option<Timestamp>,
    /// The addresses, the preferred first, each with its channel.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub urns: Vec<Urn>,
    /// The groups.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<GroupRef>,
    /// The values of fields by key.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty", deserialize_with = "fields")]
    pub fields: BTreeMap<Arc<str>, FieldValue>,
    /// The tickets, the oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tickets: Vec<Ticket>,
}

impl Contact {
    /// The contact as others refer to it.
    pub fn reference(&self) -> ContactRef {
        ContactRef { uuid: self.uuid, name: self.name.clone() }
    }

    /// The value of a field.
    pub fn field(&self, key: &str) -> Option<&FieldValue> {
        self.fields.get(key)
    }

    /// Whether the contact is in a group.
    pub fn is_in(&self, group: Uuid) -> bool {
        self.groups.iter().any(|own| own.uuid == group)
    }

    /// The open ticket that was opened last.
    pub fn open_ticket(&self) -> Option<&Ticket> {
        self.tickets.iter().rev().find(|ticket| ticket.is_open())
    }
}

/// The id only: the rest is about a person.
impl fmt::Debug for Contact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Contact").field("uuid", &self.uuid).field("status", &self.status).finish_non_exhaustive()
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_zero(id: &i64) -> bool {
    *id == 0
}

fn str_is_empty(text: &Arc<str>) -> bool {
    text.is_empty()
}

/// Fields without a value are no fields.
fn fields<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<BTreeMap<Arc<str>, FieldValue>, D::Error> {
    let all = Option::<BTreeMap<Arc<str>, Option<FieldValue>>>::deserialize(deserializer)?.unwrap_or_default();
    Ok(all.into_iter().filter_map(|(key, value)| Some((key, value?))).collect())
}
