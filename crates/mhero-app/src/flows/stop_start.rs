//! Stopping a start that is under way: whom it has not begun with is not started any more.

use mhero_core::{Right, StartId};
use mhero_store::{Job, Queue, StartRow, Unit};
use serde_json::json;

use super::starts::Recipient;
use crate::{App, AppError, Caller};

/// Why somebody of a stopped start has no conversation.
const REASON: &str = "start-stopped";

impl App {
    /// Stops a start. Whom it has not begun with stands among those left out; conversations under way go on.
    ///
    /// # Errors
    /// [`AppError::NotAllowed`]; [`AppError::NotFound`], also outside the caller's scope; [`AppError::Invalid`] for one that is
    /// over.
    pub async fn stop_start(&self, caller: &Caller, id: StartId) -> Result<(), AppError> {
        caller.must(Right::Send)?;
        self.store()
            .decide(|| async {
                let row = self.store().start(&caller.scope, id).await?;
                let row = row.ok_or_else(|| AppError::not_found("flow_start", id))?;
                if let Some(flow) = self.store().flow(row.flow).await? {
                    self.must_start(caller, &flow).await?;
                }
                if row.status != "starting" && row.status != crate::approvals::STATUS {
                    return Err(AppError::invalid("flow-start-over", [("number", row.number.to_string())]));
                }
                let now = self.clock().now_micros();
                let mut unit = Unit::new();
                unit.start_status(&row, "cancelled", Some(now));
                unit.void_approvals(mhero_core::BroadcastId::from_uuid(id.uuid()), now);
                unit.changed("flow_start", id.uuid(), "updated", now);
                let facts = json!({ "flow": row.flow, "number": row.number });
                unit.audit(self.store(), &caller.entry("flow-start-stopped", "flow_start", Some(id.uuid()), facts));
                self.store().write(unit, Queue::Interactive).await?;
                Ok(())
            })
            .await?;
        self.wake();
        Ok(())
    }

    /// A start by its number, as people name it.
    ///
    /// # Errors
    /// [`AppError::NotFound`], also outside the caller's scope.
    pub async fn find_start(&self, caller: &Caller, number: i64) -> Result<StartId, AppError> {
        caller.must(Right::ReadMessages)?;
        let found = self.store().start_numbered(&caller.scope, number).await?;
        found.ok_or_else(|| AppError::not_found("flow_start", number))
    }

    /// What is left of a stopped start: its people are left out, slice by slice, and its job ends.
    pub(super) async fn leave_out_rest(&self, job: &Job, row: &StartRow) -> Result<bool, AppError> {
        while let Some((number, content)) = self.store().next_start_slice(row.id).await? {
            let recipients: Vec<Recipient> = serde_json::from_str(&content).unwrap_or_default();
            let mut unit = Unit::new();
            for recipient in recipients {
                // Of the slice in which it was stopped some have begun.
                if self.store().session_by_key(&recipient.once_key(row)).await?.is_none() {
                    unit.leave_out_of_start(row.id, recipient.person, REASON);
                }
            }
            unit.start_slice_done(row.id, number).job_progress(job, &job.payload);
            self.store().write(unit, Queue::Bulk).await?;
        }
        self.start_done(job).await
    }
}
