//! Starts of a flow for an audience: frozen like a broadcast, then one session a person.

use mhero_core::{ChannelId, FlowId, Lane, PersonId, ProgrammeId, Scope, StartId};
use uuid::Uuid;

use crate::{
    Row, Store, StoreError, Unit, params,
    statement::{person_in_scope, statements},
};

statements! {
    ADD = "INSERT INTO flow_start (id, number, flow, revision, query, params, lane, channel, programme, status, cause, once_key, is_test, is_drill, created_by, created_at, ended_at, matched, recipients, version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, NULL, 0, 0, 1)";
    GET = "SELECT s.id, s.number, s.flow, s.revision, s.query, s.params, s.lane, s.channel, s.programme, s.status, s.cause, s.is_test, s.is_drill, s.created_by, s.created_at, s.ended_at, s.matched, s.recipients, s.version FROM flow_start s WHERE s.id = $1 AND (($2 AND ($3 OR s.programme IN (SELECT g.programme FROM role_grant g WHERE g.principal = $4))) OR s.created_by = $4)";
    NUMBERED = "SELECT s.id FROM flow_start s WHERE s.number = $1 AND (($2 AND ($3 OR s.programme IN (SELECT g.programme FROM role_grant g WHERE g.principal = $4))) OR s.created_by = $4)";
    BY_KEY = "SELECT id FROM flow_start WHERE once_key = $1";
    OF_FLOW = "SELECT s.id, s.number, s.flow, s.revision, s.query, s.params, s.lane, s.channel, s.programme, s.status, s.cause, s.is_test, s.is_drill, s.created_by, s.created_at, s.ended_at, s.matched, s.recipients, s.version FROM flow_start s WHERE s.flow = $1 AND (($2 AND ($3 OR s.programme IN (SELECT g.programme FROM role_grant g WHERE g.principal = $4))) OR s.created_by = $4) ORDER BY s.created_at DESC NULLS LAST LIMIT 50";
    SET_STATUS = "UPDATE flow_start SET status = $2, ended_at = $3, matched = $4, recipients = $5, version = version + 1 WHERE id = $1 AND version = $6";
    ADD_SLICE = "INSERT INTO flow_start_slice (start, number, content) VALUES ($1, $2, $3)";
    NEXT_SLICE = "SELECT number, content FROM flow_start_slice WHERE start = $1 ORDER BY number ASC NULLS LAST LIMIT 1";
    DROP_SLICE = "DELETE FROM flow_start_slice WHERE start = $1 AND number = $2";
    DROP_SLICES = "DELETE FROM flow_start_slice WHERE start = $1";
    ADD_LEFT_OUT = "INSERT INTO flow_start_left_out (start, person, reason) VALUES ($1, $2, $3) ON CONFLICT (start, person) DO NOTHING";
    DROP_LEFT_OUT = "DELETE FROM flow_start_left_out WHERE start = $1";
    LEFT_OUT_COUNTS = "SELECT reason, CAST(COUNT(*) AS BIGINT) FROM flow_start_left_out WHERE start = $1 GROUP BY reason ORDER BY reason ASC NULLS LAST";
    LEFT_OUT = (concat!("SELECT l.person, p.name, l.reason FROM flow_start_left_out l JOIN person p ON p.id = l.person WHERE l.start = $1 AND l.person > $4 AND ", person_in_scope!("l.person", "$2", "$3"), " ORDER BY l.person ASC NULLS LAST LIMIT $5"));
}

/// A start as stored.
#[derive(Clone, Debug, PartialEq)]
pub struct StartRow {
    /// Its id.
    pub id: StartId,
    /// Its number, for people.
    pub number: i64,
    /// The flow.
    pub flow: FlowId,
    /// The revision that its sessions get.
    pub revision: i64,
    /// The audience, in the query language.
    pub query: String,
    /// JSON: what the flow finds under `@trigger.params`.
    pub params: String,
    /// How urgent.
    pub lane: Lane,
    /// The channel; `None` for the default.
    pub channel: Option<ChannelId>,
    /// The programme.
    pub programme: Option<ProgrammeId>,
    /// `starting`, `started`, `cancelled`.
    pub status: String,
    /// `start`, `schedule`, `reminder`, `thanks`.
    pub cause: String,
    /// A test.
    pub is_test: bool,
    /// A drill.
    pub is_drill: bool,
    /// Who started it.
    pub created_by: Option<Uuid>,
    /// When, in UTC microseconds.
    pub created_at: i64,
    /// When everybody had been started.
    pub ended_at: Option<i64>,
    /// People who matched.
    pub matched: i64,
    /// People for whom it was started.
    pub recipients: i64,
    /// Version, for guards.
    pub version: i64,
}

