//! One thing done to many contacts.

use mhero_core::{PersonId, Right};
use mhero_store::{Queue, Unit};
use serde_json::json;

use crate::{Answer, Answered, ApiError, ApiServer, Ask, ask::shown};

impl ApiServer {
    /// `POST contact_actions`.
    pub(crate) async fn act_on_contacts(&self, ask: &Ask) -> Answered {
        ask.caller.must(Right::ReadPeople)?;
        let texts =
            ask.references("contacts")?.ok_or_else(|| ApiError::field("contacts", "This field is required."))?;
        let action = ask.needed("action", 40)?;
        let people = self.contacts_called(&ask.caller, "contacts", &texts).await?;
        let group = ask.reference("group")?;
        match (action.as_str(), group) {
            ("add" | "remove", Some(group)) => self.change_members(ask, &people, &group, action == "add").await?,
            ("add" | "remove", None) => {
                let said = format!("For action \"{action}\" you should also specify a group");
                return Err(ApiError::body(said));
            }
            (_, Some(_)) => {
                return Err(ApiError::body(format!(
                    "For action \"{}\" you should not specify a group",
                    shown(&action)
                )));
            }
            ("block" | "unblock", None) => {
                for person in people {
                    self.silence(ask, person, action == "block").await?;
                }
            }
            ("interrupt", None) => {
                for person in people {
                    self.app.interrupt_person(&ask.caller, person).await?;
                }
            }
            ("archive_messages" | "archive", None) => self.archive_messages(ask, &people).await?,
            ("delete", None) => {
                ask.caller.must(Right::EditPeople)?;
                // All or none: whoever may not be deleted is told before anybody is.
                for person in &people {
                    self.may_drop(*person).await?;
                }
                for person in people {
                    self.drop_contact(&ask.caller, person).await?;
                }
            }
            (other, None) => {
                return Err(ApiError::field("action", format!("\"{}\" is not a valid choice.", shown(other))));
            }
        }
        Ok(Answer::done())
    }

    async fn change_members(&self, ask: &Ask, people: &[PersonId], group: &str, add: bool) -> Result<(), ApiError> {
        let found = self.group_called(group).await?;
        let found = found.ok_or_else(|| ApiError::field("group", format!("No such object: {}", shown(group))))?;
        if found.query.is_some() {
            return Err(ApiError::field("group", format!("Contact group must not be query based: {}", found.id)));
        }
        for person in people {
            if add {
                self.app.add_person_to_group(&ask.caller, found.id, *person).await?;
            } else {
                self.app.remove_from_group(&ask.caller, found.id, *person).await?;
            }
        }
        Ok(())
    }

    /// Sends nothing more to anybody's numbers, or lets it be sent again. What they are in ends.
    async fn silence(&self, ask: &Ask, person: PersonId, is_blocked: bool) -> Result<(), ApiError> {
        ask.caller.must(Right::EditPeople)?;
        if is_blocked {
            self.app.interrupt_person(&ask.caller, person).await?;
        }
        let store = self.app.store();
        let now = self.app.clock().now_micros();
        let there = store.contact_record(person, now).await?.ok_or(ApiError::NotFound)?;
        let mut unit = Unit::new();
        for (scheme, path) in &there.urns {
            if is_blocked {
                unit.stop((scheme, path), "", None, now).cancel_waiting(scheme, path, now);
            } else {
                unit.start((scheme, path), "");
            }
        }
        if is_blocked {
            unit.mark_contact(person, "blocked", now);
        } else {
            unit.unmark_contact(person, "blocked");
        }
        unit.touch_person(person, now).changed("person", person.uuid(), "updated", now);
        let action = if is_blocked { "contact-blocked" } else { "contact-unblocked" };
        unit.audit(store, &ask.caller.entry(action, "person", Some(person.uuid()), json!({})));
        store.write(unit, Queue::Interactive).await?;
        Ok(())
    }

    async fn archive_messages(&self, ask: &Ask, people: &[PersonId]) -> Result<(), ApiError> {
        ask.caller.must(Right::ReadMessages)?;
        ask.caller.must(Right::EditPeople)?;
        let store = self.app.store();
        let now = self.app.clock().now_micros();
        for person in people {
            let mut unit = Unit::new();
            unit.archive_messages_of(*person, now);
            let entry = ask.caller.entry("contact-messages-archived", "person", Some(person.uuid()), json!({}));
            unit.audit(store, &entry);
            store.write(unit, Queue::Interactive).await?;
        }
        Ok(())
    }
}
