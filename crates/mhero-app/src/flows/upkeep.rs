//! What flows keep no longer than they need it, and how often a catch-all answers one person.

use jiff::{SignedDuration, Timestamp};
use mhero_core::PersonId;
use mhero_store::Unit;

use crate::{App, AppError};

/// How long the state of a conversation that is over is kept: until then somebody may look into what went wrong.
const STATE_KEPT: SignedDuration = SignedDuration::from_hours(30 * 24);
/// How long it is kept what an outside call asked and answered; that it was made stays.
const EFFECT_KEPT: SignedDuration = SignedDuration::from_hours(90 * 24);
/// How long a text is held whose writer nobody named.
const HELD_KEPT: SignedDuration = SignedDuration::from_hours(7 * 24);
/// Rows that one pass forgets of each.
const FORGOTTEN_MAX: i64 = 5_000;

/// Conversations that catch-alls begin with one person within a day: what writes by itself, a service number for one, is not
/// answered for ever.
pub const CATCH_ALLS_A_DAY: i64 = 10;
/// How often in an hour a flow says the same to a number that does not understand the question: then it is silent and an official
/// reads what comes.
const SAID_AGAIN_AN_HOUR: i64 = 10;
/// Answers of flows within a minute to who does not understand the question: nobody types so fast, whatever the flow says.
const ANSWERS_A_MINUTE: i64 = 10;
/// An hour.
const HOUR: SignedDuration = SignedDuration::from_hours(1);
/// A minute.
const MINUTE: SignedDuration = SignedDuration::from_mins(1);
/// A day.
const DAY: SignedDuration = SignedDuration::from_hours(24);

impl App {
    /// Forgets what has been kept for its time.
    pub(crate) fn forget_spent(&self, unit: &mut Unit, now: Timestamp) {
        unit.forget_session_states((now - STATE_KEPT).as_microsecond(), FORGOTTEN_MAX);
        unit.forget_effect_contents((now - EFFECT_KEPT).as_microsecond(), FORGOTTEN_MAX);
        unit.forget_held_texts((now - HELD_KEPT).as_microsecond());
    }

    /// Whether a flow has asked a number again as often as it may: whoever writes there is likely a machine.
    pub(super) async fn is_asked_enough(&self, number: (&str, &str)) -> Result<bool, AppError> {
        let now = self.clock().now();
        let since = |length: SignedDuration| (now - length).as_microsecond();
        let (same, lately) = self.store().flow_replies(number, since(HOUR), since(MINUTE)).await?;
        Ok(same >= SAID_AGAIN_AN_HOUR || lately >= ANSWERS_A_MINUTE)
    }

    /// Whether catch-alls have begun as many conversations with a person today as they may: then the text goes into the inbox.
    pub(crate) async fn is_caught_enough(&self, person: PersonId) -> Result<bool, AppError> {
        let since = (self.clock().now() - DAY).as_microsecond();
        Ok(self.store().caught_since(person, since).await? >= CATCH_ALLS_A_DAY)
    }
}
