//! Flows that run elsewhere and stand here as ours, and how far the people of a start got there.

use mhero_core::{FlowId, Scope, SourceId, StartId};

use crate::{
    Funnel, Row, Store, StoreError, Unit, params,
    statement::{person_in_scope, statements},
};

statements! {
    OF_FLOW = "SELECT flow, source, remote, kind, gone FROM backend_flow WHERE flow = $1";
    OF_SOURCE = "SELECT b.flow, b.source, b.remote, b.kind, b.gone, f.name, f.active FROM backend_flow b JOIN flow f ON f.id = b.flow WHERE b.source = $1 ORDER BY f.folded ASC NULLS LAST";
    EVERYWHERE = "SELECT flow, source, remote, kind, gone FROM backend_flow ORDER BY flow ASC NULLS LAST";
    LIVE = "SELECT DISTINCT source FROM backend_flow WHERE NOT gone ORDER BY source ASC NULLS LAST";
    PUT = "INSERT INTO backend_flow (flow, source, remote, kind, gone, seen_at) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (flow) DO UPDATE SET kind = $4, gone = $5, seen_at = $6";
    LEFT_OUT = (concat!("SELECT CAST(COUNT(*) AS BIGINT), CAST(COALESCE(SUM(CASE WHEN l.reason IN ('no-number', 'bad-number') THEN 1 ELSE 0 END), 0) AS BIGINT) FROM flow_start_left_out l WHERE l.start = $1 AND ", person_in_scope!("l.person", "$2", "$3")));
    /// What was sent is what was read back since the run began, by the clock there, or since the call by ours, which may differ by
    /// minutes; who replied or got through, by the runs.
    REACHED = (concat!("SELECT CAST(COUNT(*) AS BIGINT), CAST(COALESCE(SUM(CASE WHEN EXISTS (SELECT 1 FROM message m WHERE m.person = b.person AND m.kind = 'elsewhere' AND m.direction = 'out' AND m.state IN ('sent', 'delivered') AND m.created_at >= COALESCE((SELECT MIN(r.started_at) - 60000000 FROM flow_run r WHERE r.start = b.start AND r.person = b.person), c.called_at - 900000000)) THEN 1 ELSE 0 END), 0) AS BIGINT), CAST(COALESCE(SUM(CASE WHEN EXISTS (SELECT 1 FROM message m WHERE m.person = b.person AND m.kind = 'elsewhere' AND m.direction = 'out' AND m.state = 'delivered' AND m.created_at >= COALESCE((SELECT MIN(r.started_at) - 60000000 FROM flow_run r WHERE r.start = b.start AND r.person = b.person), c.called_at - 900000000)) THEN 1 ELSE 0 END), 0) AS BIGINT), CAST(COALESCE(SUM(CASE WHEN EXISTS (SELECT 1 FROM flow_run r WHERE r.start = b.start AND r.person = b.person AND r.replied_at IS NOT NULL) THEN 1 ELSE 0 END), 0) AS BIGINT), CAST(COALESCE(SUM(CASE WHEN EXISTS (SELECT 1 FROM flow_run r WHERE r.start = b.start AND r.person = b.person AND r.status = 'completed') THEN 1 ELSE 0 END), 0) AS BIGINT) FROM backend_person b JOIN backend_call c ON c.id = b.call WHERE b.start = $1 AND b.state = 'started' AND ", person_in_scope!("b.person", "$2", "$3")));
    LEFT_OUT_OF_ALL = (concat!("SELECT CAST(COUNT(*) AS BIGINT), CAST(COALESCE(SUM(CASE WHEN l.reason IN ('no-number', 'bad-number') THEN 1 ELSE 0 END), 0) AS BIGINT) FROM flow_start t JOIN flow_start_left_out l ON l.start = t.id WHERE t.flow = $1 AND NOT t.is_test AND ", person_in_scope!("l.person", "$2", "$3")));
    /// All runs, those that workers began among them.
    REACHED_OF_ALL = (concat!("SELECT CAST(COUNT(*) AS BIGINT), CAST(COUNT(*) AS BIGINT), CAST(COALESCE(SUM(CASE WHEN EXISTS (SELECT 1 FROM message m WHERE m.person = r.person AND m.kind = 'elsewhere' AND m.direction = 'out' AND m.state = 'delivered' AND m.created_at >= r.started_at - 60000000) THEN 1 ELSE 0 END), 0) AS BIGINT), CAST(COALESCE(SUM(CASE WHEN r.replied_at IS NOT NULL THEN 1 ELSE 0 END), 0) AS BIGINT), CAST(COALESCE(SUM(CASE WHEN r.status = 'completed' THEN 1 ELSE 0 END), 0) AS BIGINT) FROM flow_run r WHERE r.flow = $1 AND NOT r.is_test AND ", person_in_scope!("r.person", "$2", "$3")));
}

