//! When a text was written: what phone and operator say, as far as it can be true.

use jiff::{SignedDuration, Timestamp};
use mhero_core::{FlowId, MessageId, PersonId, Right};
use mhero_store::{LateAnswer, Unit};

use crate::{App, AppError, Caller};

/// Clocks of operators may be ahead of ours by so much.
const AHEAD_MAX: SignedDuration = SignedDuration::from_mins(5);
/// No text is on its way for longer: operators keep them for a week, phones that were off for a season.
const OLD_MAX: SignedDuration = SignedDuration::from_hours(24 * 90);
/// A text within so long after a flow ended is late; after that it is a new matter.
const LATE_WITHIN: SignedDuration = SignedDuration::from_hours(24 * 14);
/// Late answers that a page shows.
const LATE_MAX: i64 = 200;

/// The time that a text says, in UTC microseconds, put right where it can't be true, with the word for that.
pub(crate) fn said(at: Timestamp, received: Timestamp) -> (i64, &'static str) {
    if at > received.saturating_add(AHEAD_MAX).unwrap_or(Timestamp::MAX) {
        return (received.as_microsecond(), "ahead");
    }
    let oldest = received.saturating_sub(OLD_MAX).unwrap_or(Timestamp::MIN);
    if at < oldest {
        return (received.as_microsecond(), "old");
    }
    (at.min(received).as_microsecond(), "")
}

impl App {
    /// Keeps a text that no flow takes with the session that no longer waited for it, where there is one.
    pub(crate) async fn keep_late_answer(
        &self,
        unit: &mut Unit,
        message: MessageId,
        (person, path): (PersonId, &str),
        received_at: i64,
    ) -> Result<(), AppError> {
        let since = received_at - i64::try_from(LATE_WITHIN.as_micros()).unwrap_or_default();
        if let Some((session, flow)) = self.store().unanswered_session(person, path, since).await? {
            unit.add_late_answer(message, (session, flow, person), received_at);
        }
        Ok(())
    }

    /// Texts that came when a flow no longer waited for them, the newest first.
    ///
    /// # Errors
    /// [`AppError::NotAllowed`].
    pub async fn late_answers(&self, caller: &Caller, flow: FlowId) -> Result<Vec<LateAnswer>, AppError> {
        caller.must(Right::ReadMessages)?;
        Ok(self.store().late_answers(&caller.scope, flow, LATE_MAX).await?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_that_cannot_be_are_put_right_and_said() {
        let received: Timestamp = "2026-05-14T09:00:00Z".parse().expect("an instant");
        let at = |hours: i64| received + SignedDuration::from_hours(hours);
        assert_eq!(said(at(-3), received), (at(-3).as_microsecond(), ""));
        assert_eq!(said(received + SignedDuration::from_mins(4), received), (received.as_microsecond(), ""));
        assert_eq!(said(at(1), received), (received.as_microsecond(), "ahead"));
        assert_eq!(said(at(24 * 400), received).1, "ahead");
        assert_eq!(said(at(-24 * 400), received), (received.as_microsecond(), "old"));
        assert_eq!(said(Timestamp::MIN, received).1, "old");
        assert_eq!(said(Timestamp::MAX, received).1, "ahead");
    }
}
