//! What an official answers to a run that would take too much away.

use mhero_core::{ImportId, Right};
use mhero_store::{Queue, SyncRunRow, Unit};
use serde_json::json;

use crate::{App, AppError, Caller};

impl App {
    /// Lets a source take away as much as it no longer has: it is read again from where the run that asked began.
    ///
    /// # Errors
    /// [`AppError::NotFound`]; [`AppError::Invalid`] when the run no longer asks.
    pub async fn confirm_removals(&self, caller: &Caller, run: ImportId) -> Result<(), AppError> {
        let asking = self.asking(caller, run).await?;
        let mut unit = Unit::new();
        unit.set_sync_run_state(run, "asks", "asks");
        unit.queue_sync(asking.source, "confirmed", true, self.clock().now_micros());
        let facts = json!({ "run": run });
        unit.audit(self.store(), &caller.entry("removals-confirmed", "source", Some(asking.source.uuid()), facts));
        self.store().write(unit, Queue::Interactive).await?;
        self.wake();
        Ok(())
    }

    /// Keeps everybody whom a source no longer has. The next run begins behind the one that asked; one that reads everything will
    /// ask again.
    ///
    /// # Errors
    /// As [`App::confirm_removals`].
    pub async fn refuse_removals(&self, caller: &Caller, run: ImportId) -> Result<(), AppError> {
        let asking = self.asking(caller, run).await?;
        let mut unit = Unit::new();
        unit.set_sync_run_state(run, "asks", "refused");
        unit.set_watermark(asking.source, asking.watermark.as_deref());
        let facts = json!({ "run": run });
        unit.audit(self.store(), &caller.entry("removals-refused", "source", Some(asking.source.uuid()), facts));
        self.store().write(unit, Queue::Interactive).await?;
        Ok(())
    }

    async fn asking(&self, caller: &Caller, run: ImportId) -> Result<SyncRunRow, AppError> {
        caller.must(Right::EditPeople)?;
        if !caller.scope.all_places() {
            return Err(AppError::NotAllowed { right: Right::EditPeople });
        }
        let row = self.store().sync_run(run).await?.ok_or_else(|| AppError::not_found("run", run))?;
        if row.state == "asks" { Ok(row) } else { Err(AppError::invalid("sync-asks-no-more", [])) }
    }
}
