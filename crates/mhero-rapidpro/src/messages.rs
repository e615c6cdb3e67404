//! Messages as they are read.

use std::collections::HashMap;

use mhero_core::{BroadcastId, ChannelId, Direction, FlowId, MessageId, Right};
use mhero_store::{ApiMessage, Keyset, MessageFolder, MessagesAsked};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    Answered, ApiError, ApiServer, Ask,
    ask::{instant, maybe_instant, shown},
    numbers::MESSAGE,
    page::{cut, nothing, page},
    refs::{named, urn_of},
};

impl ApiServer {
    /// `GET messages`.
    pub(crate) async fn messages(&self, ask: &Ask) -> Answered {
        ask.caller.must(Right::ReadMessages)?;
        ask.at_most_one(&["contact", "folder", "label", "broadcast"])?;
        let Some(wanted) = ask.wanted(false)? else { return Ok(nothing(ask, &self.base)) };
        let empty = || Ok(nothing(ask, &self.base));
        let named = match (ask.uuid("uuid")?, ask.number("id")?) {
            (Some(uuid), _) => Some(MessageId::from_uuid(uuid)),
            (None, Some(number)) => match self.app.store().entity_numbered(MESSAGE, number).await? {
                Some(entity) => Some(MessageId::from_uuid(entity)),
                None => return empty(),
            },
            (None, None) => None,
        };
        let contact = match ask.param("contact") {
            Some(text) => match self.contact_called(&ask.caller, text).await? {
                Some(person) => Some(person),
                None => return empty(),
            },
            None => None,
        };
        let label = match ask.param("label") {
            Some(text) => match self.label_called(text).await? {
                Some(label) => Some(label.id),
                None => return empty(),
            },
            None => None,
        };
        let broadcast = match ask.param("broadcast") {
            Some(text) => match self.broadcast_called(text).await? {
                Some(broadcast) => Some(broadcast),
                None => return empty(),
            },
            None => None,
        };
        let folder = match ask.param("folder") {
            Some(name) => match folder(name) {
                Some(folder) => Some(folder),
                None => return empty(),
            },
            None => None,
        };
        let ids = named.as_ref().map(std::slice::from_ref);
        let asked = MessagesAsked { ids, folder, contact, label, broadcast, ..MessagesAsked::default() };
        let found = self.app.store().message_page(&ask.caller.scope, &asked, &wanted.part).await?;
        let (found, more) = cut(found);
        let last = found.last().filter(|_| more).map(|message| (message.at, message.id.uuid()));
        Ok(page(ask, &self.base, self.messages_json(&found).await?, last))
    }

    /// A broadcast by UUID or number.
    async fn broadcast_called(&self, text: &str) -> Result<Option<BroadcastId>, ApiError> {
        if let Ok(uuid) = text.parse::<Uuid>() {
            return Ok(Some(BroadcastId::from_uuid(uuid)));
        }
        let number = text.parse().map_err(|_| ApiError::Detail(format!("Invalid broadcast: {}", shown(text))))?;
        Ok(self.app.store().broadcast_by_number(number).await?)
    }

    /// Messages of the caller's scope by their ids.
    pub(crate) async fn messages_of(&self, ask: &Ask, ids: &[MessageId]) -> Result<Vec<ApiMessage>, ApiError> {
        let asked = MessagesAsked { ids: Some(ids), ..MessagesAsked::default() };
        let all = Keyset { newest_first: true, from: None, until: None, after: None, limit: i64::MAX };
        Ok(self.app.store().message_page(&ask.caller.scope, &asked, &all).await?)
    }

    /// Messages as they are written out.
    pub(crate) async fn messages_json(&self, messages: &[ApiMessage]) -> Result<Vec<Value>, ApiError> {
        let store = self.app.store();
        let ids: Vec<MessageId> = messages.iter().map(|message| message.id).collect();
        let uuids: Vec<Uuid> = ids.iter().map(|id| id.uuid()).collect();
        let numbers = self.numbers(MESSAGE, &uuids).await?;
        let labels = store.labels_of(&ids).await?;
        let names: HashMap<Uuid, String> =
            self.all_labels().await?.into_iter().map(|label| (label.id, label.name)).collect();
        let channels: HashMap<ChannelId, String> =
            store.channels().await?.into_iter().map(|channel| (channel.id, channel.name)).collect();
        let flows: HashMap<FlowId, String> = store.flow_names().await?.into_iter().collect();
        let write = |message: &ApiMessage| {
            let own = labels.get(&message.id).map(Vec::as_slice).unwrap_or_default();
            let own: Vec<Value> = own.iter().filter_map(|id| Some(named(id, names.get(id)?))).collect();
            let channel = message.channel.and_then(|id| Some(named(id, channels.get(&id)?)));
            let flow = message.flow.and_then(|id| Some(named(id, flows.get(&id)?)));
            json_of(message, numbers.get(&message.id.uuid()).copied(), (own, channel, flow))
        };
        Ok(messages.iter().map(write).collect())
    }
}

fn json_of(
    message: &ApiMessage,
    number: Option<i64>,
    (labels, channel, flow): (Vec<Value>, Option<Value>, Option<Value>),
) -> Value {
    let modified = message.done_at.or(message.sent_at).unwrap_or(message.created_at);
    json!({
        "uuid": message.id.to_string(),
        "id": number,
        "broadcast": message.broadcast.map(|id| id.to_string()),
        "contact": named(message.person, &message.name),
        "urn": urn_of(&message.scheme, &message.path),
        "channel": channel,
        "direction": message.direction.as_str(),
        "type": "text",
        "status": status(message),
        "visibility": if message.archived { "archived" } else { "visible" },
        "archived": message.archived,
        "text": message.text.clone().unwrap_or_default(),
        "labels": labels,
        "flow": flow,
        "attachments": [],
        "quick_replies": [],
        "created_on": instant(message.created_at),
        "sent_on": maybe_instant(message.sent_at),
        "modified_on": instant(modified),
        "media": null,
    })
}

/// RapidPro's word for how far a message got. What nobody knows for certain is with the carrier.
fn status(message: &ApiMessage) -> &'static str {
    match (message.direction, message.state.as_str()) {
        (Direction::In, _) => "handled",
        (Direction::Out, "waiting") => "queued",
        (Direction::Out, "sent") => "sent",
        (Direction::Out, "delivered") => "delivered",
        (Direction::Out, "failed" | "expired" | "cancelled") => "failed",
        (Direction::Out, _) => "wired",
    }
}

fn folder(name: &str) -> Option<MessageFolder> {
    Some(match name.to_ascii_lowercase().as_str() {
        "inbox" => MessageFolder::Inbox,
        "flows" | "handled" => MessageFolder::Flows,
        "archived" => MessageFolder::Archived,
        "outbox" => MessageFolder::Outbox,
        "sent" => MessageFolder::Sent,
        "failed" => MessageFolder::Failed,
        "incoming" => MessageFolder::Incoming,
        _ => return None,
    })
}
