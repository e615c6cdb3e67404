//! Uncertain messages: an official decides what the policy does not.

use futures::{StreamExt, TryStreamExt, stream};
use mhero_core::{MessageId, Right};
use mhero_store::{Queue, StateTimes, Unit};

use crate::{App, AppError, Caller};

/// What an official decides about a message that may have left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Send it again: it may arrive twice.
    SendAgain,
    /// Leave it: it may not have arrived.
    Leave,
    /// Take it as sent: somebody knows that it left.
    TakeAsSent,
    /// Give it up: somebody knows that it did not leave, or it is no longer worth sending.
    GiveUp,
}

impl Verdict {
    /// The word that stands in the audit log.
    const fn word(self) -> &'static str {
        match self {
            Self::SendAgain => "send again",
            Self::Leave => "leave",
            Self::TakeAsSent => "take as sent",
            Self::GiveUp => "give up",
        }
    }
}

/// Uncertain messages of one broadcast decided upon in one go.
const DECIDE_MAX: i64 = 10_000;
/// Messages that one may choose at a time.
const CHOSEN_MAX: usize = 500;
/// Of them, written at a time.
const AT_ONCE: usize = 64;

impl App {
    /// Decides about all uncertain messages of a broadcast. Returns how many.
    ///
    /// # Errors
    /// [`AppError::NotAllowed`], [`AppError::NotFound`].
    pub async fn decide_uncertain(
        &self,
        caller: &Caller,
        broadcast: mhero_core::BroadcastId,
        verdict: Verdict,
    ) -> Result<usize, AppError> {
        caller.must(Right::Send)?;
        let row = self.store().broadcast(&caller.scope, broadcast).await?;
        row.ok_or_else(|| AppError::not_found("broadcast", broadcast))?;
        let held = self.store().held_of_broadcast(broadcast, DECIDE_MAX).await?;
        stream::iter(held.iter().copied())
            .map(|message| self.decide_one(message, verdict))
            .buffer_unordered(AT_ONCE)
            .try_for_each(|()| std::future::ready(Ok(())))
            .await?;
        let mut unit = Unit::new();
        let facts = serde_json::json!({ "verdict": verdict.word(), "messages": held.len() });
        unit.audit(self.store(), &caller.entry("uncertain-decided", "broadcast", Some(broadcast.uuid()), facts));
        self.store().write(unit, Queue::Interactive).await?;
        self.wake();
        Ok(held.len())
    }

    /// Decides about uncertain messages one by one. Those that are no longer uncertain, or are being sent just now, are passed over.
    /// Returns how many were decided.
    ///
    /// # Errors
    /// [`AppError::NotAllowed`]; [`AppError::NotFound`] for a message outside the caller's scope; [`AppError::Invalid`] for too many.
    pub async fn decide_messages(
        &self,
        caller: &Caller,
        messages: &[MessageId],
        verdict: Verdict,
    ) -> Result<usize, AppError> {
        caller.must(Right::Send)?;
        if messages.len() > CHOSEN_MAX {
            return Err(AppError::invalid("uncertain-too-many", [("max", CHOSEN_MAX.to_string())]));
        }
        for message in messages {
            if !self.store().message_is_visible(&caller.scope, *message).await? {
                return Err(AppError::not_found("message", message));
            }
        }
        let mut decided = 0;
        for message in messages {
            let (mut unit, now) = (Unit::new(), self.clock().now_micros());
            match verdict {
                Verdict::SendAgain => _ = unit.send_uncertain_again(*message, now),
                Verdict::Leave | Verdict::TakeAsSent | Verdict::GiveUp => {
                    unit.only_undecided(*message);
                    end(&mut unit, *message, verdict, now);
                }
            }
            let facts = serde_json::json!({ "verdict": verdict.word() });
            unit.audit(self.store(), &caller.entry("uncertain-decided", "message", Some(message.uuid()), facts));
            match self.store().write(unit, Queue::Interactive).await {
                // A report has come in the meantime, or somebody else has decided.
                Err(error) if error.is_decide_again() => {}
                other => {
                    other?;
                    decided += 1;
                }
            }
        }
        self.wake();
        Ok(decided)
    }

    async fn decide_one(&self, message: MessageId, verdict: Verdict) -> Result<(), AppError> {
        let now = self.clock().now_micros();
        let mut unit = Unit::new();
        match verdict {
            Verdict::SendAgain => {
                unit.unhold(message, now);
            }
            Verdict::Leave | Verdict::TakeAsSent | Verdict::GiveUp => end(&mut unit, message, verdict, now),
        }
        match self.store().write(unit, Queue::Interactive).await {
            // A report has come in the meantime: nothing is left to decide.
            Err(error) if error.is_decide_again() => Ok(()),
            other => Ok(other.map(|_| ())?),
        }
    }
}

/// Ends an uncertain message as an official said.
fn end(unit: &mut Unit, message: MessageId, verdict: Verdict, now: i64) {
    let done = StateTimes { sent_at: None, done_at: Some(now) };
    let (state, times, why) = match verdict {
        Verdict::TakeAsSent => ("sent", StateTimes { sent_at: Some(now), done_at: None }, Some("taken-as-sent")),
        Verdict::GiveUp => ("failed", done, Some("given-up")),
        // It stays uncertain for ever, which is the truth; it only stops waiting.
        Verdict::SendAgain | Verdict::Leave => ("uncertain", done, None),
    };
    unit.move_message(message, "uncertain", state, times, why);
    unit.leave_outbox(message);
}
