//! What is due for each source, and how its last runs went.

use mhero_core::SourceId;
use uuid::Uuid;

use crate::{Row, Store, StoreError, Unit, params, statement::statements};

statements! {
    ENSURE = "INSERT INTO sync_state (source, queued_at, queued_why, allow_removals, next_at, succeeded_at, failed_at, failures, reason, silent_told_at) VALUES ($1, NULL, NULL, FALSE, NULL, NULL, NULL, 0, NULL, NULL) ON CONFLICT (source) DO NOTHING";
    QUEUE = "UPDATE sync_state SET queued_at = $2, queued_why = $3, allow_removals = (allow_removals OR $4) WHERE source = $1";
    /// What was asked for while the run was under way stays.
    UNQUEUE = "UPDATE sync_state SET queued_at = NULL, queued_why = NULL, allow_removals = FALSE WHERE source = $1 AND queued_at = $2";
    NEXT = "UPDATE sync_state SET next_at = $2 WHERE source = $1";
    SUCCEEDED = "UPDATE sync_state SET succeeded_at = $2, failures = 0, reason = NULL, silent_told_at = NULL WHERE source = $1";
    FAILED = "UPDATE sync_state SET failed_at = $2, failures = failures + 1, reason = $3 WHERE source = $1";
    TOLD = "UPDATE sync_state SET silent_told_at = $2 WHERE source = $1";
    LIST = "SELECT source, queued_at, queued_why, allow_removals, next_at, succeeded_at, failed_at, failures, reason, silent_told_at FROM sync_state ORDER BY queued_at ASC NULLS LAST, source ASC NULLS LAST";
    DROP = "DELETE FROM sync_state WHERE source = $1";
    SET_USER_PHONE = "INSERT INTO user_phone (owner, path) VALUES ($1, $2) ON CONFLICT (owner) DO UPDATE SET path = $2";
    DROP_USER_PHONE = "DELETE FROM user_phone WHERE owner = $1";
    USER_PHONES = "SELECT p.owner, p.path FROM user_phone p ORDER BY p.owner ASC NULLS LAST";
    ADMIN_PHONES = "SELECT u.id, p.path, u.language FROM user_phone p JOIN app_user u ON u.id = p.owner WHERE u.active AND EXISTS (SELECT 1 FROM role_grant g WHERE g.principal = u.id AND g.role = 'admin') ORDER BY u.id ASC NULLS LAST";
}

/// What is due for a source, and how its last runs went. Instants are UTC microseconds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyncState {
    /// The source.
    pub source: SourceId,
    /// Since when a run is wanted.
    pub queued_at: Option<i64>,
    /// What wants it: `schedule`, `notified`, `now`.
    pub queued_why: Option<String>,
    /// Whether that run may remove as much as it finds gone.
    pub allow_removals: bool,
    /// When the next run by schedule is due.
    pub next_at: Option<i64>,
    /// When a run last succeeded.
    pub succeeded_at: Option<i64>,
    /// When a run last failed.
    pub failed_at: Option<i64>,
    /// Failures since the last success.
    pub failures: i64,
    /// Why the last one failed, as JSON of a locale key and its variables; `None` after a success.
    pub reason: Option<String>,
    /// When the administrators were told that the source is silent; `None` since the last success.
    pub silent_told_at: Option<i64>,
}

impl SyncState {
    fn read(row: &Row) -> Result<Self, StoreError> {
        Ok(Self {
            source: row.get(0)?,
            queued_at: row.get(1)?,
            queued_why: row.get(2)?,
            allow_removals: row.get(3)?,
            next_at: row.get(4)?,
            succeeded_at: row.get(5)?,
            failed_at: row.get(6)?,
            failures: row.get(7)?,
            reason: row.get(8)?,
            silent_told_at: row.get(9)?,
        })
    }
}

impl Unit {
    /// Makes sure that a source has a state.
    pub fn ensure_sync_state(&mut self, source: SourceId) -> &mut Self {
        self.run(&ENSURE, params![source])
    }

    /// Wants a run of a source as soon as possible.
    pub fn queue_sync(&mut self, source: SourceId, why: &str, allow_removals: bool, at: i64) -> &mut Self {
        self.ensure_sync_state(source);
        self.one(&QUEUE, params![source, at, why, allow_removals])
    }

    /// The run that was wanted at an instant has taken place.
    pub fn unqueue_sync(&mut self, source: SourceId, queued_at: i64) -> &mut Self {
        self.run(&UNQUEUE, params![source, queued_at])
    }

    /// When the next run by schedule is due, as people see it.
    pub fn set_sync_next(&mut self, source: SourceId, at: Option<i64>) -> &mut Self {
        self.run(&NEXT, params![source, at])
    }

    /// A run has succeeded.
    pub fn sync_succeeded(&mut self, source: SourceId, at: i64) -> &mut Self {
        self.ensure_sync_state(source);
        self.one(&SUCCEEDED, params![source, at])
    }

    /// A run has failed.
    pub fn sync_failed(&mut self, source: SourceId, reason: &str, at: i64) -> &mut Self {
        self.ensure_sync_state(source);
        self.one(&FAILED, params![source, at, reason])
    }

    /// The administrators are told that a source is silent.
    pub fn told_of_silence(&mut self, source: SourceId, at: i64) -> &mut Self {
        self.one(&TOLD, params![source, at])
    }

    /// Forgets what is due for a source.
    pub fn drop_sync_state(&mut self, source: SourceId) -> &mut Self {
        self.run(&DROP, params![source])
    }

    /// Where a user is told by SMS what can't wait; `None` nowhere.
    pub fn set_user_phone(&mut self, user: Uuid, path: Option<&str>) -> &mut Self {
        match path {
            Some(path) => self.one(&SET_USER_PHONE, params![user, path]),
            None => self.run(&DROP_USER_PHONE, params![user]),
        }
    }
}

impl Store {
    /// The states of all sources that have one, those first that have waited longest for a run.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn sync_states(&self) -> Result<Vec<SyncState>, StoreError> {
        self.query(&LIST, vec![]).await?.iter().map(SyncState::read).collect()
    }

    /// Numbers of users, in E.164.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn user_phones(&self) -> Result<Vec<(Uuid, String)>, StoreError> {
        let rows = self.query(&USER_PHONES, vec![]).await?;
        rows.iter().map(|row| Ok((row.get(0)?, row.get(1)?))).collect()
    }

    /// Active administrators who have a number: id, number, language.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn admin_phones(&self) -> Result<Vec<(Uuid, String, mhero_core::Lang)>, StoreError> {
        let rows = self.query(&ADMIN_PHONES, vec![]).await?;
        rows.iter().map(|row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).collect()
    }
}
