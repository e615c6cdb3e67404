//! Results row by row: one row a run with all that it gave, and free texts.

use mhero_core::RunId;
use mhero_store::{FreeText, RunListed, RunResultRow};

use super::ResultsOf;
use crate::{App, AppError, Caller};

/// A run with its results.
#[derive(Clone, Debug)]
pub struct ResultRow {
    /// The run.
    pub run: RunListed,
    /// Its results, by key.
    pub results: Vec<RunResultRow>,
}

impl ResultRow {
    /// The result of a key.
    pub fn result(&self, key: &str) -> Option<&RunResultRow> {
        self.results.iter().find(|result| result.key == key)
    }
}

impl App {
    /// Runs with their results before one of them, newest first.
    ///
    /// # Errors
    /// As [`App::flow_results`].
    pub async fn result_rows(
        &self,
        caller: &Caller,
        of: ResultsOf,
        before: Option<RunId>,
        limit: i64,
    ) -> Result<Vec<ResultRow>, AppError> {
        self.whose_results(caller, of).await?;
        let runs = self.store().runs_of(&caller.scope, (of.flow, of.start), before, limit).await?;
        let (Some(newest), Some(oldest)) = (runs.first(), runs.last()) else { return Ok(Vec::new()) };
        let between = (oldest.id, newest.id);
        let mut results = self.store().results_between(&caller.scope, of.flow, between).await?;
        let mut rows = Vec::with_capacity(runs.len());
        for run in runs {
            // Sorted by run, so each has its own in one stretch.
            let first = results.partition_point(|result| result.run < run.id);
            let last = results.partition_point(|result| result.run <= run.id);
            let own = results.drain(first..last).collect();
            rows.push(ResultRow { run, results: own });
        }
        Ok(rows)
    }

    /// What people answered to one question in their words before an instant (UTC microseconds), newest first.
    ///
    /// # Errors
    /// As [`App::flow_results`].
    pub async fn result_texts(
        &self,
        caller: &Caller,
        of: ResultsOf,
        key: &str,
        (before, limit): (i64, i64),
    ) -> Result<Vec<FreeText>, AppError> {
        self.whose_results(caller, of).await?;
        Ok(self.store().free_texts(&caller.scope, (of.flow, of.start), key, (before, limit)).await?)
    }
}
