//! Writing to one person who has not written first: a thread is opened and the text is its first answer.

use mhero_core::{PersonId, Right, ThreadId, limits::TEXT_CHARS_MAX};
use mhero_store::{MessageRow, PersonRecord, Queue, StoreError, Unit};
use serde_json::json;
use uuid::Uuid;

use crate::{App, AppError, Caller};

/// The scheme of phone numbers.
const PHONE: &str = "tel";

impl App {
    /// Writes to somebody of the caller's scope at their best number, in the open thread with them or in a new one. The same
    /// once-only key writes once. Returns the thread.
    ///
    /// # Errors
    /// [`AppError::NotFound`], also outside the scope; [`AppError::Invalid`] for an empty or too long text, for somebody
    /// without a number, and for one who asked us to stop. Then nothing was sent.
    pub async fn write_to(
        &self,
        caller: &Caller,
        person: PersonId,
        text: &str,
        once_key: &str,
    ) -> Result<ThreadId, AppError> {
        caller.must(Right::Answer)?;
        let record = self.store().person_record(&caller.scope, person).await?;
        let record = record.ok_or_else(|| AppError::not_found("person", person))?;
        let length = text.trim().chars().count();
        if length == 0 {
            return Err(AppError::invalid("answer-empty", []));
        }
        if length > TEXT_CHARS_MAX {
            return Err(AppError::invalid("send-long-text", [("max", TEXT_CHARS_MAX.to_string())]));
        }
        let number = best_number(&record)?;
        let thread = self.thread_with(person, number, once_key).await?;
        self.answer(caller, thread, text, once_key).await?;
        Ok(thread)
    }

    async fn thread_with(&self, person: PersonId, number: &str, once_key: &str) -> Result<ThreadId, AppError> {
        if let Some(thread) = self.store().open_thread_of(person, PHONE, number).await? {
            return Ok(thread);
        }
        // Pressed twice at once, both open the same thread, and one of them finds it there.
        let thread = ThreadId::from_uuid(Uuid::new_v5(&person.uuid(), once_key.as_bytes()));
        let now = self.clock().now_micros();
        let place = self.store().workplace(person, now).await?;
        let mut unit = Unit::new();
        unit.open_thread(thread, person, (PHONE, number), place, now);
        unit.changed("thread", thread.uuid(), "created", now);
        match self.store().write(unit, Queue::Interactive).await {
            Err(StoreError::Exists { .. }) => Ok(thread),
            other => Ok(other.map(|_| thread)?),
        }
    }

    /// The open thread with somebody, at any of their numbers.
    ///
    /// # Errors
    /// [`AppError::NotAllowed`].
    pub async fn open_thread_with(&self, caller: &Caller, record: &PersonRecord) -> Result<Option<ThreadId>, AppError> {
        caller.must(Right::ReadMessages)?;
        for number in record.numbers.iter().filter_map(|number| number.path.as_deref()) {
            if let Some(thread) = self.store().open_thread_of(record.id, PHONE, number).await? {
                return Ok(Some(thread));
            }
        }
        Ok(None)
    }

    /// Messages with somebody of the caller's scope before an instant (UTC microseconds), the last `limit`, oldest first.
    ///
    /// # Errors
    /// [`AppError::NotAllowed`].
    pub async fn messages_with(
        &self,
        caller: &Caller,
        person: PersonId,
        before: i64,
        limit: i64,
    ) -> Result<Vec<MessageRow>, AppError> {
        caller.must(Right::ReadMessages)?;
        let mut messages = self.store().messages_of_person(&caller.scope, person, before, limit).await?;
        messages.reverse();
        Ok(messages)
    }

    /// Notes that somebody looked at a person's record.
    ///
    /// # Errors
    /// [`AppError::Store`].
    pub async fn note_opened(&self, caller: &Caller, person: PersonId) -> Result<(), AppError> {
        let mut unit = Unit::new();
        unit.audit(self.store(), &caller.entry("person-opened", "person", Some(person.uuid()), json!({})));
        self.store().write(unit, Queue::Interactive).await?;
        Ok(())
    }
}

/// The first valid number that has not asked to stop everything.
fn best_number(record: &PersonRecord) -> Result<&str, AppError> {
    let mut valid = record.numbers.iter().filter(|number| number.path.is_some()).peekable();
    if valid.peek().is_none() {
        return Err(AppError::invalid("answer-no-number", []));
    }
    let stopped = |id| record.stops.iter().any(|stop| stop.number == id && stop.list.is_empty());
    let open = valid.find(|number| !stopped(number.id)).and_then(|number| number.path.as_deref());
    open.ok_or_else(|| AppError::invalid("answer-stopped", []))
}
