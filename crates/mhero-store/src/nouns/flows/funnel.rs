//! How far the people of a start got: targeted, valid number, sent, delivered, first reply, complete.

use mhero_core::{FlowId, Scope, StartId};

use crate::{
    Statement, Store, StoreError, Value, params,
    statement::{person_in_scope, statements},
};

statements! {
    LEFT_OUT = (concat!("SELECT CAST(COUNT(*) AS BIGINT), CAST(COALESCE(SUM(CASE WHEN l.reason IN ('no-number', 'bad-number') THEN 1 ELSE 0 END), 0) AS BIGINT) FROM flow_start_left_out l WHERE l.start = $1 AND ", person_in_scope!("l.person", "$2", "$3")));
    /// A session counts as sent once one of its messages is.
    REACHED = (concat!("SELECT CAST(COUNT(*) AS BIGINT), CAST(COALESCE(SUM(CASE WHEN EXISTS (SELECT 1 FROM message m WHERE m.conversation = s.conversation AND m.state IN ('sent', 'delivered')) THEN 1 ELSE 0 END), 0) AS BIGINT), CAST(COALESCE(SUM(CASE WHEN EXISTS (SELECT 1 FROM message m WHERE m.conversation = s.conversation AND m.state = 'delivered') THEN 1 ELSE 0 END), 0) AS BIGINT), CAST(COALESCE(SUM(CASE WHEN s.replied_at IS NOT NULL THEN 1 ELSE 0 END), 0) AS BIGINT), CAST(COALESCE(SUM(CASE WHEN s.status = 'completed' THEN 1 ELSE 0 END), 0) AS BIGINT) FROM flow_session s WHERE s.start = $1 AND ", person_in_scope!("s.person", "$2", "$3")));
    LEFT_OUT_OF_ALL = (concat!("SELECT CAST(COUNT(*) AS BIGINT), CAST(COALESCE(SUM(CASE WHEN l.reason IN ('no-number', 'bad-number') THEN 1 ELSE 0 END), 0) AS BIGINT) FROM flow_start t JOIN flow_start_left_out l ON l.start = t.id WHERE t.flow = $1 AND NOT t.is_test AND ", person_in_scope!("l.person", "$2", "$3")));
    REACHED_OF_ALL = (concat!("SELECT CAST(COUNT(*) AS BIGINT), CAST(COALESCE(SUM(CASE WHEN EXISTS (SELECT 1 FROM message m WHERE m.conversation = s.conversation AND m.state IN ('sent', 'delivered')) THEN 1 ELSE 0 END), 0) AS BIGINT), CAST(COALESCE(SUM(CASE WHEN EXISTS (SELECT 1 FROM message m WHERE m.conversation = s.conversation AND m.state = 'delivered') THEN 1 ELSE 0 END), 0) AS BIGINT), CAST(COALESCE(SUM(CASE WHEN s.replied_at IS NOT NULL THEN 1 ELSE 0 END), 0) AS BIGINT), CAST(COALESCE(SUM(CASE WHEN s.status = 'completed' THEN 1 ELSE 0 END), 0) AS BIGINT) FROM flow_session s WHERE s.flow = $1 AND NOT s.is_test AND ", person_in_scope!("s.person", "$2", "$3")));
}

/// The funnel of a start, in people within the scope.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Funnel {
    /// Everybody who matched.
    pub targeted: i64,
    /// Those of them with a valid number.
    pub valid: i64,
    /// Those with a session.
    pub started: i64,
    /// Those to whom a message was sent.
    pub sent: i64,
    /// Those whose phone has one.
    pub delivered: i64,
    /// Those who answered at least once.
    pub replied: i64,
    /// Those who went through to the end.
    pub complete: i64,
}

impl Store {
    /// The funnel of a start.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn funnel(&self, scope: &Scope, start: StartId) -> Result<Funnel, StoreError> {
        let params = || params![start, scope.all_places(), scope.principal()];
        self.funnel_by(&LEFT_OUT, &REACHED, params).await
    }

    /// The funnel of all sessions that began with a flow, whatever began them; tests do not count.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn funnel_of_flow(&self, scope: &Scope, flow: FlowId) -> Result<Funnel, StoreError> {
        let params = || params![flow, scope.all_places(), scope.principal()];
        self.funnel_by(&LEFT_OUT_OF_ALL, &REACHED_OF_ALL, params).await
    }

    /// The funnel that two statements count: who was left out, and how far the others came.
    pub(crate) async fn funnel_by(
        &self,
        out_of: &'static Statement,
        reached: &'static Statement,
        params: impl Fn() -> Vec<Value>,
    ) -> Result<Funnel, StoreError> {
        let (mut left_out, mut without) = (0, 0);
        if let Some(row) = self.first(out_of, params()).await? {
            (left_out, without) = (row.get::<i64>(0)?, row.get::<i64>(1)?);
        }
        let Some(row) = self.first(reached, params()).await? else { return Ok(Funnel::default()) };
        let started: i64 = row.get(0)?;
        Ok(Funnel {
            targeted: started + left_out,
            valid: started + left_out - without,
            started,
            sent: row.get(1)?,
            delivered: row.get(2)?,
            replied: row.get(3)?,
            complete: row.get(4)?,
        })
    }
}
