//! Runs as RapidPro lists them: by when they last changed.

use std::collections::HashMap;

use mhero_core::{FlowId, PersonId, RunId, Scope, SessionId, StartId};
use uuid::Uuid;

use super::{Keyset, in_scope};
use crate::{
    Row, RunResultRow, Store, StoreError,
    nouns::audience::{Composer, hex_list},
    params,
    statement::statements,
};

statements! {
    RESULTS = (concat!("SELECT q.run, q.key, q.name, q.value, q.category, q.input, q.node, q.at FROM flow_result q WHERE q.run IN (", ids_there!("$1"), ") ORDER BY q.run ASC NULLS LAST, q.key ASC NULLS LAST"))
        | (concat!("SELECT q.run, q.key, q.name, q.value, q.category, q.input, q.node, q.at FROM flow_result q WHERE q.run IN (", ids_here!("$1"), ") ORDER BY q.run ASC NULLS LAST, q.key ASC NULLS LAST"));
    STATES = (concat!("SELECT s.id, s.state FROM flow_session s WHERE s.id IN (", ids_there!("$1"), ")"))
        | (concat!("SELECT s.id, s.state FROM flow_session s WHERE s.id IN (", ids_here!("$1"), ")"));
}

/// Which runs.
#[derive(Clone, Copy, Debug, Default)]
pub struct RunsAsked {
    /// Only this one.
    pub run: Option<RunId>,
    /// Only those of a flow.
    pub flow: Option<FlowId>,
    /// Only those of somebody.
    pub contact: Option<PersonId>,
    /// Only those that were answered.
    pub responded: bool,
    /// Only those of a start.
    pub start: Option<StartId>,
    /// Tests alone, which are left out otherwise.
    pub tests: bool,
}

/// A run as the API lists it.
#[derive(Clone, PartialEq, Eq)]
pub struct ApiRun {
    /// Its id.
    pub id: RunId,
    /// The session.
    pub session: SessionId,
    /// The flow.
    pub flow: FlowId,
    /// With whom.
    pub person: PersonId,
    /// That person's name.
    pub name: String,
    /// The scheme of the address.
    pub scheme: String,
    /// The address.
    pub path: String,
    /// The start of its session.
    pub start: Option<StartId>,
    /// `active`, `waiting`, `completed`, `expired`, `failed`, `interrupted`.
    pub status: String,
    /// Where it stands or stood last.
    pub node: Option<Uuid>,
    /// When it began, in UTC microseconds.
    pub started_at: i64,
    /// When the person first answered in it.
    pub replied_at: Option<i64>,
    /// When something in it last changed.
    pub modified_at: i64,
    /// When it ended.
    pub exited_at: Option<i64>,
}

impl std::fmt::Debug for ApiRun {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ApiRun").field("id", &self.id).field("status", &self.status).finish_non_exhaustive()
    }
}

fn read(row: &Row) -> Result<ApiRun, StoreError> {
    Ok(ApiRun {
        id: row.get(0)?,
        session: row.get(1)?,
        flow: row.get(2)?,
        person: row.get(3)?,
        name: row.get(4)?,
        scheme: row.get(5)?,
        path: row.get(6)?,
        start: row.get(7)?,
        status: row.get(8)?,
        node: row.get(9)?,
        started_at: row.get(10)?,
        replied_at: row.get(11)?,
        modified_at: row.get(12)?,
        exited_at: row.get(13)?,
    })
}

impl Store {
    /// A part of the runs within the scope, without tests or of these alone, by when they last changed.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn run_page(&self, scope: &Scope, asked: &RunsAsked, page: &Keyset) -> Result<Vec<ApiRun>, StoreError> {
        const AT: &str = "COALESCE(r.exited_at, r.modified_at, r.started_at)";
        const GOLDEN: &str = "COALESCE((SELECT a.person FROM person_alias a WHERE a.alias = r.person), r.person)";
        let mut composer = Composer::for_few(0);
        let mut tests = vec![page.condition(&mut composer, AT, "r.id"), in_scope(&mut composer, scope, GOLDEN)];
        if let Some(run) = asked.run {
            tests.push(format!("r.id = {}", composer.bind(run)));
        }
        if let Some(flow) = asked.flow {
            tests.push(format!("r.flow = {}", composer.bind(flow)));
        }
        if let Some(person) = asked.contact {
            let person = composer.bind(person);
            tests.push(format!(
                "r.person IN (SELECT {person} UNION ALL SELECT a.alias FROM person_alias a WHERE a.person = {person})"
            ));
        }
        if let Some(start) = asked.start {
            tests.push(format!("r.start = {}", composer.bind(start)));
        }
        tests.push(if asked.tests { "r.is_test" } else { "NOT r.is_test" }.to_owned());
        if asked.responded {
            tests.push("r.replied_at IS NOT NULL".to_owned());
        }
        let order = page.order(&mut composer, self.engine(), (AT, "r.id"));
        let sql = format!(
            "SELECT r.id, r.session, r.flow, {GOLDEN}, p.name, COALESCE(c.scheme, ''), COALESCE(c.path, ''), r.start, r.status, r.node, r.started_at, r.replied_at, {AT}, r.exited_at \
             FROM flow_run r JOIN person p ON p.id = {GOLDEN} LEFT JOIN flow_session s ON s.id = r.session \
             LEFT JOIN conversation c ON c.id = s.conversation WHERE {} {order}",
            tests.join(" AND ")
        );
        self.query_composed(sql, composer.params()).await?.iter().map(read).collect()
    }

    /// The results of runs that were listed within a scope.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn results_of_runs(&self, runs: &[RunId]) -> Result<HashMap<RunId, Vec<RunResultRow>>, StoreError> {
        let mut results: HashMap<RunId, Vec<RunResultRow>> = HashMap::new();
        if runs.is_empty() {
            return Ok(results);
        }
        let list = hex_list(runs.iter().map(|run| run.uuid()));
        for row in self.query(&RESULTS, params![&list]).await? {
            let result = RunResultRow {
                run: row.get(0)?,
                key: row.get(1)?,
                name: row.get(2)?,
                value: row.get(3)?,
                category: row.get(4)?,
                input: row.get(5)?,
                node: row.get(6)?,
                at: row.get(7)?,
            };
            results.entry(result.run).or_default().push(result);
        }
        Ok(results)
    }

    /// The states of sessions of runs that were listed within a scope; empty where they have been forgotten.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn session_states(&self, sessions: &[SessionId]) -> Result<HashMap<SessionId, Vec<u8>>, StoreError> {
        if sessions.is_empty() {
            return Ok(HashMap::new());
        }
        let list = hex_list(sessions.iter().map(|session| session.uuid()));
        self.query(&STATES, params![&list]).await?.iter().map(|row| Ok((row.get(0)?, row.get(1)?))).collect()
    }
}
