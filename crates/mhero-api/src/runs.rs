//! Runs with what was answered in them.

use mhero_app::{AppError, Caller};
use mhero_core::{FlowId, PersonId, Right, RunId, StartId};
use mhero_store::{ApiRun, RunResultRow, RunsAsked};
use uuid::Uuid;

use crate::{Part, Reader};

/// Which runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RunsWanted {
    /// Those of a flow.
    pub flow: Option<FlowId>,
    /// Those of a start.
    pub start: Option<StartId>,
    /// Those of a person.
    pub person: Option<PersonId>,
    /// Those that were answered.
    pub responded: bool,
}

/// A run with its results.
#[derive(Clone, Debug)]
pub struct RunWithResults {
    /// The run.
    pub run: ApiRun,
    /// The name of its flow.
    pub flow: String,
    /// What was answered.
    pub results: Vec<RunResultRow>,
}

impl RunWithResults {
    /// What orders it.
    pub const fn key(&self) -> (i64, Uuid) {
        (self.run.modified_at, self.run.id.uuid())
    }
}

impl Reader {
    /// Runs with people within the caller's scope, the last changed first.
    ///
    /// # Errors
    /// [`AppError::NotAllowed`]; [`AppError::Store`].
    pub async fn runs(
        &self,
        caller: &Caller,
        wanted: &RunsWanted,
        part: &Part,
    ) -> Result<Vec<RunWithResults>, AppError> {
        let asked = RunsAsked {
            flow: wanted.flow,
            start: wanted.start,
            contact: wanted.person,
            responded: wanted.responded,
            ..RunsAsked::default()
        };
        self.runs_asked(caller, asked, part).await
    }

    /// One run.
    ///
    /// # Errors
    /// [`AppError::NotFound`], also outside the scope; [`AppError::NotAllowed`].
    pub async fn run(&self, caller: &Caller, id: RunId) -> Result<RunWithResults, AppError> {
        let asked = RunsAsked { run: Some(id), ..RunsAsked::default() };
        let found = self.runs_asked(caller, asked, &Part::ONE).await?;
        found.into_iter().next().ok_or_else(|| AppError::not_found("run", id))
    }

    async fn runs_asked(
        &self,
        caller: &Caller,
        asked: RunsAsked,
        part: &Part,
    ) -> Result<Vec<RunWithResults>, AppError> {
        caller.must(Right::ReadMessages)?;
        let asked = RunsAsked { tests: caller.scope.is_in_sandbox(), ..asked };
        let runs = self.app.store().run_page(&caller.scope, &asked, &part.keyset()).await?;
        let ids: Vec<RunId> = runs.iter().map(|run| run.id).collect();
        let mut results = self.app.store().results_of_runs(&ids).await?;
        let names = self.flow_names().await?;
        let with_results = runs.into_iter().map(|run| RunWithResults {
            flow: names.get(&run.flow).cloned().unwrap_or_default(),
            results: results.remove(&run.id).unwrap_or_default(),
            run,
        });
        Ok(with_results.collect())
    }
}
