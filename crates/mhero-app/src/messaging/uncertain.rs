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
}

/// Uncertain messages of one broadcast decided upon in one go.
const DECIDE_MAX: i64 = 10_000;
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
        let facts = serde_json::json!({ "verdict": if verdict == Verdict::Leave { "leave" } else { "send again" }, "messages": held.len() });
        unit.audit(self.store(), &caller.entry("uncertain-decided", "broadcast", Some(broadcast.uuid()), facts));
        self.store().write(unit, Queue::Interactive).await?;
        self.wake();
        Ok(held.len())
    }

    async fn decide_one(&self, message: MessageId, verdict: Verdict) -> Result<(), AppError> {
        let now = self.clock().now_micros();
        let mut unit = Unit::new();
        match verdict {
            Verdict::SendAgain => {
                unit.unhold(message, now);
            }
            Verdict::Leave => {
                // It stays uncertain for ever, which is the truth; it only stops waiting.
                unit.move_message(
                    message,
                    "uncertain",
                    "uncertain",
                    StateTimes { sent_at: None, done_at: Some(now) },
                    None,
                );
                unit.leave_outbox(message);
            }
        }
        match self.store().write(unit, Queue::Interactive).await {
            // A report has come in the meantime: nothing is left to decide.
            Err(error) if error.is_decide_again() => Ok(()),
            other => Ok(other.map(|_| ())?),
        }
    }
}
