//! One message to one contact.

use mhero_app::{App, Caller};
use mhero_core::{
    ConversationId, Direction, Lane, MessageId, MessageKind, MessageState, PersonId, RetentionClass, Right, ThreadId,
    limits::TEXT_CHARS_MAX, sandbox,
};
use mhero_store::{Guard, NewMessage, OutboxEntry, Queue, Unit};
use serde_json::json;
use uuid::Uuid;

use crate::{Answer, Answered, ApiError, ApiServer, Ask};

impl ApiServer {
    /// `POST messages`: a text to one contact, as part of their thread in the inbox. Quiet hours, caps and the wish to be left
    /// alone hold as for every message.
    pub(crate) async fn send_message(&self, ask: &Ask) -> Answered {
        ask.caller.must(Right::Send)?;
        let contact = ask.reference("contact")?;
        let contact = contact.ok_or_else(|| ApiError::field("contact", "This field is required."))?;
        let text = ask.text("text", TEXT_CHARS_MAX)?.unwrap_or_default();
        no_attachments(ask)?;
        if text.is_empty() {
            return Err(ApiError::body("Must provide either text or attachments."));
        }
        let person = *self
            .contacts_called(&ask.caller, "contact", std::slice::from_ref(&contact))
            .await?
            .first()
            .ok_or(ApiError::NotFound)?;
        let one = OneText {
            person,
            text: &text,
            lane: Lane::Normal,
            once_key: ask.once.as_ref().map(|once| format!("rapidpro/{}/{once}", principal(ask))),
            is_test: false,
        };
        let id = send_text(&self.app, &ask.caller, &one).await?.map_err(|why| match why {
            Unsendable::NoAddress => ApiError::field("contact", "Contact has no address."),
            Unsendable::Stopped => ApiError::field("contact", "Contact asked to be sent nothing more."),
        })?;
        let found = self.messages_of(ask, &[id]).await?;
        let json = self.messages_json(&found).await?.pop().ok_or(ApiError::NotFound)?;
        Ok(Answer::made(json))
    }
}

/// A text for one person.
#[derive(Clone)]
pub struct OneText<'a> {
    /// For whom.
    pub person: PersonId,
    /// The text.
    pub text: &'a str,
    /// How urgent.
    pub lane: Lane,
    /// What makes it the same text when it is asked for twice.
    pub once_key: Option<String>,
    /// A test.
    pub is_test: bool,
}

impl std::fmt::Debug for OneText<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OneText").field("person", &self.person).finish_non_exhaustive()
    }
}

/// Why somebody can't be written to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unsendable {
    /// They have no address.
    NoAddress,
    /// They asked to be sent nothing more.
    Stopped,
}

/// Sends a text to one person, whom the caller may see, as part of their thread in the inbox. From the sandbox only its own numbers
/// are written to.
///
/// # Errors
/// [`ApiError::NotFound`]; [`ApiError::App`] without the right to send, or where the store fails.
pub async fn send_text(
    app: &App,
    caller: &Caller,
    one: &OneText<'_>,
) -> Result<Result<MessageId, Unsendable>, ApiError> {
    caller.must(Right::Send)?;
    let sent = app.store().decide(|| send_once(app, caller, one)).await?;
    app.wake();
    Ok(sent)
}

