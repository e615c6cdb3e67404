//! Answers that the system gives by itself: to STOP, START, HELP and keywords.

use mhero_core::{Lane, Lang, MessageId, PersonId, limits::AUTO_REPLIES_PER_HOUR_MAX};
use mhero_store::{IntakeRow, Unit};

use super::{AutoText, say_short};
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
        let text = say_short(self.words(), (reply.language, reply.key), &reply.args, salutation);
        let auto = AutoText {
            person,
            number: (&to.scheme, &to.path),
            channel: Some(to.channel),
            lane: reply.lane,
            language: reply.language,
            text: &text,
            dedupe_key: format!("auto/{}", to.id),
            reply_to: Some(MessageId::from_uuid(to.id.uuid())),
            quiet_exempt: true,
        };
        self.add_auto_text(unit, auto);
        Ok(())
    }
}
