//! Sessions of the console. Only the digest of a cookie is kept; ends are instants of our clock.

use mhero_core::UserId;

use crate::{Queue, Store, StoreError, Unit, params, statement::statements};

statements! {
    ADD = "INSERT INTO web_session (digest, user_id, content, created_at, idle_until, absolute_until) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (digest) DO NOTHING";
    READ = "SELECT user_id, content, idle_until, absolute_until FROM web_session WHERE digest = $1 AND idle_until > $2 AND absolute_until > $2";
    /// It changes only what is there: a session that was ended elsewhere does not come back.
    SAVE = "UPDATE web_session SET user_id = $2, content = $3, idle_until = $4 WHERE digest = $1 AND idle_until > $5 AND absolute_until > $5";
    TOUCH = "UPDATE web_session SET idle_until = $2 WHERE digest = $1 AND idle_until > $3";
    DELETE = "DELETE FROM web_session WHERE digest = $1";
    DELETE_OF_USER = "DELETE FROM web_session WHERE user_id = $1";
    COUNT_OF_USER = "SELECT CAST(COUNT(*) AS BIGINT) FROM web_session WHERE user_id = $1 AND idle_until > $2 AND absolute_until > $2";
    SWEEP = "DELETE FROM web_session WHERE idle_until <= $1 OR absolute_until <= $1";
}

/// A session as stored. It shows neither digest nor content.
#[derive(Clone, PartialEq, Eq)]
pub struct WebSession {
    /// SHA-256 of the cookie's value.
    pub digest: Vec<u8>,
    /// Whose it is; `None` before signing in.
    pub user: Option<UserId>,
    /// What the web layer keeps in it, JSON.
    pub content: String,
    /// It ends then unless used, in UTC microseconds.
    pub idle_until: i64,
    /// It ends then in any case, in UTC microseconds.
    pub absolute_until: i64,
}

impl std::fmt::Debug for WebSession {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("WebSession").field("user", &self.user).finish_non_exhaustive()
    }
}

impl Unit {
    /// Ends all sessions of a user.
    pub fn end_sessions_of(&mut self, user: UserId) -> &mut Self {
        self.run(&DELETE_OF_USER, params![user])
    }
}

impl Store {
    /// Adds a session. False when the digest is taken.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn add_session(&self, session: &WebSession, now: i64) -> Result<bool, StoreError> {
        let mut unit = Unit::new();
        unit.run(
            &ADD,
            params![
                session.digest.as_slice(),
                session.user,
                &session.content,
                now,
                session.idle_until,
                session.absolute_until
            ],
        );
        Ok(self.write(unit, Queue::Interactive).await?.rows[0] == 1)
    }

    /// A session that has not ended at an instant.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn session(&self, digest: &[u8], now: i64) -> Result<Option<WebSession>, StoreError> {
        let row = self.first(&READ, params![digest, now]).await?;
        row.map(|row| {
            Ok(WebSession {
                digest: digest.to_vec(),
                user: row.get(0)?,
                content: row.get(1)?,
                idle_until: row.get(2)?,
                absolute_until: row.get(3)?,
            })
        })
        .transpose()
    }

    /// Stores user and content of a session that has not ended. False when it has, or was ended elsewhere.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn save_session(&self, session: &WebSession, now: i64) -> Result<bool, StoreError> {
        let mut unit = Unit::new();
        unit.run(&SAVE, params![session.digest.as_slice(), session.user, &session.content, session.idle_until, now]);
        Ok(self.write(unit, Queue::Interactive).await?.rows[0] == 1)
    }

    /// Moves the idle end of a session on.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn touch_session(&self, digest: &[u8], idle_until: i64, now: i64) -> Result<(), StoreError> {
        let mut unit = Unit::new();
        unit.run(&TOUCH, params![digest, idle_until, now]);
        self.write(unit, Queue::Interactive).await.map(|_| ())
    }

    /// Ends a session, if it is there.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn end_session(&self, digest: &[u8]) -> Result<(), StoreError> {
        let mut unit = Unit::new();
        unit.run(&DELETE, params![digest]);
        self.write(unit, Queue::Interactive).await.map(|_| ())
    }

    /// How many sessions of a user have not ended.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn count_sessions(&self, user: UserId, now: i64) -> Result<i64, StoreError> {
        self.first(&COUNT_OF_USER, params![user, now]).await?.map_or(Ok(0), |row| row.get(0))
    }

    /// Removes sessions that have ended; returns how many.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn sweep_sessions(&self, now: i64) -> Result<u64, StoreError> {
        let mut unit = Unit::new();
        unit.run(&SWEEP, params![now]);
        Ok(self.write(unit, Queue::Bulk).await?.rows[0])
    }
}
