//! Timers: one thing to do at an instant. Who fires one removes it in the unit of what it does.

use uuid::Uuid;

use crate::{Row, Store, StoreError, Unit, params, statement::statements};

statements! {
    SET = "INSERT INTO timer (id, kind, key, due_at, payload) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (kind, key) DO UPDATE SET id = $1, due_at = $4, payload = $5";
    CLEAR = "DELETE FROM timer WHERE kind = $1 AND key = $2";
    FIRED = "DELETE FROM timer WHERE id = $1";
    DUE = "SELECT id, kind, key, due_at, payload FROM timer WHERE due_at <= $1 ORDER BY due_at ASC NULLS LAST, id ASC NULLS LAST LIMIT $2";
    NEXT = "SELECT CAST(MIN(due_at) AS BIGINT) FROM timer";
}

/// A timer that is due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Timer {
    /// Its id; a timer set anew under the same key has another.
    pub id: Uuid,
    /// What to do.
    pub kind: String,
    /// About what. Unique within a kind.
    pub key: String,
    /// When, in UTC microseconds.
    pub due_at: i64,
    /// JSON for whoever does it.
    pub payload: String,
}

impl Timer {
    fn read(row: &Row) -> Result<Self, StoreError> {
        Ok(Self { id: row.get(0)?, kind: row.get(1)?, key: row.get(2)?, due_at: row.get(3)?, payload: row.get(4)? })
    }
}

impl Unit {
    /// Sets a timer, or sets it anew.
    pub fn set_timer(&mut self, store: &Store, kind: &str, key: &str, due_at: i64, payload: &str) -> &mut Self {
        self.run(&SET, params![store.mint().uuid(), kind, key, due_at, payload])
    }

    /// Clears a timer, if it is set.
    pub fn clear_timer(&mut self, kind: &str, key: &str) -> &mut Self {
        self.run(&CLEAR, params![kind, key])
    }

    /// Takes a due timer; the unit fails when somebody else has taken it or it was set anew.
    pub fn fired(&mut self, timer: &Timer) -> &mut Self {
        self.one(&FIRED, params![timer.id])
    }
}

impl Store {
    /// Timers due at an instant, earliest first.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn due_timers(&self, now: i64, limit: i64) -> Result<Vec<Timer>, StoreError> {
        self.query(&DUE, params![now, limit]).await?.iter().map(Timer::read).collect()
    }

    /// When the next timer is due.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn next_timer(&self) -> Result<Option<i64>, StoreError> {
        self.first(&NEXT, vec![]).await?.map_or(Ok(None), |row| row.get(0))
    }
}
