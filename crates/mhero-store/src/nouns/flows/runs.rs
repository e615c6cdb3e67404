//! Runs and results as the sessions reported them.

use mhero_core::{FlowId, PersonId, RunId, Scope, SessionId, StartId};
use uuid::Uuid;

use crate::{
    Row, Store, StoreError, Unit, params,
    statement::{person_in_scope, statements},
};

/// Buckets over which the counts of one way are spread, so that writers on several nodes seldom meet in one row.
const BUCKETS: u8 = 8;

statements! {
    /// A run that is read back may come before it is known which start of ours began it.
    PUT_RUN = "INSERT INTO flow_run (id, session, flow, revision, person, start, parent, status, node, is_test, started_at, replied_at, exited_at, modified_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) ON CONFLICT (id) DO UPDATE SET revision = $4, start = COALESCE(flow_run.start, excluded.start), status = $8, node = $9, is_test = (flow_run.is_test OR excluded.is_test), replied_at = $12, exited_at = $13, modified_at = $14";
    PUT_RESULT = "INSERT INTO flow_result (run, key, flow, name, value, category, input, node, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (run, key) DO UPDATE SET name = $4, value = $5, category = $6, input = $7, node = $8, at = $9";
    END_RUNS = "UPDATE flow_run SET status = $2, exited_at = $3 WHERE session = $1 AND exited_at IS NULL";
    PASS_WAY = "INSERT INTO flow_way (flow, exit_id, destination, bucket, passed) VALUES ($1, $2, $3, $4, 1) ON CONFLICT (flow, exit_id, destination, bucket) DO UPDATE SET passed = flow_way.passed + 1";
    WAYS = "SELECT w.exit_id, w.destination, CAST(SUM(w.passed) AS BIGINT) FROM flow_way w WHERE w.flow = $1 GROUP BY w.exit_id, w.destination ORDER BY w.exit_id ASC NULLS LAST, w.destination ASC NULLS LAST";
    STANDING = (concat!("SELECT r.node, CAST(COUNT(*) AS BIGINT) FROM flow_run r WHERE r.flow = $1 AND r.status = 'waiting' AND NOT r.is_test AND r.node IS NOT NULL AND ", person_in_scope!("r.person", "$2", "$3"), " GROUP BY r.node ORDER BY r.node ASC NULLS LAST"));
    CATEGORIES = (concat!("SELECT q.key, MAX(q.name), q.category, CAST(COUNT(*) AS BIGINT) FROM flow_result q JOIN flow_run r ON r.id = q.run WHERE q.flow = $1 AND NOT r.is_test AND ($4 OR r.start = $5) AND ", person_in_scope!("r.person", "$2", "$3"), " GROUP BY q.key, q.category ORDER BY q.key ASC NULLS LAST, 4 DESC NULLS LAST, q.category ASC NULLS LAST"));
    /// Free texts of one result, newest first.
    TEXTS = (concat!("SELECT q.run, r.person, p.name, q.value, q.category, q.at FROM flow_result q JOIN flow_run r ON r.id = q.run JOIN person p ON p.id = r.person WHERE q.flow = $1 AND q.key = $6 AND NOT r.is_test AND ($4 OR r.start = $5) AND q.at < $7 AND ", person_in_scope!("r.person", "$2", "$3"), " ORDER BY q.at DESC NULLS LAST LIMIT $8"));
    RUNS = (concat!("SELECT r.id, r.session, r.revision, r.person, p.name, r.start, r.status, r.node, r.started_at, r.replied_at, r.exited_at FROM flow_run r JOIN person p ON p.id = r.person WHERE r.flow = $1 AND NOT r.is_test AND ($4 OR r.start = $5) AND r.id < $6 AND ", person_in_scope!("r.person", "$2", "$3"), " ORDER BY r.id DESC NULLS LAST LIMIT $7"));
    RESULTS_OF = (concat!("SELECT q.run, q.key, q.name, q.value, q.category, q.input, q.at FROM flow_result q JOIN flow_run r ON r.id = q.run WHERE r.id >= $2 AND r.id <= $3 AND q.flow = $1 AND ", person_in_scope!("r.person", "$4", "$5"), " ORDER BY q.run ASC NULLS LAST, q.key ASC NULLS LAST"));
    COUNTS_OF_START = (concat!("SELECT r.status, CAST(COUNT(*) AS BIGINT) FROM flow_run r WHERE r.flow = $1 AND r.start = $4 AND NOT r.is_test AND ", person_in_scope!("r.person", "$2", "$3"), " GROUP BY r.status ORDER BY r.status ASC NULLS LAST"));
    COUNTS = (concat!("SELECT r.status, CAST(COUNT(*) AS BIGINT) FROM flow_run r WHERE r.flow = $1 AND NOT r.is_test AND ", person_in_scope!("r.person", "$2", "$3"), " GROUP BY r.status ORDER BY r.status ASC NULLS LAST"));
}

