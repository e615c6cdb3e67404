//! How each modifier changes the contact.

use std::sync::Arc;

use jiff::{Timestamp, tz::TimeZone};
use mhero_core::Lang;

use super::{Change, Modifier, Route, groups, tickets, urns};
use crate::{
    contact::{ContactStatus, FieldValue, truncated},
    events::{EventKind, Problem},
    json,
    refs::FieldRef,
};

/// Characters of a contact's name.
const NAME_CHARS_MAX: usize = 128;

impl Modifier {
    /// Changes the contact, writes the events of it down, and asks the queries of groups again where the change may matter to
    /// them. Tells whether anything changed. What refers to things that are not there does nothing.
    pub fn apply(&self, change: &mut Change<'_>) -> bool {
        match self {
            Self::Affinity { urn, channel } => urns::affinity(change, urn, channel.as_ref()),
            Self::Channel { channel } => urns::channel(change, channel.as_ref()),
            Self::Field { field, value } => set_field(change, field, value),
            Self::Groups { groups, modification } => groups::change_groups(change, groups, *modification),
            Self::Language { language } => set_language(change, *language),
            Self::Name { name } => set_name(change, name),
            Self::Routes { routes, modification } => urns::routes(change, routes, *modification),
            Self::Seen { seen_on } => set_seen(change, *seen_on),
            Self::Status { status } => set_status(change, *status),
            Self::TicketAssignee { ticket_uuid, assignee } => tickets::assign(change, *ticket_uuid, assignee.as_ref()),
            Self::TicketClose { ticket_uuid } => tickets::close(change, *ticket_uuid),
            Self::TicketNote { ticket_uuid, note } => tickets::note(change, *ticket_uuid, note),
            Self::TicketOpen { topic, assignee, note } => {
                tickets::open(change, topic.as_ref(), assignee.as_ref(), note)
            }
            Self::TicketReopen { ticket_uuid } => tickets::reopen(change, *ticket_uuid),
            Self::TicketTopic { ticket_uuid, topic } => tickets::topic(change, *ticket_uuid, topic),
            Self::Timezone { timezone } => set_timezone(change, timezone),
            Self::Urns { urns, modification } => {
                let routes: Vec<Route> = urns.iter().map(|urn| Route { urn: urn.clone(), channel: None }).collect();
                urns::routes(change, &routes, *modification)
            }
        }
    }
}

fn set_field(change: &mut Change<'_>, field: &FieldRef, value: &str) -> bool {
    let Some(field) = change.assets.field(&field.key) else { return false };
    let value = FieldValue::parse(field, value, change);
    if change.contact.field(&field.key) == value.as_ref() {
        return false;
    }
    match &value {
        Some(value) => change.contact.fields.insert(field.key.clone(), value.clone()),
        None => change.contact.fields.remove(&field.key),
    };
    change.log(EventKind::ContactFieldChanged { field: field.reference(), value });
    change.reevaluate_groups();
    true
}

fn set_language(change: &mut Change<'_>, language: Option<Lang>) -> bool {
    if change.contact.language == language {
        return false;
    }
    change.contact.language = language;
    let language: Arc<str> = language.map_or_else(String::new, |language| language.to_string()).into();
    change.log(EventKind::ContactLanguageChanged { language });
    change.reevaluate_groups();
    true
}

fn set_name(change: &mut Change<'_>, name: &Arc<str>) -> bool {
    let name = truncated(name, NAME_CHARS_MAX);
    if change.contact.name == name {
        return false;
    }
    change.contact.name = name.clone();
    change.log(EventKind::ContactNameChanged { name });
    change.reevaluate_groups();
    true
}

/// What comes late does not make the contact older.
fn set_seen(change: &mut Change<'_>, seen_on: Timestamp) -> bool {
    if change.contact.last_seen_on.is_some_and(|last| last >= seen_on) {
        return false;
    }
    change.contact.last_seen_on = Some(seen_on);
    change.log(EventKind::ContactLastSeenChanged { last_seen_on: seen_on });
    change.reevaluate_groups();
    true
}

fn set_status(change: &mut Change<'_>, status: ContactStatus) -> bool {
    if change.contact.status == status {
        return false;
    }
    change.contact.status = status;
    change.log(EventKind::ContactStatusChanged { status });
    change.reevaluate_groups();
    true
}

fn set_timezone(change: &mut Change<'_>, name: &str) -> bool {
    let zone = match name {
        "" => None,
        name => match TimeZone::get(name) {
            Ok(zone) => Some(zone),
            Err(_) => {
                let problem = Problem::coded(format!("Unrecognized timezone: '{name}'"), "timezone:invalid");
                change.error(problem.with("timezone", name));
                return false;
            }
        },
    };
    if change.contact.timezone == zone {
        return false;
    }
    let timezone: Arc<str> = zone.as_ref().map_or_else(String::new, json::name_of_zone).into();
    change.contact.timezone = zone;
    change.log(EventKind::ContactTimezoneChanged { timezone });
    change.reevaluate_groups();
    true
}
