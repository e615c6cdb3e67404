//! The inbox: conversations that officials read and answer.

use mhero_core::{
    Direction, Lane, Lang, MessageId, MessageKind, MessageState, RetentionClass, Right, ThreadId,
    limits::TEXT_CHARS_MAX,
};
use mhero_store::{Guard, MessageRow, NewMessage, OutboxEntry, Queue, StoreError, ThreadFilter, ThreadRow, Unit};

use crate::{
    App, AppError, Caller,
    messaging::{purpose::thread_conversation, salutation},
};

/// Messages of a conversation shown at once.
const SHOWN: i64 = 200;
/// Longest label, in characters.
const LABEL_MAX: usize = 80;

/// A thread and what was said in it.
#[derive(Clone, Debug)]
pub struct Conversation {
    /// The thread.
    pub thread: ThreadRow,
    /// Everything between this person and the ministry, oldest first: broadcasts too, so that an answer has its question.
    pub messages: Vec<MessageRow>,
    /// The number asked us to stop, and has not written since.
    pub is_stopped: bool,
}

impl App {
    /// Threads, those that wait longest first in mind: latest heard first.
    ///
    /// # Errors
    /// [`AppError::NotAllowed`].
    pub async fn threads(
        &self,
        caller: &Caller,
        state: &str,
        filter: ThreadFilter,
        before: i64,
        limit: i64,
    ) -> Result<Vec<ThreadRow>, AppError> {
        caller.must(Right::ReadMessages)?;
        Ok(self.store().threads(&caller.scope, state, filter, before, limit).await?)
    }

    /// How many threads wait for an answer, and since when the oldest does.
    ///
    /// # Errors
    /// [`AppError::NotAllowed`].
    pub async fn waiting_threads(&self, caller: &Caller) -> Result<(i64, Option<i64>), AppError> {
        caller.must(Right::ReadMessages)?;
        Ok(self.store().waiting_threads(&caller.scope).await?)
    }

    /// One thread with what was said.
    ///
    /// # Errors
    /// [`AppError::NotFound`], also outside the caller's scope.
    pub async fn conversation(&self, caller: &Caller, id: ThreadId) -> Result<Conversation, AppError> {
        caller.must(Right::ReadMessages)?;
        let thread = self.store().thread(&caller.scope, id).await?.ok_or_else(|| AppError::not_found("thread", id))?;
        let mut messages = self.store().messages_of_person(&caller.scope, thread.person, i64::MAX, SHOWN).await?;
        messages.reverse();
        let is_stopped = self.is_stopped(&thread).await?;
        Ok(Conversation { thread, messages, is_stopped })
    }

    /// Answers in a thread. The same once-only key answers once.
    ///
    /// # Errors
    /// [`AppError::Invalid`] for an empty or too long text, a closed thread, or a number that asked us to stop and has not
    /// written since. Then nothing was sent.
    pub async fn answer(&self, caller: &Caller, id: ThreadId, text: &str, once_key: &str) -> Result<(), AppError> {
        caller.must(Right::Answer)?;
        let text = text.trim();
        if text.is_empty() {
            return Err(AppError::invalid("answer-empty", []));
        }
        if text.chars().count() > TEXT_CHARS_MAX {
            return Err(AppError::invalid("send-long-text", [("max", TEXT_CHARS_MAX.to_string())]));
        }
        self.store().decide(|| self.write_answer(caller, id, text, once_key)).await?;
        self.wake();
        Ok(())
    }

    async fn write_answer(&self, caller: &Caller, id: ThreadId, text: &str, once_key: &str) -> Result<(), AppError> {
        let thread = self.store().thread(&caller.scope, id).await?.ok_or_else(|| AppError::not_found("thread", id))?;
        if thread.state != "open" {
            return Err(AppError::invalid("answer-closed", [("number", thread.number.to_string())]));
        }
        if self.is_stopped(&thread).await? {
            return Err(AppError::invalid("answer-stopped", []));
        }
        let holders = self.store().holders(&thread.scheme, &thread.path).await?;
        let name = holders.iter().find(|h| h.person == thread.person).and_then(|h| salutation(h, &holders));
        let text = match name {
            Some(name) => format!("{name}: {text}"),
            None => text.to_owned(),
        };
        let now = self.clock().now_micros();
        let (body, message) = (self.store().mint().uuid(), self.store().mint().id(MessageId::from_uuid));
        let mut unit = Unit::new();
        unit.add_body(body, &text, RetentionClass::Message, now);
        unit.add_message(&outgoing(&thread, message, body, &text, (caller, once_key, now)), Guard::Rows(1));
        unit.add_to_outbox(
            &OutboxEntry {
                message,
                channel: None,
                lane: Lane::Reply,
                conversation: thread_conversation(id),
                sequence: now,
                broadcast: None,
                ready_at: now,
                quiet_exempt: true,
            },
            now,
        );
        unit.thread_answered(id, caller.scope.principal());
        unit.changed("thread", id.uuid(), "updated", now);
        unit.audit(self.store(), &caller.entry("thread-answered", "thread", Some(id.uuid()), serde_json::json!({})));
        match self.store().write(unit, Queue::Interactive).await {
            // Step 1 writes the message: pressed twice, it is there already.
            Err(StoreError::Guard { step: 1 }) => Ok(()),
            other => Ok(other.map(|_| ())?),
        }
    }