/// A run on its way into the store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewRun {
    /// Its id.
    pub id: RunId,
    /// The session.
    pub session: SessionId,
    /// The flow.
    pub flow: FlowId,
    /// The revision it runs.
    pub revision: i64,
    /// With whom.
    pub person: PersonId,
    /// The start of its session.
    pub start: Option<StartId>,
    /// The run that entered its flow.
    pub parent: Option<RunId>,
    /// `active`, `waiting`, `completed`, `expired`, `failed`, `interrupted`.
    pub status: String,
    /// Where it stands or stood last.
    pub node: Option<Uuid>,
    /// A test.
    pub is_test: bool,
    /// When it began, in UTC microseconds.
    pub started_at: i64,
    /// When the person first answered in it.
    pub replied_at: Option<i64>,
    /// When it ended.
    pub exited_at: Option<i64>,
    /// When something in it last changed.
    pub modified_at: i64,
}

/// A run as listed.
#[derive(Clone, PartialEq, Eq)]
pub struct RunListed {
    /// Its id, which is also the cursor for the next page.
    pub id: RunId,
    /// The session.
    pub session: SessionId,
    /// The revision it ran.
    pub revision: i64,
    /// With whom.
    pub person: PersonId,
    /// That person's name.
    pub person_name: String,
    /// The start of its session.
    pub start: Option<StartId>,
    /// See [`NewRun::status`].
    pub status: String,
    /// Where it stands or stood last.
    pub node: Option<Uuid>,
    /// When it began.
    pub started_at: i64,
    /// When the person first answered in it.
    pub replied_at: Option<i64>,
    /// When it ended.
    pub exited_at: Option<i64>,
}

impl std::fmt::Debug for RunListed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RunListed").field("id", &self.id).field("status", &self.status).finish_non_exhaustive()
    }
}

/// A result of a run.
#[derive(Clone, PartialEq, Eq)]
pub struct RunResultRow {
    /// The run.
    pub run: RunId,
    /// Its key: the name in small letters with underscores.
    pub key: String,
    /// Its name.
    pub name: String,
    /// The value.
    pub value: String,
    /// The category, in the flow's own language.
    pub category: String,
    /// What the person wrote.
    pub input: Option<String>,
    /// The node that set it.
    pub node: Option<Uuid>,
    /// When.
    pub at: i64,
}

/// Without what was answered.
impl std::fmt::Debug for RunResultRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RunResultRow").field("run", &self.run).field("key", &self.key).finish_non_exhaustive()
    }
}

/// A free text among the results.
#[derive(Clone, PartialEq, Eq)]
pub struct FreeText {
    /// The run.
    pub run: RunId,
    /// Who.
    pub person: PersonId,
    /// That person's name.
    pub person_name: String,
    /// What was answered.
    pub value: String,
    /// Its category.
    pub category: String,
    /// When.
    pub at: i64,
}

/// How often people gave an answer of a category.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CategoryCount {
    /// The key of the result.
    pub key: String,
    /// The name of the result.
    pub name: String,
    /// The category.
    pub category: String,
    /// How many runs.
    pub runs: i64,
}

fn read_run(row: &Row) -> Result<RunListed, StoreError> {
    Ok(RunListed {
        id: row.get(0)?,
        session: row.get(1)?,
        revision: row.get(2)?,
        person: row.get(3)?,
        person_name: row.get(4)?,
        start: row.get(5)?,
        status: row.get(6)?,
        node: row.get(7)?,
        started_at: row.get(8)?,
        replied_at: row.get(9)?,
        exited_at: row.get(10)?,
    })
}

impl Unit {
    /// Writes a run, or what has become of it.
    pub fn put_run(&mut self, r: &NewRun) -> &mut Self {
        self.run(
            &PUT_RUN,
            params![
                r.id,
                r.session,
                r.flow,
                r.revision,
                r.person,
                r.start,
                r.parent,
                &r.status,
                r.node,
                r.is_test,
                r.started_at,
                r.replied_at,
                r.exited_at,
                r.modified_at
            ],
        )
    }

    /// Writes a result, or writes it anew.
    pub fn put_result(&mut self, flow: FlowId, q: &RunResultRow) -> &mut Self {
        let input = q.input.as_deref();
        self.run(&PUT_RESULT, params![q.run, &q.key, flow, &q.name, &q.value, &q.category, input, q.node, q.at])
    }

