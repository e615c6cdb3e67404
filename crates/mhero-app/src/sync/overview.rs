//! What officials see of the synchronisation: how each source stands, its runs, what each changed and what it could not take.

use std::collections::HashMap;

use mhero_core::{
    ImportId, Right, SourceId,
    record::{Problem, Reason, Rejection},
};
use mhero_store::{KeptProblem, RecordChange, RecordOf, Source, SyncRunRow};
use serde_json::json;
use uuid::Uuid;

use super::reasons::read_reason;
use crate::{App, AppError, Caller};

/// Most records that are listed.
const LISTED_MAX: i64 = 100;

/// How a source stands. Instants are UTC microseconds.
#[derive(Clone, Debug)]
pub struct SourceStatus {
    /// The source.
    pub source: Source,
    /// Whether it can be pulled; a set of files can't.
    pub is_registry: bool,
    /// When a run last succeeded.
    pub succeeded_at: Option<i64>,
    /// When a run last failed.
    pub failed_at: Option<i64>,
    /// Failures since the last success.
    pub failures: i64,
    /// Why the last run failed; `None` since a success.
    pub reason: Option<Reason>,
    /// When the next run is due.
    pub next_at: Option<i64>,
    /// Whether a run is wanted and has not ended.
    pub is_queued: bool,
    /// Whether the administrators were told that it is silent, and it has not spoken since.
    pub is_silent: bool,
    /// How many records and pages the last run that read it refused.
    pub refused: i64,
    /// The run that asks whether so much may go.
    pub asks: Option<(ImportId, Reason)>,
    /// Since when it waits for the answer. It is neither a success nor a failure: the registry has answered.
    pub asks_since: Option<i64>,
}

/// A record that a run lists: one that it would take away, or that waits for something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedRecord {
    /// The source's word for its kind.
    pub kind: String,
    /// The source's id.
    pub id: String,
    /// The name of the person or place; empty for records of other things.
    pub name: String,
    /// `person` or `place`, and which.
    pub of: Option<(&'static str, Uuid)>,
}

/// One run with all that it has to say.
#[derive(Clone, Debug)]
pub struct RunPage {
    /// The run.
    pub run: SyncRunRow,
    /// Why it failed or what it asks.
    pub reason: Option<Reason>,
    /// What it changed, in order.
    pub changes: Vec<RecordChange>,
    /// What the administrator should know.
    pub remarks: Vec<Reason>,
    /// Where each warning belongs, its element and what is wrong.
    pub warnings: Vec<(String, Problem)>,
}

impl App {
    /// How each source stands, for the home page and the list of sources.
    ///
    /// # Errors
    /// [`AppError::NotAllowed`].
    pub async fn source_statuses(&self, caller: &Caller) -> Result<Vec<SourceStatus>, AppError> {
        caller.must(Right::ReadPeople)?;
        let states = self.store().sync_states().await?;
        let asking = self.store().asking_runs().await?;
        let sources = self.store().sources().await?;
        let mut refused = HashMap::new();
        for source in &sources {
            let counts = self.store().last_counts(source.id).await?;
            let counts: serde_json::Value =
                counts.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default();
            refused.insert(source.id, counts["rejected"].as_i64().unwrap_or(0));
        }
        let status = |source: Source| {
            let state = states.iter().find(|state| state.source == source.id);
            let asks = asking.iter().find(|run| run.source == source.id);
            SourceStatus {
                is_registry: self.connector(&source.kind).is_some(),
                succeeded_at: state.and_then(|state| state.succeeded_at),
                failed_at: state.and_then(|state| state.failed_at),
                failures: state.map_or(0, |state| state.failures),
                reason: state.and_then(|state| state.reason.as_deref()).map(read_reason),
                next_at: state.and_then(|state| state.next_at),
                refused: refused.get(&source.id).copied().unwrap_or(0),
                is_queued: state.is_some_and(|state| state.queued_at.is_some()),
                is_silent: asks.is_none() && state.is_some_and(|state| state.silent_told_at.is_some()),
                asks_since: asks.and_then(|run| run.ended_at),
                asks: asks.and_then(|run| Some((run.id, read_reason(run.reason.as_deref()?)))),
                source,
            }
        };
        Ok(sources.into_iter().map(status).collect())
    }

    /// Runs of a source or of all, the last first.
    ///
    /// # Errors
    /// [`AppError::NotAllowed`].
    pub async fn sync_runs(
        &self,
        caller: &Caller,
        source: Option<SourceId>,
        limit: i64,
    ) -> Result<Vec<SyncRunRow>, AppError> {
        caller.must(Right::ReadPeople)?;
        Ok(self.store().sync_runs(source, limit).await?)
    }

