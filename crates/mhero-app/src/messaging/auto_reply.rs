//! Answers that the system gives by itself: to STOP, START, HELP and keywords.

use mhero_core::{
    Direction, Lane, Lang, MessageId, MessageKind, MessageState, PersonId, RetentionClass,
    limits::AUTO_REPLIES_PER_HOUR_MAX,
};
use mhero_store::{Guard, IntakeRow, NewMessage, OutboxEntry, Unit};

use super::purpose::auto_conversation;
use crate::{App, AppError};

/// An hour, in microseconds.
const HOUR: i64 = 3_600_000_000;

/// An answer to one text.
#[derive(Clone, Debug)]
pub(super) struct AutoReply {
    /// The key of its text in `locales/`.
    pub(super) key: &'static str,
    /// Its variables.
    pub(super) args: Vec<(&'static str, String)>,
    /// The language it is given in.
    pub(super) language: Lang,
    /// A case alert is confirmed at once, before any other reply.
    pub(super) lane: Lane,
}

impl App {
    /// Adds an automatic reply to a unit, unless the number has had its share for this hour: two machines never loop.
    pub(super) async fn add_auto_reply(
        &self,
        unit: &mut Unit,
        to: &IntakeRow,
        person: PersonId,
        salutation: Option<&str>,
        reply: &AutoReply,
    ) -> Result<(), AppError> {
        let now = self.clock().now_micros();
        if self.store().auto_replies(&to.scheme, &to.path, now - HOUR).await? >= AUTO_REPLIES_PER_HOUR_MAX {
            return Ok(());
        }
        let text = self.words().say(reply.language, reply.key, &reply.args);
        let text = match salutation {
            Some(name) => format!("{name}: {text}"),
            None => text,
        };
        let body = self.store().mint().uuid();
        let id = self.store().mint().id(MessageId::from_uuid);
        unit.add_body(body, &text, RetentionClass::Message, now);
        let message = NewMessage {
            id,
            direction: Direction::Out,
            kind: MessageKind::Auto,
            state: MessageState::Waiting.as_str(),
            lane: reply.lane,
            person,
            scheme: to.scheme.clone(),
            path: to.path.clone(),
            channel: Some(to.channel),
            conversation: Some(auto_conversation(&to.scheme, &to.path)),
            broadcast: None,
            thread: None,
            body,
            language: Some(reply.language),
            segments: i64::try_from(mhero_text::measure(&text).segments).unwrap_or(1),
            dedupe_key: format!("auto/{}", to.id),
            reply_to: Some(MessageId::from_uuid(to.id.uuid())),
            answers: None,
            written_by: None,
            programme: None,
            is_test: false,
            is_drill: false,
            created_at: now,
        };
        unit.add_message(&message, Guard::Rows(1));
        let entry = OutboxEntry {
            message: id,
            channel: Some(to.channel),
            lane: reply.lane,
            conversation: auto_conversation(&to.scheme, &to.path),
            sequence: now,
            broadcast: None,
            ready_at: now,
            quiet_exempt: true,
        };
        unit.add_to_outbox(&entry, now);
        Ok(())
    }
}
