//! The results of a flow at a glance.

use mhero_core::{FlowId, Right, StartId};
use mhero_flow::inspect::inspect;
use mhero_store::{FlowRow, Funnel, StartRow};

use crate::{App, AppError, Caller};

/// Which results are meant: of one start, or of all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ResultsOf {
    /// The flow.
    pub flow: FlowId,
    /// One start of it; all sessions, whatever began them, for `None`.
    pub start: Option<StartId>,
}

/// The results of a flow. Tests do not count.
#[derive(Clone, Debug)]
pub struct FlowResults {
    /// The flow.
    pub flow: FlowRow,
    /// The start, where one is meant.
    pub start: Option<StartRow>,
    /// How far people got.
    pub funnel: Funnel,
    /// Who was left out of the start, by reason.
    pub left_out: Vec<(String, i64)>,
    /// Runs by status.
    pub statuses: Vec<(String, i64)>,
    /// What was asked, in the order of the flow; results that only an older revision made come last.
    pub questions: Vec<Question>,
}

/// A result that a flow makes, with how often each of its categories was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// Its key.
    pub key: String,
    /// Its name.
    pub name: String,
    /// Its categories, with runs; those that nobody gave too.
    pub categories: Vec<(String, i64)>,
}

impl Question {
    /// How many runs have a value.
    pub fn answers(&self) -> i64 {
        self.categories.iter().map(|(_, runs)| runs).sum()
    }

    /// Whether its categories tell nothing: there is one at most, so that only the words count.
    pub fn is_open(&self) -> bool {
        self.categories.len() < 2
    }
}

impl App {
    /// Refuses who may neither work on flows nor read messages.
    pub(super) fn may_read_results(caller: &Caller) -> Result<(), AppError> {
        if caller.scope.may(Right::Flows) { Ok(()) } else { caller.must(Right::ReadMessages) }
    }

    /// The flow and the start whose results are meant.
    pub(super) async fn whose_results(
        &self,
        caller: &Caller,
        of: ResultsOf,
    ) -> Result<(FlowRow, Option<StartRow>), AppError> {
        Self::may_read_results(caller)?;
        let row = self.store().flow(of.flow).await?.ok_or_else(|| AppError::not_found("flow", of.flow))?;
        let start = match of.start {
            None => None,
            Some(id) => {
                let found = self.store().start(&caller.scope, id).await?.filter(|start| start.flow == of.flow);
                Some(found.ok_or_else(|| AppError::not_found("flow_start", id))?)
            }
        };
        Ok((row, start))
    }

    /// The results of a flow, of one start or of all, within the caller's scope.
    ///
    /// # Errors
    /// [`AppError::NotAllowed`]; [`AppError::NotFound`] for the flow or the start.
    pub async fn flow_results(&self, caller: &Caller, of: ResultsOf) -> Result<FlowResults, AppError> {
        let (flow, start) = self.whose_results(caller, of).await?;
        let scope = &caller.scope;
        let (funnel, statuses, left_out) = match of.start {
            Some(id) => (
                self.funnel_of_start(scope, of.flow, id).await?,
                self.store().run_counts_of_start(scope, of.flow, id).await?,
                self.store().start_left_out_counts(id).await?,
            ),
            None => {
                (self.funnel_of_all(scope, of.flow).await?, self.store().run_counts(scope, of.flow).await?, Vec::new())
            }
        };
        let questions = self.questions(caller, of, &flow).await?;
        Ok(FlowResults { flow, start, funnel, left_out, statuses, questions })
    }

    /// What the current revision asks, with all that was answered.
    pub(super) async fn questions(
        &self,
        caller: &Caller,
        of: ResultsOf,
        row: &FlowRow,
    ) -> Result<Vec<Question>, AppError> {
        let mut questions: Vec<Question> = match self.flow_at(row.id, row.revision).await? {
            None => Vec::new(),
            Some(flow) => inspect(&flow, None)
                .results
                .iter()
                .map(|spec| Question {
                    key: spec.key.to_string(),
                    name: spec.name.to_string(),
                    categories: spec.categories.iter().map(|category| (category.to_string(), 0)).collect(),
                })
                .collect(),
        };
        for count in self.store().category_counts(&caller.scope, of.flow, of.start).await? {
            let at = match questions.iter().position(|question| question.key == count.key) {
                Some(at) => at,
                None => {
                    questions.push(Question { key: count.key, name: count.name, categories: Vec::new() });
                    questions.len() - 1
                }
            };
            let categories = &mut questions[at].categories;
            match categories.iter_mut().find(|(category, _)| *category == count.category) {
                Some((_, runs)) => *runs += count.runs,
                None => categories.push((count.category, count.runs)),
            }
        }
        Ok(questions)
    }
}
