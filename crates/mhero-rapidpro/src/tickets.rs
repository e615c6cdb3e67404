//! Threads of the inbox as tickets.

use std::collections::HashMap;

use mhero_core::{Right, ThreadId, UserId};
use mhero_query::fold;
use mhero_store::{MadeKind, Queue, ThreadRow, Unit, User};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    Answer, Answered, ApiError, ApiServer, Ask,
    ask::{instant, maybe_instant, shown},
    page::{cut, nothing, page},
    refs::named,
};

/// The only topic of threads.
const TOPIC: &str = "General";

impl ApiServer {
    /// `GET tickets`.
    pub(crate) async fn tickets(&self, ask: &Ask) -> Answered {
        ask.caller.must(Right::ReadMessages)?;
        let Some(wanted) = ask.wanted(true)? else { return Ok(nothing(ask, &self.base)) };
        let contact = match ask.param("contact") {
            Some(text) => match self.contact_called(&ask.caller, text).await? {
                Some(person) => Some(person),
                None => return Ok(nothing(ask, &self.base)),
            },
            None => None,
        };
        let store = self.app.store();
        let made = match ask.uuid("uuid")?.or(ask.uuid("ticket")?) {
            Some(uuid) => vec![(uuid, 0)],
            None => store.made_page(&ask.caller.scope, MadeKind::Thread, contact, &wanted.part).await?,
        };
        let (made, more) = cut(made);
        let last = made.last().filter(|_| more).map(|(id, at)| (*at, *id));
        let users: HashMap<UserId, User> = store.users().await?.into_iter().map(|user| (user.id, user)).collect();
        let mut tickets = Vec::with_capacity(made.len());
        for (id, _) in made {
            let thread = store.thread(&ask.caller.scope, ThreadId::from_uuid(id)).await?;
            tickets.extend(thread.map(|thread| json_of(&thread, &users)));
        }
        Ok(page(ask, &self.base, tickets, last))
    }

    /// `POST ticket_actions`: gives threads to somebody, or closes them.
    pub(crate) async fn act_on_tickets(&self, ask: &Ask) -> Answered {
        ask.caller.must(Right::Answer)?;
        let asked = ask.references("tickets")?.ok_or_else(|| ApiError::field("tickets", "This field is required."))?;
        let action = ask.needed("action", 20)?;
        let mut threads = Vec::with_capacity(asked.len());
        for text in &asked {
            let missing = || ApiError::field("tickets", format!("No such object: {}", shown(text)));
            let id = ThreadId::from_uuid(text.parse::<Uuid>().map_err(|_| missing())?);
            threads.push(self.app.store().thread(&ask.caller.scope, id).await?.ok_or_else(missing)?);
        }
        match action.as_str() {
            "close" => {
                for thread in threads.iter().filter(|thread| thread.state == "open") {
                    self.app.close_thread(&ask.caller, thread.id, "").await?;
                }
            }
            "assign" => {
                let owner = self.assignee(ask).await?;
                let mut unit = Unit::new();
                for thread in &threads {
                    unit.own_thread(thread.id, owner.map(UserId::uuid));
                    let facts = json!({ "taken": owner.is_some() });
                    let entry = ask.caller.entry("thread-owned", "thread", Some(thread.id.uuid()), facts);
                    unit.audit(self.app.store(), &entry);
                }
                if !unit.is_empty() {
                    self.app.store().write(unit, Queue::Interactive).await?;
                }
            }
            "add_note" | "change_topic" | "reopen" => {
                let said = format!(
                    "\"{action}\" is not offered here: threads have no notes and one topic, and open when somebody writes."
                );
                return Err(ApiError::field("action", said));
            }
            other => return Err(ApiError::field("action", format!("\"{}\" is not a valid choice.", shown(other)))),
        }
        Ok(Answer::done())
    }

    async fn assignee(&self, ask: &Ask) -> Result<Option<UserId>, ApiError> {
        if ask.member("assignee").is_none() {
            return Err(ApiError::body("For action \"assign\" you must specify the assignee"));
        }
        let Some(email) = ask.text("assignee", 255)? else { return Ok(None) };
        let found =
            self.app.store().user_by_email(&fold(&email)).await?.or(self.app.store().user_by_email(&email).await?);
        let missing = || ApiError::field("assignee", format!("No such object: {}", shown(&email)));
        Ok(Some(found.filter(|(user, _)| user.active).ok_or_else(missing)?.0.id))
    }
}

fn json_of(thread: &ThreadRow, users: &HashMap<UserId, User>) -> Value {
    let owner = thread.owner.and_then(|id| users.get(&id));
    json!({
        "uuid": thread.id.to_string(),
        "contact": named(thread.person, &thread.person_name),
        "status": if thread.state == "open" { "open" } else { "closed" },
        "topic": { "uuid": Uuid::new_v5(&Uuid::NAMESPACE_OID, TOPIC.as_bytes()).to_string(), "name": TOPIC },
        "body": null,
        "assignee": owner.map(|user| json!({ "email": user.email, "name": user.name })),
        "opened_on": instant(thread.opened_at),
        "opened_by": null,
        "opened_in": null,
        "modified_on": instant(thread.closed_at.unwrap_or(thread.heard_at)),
        "closed_on": maybe_instant(thread.closed_at),
    })
}
