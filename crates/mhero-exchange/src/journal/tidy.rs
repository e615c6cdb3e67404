//! What runs behind the log: calls that wait, and what has been kept for long enough.

use std::time::Duration;

use jiff::SignedDuration;
use mhero_app::AppError;
use mhero_store::{Queue, Unit};
use tokio::{sync::watch, task::JoinSet};

use super::Journal;

/// The lease whose holder tidies up, and for how long it is held, in microseconds.
const LEASE: (&str, i64) = ("exchange-tidy", 60_000_000);
/// How often it is tidied up.
const TIDIED_EVERY: SignedDuration = SignedDuration::from_hours(1);
/// How long keys are known.
const KEYS_KEPT: SignedDuration = SignedDuration::from_hours(24 * 30);
/// How long a pass waits for the next when nothing was due.
const NAP: Duration = Duration::from_secs(1);
/// Hours of a day.
const DAY_HOURS: i64 = 24;

impl Journal {
    /// Starts what runs behind the log until `stop` becomes true.
    pub fn start_runner(&self, runners: &mut JoinSet<()>, stop: &watch::Receiver<bool>) {
        let (journal, mut stop) = (self.clone(), stop.clone());
        runners.spawn(async move {
            let mut tidied = None;
            while !*stop.borrow() {
                let due = journal.due().notified();
                journal.note_strangers();
                let now = journal.app().clock().now();
                let is_time = tidied.is_none_or(|last| now.duration_since(last) >= TIDIED_EVERY);
                if is_time {
                    tidied = Some(now);
                    if let Err(error) = journal.tidy().await {
                        tracing::error!(%error, "the exchange log was not tidied up; it will be tried again");
                    }
                }
                match journal.deliver_due().await {
                    Ok(0) => {}
                    Ok(_) => continue,
                    Err(error) => {
                        tracing::error!(%error, "calls that wait could not be made; they will be tried again");
                    }
                }
                tokio::select! {
                    () = due => {}
                    () = tokio::time::sleep(NAP) => {}
                    _ = stop.changed() => {}
                }
            }
        });
    }

    /// Takes away what has been kept for long enough: bodies first, rows later. One node at a time does so.
    ///
    /// # Errors
    /// [`AppError::Store`].
    pub async fn tidy(&self) -> Result<(), AppError> {
        let app = self.app();
        if app.store().take_lease(LEASE.0, app.node(), LEASE.1).await?.is_none() {
            return Ok(());
        }
        let now = app.clock().now();
        let before = |days: u32| (now - SignedDuration::from_hours(DAY_HOURS * i64::from(days))).as_microsecond();
        let settings = self.settings();
        let mut unit = Unit::new();
        unit.drop_exchange_bodies(before(settings.body_days));
        unit.drop_exchanges(before(settings.days));
        unit.forget_calls_out(before(settings.days));
        unit.forget_once((now - KEYS_KEPT).as_microsecond());
        let done = app.store().write(unit, Queue::Bulk).await?;
        if let [bodies, rows, ..] = done.rows.as_slice()
            && bodies + rows > 0
        {
            tracing::info!(bodies, rows, "exchanges that were kept for long enough are gone");
        }
        Ok(())
    }
}
