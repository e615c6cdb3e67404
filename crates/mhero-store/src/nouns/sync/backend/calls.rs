//! Calls to a back end, each a row before it is made, and the people whom each is for.

use mhero_core::{PersonId, Scope, SourceId, StartId};
use uuid::Uuid;

use crate::{
    Row, Store, StoreError, Unit, params,
    statement::{person_in_scope, statements},
};

statements! {
    ADD = "INSERT INTO backend_call (id, source, start, number, flow, state, fence, remote, attempts, next_at, reason, called_at, answered_at, created_at, version) VALUES ($1, $2, $3, $4, $5, 'waiting', 0, NULL, 0, $6, '', NULL, NULL, $6, 1)";
    ADD_PERSON = "INSERT INTO backend_person (start, person, call, contact, state, reason) VALUES ($1, $2, $3, NULL, 'waiting', '') ON CONFLICT (start, person) DO NOTHING";
    DUE = "SELECT id, source, start, number, flow, state, fence, remote, attempts, next_at, reason, called_at, answered_at, created_at, version FROM backend_call WHERE source = $1 AND next_at IS NOT NULL AND next_at <= $2 ORDER BY created_at ASC NULLS LAST, start ASC NULLS LAST, number ASC NULLS LAST LIMIT $3";
    /// Made by somebody who is gone.
    LOST = "SELECT id, source, start, number, flow, state, fence, remote, attempts, next_at, reason, called_at, answered_at, created_at, version FROM backend_call WHERE source = $1 AND state = 'calling' AND fence <> $2 ORDER BY created_at ASC NULLS LAST LIMIT $3";
    BY_REMOTE = "SELECT id, source, start, number, flow, state, fence, remote, attempts, next_at, reason, called_at, answered_at, created_at, version FROM backend_call WHERE source = $1 AND remote = $2";
    LISTED = "SELECT c.id, c.source, c.start, c.number, c.flow, c.state, c.fence, c.remote, c.attempts, c.next_at, c.reason, c.called_at, c.answered_at, c.created_at, c.version FROM backend_call c WHERE c.source = $1 AND c.state <> 'taken' AND c.state <> 'cancelled' ORDER BY c.created_at DESC NULLS LAST, c.number DESC NULLS LAST LIMIT $2";
    GET = "SELECT c.id, c.source, c.start, c.number, c.flow, c.state, c.fence, c.remote, c.attempts, c.next_at, c.reason, c.called_at, c.answered_at, c.created_at, c.version FROM backend_call c WHERE c.id = $1";
    COUNTS = "SELECT state, CAST(COUNT(*) AS BIGINT) FROM backend_call WHERE source = $1 GROUP BY state ORDER BY state ASC NULLS LAST";
    SET = "UPDATE backend_call SET state = $3, fence = $4, remote = $5, attempts = $6, next_at = $7, reason = $8, called_at = $9, answered_at = $10, version = version + 1 WHERE id = $1 AND version = $2";
    PEOPLE = "SELECT b.start, b.person, b.call, b.contact, b.state, b.reason FROM backend_person b WHERE b.call = $1 ORDER BY b.person ASC NULLS LAST";
    SET_PERSON = "UPDATE backend_person SET contact = $3, state = $4, reason = $5 WHERE start = $1 AND person = $2";
    SET_PEOPLE = "UPDATE backend_person SET state = $3 WHERE call = $1 AND state = $2";
    STATES = (concat!("SELECT b.state, CAST(COUNT(*) AS BIGINT) FROM backend_person b WHERE b.start = $1 AND ", person_in_scope!("b.person", "$2", "$3"), " GROUP BY b.state ORDER BY b.state ASC NULLS LAST"));
    /// With how the run that came of it stands.
    OF_START = (concat!("SELECT b.person, p.name, b.state, b.reason, COALESCE((SELECT r.status FROM flow_run r WHERE r.start = b.start AND r.person = b.person ORDER BY r.started_at DESC NULLS LAST LIMIT 1), '') FROM backend_person b JOIN person p ON p.id = b.person WHERE b.start = $1 AND b.person > $4 AND ", person_in_scope!("b.person", "$2", "$3"), " ORDER BY b.person ASC NULLS LAST LIMIT $5"));
}

/// A call to a back end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BackendCall {
    /// Its id, by which it is also known there where it can be.
    pub id: Uuid,
    /// The back end.
    pub source: SourceId,
    /// The start that it belongs to.
    pub start: StartId,
    /// Which slice of the start.
    pub number: i64,
    /// The flow there; empty for a text.
    pub flow: String,
    /// `waiting`, `calling`, `taken`, `uncertain`, `refused`, `cancelled`.
    pub state: String,
    /// The fence of the lease under which it was made last.
    pub fence: i64,
    /// The id that it was given there.
    pub remote: Option<String>,
    /// How often it was made.
    pub attempts: i64,
    /// When something is due, in UTC microseconds.
    pub next_at: Option<i64>,
    /// Why it stands where it stands: a reason as kept, or empty.
    pub reason: String,
    /// When it was made last.
    pub called_at: Option<i64>,
    /// When it was answered.
    pub answered_at: Option<i64>,
    /// When it was decided.
    pub created_at: i64,
    /// Version, for guards.
    pub version: i64,
}

/// Somebody whom a call is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BackendPerson {
    /// The start.
    pub start: StartId,
    /// Who.
    pub person: PersonId,
    /// The call.
    pub call: Uuid,
    /// The contact there.
    pub contact: Option<String>,
    /// `waiting`, `started`, `conflict`, `refused`, `stopped`, `cancelled`.
    pub state: String,
    /// Why, as kept, or empty.
    pub reason: String,
}