impl StartRow {
    fn read(row: &Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.get(0)?,
            number: row.get(1)?,
            flow: row.get(2)?,
            revision: row.get(3)?,
            query: row.get(4)?,
            params: row.get(5)?,
            lane: row.get(6)?,
            channel: row.get(7)?,
            programme: row.get(8)?,
            status: row.get(9)?,
            cause: row.get(10)?,
            is_test: row.get(11)?,
            is_drill: row.get(12)?,
            created_by: row.get(13)?,
            created_at: row.get(14)?,
            ended_at: row.get(15)?,
            matched: row.get(16)?,
            recipients: row.get(17)?,
            version: row.get(18)?,
        })
    }
}

impl Unit {
    /// Writes a new start. One of a once key that is known fails with [`StoreError::Exists`].
    pub fn add_start(&mut self, s: &StartRow, once_key: Option<&str>) -> &mut Self {
        self.one(
            &ADD,
            params![
                s.id,
                s.number,
                s.flow,
                s.revision,
                &s.query,
                &s.params,
                s.lane,
                s.channel,
                s.programme,
                &s.status,
                &s.cause,
                once_key,
                s.is_test,
                s.is_drill,
                s.created_by,
                s.created_at
            ],
        )
    }

    /// Moves a start on; the unit fails when somebody has changed it since it was read.
    pub fn start_status(&mut self, s: &StartRow, status: &str, ended_at: Option<i64>) -> &mut Self {
        self.one(&SET_STATUS, params![s.id, status, ended_at, s.matched, s.recipients, s.version])
    }

    /// Keeps a slice of frozen recipients.
    pub fn add_start_slice(&mut self, id: StartId, number: i64, content: &str) -> &mut Self {
        self.one(&ADD_SLICE, params![id, number, content])
    }

    /// Everybody of a slice has a session; the unit fails when somebody else has done it.
    pub fn start_slice_done(&mut self, id: StartId, number: i64) -> &mut Self {
        self.one(&DROP_SLICE, params![id, number])
    }

    /// Notes that somebody who matched gets no session, and why.
    pub fn leave_out_of_start(&mut self, id: StartId, person: PersonId, reason: &str) -> &mut Self {
        self.run(&ADD_LEFT_OUT, params![id, person, reason])
    }

    /// Drops what an earlier attempt at freezing wrote.
    pub fn forget_start_freezing(&mut self, id: StartId) -> &mut Self {
        self.run(&DROP_SLICES, params![id]).run(&DROP_LEFT_OUT, params![id])
    }
}

impl Store {
    /// A start, if its programme lies within the scope or the caller made it.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn start(&self, scope: &Scope, id: StartId) -> Result<Option<StartRow>, StoreError> {
        let params = params![id, scope.all_places(), scope.all_programmes(), scope.principal()];
        let row = self.first(&GET, params).await?;
        row.as_ref().map(StartRow::read).transpose()
    }

    /// The start of a number, if it lies within the scope.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn start_numbered(&self, scope: &Scope, number: i64) -> Result<Option<StartId>, StoreError> {
        let params = params![number, scope.all_places(), scope.all_programmes(), scope.principal()];
        self.first(&NUMBERED, params).await?.map(|row| row.get(0)).transpose()
    }

    /// The start that was made under a key.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn start_by_key(&self, key: &str) -> Result<Option<StartId>, StoreError> {
        self.first(&BY_KEY, params![key]).await?.map(|row| row.get(0)).transpose()
    }

    /// The last starts of a flow, newest first.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn starts_of(&self, scope: &Scope, flow: FlowId) -> Result<Vec<StartRow>, StoreError> {
        let params = params![flow, scope.all_places(), scope.all_programmes(), scope.principal()];
        self.query(&OF_FLOW, params).await?.iter().map(StartRow::read).collect()
    }

    /// The next slice of a start.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn next_start_slice(&self, id: StartId) -> Result<Option<(i64, String)>, StoreError> {
        let row = self.first(&NEXT_SLICE, params![id]).await?;
        row.map(|row| Ok((row.get(0)?, row.get(1)?))).transpose()
    }

    /// How many were left out of a start, by reason.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn start_left_out_counts(&self, id: StartId) -> Result<Vec<(String, i64)>, StoreError> {
        let rows = self.query(&LEFT_OUT_COUNTS, params![id]).await?;
        rows.iter().map(|row| Ok((row.get(0)?, row.get(1)?))).collect()
    }

    /// Who was left out of a start: person, name, reason, in the order of their ids.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn start_left_out(
        &self,
        scope: &Scope,
        id: StartId,
        after: PersonId,
        limit: i64,
    ) -> Result<Vec<(PersonId, String, String)>, StoreError> {
        let params = params![id, scope.all_places(), scope.principal(), after, limit];
        let rows = self.query(&LEFT_OUT, params).await?;
        rows.iter().map(|row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).collect()
    }
}
