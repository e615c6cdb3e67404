//! Taking back, pausing, going on, stopping. A correction is a new broadcast.

use jiff::SignedDuration;
use mhero_core::{BroadcastId, Right};
use mhero_store::{BroadcastRow, Job, Queue, Unit};

use super::kinds;
use crate::{App, AppError, Caller};

/// How long to wait for what is being handed to a carrier while a broadcast is taken back.
const UNDER_WAY_WAIT: SignedDuration = SignedDuration::from_secs(2);

impl App {
    /// Takes a broadcast back before anything has left.
    ///
    /// # Errors
    /// [`AppError::Invalid`] when it is too late, saying so.
    pub async fn undo_broadcast(&self, caller: &Caller, id: BroadcastId) -> Result<(), AppError> {
        self.steer(caller, id, "broadcast-undone", |row, unit, now| match row.status.as_str() {
            "undo" | "scheduled" | "recurring" | crate::approvals::STATUS => {
                unit.void_approvals(id, now)
                    .clear_timer(kinds::RELEASE_TIMER, &id.to_string())
                    .clear_timer(kinds::RECUR_TIMER, &id.to_string());
                unit.broadcast_status(row, "cancelled", None, Some(now));
                Ok(())
            }
            _ => Err(AppError::invalid("broadcast-too-late", [("number", row.number.to_string())])),
        })
        .await
    }

    /// Sends without waiting for the rest of the undo minute.
    ///
    /// # Errors
    /// [`AppError::Invalid`] when it does not wait.
    pub async fn release_now(&self, caller: &Caller, id: BroadcastId) -> Result<(), AppError> {
        let store = self.store().clone();
        self.steer(caller, id, "broadcast-released", move |row, unit, now| match row.status.as_str() {
            "undo" | "scheduled" => {
                unit.clear_timer(kinds::RELEASE_TIMER, &id.to_string());
                unit.broadcast_status(row, "releasing", None, None);
                unit.add_job(&store, kinds::RELEASE_JOB, &id.to_string(), "{}", now);
                Ok(())
            }
            _ => Err(AppError::invalid("broadcast-not-waiting", [("number", row.number.to_string())])),
        })
        .await
    }

    /// Lets nothing more of a broadcast leave until it goes on.
    ///
    /// # Errors
    /// [`AppError::Invalid`] when it is not being sent.
    pub async fn pause_broadcast(&self, caller: &Caller, id: BroadcastId) -> Result<(), AppError> {
        self.steer(caller, id, "broadcast-paused", |row, unit, _| match row.status.as_str() {
            "releasing" | "sending" => {
                unit.broadcast_status(row, "paused", None, None);
                Ok(())
            }
            _ => Err(AppError::invalid("broadcast-not-sending", [("number", row.number.to_string())])),
        })
        .await
    }

    /// Lets a paused broadcast go on.
    ///
    /// # Errors
    /// [`AppError::Invalid`] when it is not paused, or waits because a budget is used up.
    pub async fn resume_broadcast(&self, caller: &Caller, id: BroadcastId) -> Result<(), AppError> {
        self.must_afford(id).await?;
        let releasing = self.store().slices_left(id).await? > 0;
        let store = self.store().clone();
        self.steer(caller, id, "broadcast-resumed", move |row, unit, now| match row.status.as_str() {
            "paused" => {
                let status = if releasing || row.released_at.is_none() { "releasing" } else { "sending" };
                unit.broadcast_status(row, status, None, None);
                if status == "releasing" {
                    unit.add_job(&store, kinds::RELEASE_JOB, &id.to_string(), "{}", now);
                }
                Ok(())
            }
            _ => Err(AppError::invalid("broadcast-not-paused", [("number", row.number.to_string())])),
        })
        .await
    }

    /// Takes back everything of a broadcast that has not left.
    ///
    /// # Errors
    /// [`AppError::Invalid`] when it has ended.
    pub async fn cancel_broadcast(&self, caller: &Caller, id: BroadcastId) -> Result<(), AppError> {
        let store = self.store().clone();
        self.steer(caller, id, "broadcast-cancelled", move |row, unit, now| match row.status.as_str() {
            "done" | "cancelled" => Err(AppError::invalid("broadcast-ended", [("number", row.number.to_string())])),
            _ => {
                unit.void_approvals(id, now)
                    .clear_timer(kinds::RELEASE_TIMER, &id.to_string())
                    .clear_timer(kinds::RECUR_TIMER, &id.to_string());
                unit.broadcast_status(row, "cancelled", None, Some(now));
                // From this status on nothing of it leaves; the job tidies the outbox up.
                unit.add_job(&store, kinds::CANCEL_JOB, &id.to_string(), "{}", now);
                Ok(())
            }
        })
        .await
    }