/// The same in a list.
#[derive(Clone, PartialEq, Eq)]
pub struct BackendPersonShown {
    /// Who.
    pub person: PersonId,
    /// Their name.
    pub name: String,
    /// See [`BackendPerson::state`].
    pub state: String,
    /// Why, as kept, or empty.
    pub reason: String,
    /// How the run stands that came of it; empty where none was read back.
    pub run: String,
}

impl std::fmt::Debug for BackendPersonShown {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("BackendPersonShown").field("person", &self.person).field("state", &self.state).finish()
    }
}

fn read(row: &Row) -> Result<BackendCall, StoreError> {
    Ok(BackendCall {
        id: row.get(0)?,
        source: row.get(1)?,
        start: row.get(2)?,
        number: row.get(3)?,
        flow: row.get(4)?,
        state: row.get(5)?,
        fence: row.get(6)?,
        remote: row.get(7)?,
        attempts: row.get(8)?,
        next_at: row.get(9)?,
        reason: row.get(10)?,
        called_at: row.get(11)?,
        answered_at: row.get(12)?,
        created_at: row.get(13)?,
        version: row.get(14)?,
    })
}

impl Unit {
    /// Adds a call that waits, for some people.
    pub fn add_backend_call(
        &mut self,
        (id, source): (Uuid, SourceId),
        (start, number): (StartId, i64),
        flow: &str,
        people: &[PersonId],
        now: i64,
    ) -> &mut Self {
        self.one(&ADD, params![id, source, start, number, flow, now]);
        for person in people {
            self.run(&ADD_PERSON, params![start, *person, id]);
        }
        self
    }

    /// Moves a call on; the unit fails when it was moved since it was read.
    pub fn set_backend_call(&mut self, c: &BackendCall) -> &mut Self {
        let (remote, reason) = (c.remote.as_deref(), &c.reason);
        self.one(
            &SET,
            params![
                c.id,
                c.version,
                &c.state,
                c.fence,
                remote,
                c.attempts,
                c.next_at,
                reason,
                c.called_at,
                c.answered_at
            ],
        )
    }

    /// Keeps how one of the people of a call stands.
    pub fn set_backend_person(&mut self, p: &BackendPerson) -> &mut Self {
        self.run(&SET_PERSON, params![p.start, p.person, p.contact.as_deref(), &p.state, &p.reason])
    }

    /// Moves all people of a call who are in one state to another.
    pub fn move_backend_people(&mut self, call: Uuid, from: &str, to: &str) -> &mut Self {
        self.run(&SET_PEOPLE, params![call, from, to])
    }
}

impl Store {
    /// Calls to a back end that are due, the oldest first.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn backend_due(&self, source: SourceId, now: i64, limit: i64) -> Result<Vec<BackendCall>, StoreError> {
        self.query(&DUE, params![source, now, limit]).await?.iter().map(read).collect()
    }

    /// Calls that were made by somebody who is gone: under another fence.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn backend_lost(&self, source: SourceId, fence: i64, limit: i64) -> Result<Vec<BackendCall>, StoreError> {
        self.query(&LOST, params![source, fence, limit]).await?.iter().map(read).collect()
    }

    /// The call that was given an id there.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn backend_call_by_remote(
        &self,
        source: SourceId,
        remote: &str,
    ) -> Result<Option<BackendCall>, StoreError> {
        self.first(&BY_REMOTE, params![source, remote]).await?.as_ref().map(read).transpose()
    }

    /// A call.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn backend_call(&self, id: Uuid) -> Result<Option<BackendCall>, StoreError> {
        self.first(&GET, params![id]).await?.as_ref().map(read).transpose()
    }

    /// Calls that are not done, the newest first. For administrators: calls name nobody.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn backend_open_calls(&self, source: SourceId, limit: i64) -> Result<Vec<BackendCall>, StoreError> {
        self.query(&LISTED, params![source, limit]).await?.iter().map(read).collect()
    }

    /// Calls by state.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn backend_call_counts(&self, source: SourceId) -> Result<Vec<(String, i64)>, StoreError> {
        self.query(&COUNTS, params![source]).await?.iter().map(|row| Ok((row.get(0)?, row.get(1)?))).collect()
    }

    /// The people of a call. For the system.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn backend_people(&self, call: Uuid) -> Result<Vec<BackendPerson>, StoreError> {
        let read = |row: &Row| {
            Ok(BackendPerson {
                start: row.get(0)?,
                person: row.get(1)?,
                call: row.get(2)?,
                contact: row.get(3)?,
                state: row.get(4)?,
                reason: row.get(5)?,
            })
        };
        self.query(&PEOPLE, params![call]).await?.iter().map(read).collect()
    }

    /// How many people of a start are in which state, within the scope.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn backend_states(&self, scope: &Scope, start: StartId) -> Result<Vec<(String, i64)>, StoreError> {
        let params = params![start, scope.all_places(), scope.principal()];
        self.query(&STATES, params).await?.iter().map(|row| Ok((row.get(0)?, row.get(1)?))).collect()
    }

    /// The people of a start with how each stands there, within the scope, after one of them.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn backend_people_of_start(
        &self,
        scope: &Scope,
        start: StartId,
        after: PersonId,
        limit: i64,
    ) -> Result<Vec<BackendPersonShown>, StoreError> {
        let read = |row: &Row| {
            Ok(BackendPersonShown {
                person: row.get(0)?,
                name: row.get(1)?,
                state: row.get(2)?,
                reason: row.get(3)?,
                run: row.get(4)?,
            })
        };
        let params = params![start, scope.all_places(), scope.principal(), after, limit];
        self.query(&OF_START, params).await?.iter().map(read).collect()
    }
}