async fn send_once(app: &App, caller: &Caller, one: &OneText<'_>) -> Result<Result<MessageId, Unsendable>, ApiError> {
    let store = app.store();
    let now = app.clock().now_micros();
    let person = one.person;
    if let Some(key) = &one.once_key
        && let Some(known) = store.message_by_key(key).await?
    {
        return Ok(Ok(known));
    }
    let mut there = store.contact_record(person, now).await?.ok_or(ApiError::NotFound)?;
    if caller.scope.is_in_sandbox() {
        there.urns.retain(|(_, path)| sandbox::is_number(path));
    }
    let (scheme, path) = match address(app, &there.urns).await? {
        Ok(address) => address,
        Err(unsendable) => return Ok(Err(unsendable)),
    };
    let text = match store.holders(scheme, path).await? {
        // Several have this number: each text to one of them begins with the name.
        holders if !there.name.is_empty() && holders.iter().filter(|h| h.standing == "worker").count() > 1 => {
            format!("{}: {}", there.name, one.text)
        }
        _ => one.text.to_owned(),
    };
    let mut unit = Unit::new();
    let thread = match store.open_thread_of(person, scheme, path).await? {
        Some(thread) => thread,
        None => {
            let thread = store.mint().id(ThreadId::from_uuid);
            unit.open_thread(thread, person, (scheme, path), store.workplace(person, now).await?, now);
            thread
        }
    };
    let (body, id) = (store.mint().uuid(), store.mint().id(MessageId::from_uuid));
    let message = NewMessage {
        person,
        scheme: scheme.to_owned(),
        path: path.to_owned(),
        language: there.language,
        segments: i64::try_from(mhero_text::measure(&text).segments).unwrap_or(1),
        lane: one.lane,
        dedupe_key: one.once_key.clone().unwrap_or_else(|| format!("api/{id}")),
        written_by: caller.scope.principal(),
        is_test: one.is_test || caller.scope.is_in_sandbox(),
        ..bare(id, body, thread, (person, now))
    };
    let entry = OutboxEntry {
        message: id,
        channel: None,
        lane: one.lane,
        conversation: ConversationId::from_uuid(thread.uuid()),
        sequence: now,
        broadcast: None,
        ready_at: now,
        quiet_exempt: false,
    };
    unit.add_body(body, &text, RetentionClass::Message, now).add_message(&message, Guard::Rows(1));
    unit.add_to_outbox(&entry, now).thread_answered(thread, caller.scope.principal());
    unit.changed("thread", thread.uuid(), "updated", now);
    unit.audit(store, &caller.entry("message-sent", "message", Some(id.uuid()), json!({})));
    // The same request twice at once: the second finds a guard broken or a key taken, and reads again.
    store.write(unit, Queue::Interactive).await?;
    Ok(Ok(id))
}

/// The first address that no STOP keeps from us.
async fn address<'u>(
    app: &App,
    urns: &'u [(String, String)],
) -> Result<Result<(&'u str, &'u str), Unsendable>, ApiError> {
    for (scheme, path) in urns {
        if app.store().stopped_since(scheme, path).await?.is_none() {
            return Ok(Ok((scheme, path)));
        }
    }
    Ok(Err(if urns.is_empty() { Unsendable::NoAddress } else { Unsendable::Stopped }))
}

/// A message of a thread, with nothing of its text and address yet.
fn bare(id: MessageId, body: Uuid, thread: ThreadId, (person, now): (PersonId, i64)) -> NewMessage {
    NewMessage {
        id,
        direction: Direction::Out,
        kind: MessageKind::Thread,
        state: MessageState::Waiting.as_str(),
        lane: Lane::Normal,
        person,
        scheme: String::new(),
        path: String::new(),
        channel: None,
        conversation: Some(ConversationId::from_uuid(thread.uuid())),
        broadcast: None,
        thread: Some(thread),
        body,
        language: None,
        segments: 1,
        dedupe_key: String::new(),
        reply_to: None,
        answers: None,
        written_by: None,
        programme: None,
        is_test: false,
        is_drill: false,
        created_at: now,
    }
}

/// Who asks, in keys.
pub(crate) fn principal(ask: &Ask) -> String {
    ask.caller.scope.principal().map(|id| id.to_string()).unwrap_or_default()
}

/// Refuses what an SMS can't carry, rather than sending the rest of it.
pub(crate) fn no_attachments(ask: &Ask) -> Result<(), ApiError> {
    for name in ["attachments", "quick_replies"] {
        let is_empty = match ask.member(name) {
            None | Some(serde_json::Value::Null) => true,
            Some(serde_json::Value::Array(items)) => items.is_empty(),
            Some(serde_json::Value::Object(members)) => members.is_empty(),
            Some(_) => false,
        };
        if !is_empty {
            return Err(ApiError::field(name, "Messages of this server are texts: leave this empty."));
        }
    }
    Ok(())
}
