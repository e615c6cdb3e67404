//! Calls to other systems that are made until they are answered, or until nobody believes any more.

use jiff::Timestamp;
use mhero_core::ExchangeId;
use uuid::Uuid;

use crate::{Row, Store, StoreError, Unit, params, statement::statements};

/// The columns of an outgoing call, in the order of [`read`].
macro_rules! columns {
    () => {
        "id, once, purpose, peer, what, call, correlation, state, attempts, next_at, status, reason, created_at"
    };
}

statements! {
    ADD = "INSERT INTO exchange_out (id, once, purpose, peer, what, call, correlation, state, attempts, next_at, status, reason, created_at, ended_at) VALUES ($1, $2, $3, $4, $5, $6, $7, 'waiting', 0, $8, NULL, NULL, $8, NULL) ON CONFLICT (once) DO NOTHING";
    DUE = (concat!("SELECT ", columns!(), " FROM exchange_out WHERE state = 'waiting' AND next_at <= $1 ORDER BY next_at ASC NULLS LAST, id ASC NULLS LAST LIMIT $2"));
    OF_STATE = (concat!("SELECT ", columns!(), " FROM exchange_out WHERE state = $1 AND (created_at < $2 OR (created_at = $2 AND id < $3)) ORDER BY created_at DESC NULLS FIRST, id DESC NULLS FIRST LIMIT $4"));
    ONE = (concat!("SELECT ", columns!(), " FROM exchange_out WHERE id = $1"));
    COUNT = "SELECT CAST(COUNT(*) AS BIGINT) FROM exchange_out WHERE state = $1";
    /// Pushes the next attempt away first: who dies in the middle is followed by somebody else.
    ATTEMPT = "UPDATE exchange_out SET attempts = attempts + 1, next_at = $3 WHERE id = $1 AND state = 'waiting' AND attempts = $2";
    DONE = "UPDATE exchange_out SET state = 'done', status = $2, reason = NULL, ended_at = $3 WHERE id = $1 AND state = 'waiting'";
    AGAIN = "UPDATE exchange_out SET next_at = $2, status = $3, reason = $4 WHERE id = $1 AND state = 'waiting'";
    DEAD = "UPDATE exchange_out SET state = 'dead', status = $2, reason = $3, ended_at = $4 WHERE id = $1 AND state = 'waiting'";
    REVIVE = "UPDATE exchange_out SET state = 'waiting', attempts = 0, next_at = $2, ended_at = NULL WHERE id = $1 AND state = 'dead'";
    FORGET = "DELETE FROM exchange_out WHERE state <> 'waiting' AND ended_at < $1";
}

/// How far an outgoing call is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OutState {
    /// It is made when its time comes.
    Waiting,
    /// It was answered.
    Done,
    /// It was refused, or tried too often.
    Dead,
}

impl OutState {
    /// The word in the store.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Done => "done",
            Self::Dead => "dead",
        }
    }
}

/// One outgoing call.
#[derive(Clone, PartialEq, Eq)]
pub struct OutgoingCall {
    /// Its id.
    pub id: ExchangeId,
    /// The key under which it is made once.
    pub once: String,
    /// What it is for: `transaction`, `alert` ...
    pub purpose: String,
    /// The other system, by the name it has here.
    pub peer: String,
    /// What is done, for people.
    pub what: String,
    /// Address, headers and body, sealed.
    pub sealed: Vec<u8>,
    /// What belongs together shares it.
    pub correlation: Uuid,
    /// How far it is: a word of [`OutState`].
    pub state: String,
    /// How often it was tried.
    pub attempts: i64,
    /// When it is tried next.
    pub next_at: Timestamp,
    /// The last status.
    pub status: Option<i64>,
    /// Why it failed last.
    pub reason: Option<String>,
    /// Since when.
    pub created_at: Timestamp,
}

impl std::fmt::Debug for OutgoingCall {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OutgoingCall").field("id", &self.id).field("state", &self.state).finish_non_exhaustive()
    }
}

fn read(row: &Row) -> Result<OutgoingCall, StoreError> {
    Ok(OutgoingCall {
        id: row.get(0)?,
        once: row.get(1)?,
        purpose: row.get(2)?,
        peer: row.get(3)?,
        what: row.get(4)?,
        sealed: row.get(5)?,
        correlation: row.get(6)?,
        state: row.get(7)?,
        attempts: row.get(8)?,
        next_at: row.get(9)?,
        status: row.get(10)?,
        reason: row.get(11)?,
        created_at: row.get(12)?,
    })
}

impl Unit {
    /// Adds an outgoing call, due at once. One whose key is there already changes nothing.
    pub fn call_out(&mut self, call: &OutgoingCall) -> &mut Self {
        self.run(
            &ADD,
            params![
                call.id,
                &call.once,
                &call.purpose,
                &call.peer,
                &call.what,
                call.sealed.as_slice(),
                call.correlation,
                call.created_at
            ],
        )
    }

    /// Begins an attempt; the unit fails when somebody else has begun it. `next_at` in UTC microseconds.
    pub fn begin_call_out(&mut self, call: &OutgoingCall, next_at: i64) -> &mut Self {
        self.one(&ATTEMPT, params![call.id, call.attempts, next_at])
    }

    /// It was answered.
    pub fn call_out_done(&mut self, id: ExchangeId, status: Option<i64>, at: i64) -> &mut Self {
        self.run(&DONE, params![id, status, at])
    }

    /// It is tried again at `next_at`, in UTC microseconds.
    pub fn call_out_again(&mut self, id: ExchangeId, next_at: i64, failure: (Option<i64>, &str)) -> &mut Self {
        self.run(&AGAIN, params![id, next_at, failure.0, failure.1])
    }

    /// It is not tried any more.
    pub fn call_out_dead(&mut self, id: ExchangeId, failure: (Option<i64>, &str), at: i64) -> &mut Self {
        self.run(&DEAD, params![id, failure.0, failure.1, at])
    }

    /// Tries a dead one again; the unit fails when it is not dead.
    pub fn revive_call_out(&mut self, id: ExchangeId, at: i64) -> &mut Self {
        self.one(&REVIVE, params![id, at])
    }

    /// Forgets calls that ended before an instant, in UTC microseconds.
    pub fn forget_calls_out(&mut self, before: i64) -> &mut Self {
        self.run(&FORGET, params![before])
    }
}

impl Store {
    /// Calls whose time has come, at most `limit`.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn due_calls_out(&self, now: i64, limit: i64) -> Result<Vec<OutgoingCall>, StoreError> {
        self.query(&DUE, params![now, limit]).await?.iter().map(read).collect()
    }

    /// Calls of a state, the newest first, before one of them.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn calls_out(
        &self,
        state: OutState,
        before: Option<(Timestamp, ExchangeId)>,
        limit: i64,
    ) -> Result<Vec<OutgoingCall>, StoreError> {
        let (at, id) = before.unwrap_or((Timestamp::MAX, ExchangeId::from_uuid(Uuid::max())));
        self.query(&OF_STATE, params![state.as_str(), at, id, limit]).await?.iter().map(read).collect()
    }

    /// One outgoing call.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn call_out(&self, id: ExchangeId) -> Result<Option<OutgoingCall>, StoreError> {
        self.first(&ONE, params![id]).await?.as_ref().map(read).transpose()
    }

    /// How many calls there are of a state.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn count_calls_out(&self, state: OutState) -> Result<i64, StoreError> {
        self.first(&COUNT, params![state.as_str()]).await?.map_or(Ok(0), |row| row.get(0))
    }
}