    /// Ends the runs of a session that was ended from outside.
    pub fn end_runs(&mut self, session: SessionId, status: &str, now: i64) -> &mut Self {
        self.run(&END_RUNS, params![session, status, now])
    }

    /// Counts one more who took a way. `session` spreads the counts over rows.
    pub fn pass_way(&mut self, flow: FlowId, exit: Uuid, destination: Uuid, session: SessionId) -> &mut Self {
        let bucket = session.uuid().as_bytes()[15] % BUCKETS;
        self.run(&PASS_WAY, params![flow, exit, destination, i64::from(bucket)])
    }
}

impl Store {
    /// How often each exit of a flow led where: exit, node, people.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn flow_ways(&self, flow: FlowId) -> Result<Vec<(Uuid, Uuid, i64)>, StoreError> {
        let rows = self.query(&WAYS, params![flow]).await?;
        rows.iter().map(|row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).collect()
    }

    /// Who waits where: node and people.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn flow_standing(&self, scope: &Scope, flow: FlowId) -> Result<Vec<(Uuid, i64)>, StoreError> {
        let rows = self.query(&STANDING, params![flow, scope.all_places(), scope.principal()]).await?;
        rows.iter().map(|row| Ok((row.get(0)?, row.get(1)?))).collect()
    }

    /// Runs of a flow by status.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn run_counts(&self, scope: &Scope, flow: FlowId) -> Result<Vec<(String, i64)>, StoreError> {
        let rows = self.query(&COUNTS, params![flow, scope.all_places(), scope.principal()]).await?;
        rows.iter().map(|row| Ok((row.get(0)?, row.get(1)?))).collect()
    }

    /// Runs of one start of a flow by status.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn run_counts_of_start(
        &self,
        scope: &Scope,
        flow: FlowId,
        start: StartId,
    ) -> Result<Vec<(String, i64)>, StoreError> {
        let rows = self.query(&COUNTS_OF_START, params![flow, scope.all_places(), scope.principal(), start]).await?;
        rows.iter().map(|row| Ok((row.get(0)?, row.get(1)?))).collect()
    }

    /// Answers by category, of one start or of all.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn category_counts(
        &self,
        scope: &Scope,
        flow: FlowId,
        start: Option<StartId>,
    ) -> Result<Vec<CategoryCount>, StoreError> {
        let params = params![flow, scope.all_places(), scope.principal(), start.is_none(), start];
        self.query(&CATEGORIES, params)
            .await?
            .iter()
            .map(|row| {
                Ok(CategoryCount { key: row.get(0)?, name: row.get(1)?, category: row.get(2)?, runs: row.get(3)? })
            })
            .collect()
    }

    /// Free texts of one result before an instant, newest first.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn free_texts(
        &self,
        scope: &Scope,
        (flow, start): (FlowId, Option<StartId>),
        key: &str,
        (before, limit): (i64, i64),
    ) -> Result<Vec<FreeText>, StoreError> {
        let params = params![flow, scope.all_places(), scope.principal(), start.is_none(), start, key, before, limit];
        self.query(&TEXTS, params)
            .await?
            .iter()
            .map(|row| {
                Ok(FreeText {
                    run: row.get(0)?,
                    person: row.get(1)?,
                    person_name: row.get(2)?,
                    value: row.get(3)?,
                    category: row.get(4)?,
                    at: row.get(5)?,
                })
            })
            .collect()
    }

    /// Runs of a flow before one of them, newest first.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn runs_of(
        &self,
        scope: &Scope,
        (flow, start): (FlowId, Option<StartId>),
        before: Option<RunId>,
        limit: i64,
    ) -> Result<Vec<RunListed>, StoreError> {
        let before = before.unwrap_or_else(|| RunId::from_uuid(Uuid::max()));
        let params = params![flow, scope.all_places(), scope.principal(), start.is_none(), start, before, limit];
        self.query(&RUNS, params).await?.iter().map(read_run).collect()
    }

    /// Results of the runs of a flow whose ids lie between two, both included.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn results_between(
        &self,
        scope: &Scope,
        flow: FlowId,
        (first, last): (RunId, RunId),
    ) -> Result<Vec<RunResultRow>, StoreError> {
        let params = params![flow, first, last, scope.all_places(), scope.principal()];
        self.query(&RESULTS_OF, params)
            .await?
            .iter()
            .map(|row| {
                Ok(RunResultRow {
                    run: row.get(0)?,
                    key: row.get(1)?,
                    name: row.get(2)?,
                    value: row.get(3)?,
                    category: row.get(4)?,
                    input: row.get(5)?,
                    node: None,
                    at: row.get(6)?,
                })
            })
            .collect()
    }
}
