//! `open_ticket`

use super::ActionContext;
use crate::{
    definition::{Assignee, OpenTicket},
    events::Problem,
    modifiers::Modifier,
    refs::UserRef,
};

/// The local variable that holds the new ticket's id, empty when none was opened.
const TICKET_LOCAL: &str = "_new_ticket";

pub(super) fn open(action: &OpenTicket, context: &mut dyn ActionContext) {
    let topic = action.topic.clone().filter(|topic| {
        let there = context.assets().topic(topic.uuid).is_some();
        if !there {
            context.missing("topic", "uuid", &topic.uuid.to_string(), &topic.name);
        }
        there
    });
    let assignee = action.assignee.as_ref().and_then(|assignee| user(assignee, context));
    let note = context.text_of(&action.note);
    let opened = context.change(&Modifier::TicketOpen { topic, assignee, note: note.trim().into() });
    let uuid = context.contact().open_ticket().filter(|_| opened).map(|ticket| ticket.uuid.to_string());
    context.set_local(TICKET_LOCAL, uuid.as_deref().unwrap_or_default());
}

fn user(assignee: &Assignee, context: &mut dyn ActionContext) -> Option<UserRef> {
    match assignee {
        Assignee::User(user) => {
            let known = context.assets().user(user.uuid).map(crate::assets::User::reference);
            if known.is_none() {
                context.missing("user", "uuid", &user.uuid.to_string(), &user.name);
            }
            known
        }
        Assignee::Email(template) => {
            let email = context.given(template);
            if !email.whole {
                return None;
            }
            let known = context.assets().user_by_email(email.text.trim()).map(crate::assets::User::reference);
            if known.is_none() {
                let problem = Problem::coded(format!("No such user with email '{}'", email.text), "user:missing");
                context.error(problem.with("email", email.text.as_str()));
            }
            known
        }
    }
}