    /// One turn of the job that empties the outbox of a cancelled broadcast. True when there is more to do.
    pub(crate) async fn cancel_turn(&self, job: &Job) -> Result<bool, AppError> {
        let Ok(id) = job.key.parse::<BroadcastId>() else { return Ok(false) };
        let now = self.clock().now();
        let mut unit = Unit::new();
        unit.drop_slices(id).cancel_slice(id, now.as_microsecond()).job_progress(job, "{}");
        let done = self.store().write(unit, Queue::Bulk).await?;
        if done.rows[1] + done.rows[2] > 0 {
            return Ok(true);
        }
        let mut unit = Unit::new();
        match self.store().left_of_broadcast(id).await? {
            (false, _) => unit.job_done(job),
            // Being handed over just now: what did not go comes back to the outbox and is taken back then.
            (true, _) => unit.job_again(job, (now + UNDER_WAY_WAIT).as_microsecond(), None, "{}"),
        };
        self.store().write(unit, Queue::Interactive).await?;
        Ok(false)
    }

    /// Ends broadcasts of which nothing is left to do. One that waits because of a budget ends as well: its last messages were under
    /// way when the budget was used up, so there is nothing that it could wait for.
    pub(crate) async fn end_broadcasts(&self) -> Result<(), AppError> {
        let sending = self.store().sending_broadcasts().await?.into_iter();
        let sending = sending.filter(|(_, _, status)| status == "sending").map(|(id, ..)| (id, "sending"));
        let waiting = self.store().budget_holds().await?.into_iter().map(|hold| (hold.broadcast, "paused"));
        for (id, status) in sending.chain(waiting) {
            // The row first: whatever is put back into the outbox after it was read makes the guard fail.
            let Some(row) = self.store().broadcast(&mhero_core::Scope::system(), id).await? else { continue };
            if row.status != status || self.is_anything_left(&row).await? {
                continue;
            }
            let now = self.clock().now_micros();
            let mut unit = Unit::new();
            unit.broadcast_status(&row, "done", None, Some(now)).changed("broadcast", id.uuid(), "updated", now);
            unit.drop_budget_hold(id);
            match self.store().write(unit, Queue::Interactive).await {
                Err(error) if error.is_decide_again() => {}
                other => {
                    other?;
                }
            }
        }
        Ok(())
    }

    /// Whether anything of a broadcast still has to leave, or may have to.
    pub(crate) async fn is_anything_left(&self, row: &BroadcastRow) -> Result<bool, AppError> {
        let is_released = row.released_at.is_some() && self.store().slices_left(row.id).await? == 0;
        // What went by a chat may yet have to go by SMS.
        Ok(!is_released
            || self.store().left_of_broadcast(row.id).await?.1
            || self.store().chat_counts(row.id).await?.open > 0)
    }

    async fn steer(
        &self,
        caller: &Caller,
        id: BroadcastId,
        action: &'static str,
        decide: impl Fn(&BroadcastRow, &mut Unit, i64) -> Result<(), AppError>,
    ) -> Result<(), AppError> {
        caller.must(Right::Send)?;
        self.store()
            .decide(|| async {
                let row = self.store().broadcast(&caller.scope, id).await?;
                let row = row.ok_or_else(|| AppError::not_found("broadcast", id))?;
                let now = self.clock().now_micros();
                let mut unit = Unit::new();
                decide(&row, &mut unit, now)?;
                unit.changed("broadcast", id.uuid(), "updated", now);
                let facts = serde_json::json!({ "number": row.number, "from": row.status });
                unit.audit(self.store(), &caller.entry(action, "broadcast", Some(id.uuid()), facts));
                self.store().write(unit, Queue::Interactive).await?;
                Ok::<(), AppError>(())
            })
            .await?;
        self.wake();
        Ok(())
    }
}