    /// One run with what it changed, at most `limit` changes after one of them, and at most as many warnings. It quotes whole
    /// records, so that it was looked at is audited.
    ///
    /// # Errors
    /// [`AppError::NotFound`]; [`AppError::NotAllowed`] without the right to people of the whole country.
    pub async fn sync_run(
        &self,
        caller: &Caller,
        run: ImportId,
        after: Option<Uuid>,
        limit: i64,
    ) -> Result<RunPage, AppError> {
        self.may_read_runs(caller)?;
        let row = self.store().sync_run(run).await?.ok_or_else(|| AppError::not_found("run", run))?;
        let changes = self.store().record_changes(run, after.unwrap_or(Uuid::nil()), limit).await?;
        let remarks = self.store().sync_problems(run, "remark", Uuid::nil(), limit).await?;
        let warnings = self.store().sync_problems(run, "warning", Uuid::nil(), limit).await?;
        let mut unit = mhero_store::Unit::new();
        unit.audit(self.store(), &caller.entry("run-read", "source", Some(row.source.uuid()), json!({ "run": run })));
        self.store().write(unit, mhero_store::Queue::Interactive).await?;
        let reason = row.reason.as_deref().map(read_reason);
        let problem =
            |kept: KeptProblem| (kept.origin, Problem { element: kept.element, reason: read_reason(&kept.reason) });
        Ok(RunPage {
            run: row,
            reason,
            changes,
            remarks: remarks.iter().map(|kept| read_reason(&kept.reason)).collect(),
            warnings: warnings.into_iter().map(problem).collect(),
        })
    }

    /// The records that a run refused, as received, at most `limit`: they can be written out, mended and imported again.
    ///
    /// # Errors
    /// As [`App::sync_run`].
    pub async fn rejections_of(&self, caller: &Caller, run: ImportId, limit: i64) -> Result<Vec<Rejection>, AppError> {
        self.may_read_runs(caller)?;
        if self.store().sync_run(run).await?.is_none() {
            return Err(AppError::not_found("run", run));
        }
        let kept = self.store().sync_problems(run, "rejected", Uuid::nil(), limit).await?;
        let rejection = |kept: KeptProblem| Rejection {
            origin: kept.origin,
            problem: Problem { element: kept.element, reason: read_reason(&kept.reason) },
            raw: kept.raw,
        };
        Ok(kept.into_iter().map(rejection).collect())
    }

    /// Records that a run would take away, if it may, with who or what each is of; the first hundred.
    ///
    /// # Errors
    /// As [`App::sync_run`].
    pub async fn removals_asked(&self, caller: &Caller, run: ImportId) -> Result<Vec<ListedRecord>, AppError> {
        self.listed_of(caller, run, "removal").await
    }

    /// Records that waited for something they refer to when a run was over, with who or what each is of; the first hundred.
    ///
    /// # Errors
    /// As [`App::sync_run`].
    pub async fn waiting_of(&self, caller: &Caller, run: ImportId) -> Result<Vec<ListedRecord>, AppError> {
        self.listed_of(caller, run, "waiting").await
    }

    async fn listed_of(&self, caller: &Caller, run: ImportId, verdict: &str) -> Result<Vec<ListedRecord>, AppError> {
        self.may_read_runs(caller)?;
        let row = self.store().sync_run(run).await?.ok_or_else(|| AppError::not_found("run", run))?;
        let mut asked = Vec::new();
        for kept in self.store().sync_problems(run, verdict, Uuid::nil(), LISTED_MAX).await? {
            let (kind, id) = kept.origin.split_once('/').unwrap_or(("", &kept.origin));
            let of = self.store().record_is_of(&caller.scope, row.source, (kind, id)).await?;
            let (name, of) = match of {
                Some(RecordOf::Person(person, name)) => (name, Some(("person", person.uuid()))),
                Some(RecordOf::Place(place, names)) => {
                    (names.best(caller.language).to_owned(), Some(("place", place.uuid())))
                }
                None => (String::new(), None),
            };
            asked.push(ListedRecord { kind: kind.to_owned(), id: id.to_owned(), name, of });
        }
        Ok(asked)
    }

    /// Runs quote people of all places.
    fn may_read_runs(&self, caller: &Caller) -> Result<(), AppError> {
        caller.must(Right::ReadPeople)?;
        if caller.scope.all_places() { Ok(()) } else { Err(AppError::NotAllowed { right: Right::ReadPeople }) }
    }
}