/// A flow that runs elsewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BackendFlow {
    /// As which it stands here.
    pub flow: FlowId,
    /// Where it runs.
    pub source: SourceId,
    /// Its id there; empty for the one through which texts are sent.
    pub remote: String,
    /// Its kind there: `message`, `voice`, `background`, `survey`; `text` for the one through which texts are sent.
    pub kind: String,
    /// Whether it is no more there.
    pub gone: bool,
}

/// The same in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BackendFlowListed {
    /// The flow.
    pub flow: BackendFlow,
    /// Its name here.
    pub name: String,
    /// Whether it can be started.
    pub active: bool,
}

fn read(row: &Row) -> Result<BackendFlow, StoreError> {
    Ok(BackendFlow {
        flow: row.get(0)?,
        source: row.get(1)?,
        remote: row.get(2)?,
        kind: row.get(3)?,
        gone: row.get(4)?,
    })
}

impl Unit {
    /// Keeps that a flow runs elsewhere, or what has become of it.
    pub fn put_backend_flow(&mut self, flow: &BackendFlow, now: i64) -> &mut Self {
        self.run(&PUT, params![flow.flow, flow.source, &flow.remote, &flow.kind, flow.gone, now])
    }
}

impl Store {
    /// Where a flow runs; `None` for one that runs here.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn backend_flow(&self, flow: FlowId) -> Result<Option<BackendFlow>, StoreError> {
        self.first(&OF_FLOW, params![flow]).await?.as_ref().map(read).transpose()
    }

    /// Every flow that runs elsewhere, those that are no more among them.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn backend_flows_everywhere(&self) -> Result<Vec<BackendFlow>, StoreError> {
        self.query(&EVERYWHERE, vec![]).await?.iter().map(read).collect()
    }

    /// The sources that have flows which can be started.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn backend_sources(&self) -> Result<Vec<SourceId>, StoreError> {
        self.query(&LIVE, vec![]).await?.iter().map(|row| row.get(0)).collect()
    }

    /// The flows that run at a source, by name.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn backend_flows(&self, source: SourceId) -> Result<Vec<BackendFlowListed>, StoreError> {
        let listed = |row: &Row| Ok(BackendFlowListed { flow: read(row)?, name: row.get(5)?, active: row.get(6)? });
        self.query(&OF_SOURCE, params![source]).await?.iter().map(listed).collect()
    }

    /// The funnel of a start of a flow that runs elsewhere.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn backend_funnel(&self, scope: &Scope, start: StartId) -> Result<Funnel, StoreError> {
        self.funnel_by(&LEFT_OUT, &REACHED, || params![start, scope.all_places(), scope.principal()]).await
    }

    /// The funnel of all runs of a flow that runs elsewhere, whatever began them.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn backend_funnel_of_flow(&self, scope: &Scope, flow: FlowId) -> Result<Funnel, StoreError> {
        let params = || params![flow, scope.all_places(), scope.principal()];
        self.funnel_by(&LEFT_OUT_OF_ALL, &REACHED_OF_ALL, params).await
    }
}
