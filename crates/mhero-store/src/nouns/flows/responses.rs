//! Answers to a flow one by one, in the order in which they were given: for systems that fetch results as rows.

use mhero_core::{FlowId, PersonId, RunId, Scope, SessionId};

use crate::{
    Row, Store, StoreError, params,
    statement::{person_in_scope, statements},
};

statements! {
    AFTER = (concat!("SELECT q.run, q.key, q.value, q.category, q.input, q.at, r.session, COALESCE((SELECT a.person FROM person_alias a WHERE a.alias = r.person), r.person) FROM flow_result q JOIN flow_run r ON r.id = q.run WHERE q.flow = $1 AND NOT r.is_test AND q.at > $2 AND q.at <= $3 AND r.revision >= $10 AND r.revision <= $11 AND (q.at > $4 OR (q.at = $4 AND (q.run > $5 OR (q.run = $5 AND q.key > $6)))) AND ", person_in_scope!("r.person", "$7", "$8"), " ORDER BY q.at ASC NULLS LAST, q.run ASC NULLS LAST, q.key ASC NULLS LAST LIMIT $9"));
    BEFORE = (concat!("SELECT q.run, q.key, q.value, q.category, q.input, q.at, r.session, COALESCE((SELECT a.person FROM person_alias a WHERE a.alias = r.person), r.person) FROM flow_result q JOIN flow_run r ON r.id = q.run WHERE q.flow = $1 AND NOT r.is_test AND q.at > $2 AND q.at <= $3 AND r.revision >= $10 AND r.revision <= $11 AND (q.at < $4 OR (q.at = $4 AND (q.run < $5 OR (q.run = $5 AND q.key < $6)))) AND ", person_in_scope!("r.person", "$7", "$8"), " ORDER BY q.at DESC NULLS LAST, q.run DESC NULLS LAST, q.key DESC NULLS LAST LIMIT $9"));
}

/// Where an answer stands in the order of all: when it was given, in UTC microseconds, in which run, to which question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResponsePlace {
    /// When.
    pub at: i64,
    /// In which run.
    pub run: RunId,
    /// The key of the result.
    pub key: String,
}

/// An answer.
#[derive(Clone, PartialEq, Eq)]
pub struct FlowResponse {
    /// Where it stands.
    pub place: ResponsePlace,
    /// The session.
    pub session: SessionId,
    /// Who gave it, as whom they count.
    pub person: PersonId,
    /// The value.
    pub value: String,
    /// The category, in the flow's own language.
    pub category: String,
    /// What was written.
    pub input: Option<String>,
}

/// Not what was answered.
impl std::fmt::Debug for FlowResponse {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FlowResponse").field("place", &self.place).finish_non_exhaustive()
    }
}

/// Which answers to a flow.
#[derive(Clone, Debug)]
pub struct ResponsesAsked {
    /// The flow.
    pub flow: FlowId,
    /// Given after this instant, in UTC microseconds.
    pub after: i64,
    /// Given at this instant at the latest.
    pub until: i64,
    /// In runs of these revisions of the flow, the first and the last.
    pub revisions: (i64, i64),
    /// From here on.
    pub from: ResponsePlace,
    /// Backwards from there.
    pub backwards: bool,
    /// At most so many.
    pub limit: i64,
}

fn read(row: &Row) -> Result<FlowResponse, StoreError> {
    Ok(FlowResponse {
        place: ResponsePlace { run: row.get(0)?, key: row.get(1)?, at: row.get(5)? },
        value: row.get(2)?,
        category: row.get(3)?,
        input: row.get(4)?,
        session: row.get(6)?,
        person: row.get(7)?,
    })
}

impl Store {
    /// Answers to a flow by people within the scope, tests left out, in the order asked for.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn flow_responses(&self, scope: &Scope, asked: &ResponsesAsked) -> Result<Vec<FlowResponse>, StoreError> {
        let given = params![
            asked.flow,
            asked.after,
            asked.until,
            asked.from.at,
            asked.from.run,
            &asked.from.key,
            scope.all_places(),
            scope.principal(),
            asked.limit,
            asked.revisions.0,
            asked.revisions.1
        ];
        let statement = if asked.backwards { &BEFORE } else { &AFTER };
        self.query(statement, given).await?.iter().map(read).collect()
    }
}
