//! After a kill and after a restore: what a process that is no more has left behind.

use crate::{Done, Guard, Queue, Store, StoreError, Unit, params, statement::statements};

/// The lease row that a restore leaves behind. Leases are in no backup, so that restored data equal their source.
pub(crate) const RESTORED: &str = "restored";

statements! {
    FREE_LEASES = "UPDATE lease SET until = 0 WHERE until > 0";
    FREE_JOBS = "UPDATE job SET leased_by = NULL, leased_until = 0 WHERE leased_until > 0";
    MARK_RESTORED = "INSERT INTO lease (name, holder, fence, until) VALUES ($1, $2, 0, 0) ON CONFLICT (name) DO NOTHING";
    UNMARK_RESTORED = "DELETE FROM lease WHERE name = $1";
    HOLD_MESSAGES = "UPDATE message SET state = 'uncertain', failure = 'restored', version = version + 1 WHERE id IN (SELECT message FROM outbox) AND state IN ('waiting', 'submitting')";
    HOLD_OUTBOX = "UPDATE outbox SET held = TRUE, submitting = FALSE";
    HOLD_BROADCASTS = "UPDATE broadcast SET status = 'paused', version = version + 1 WHERE status IN ('releasing', 'sending') OR (status IN ('undo', 'scheduled') AND (release_at IS NULL OR release_at <= $1))";
}

impl Unit {
    /// Notes that these data come out of a backup.
    pub(crate) fn mark_restored(&mut self, store: &Store) -> &mut Self {
        self.run(&MARK_RESTORED, params![RESTORED, store.mint().uuid()])
    }
}

impl Store {
    /// Frees the leases and jobs of processes that are no more. Only for a process that knows to be alone: it holds the
    /// data directory of an embedded store.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn free_what_the_dead_hold(&self) -> Result<Done, StoreError> {
        let mut unit = Unit::new();
        unit.run(&FREE_LEASES, vec![]).run(&FREE_JOBS, vec![]);
        self.write(unit, Queue::Interactive).await
    }

    /// The first opening after a restore: what waited when the backup was taken may have left since, so all of it becomes
    /// uncertain and waits for an official, and broadcasts under way are paused. False when nothing was restored.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn hold_after_restore(&self) -> Result<bool, StoreError> {
        let mut unit = Unit::new();
        unit.step(&UNMARK_RESTORED, Guard::Rows(1), params![RESTORED]);
        unit.run(&HOLD_MESSAGES, vec![]);
        unit.run(&HOLD_OUTBOX, vec![]);
        unit.run(&HOLD_BROADCASTS, params![self.clock().now_micros()]);
        match self.write(unit, Queue::Interactive).await {
            Ok(_) => Ok(true),
            Err(StoreError::Guard { .. }) => Ok(false),
            Err(error) => Err(error),
        }
    }
}
