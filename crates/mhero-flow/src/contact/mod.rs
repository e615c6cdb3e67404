//! Contacts: the people whom flows are about.

pub(crate) mod asking;
mod parse;
mod routes;
mod ticket;
mod value;

use std::{collections::BTreeMap, fmt, sync::Arc};

use jiff::{Timestamp, tz::TimeZone};
use mhero_core::Lang;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub use crate::definition::Status as ContactStatus;
pub use mhero_core::ContactUrn as Urn;
pub use parse::{truncated, truncated_with_dots};
pub use routes::{channel_of, shown_urn, with_channel};
pub use ticket::{Ticket, TicketStatus};
pub use value::FieldValue;

use crate::{
    json,
    refs::{ContactRef, GroupRef},
};

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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_contact_comes_back_and_says_nothing_in_logs() {
        let json = json!({
            "uuid": "5d76d86b-3bb9-4d5a-b822-c9d86f5d8e4f", "id": 12, "name": "Mary", "language": "eng", "status": "active",
            "timezone": "Africa/Monrovia", "created_on": "2018-06-20T11:40:30.5Z",
            "urns": ["tel:+231770000001?channel=57f1078f-88aa-46f4-a59a-948a5739c03d"],
            "fields": {
                "age": {"text": "37", "number": 37},
                "joined": {"text": "2017-12-02", "datetime": "2017-12-02T00:00:00.000000-02:00"},
                "weight": {"text": "61.5", "number": 61.5},
            },
        });
        let contact = Contact::deserialize(&json).expect("a contact");
        assert_eq!(serde_json::to_value(&contact).expect("JSON"), json);
        assert!(!format!("{contact:?}").contains("Mary"));
    }

    #[test]
    fn empty_settings_are_none() {
        let json = json!({
            "uuid": "5d76d86b-3bb9-4d5a-b822-c9d86f5d8e4f", "created_on": "2018-06-20T11:40:30Z", "language": "",
            "timezone": "", "fields": {"age": null},
        });
        let contact = Contact::deserialize(&json).expect("a contact");
        assert_eq!((contact.language, contact.timezone, contact.fields.len()), (None, None, 0));
    }
}