    /// Takes a thread, or gives it away.
    ///
    /// # Errors
    /// [`AppError::NotFound`], also outside the caller's scope.
    pub async fn own_thread(&self, caller: &Caller, id: ThreadId, take: bool) -> Result<(), AppError> {
        caller.must(Right::Answer)?;
        self.store().thread(&caller.scope, id).await?.ok_or_else(|| AppError::not_found("thread", id))?;
        let mut unit = Unit::new();
        unit.own_thread(id, if take { caller.scope.principal() } else { None });
        unit.audit(
            self.store(),
            &caller.entry("thread-owned", "thread", Some(id.uuid()), serde_json::json!({ "taken": take })),
        );
        self.store().write(unit, Queue::Interactive).await?;
        Ok(())
    }

    /// Closes a thread, with a word about what it was about.
    ///
    /// # Errors
    /// [`AppError::NotFound`], also outside the caller's scope; [`AppError::Invalid`] when it is closed.
    pub async fn close_thread(&self, caller: &Caller, id: ThreadId, label: &str) -> Result<(), AppError> {
        caller.must(Right::Answer)?;
        let thread = self.store().thread(&caller.scope, id).await?.ok_or_else(|| AppError::not_found("thread", id))?;
        let now = self.clock().now_micros();
        let label: String = label.trim().chars().take(LABEL_MAX).collect();
        let mut unit = Unit::new();
        unit.close_thread(id, (!label.is_empty()).then_some(label.as_str()), now);
        unit.changed("thread", id.uuid(), "updated", now);
        unit.audit(self.store(), &caller.entry("thread-closed", "thread", Some(id.uuid()), serde_json::json!({})));
        match self.store().write(unit, Queue::Interactive).await {
            Err(StoreError::Guard { step: 0 }) => {
                Err(AppError::invalid("answer-closed", [("number", thread.number.to_string())]))
            }
            other => Ok(other.map(|_| ())?),
        }
    }

    /// Lets a suspected double count after all: it joins a thread like any text.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when there is no such thread within the scope; [`AppError::Invalid`] when the text is no
    /// suspected double.
    pub async fn release_double(&self, caller: &Caller, message: MessageId, thread: ThreadId) -> Result<(), AppError> {
        caller.must(Right::Answer)?;
        let found = self.store().thread(&caller.scope, thread).await?;
        let found = found.ok_or_else(|| AppError::not_found("thread", thread))?;
        let standing = self.store().message_standing(message).await?.filter(|m| m.person == found.person);
        standing.ok_or_else(|| AppError::not_found("message", message))?;
        let mut unit = Unit::new();
        unit.release_double(message, thread);
        unit.thread_heard(thread, self.clock().now_micros());
        unit.audit(
            self.store(),
            &caller.entry("double-released", "message", Some(message.uuid()), serde_json::json!({})),
        );
        match self.store().write(unit, Queue::Interactive).await {
            Err(StoreError::Guard { .. }) => Err(AppError::invalid("double-not-held", [])),
            other => Ok(other.map(|_| ())?),
        }
    }

    /// A number that asked us to stop is answered only when its person has written since.
    async fn is_stopped(&self, thread: &ThreadRow) -> Result<bool, AppError> {
        let since = self.store().stopped_since(&thread.scheme, &thread.path).await?;
        Ok(since.is_some_and(|since| thread.heard_at <= since))
    }
}

fn outgoing(
    thread: &ThreadRow,
    id: MessageId,
    body: uuid::Uuid,
    text: &str,
    (caller, once_key, now): (&Caller, &str, i64),
) -> NewMessage {
    NewMessage {
        id,
        direction: Direction::Out,
        kind: MessageKind::Thread,
        state: MessageState::Waiting.as_str(),
        lane: Lane::Reply,
        person: thread.person,
        scheme: thread.scheme.clone(),
        path: thread.path.clone(),
        channel: None,
        conversation: Some(thread_conversation(thread.id)),
        broadcast: None,
        thread: Some(thread.id),
        body,
        language: thread.language.or(Some(Lang::ENGLISH)),
        segments: i64::try_from(mhero_text::measure(text).segments).unwrap_or(1),
        dedupe_key: format!("thread/{}/{once_key}", thread.id),
        reply_to: None,
        answers: None,
        written_by: caller.scope.principal(),
        programme: None,
        is_test: false,
        is_drill: false,
        created_at: now,
    }
}
