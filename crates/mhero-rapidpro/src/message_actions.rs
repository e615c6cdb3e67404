//! One thing done to many messages.

use mhero_core::{Direction, MessageId, Right};
use mhero_store::{Queue, Unit};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{Answer, Answered, ApiError, ApiServer, Ask, ask::shown, numbers::MESSAGE};

impl ApiServer {
    /// `POST message_actions`: labels, archives, restores, deletes texts that came in. Those that are not there or went out are
    /// failures, and told.
    pub(crate) async fn act_on_messages(&self, ask: &Ask) -> Answered {
        ask.caller.must(Right::ReadMessages)?;
        ask.caller.must(Right::EditAudiences)?;
        let asked = ask.references("messages")?;
        let asked = asked.ok_or_else(|| ApiError::field("messages", "This field is required."))?;
        let action = ask.needed("action", 20)?;
        if !matches!(action.as_str(), "label" | "unlabel" | "archive" | "restore" | "delete") {
            return Err(ApiError::field("action", format!("\"{}\" is not a valid choice.", shown(&action))));
        }
        let label = self.label_of_action(ask, &action).await?;
        let named = self.ids_of(&asked).await?;
        let ids: Vec<MessageId> = named.iter().filter_map(|(_, id)| *id).collect();
        let found = self.messages_of(ask, &ids).await?;
        let is_in = |id: MessageId| found.iter().any(|one| one.id == id && one.direction == Direction::In);
        let store = self.app.store();
        let now = self.app.clock().now_micros();
        let (mut unit, mut failures) = (Unit::new(), Vec::new());
        for (text, id) in named {
            let Some(id) = id.filter(|id| is_in(*id)) else {
                failures.push(text.parse::<i64>().map_or_else(|_| json!(text), |number| json!(number)));
                continue;
            };
            match (action.as_str(), label) {
                ("label", Some(label)) => unit.label_message(label, id, now),
                ("unlabel", Some(label)) => unit.unlabel_message(label, id),
                ("archive", _) => unit.mark_message(id, "archived", now),
                ("restore", _) => unit.unmark_message(id, "archived"),
                _ => unit.mark_message(id, "deleted", now),
            };
            let entry = ask.caller.entry("message-marked", "message", Some(id.uuid()), json!({ "how": action }));
            unit.audit(store, &entry);
        }
        if !unit.is_empty() {
            store.write(unit, Queue::Interactive).await?;
        }
        Ok(if failures.is_empty() { Answer::done() } else { Answer::ok(json!({ "failures": Value::Array(failures) })) })
    }

    /// The label of an action that needs one; `label_name` makes it where it is not there.
    async fn label_of_action(&self, ask: &Ask, action: &str) -> Result<Option<Uuid>, ApiError> {
        let (label, name) = (ask.reference("label")?, ask.text("label_name", 64)?.filter(|name| !name.is_empty()));
        let needs = matches!(action, "label" | "unlabel");
        match (needs, label, name) {
            (false, None, None) => Ok(None),
            (false, ..) => Err(ApiError::body(format!("For action \"{action}\" you should not specify a label"))),
            (true, None, None) => {
                Err(ApiError::body(format!("For action \"{action}\" you should also specify a label")))
            }
            (true, Some(_), Some(_)) => Err(ApiError::body("Can't specify both label and label_name.")),
            (true, Some(label), None) => {
                let found = self.label_called(&label).await?;
                let missing = || ApiError::field("label", format!("No such object: {}", shown(&label)));
                Ok(Some(found.ok_or_else(missing)?.id))
            }
            (true, None, Some(name)) => match self.label_called(&name).await? {
                Some(label) => Ok(Some(label.id)),
                None if action == "label" => Ok(Some(self.put_label(ask, None, &name).await?.id)),
                None => Err(ApiError::field("label_name", format!("No such object: {}", shown(&name)))),
            },
        }
    }

    /// Messages as they were called, by number or UUID.
    async fn ids_of(&self, texts: &[String]) -> Result<Vec<(String, Option<MessageId>)>, ApiError> {
        let mut ids = Vec::with_capacity(texts.len());
        for text in texts {
            let id = match (text.parse::<Uuid>(), text.parse::<i64>()) {
                (Ok(uuid), _) => Some(uuid),
                (_, Ok(number)) => self.app.store().entity_numbered(MESSAGE, number).await?,
                _ => return Err(ApiError::field("messages", format!("“{}” is no id of a message.", shown(text)))),
            };
            ids.push((text.clone(), id.map(MessageId::from_uuid)));
        }
        Ok(ids)
    }
}
