//! Changes of tickets.

use std::sync::Arc;

use uuid::Uuid;

use super::Change;
use crate::{
    contact::{Ticket, TicketStatus},
    events::EventKind,
    refs::{TopicRef, UserRef},
};

fn ticket<'a>(change: &'a mut Change<'_>, uuid: Uuid) -> Option<&'a mut Ticket> {
    change.contact.tickets.iter_mut().find(|ticket| ticket.uuid == uuid)
}

pub(super) fn assign(change: &mut Change<'_>, ticket_uuid: Uuid, assignee: Option<&UserRef>) -> bool {
    let assignee = match assignee {
        Some(user) => match change.assets.user(user.uuid) {
            Some(user) => Some(user.reference()),
            None => return false,
        },
        None => None,
    };
    let Some(ticket) = ticket(change, ticket_uuid) else { return false };
    if ticket.assignee.as_ref().map(|user| user.uuid) == assignee.as_ref().map(|user| user.uuid) {
        return false;
    }
    let previous = std::mem::replace(&mut ticket.assignee, assignee.clone());
    change.log(EventKind::TicketAssigneeChanged { ticket_uuid, assignee, previous });
    true
}

pub(super) fn close(change: &mut Change<'_>, ticket_uuid: Uuid) -> bool {
    let Some(ticket) = ticket(change, ticket_uuid).filter(|ticket| ticket.is_open()) else { return false };
    ticket.status = TicketStatus::Closed;
    change.log(EventKind::TicketClosed { ticket_uuid });
    change.reevaluate_groups();
    true
}

pub(super) fn note(change: &mut Change<'_>, ticket_uuid: Uuid, note: &Arc<str>) -> bool {
    if ticket(change, ticket_uuid).is_none() {
        return false;
    }
    change.log(EventKind::TicketNoteAdded { ticket_uuid, note: note.clone() });
    true
}

/// Opens a ticket, about the first topic if none is given, unless one is open.
pub(super) fn open(
    change: &mut Change<'_>,
    topic: Option<&TopicRef>,
    assignee: Option<&UserRef>,
    note: &Arc<str>,
) -> bool {
    if change.contact.open_ticket().is_some() {
        return false;
    }
    let known = topic.and_then(|topic| change.assets.topic(topic.uuid));
    let topic = known.or_else(|| change.assets.topics().first()).cloned();
    let assignee = assignee.and_then(|user| change.assets.user(user.uuid)).map(crate::assets::User::reference);
    let ticket = Ticket { uuid: change.world.uuid_v7(), status: TicketStatus::Open, topic, assignee };
    let ticket_uuid = ticket.uuid;
    change.contact.tickets.push(ticket.clone());
    change.log(EventKind::TicketOpened { ticket });
    if !note.is_empty() {
        change.log(EventKind::TicketNoteAdded { ticket_uuid, note: note.clone() });
    }
    change.reevaluate_groups();
    true
}

pub(super) fn reopen(change: &mut Change<'_>, ticket_uuid: Uuid) -> bool {
    if change.contact.open_ticket().is_some() {
        return false;
    }
    let Some(ticket) = ticket(change, ticket_uuid) else { return false };
    ticket.status = TicketStatus::Open;
    change.log(EventKind::TicketReopened { ticket_uuid });
    change.reevaluate_groups();
    true
}

pub(super) fn topic(change: &mut Change<'_>, ticket_uuid: Uuid, topic: &TopicRef) -> bool {
    let Some(topic) = change.assets.topic(topic.uuid).cloned() else { return false };
    let Some(ticket) = ticket(change, ticket_uuid) else { return false };
    if ticket.topic.as_ref().is_some_and(|own| own.uuid == topic.uuid) {
        return false;
    }
    ticket.topic = Some(topic.clone());
    change.log(EventKind::TicketTopicChanged { ticket_uuid, topic });
    true
}
