//! When runs are due: a timer a source, a queue that one runner works off, and longer waits after failures.

use mhero_core::SourceId;
use mhero_store::{Queue, Source, Timer, Unit};

use super::{
    pull::{SyncEnd, SyncOptions},
    reasons::{keep_reason, reason_of},
    settings::{SyncSettings, back_off},
};
use crate::{App, AppError, Caller};

/// Wants the next run of a source.
pub(crate) const DUE_TIMER: &str = "sync-due";
/// Looks whether a source has been silent for too long.
pub(crate) const SILENCE_TIMER: &str = "sync-silence";
/// Runs that a registry's notifications want keep so much distance, in microseconds: it may send one for each of a thousand
/// changes.
const NOTIFIED_GAP_MICROS: i64 = 10_000_000;

impl App {
    /// Runs what is queued, one source after the other; returns how many runs there were. A runner calls it.
    ///
    /// # Errors
    /// Whatever the store reports. That a registry does not answer is no error here.
    pub async fn sync_pass(&self) -> Result<usize, AppError> {
        let now = self.clock().now_micros();
        let queued: Vec<_> =
            self.store().sync_states().await?.into_iter().filter(|state| state.queued_at.is_some()).collect();
        if queued.is_empty() {
            return Ok(0);
        }
        let sources = self.store().sources().await?;
        let mut done = 0;
        for state in queued {
            let why = state.queued_why.as_deref().unwrap_or("now");
            let last = state.succeeded_at.max(state.failed_at);
            let is_soon = last.is_some_and(|last| (last..last + NOTIFIED_GAP_MICROS).contains(&now));
            if why == "notified" && is_soon {
                continue;
            }
            let Some(source) = sources.iter().find(|source| source.id == state.source) else { continue };
            let options = SyncOptions { allow_removals: state.allow_removals, ..SyncOptions::default() };
            let ran = Box::pin(self.sync_for(&Caller::system(), source, why, &options, state.queued_at)).await;
            match ran {
                Ok(outcome) => {
                    if outcome.end == SyncEnd::Done {
                        self.write_out_after_pull(source).await;
                    }
                    done += 1;
                }
                // Another node, or a command, is at it; the wish stays.
                Err(AppError::Invalid(reason)) if reason.key == "sync-under-way" => {}
                Err(error) => {
                    self.put_off(source, &error, state.queued_at).await?;
                    done += 1;
                }
            }
        }
        Ok(done)
    }

    /// A run could not even begin, or broke off so that it could not say so.
    async fn put_off(&self, source: &Source, error: &AppError, queued_at: Option<i64>) -> Result<(), AppError> {
        tracing::error!(source = %source.id, %error, "a registry could not be read; it will be tried again");
        let now = self.clock().now_micros();
        let mut unit = Unit::new();
        unit.sync_failed(source.id, &keep_reason(&reason_of(error)), now);
        if let Some(queued_at) = queued_at {
            unit.unqueue_sync(source.id, queued_at);
        }
        let failures = self.failures(source.id).await? + 1;
        let settings = SyncSettings::read(&source.config)?;
        self.plan(&mut unit, source.id, &settings, failures).await?;
        self.store().write(unit, Queue::Interactive).await?;
        Ok(())
    }

    /// The timer of a source fires: a run is wanted. The next is planned at once, so that a run that dies stops no schedule.
    pub(crate) async fn sync_due(&self, timer: &Timer) -> Result<(), AppError> {
        let mut unit = Unit::new();
        unit.fired(timer);
        let known = self.source_of_timer(timer).await?;
        if let Some((source, settings)) = known {
            unit.queue_sync(source.id, "schedule", false, self.clock().now_micros());
            self.plan(&mut unit, source.id, &settings, 0).await?;
        }
        self.store().write(unit, Queue::Interactive).await?;
        self.wake();
        Ok(())
    }

    pub(super) async fn source_of_timer(&self, timer: &Timer) -> Result<Option<(Source, SyncSettings)>, AppError> {
        let Ok(id) = timer.key.parse::<SourceId>() else { return Ok(None) };
        let source = self.store().sources().await?.into_iter().find(|source| source.id == id);
        // A source that was removed, or whose settings no longer mean anything, has nothing due.
        Ok(source.and_then(|source| {
            let settings = SyncSettings::read(&source.config).ok()?;
            Some((source, settings))
        }))
    }

    /// Sets the timer of a source: the next run by its schedule, earlier after failures.
    pub(super) async fn plan(
        &self,
        unit: &mut Unit,
        source: SourceId,
        settings: &SyncSettings,
        failures: i64,
    ) -> Result<(), AppError> {
        let now = self.clock().now();
        let zone = self.facts_cached().await?.time_zone();
        let key = source.to_string();
        let scheduled = settings.next(source, now, &zone);
        let again = (failures > 0).then(|| now + back_off(source, failures, now));
        let next = match (scheduled, again) {
            (Some(scheduled), Some(again)) => Some(scheduled.min(again)),
            (scheduled, again) => scheduled.or(again),
        };
        unit.ensure_sync_state(source);
        match next {
            Some(next) => unit.set_timer(self.store(), DUE_TIMER, &key, next.as_microsecond(), "{}"),
            None => unit.clear_timer(DUE_TIMER, &key),
        };
        unit.set_sync_next(source, next.map(jiff::Timestamp::as_microsecond));
        Ok(())
    }

    /// From now on a source may be silent for as long as its settings say.
    pub(super) async fn expect_word(
        &self,
        unit: &mut Unit,
        source: SourceId,
        settings: &SyncSettings,
    ) -> Result<(), AppError> {
        let now = self.clock().now();
        let zone = self.facts_cached().await?.time_zone();
        match settings.silent_after(now, &zone) {
            Some(limit) => {
                let due = (now + limit).as_microsecond();
                unit.set_timer(self.store(), SILENCE_TIMER, &source.to_string(), due, "{}")
            }
            None => unit.clear_timer(SILENCE_TIMER, &source.to_string()),
        };
        Ok(())
    }

    /// Failures of a source since its last success.
    pub(super) async fn failures(&self, source: SourceId) -> Result<i64, AppError> {
        let states = self.store().sync_states().await?;
        Ok(states.iter().find(|state| state.source == source).map_or(0, |state| state.failures))
    }
}
