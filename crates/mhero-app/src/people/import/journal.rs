//! What stays of a run: when it began and how it ended, and what it could not take.

use mhero_core::{ImportId, record::Reason};
use mhero_store::{NewProblem, NewSyncRun, Unit};

use super::run::Run;
use crate::{AppError, Caller, sync::keep_reason};

/// What a run is and what started it.
#[derive(Clone, Debug)]
pub(crate) struct Began {
    /// `pull`, `import`, `undo`, `replay`, `derive`.
    pub(crate) kind: &'static str,
    /// `schedule`, `notified`, `now`, `files`.
    pub(crate) why: String,
    /// The run that is undone or replayed.
    pub(crate) run_of: Option<ImportId>,
    /// From where it reads.
    pub(crate) since: Option<String>,
}

/// How a run ended.
#[derive(Clone, Debug, Default)]
pub(crate) struct Ended {
    /// `done`, `failed`, `asks`.
    pub(crate) state: &'static str,
    /// From where the next one reads.
    pub(crate) watermark: Option<String>,
    /// Whether the source told every record that it holds.
    pub(crate) whole: bool,
    /// Why it failed, or what it asks.
    pub(crate) reason: Option<Reason>,
}

impl Run<'_> {
    /// Notes that the run begins. What ended without saying so is told first: only one import runs at a time.
    pub(crate) async fn begin(&mut self, caller: &Caller, began: Began) -> Result<ImportId, AppError> {
        let id = self.mint().id(ImportId::from_uuid);
        let mut unit = Unit::new();
        unit.end_cut_short(&keep_reason(&Reason::plain("sync-cut-short")), self.now);
        unit.begin_import(id, self.source.id, caller.actor.id, self.now);
        let Began { kind, why, run_of, since } = began;
        let by = caller.actor.id;
        unit.begin_sync_run(&NewSyncRun { id, source: self.source.id, kind, why, run_of, since, by }, self.now);
        self.write(unit).await?;
        self.id = Some(id);
        self.report.run = Some(id);
        Ok(id)
    }

    /// Notes how the run ended, with what else is true from then on.
    pub(crate) async fn end(&mut self, caller: &Caller, ended: &Ended, mut unit: Unit) -> Result<(), AppError> {
        let Some(id) = self.id else { return Ok(()) };
        let (now, summary) = (self.app.clock().now_micros(), self.report.summary());
        self.keep_problems(&mut unit);
        self.app.contradictions_later(&mut unit, id).await?;
        unit.end_import(id, &summary.to_string(), now);
        let reason = ended.reason.as_ref().map(keep_reason);
        let (watermark, summary_text) = (ended.watermark.as_deref(), summary.to_string());
        unit.end_sync_run(id, ended.state, watermark, ended.whole, &summary_text, reason.as_deref(), now);
        unit.audit(self.app.store(), &caller.entry("import-run", "source", Some(self.source.id.uuid()), summary));
        self.write(unit).await
    }

    /// Adds to a unit what the report says since the last time.
    pub(super) fn keep_problems(&mut self, unit: &mut Unit) {
        let (Some(run), Some(_)) = (self.id, &self.lease) else { return };
        let (refused, told) = self.kept;
        for refusal in self.report.rejections.iter().skip(refused) {
            let problem = NewProblem {
                verdict: "rejected",
                origin: &refusal.origin,
                element: &refusal.problem.element,
                reason: keep_reason(&refusal.problem.reason),
                raw: &refusal.raw,
            };
            unit.keep_problem(self.mint().uuid(), run, &problem);
        }
        for told in self.report.problems.iter().skip(told).filter(|problem| !problem.is_refusal) {
            let problem = NewProblem {
                verdict: "warning",
                origin: &told.origin,
                element: &told.problem.element,
                reason: keep_reason(&told.problem.reason),
                raw: "",
            };
            unit.keep_problem(self.mint().uuid(), run, &problem);
        }
        self.kept = (self.report.rejections.len(), self.report.problems.len());
    }

    /// Keeps something that the administrator should know of this run.
    pub(crate) async fn tell(&mut self, verdict: &'static str, told: &[(String, Reason)]) -> Result<(), AppError> {
        let Some(run) = self.id else { return Ok(()) };
        let mut unit = Unit::new();
        for (origin, reason) in told {
            let problem = NewProblem { verdict, origin, element: "", reason: keep_reason(reason), raw: "" };
            unit.keep_problem(self.mint().uuid(), run, &problem);
        }
        self.write(unit).await
    }
}
