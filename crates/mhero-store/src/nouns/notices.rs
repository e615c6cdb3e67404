//! What neighbours are told by HTTP: whom, and what is on its way to each, in order.

mod hooks;

use uuid::Uuid;

pub(crate) use hooks::ALL as HOOKS;
pub use hooks::{NoticeSeen, ShownVersion, WebHookRow};

use crate::{Row, Store, StoreError, Unit, params, statement::statements};

statements! {
    ADD_TARGET = "INSERT INTO notice_target (id, purpose, subject, url, secret, owner, state, failures, failure, created_at, updated_at, version) VALUES ($1, $2, $3, $4, $5, $6, $7, 0, NULL, $8, $8, 1)";
    SET_TARGET = "UPDATE notice_target SET url = $3, secret = $4, owner = $5, state = $6, failures = $7, failure = $8, updated_at = $9, version = version + 1 WHERE id = $1 AND version = $2";
    DROP_TARGET = "DELETE FROM notice_target WHERE id = $1";
    DROP_NOTICES = "DELETE FROM notice WHERE target = $1";
    TARGET = "SELECT id, purpose, subject, url, secret, owner, state, failures, failure, created_at, updated_at, version FROM notice_target WHERE id = $1";
    TARGETS = "SELECT id, purpose, subject, url, secret, owner, state, failures, failure, created_at, updated_at, version FROM notice_target WHERE purpose = $1 AND ($2 = '' OR subject = $2) ORDER BY created_at ASC NULLS LAST, id ASC NULLS LAST";
    ADD = "INSERT INTO notice (id, target, once_key, method, path, content_type, body, state, attempt, ready_at, status, failure, created_at, done_at) VALUES ($1, $2, $3, $4, $5, $6, $7, 'ready', 0, $8, NULL, NULL, $8, NULL) ON CONFLICT (target, once_key) DO NOTHING";
    /// Of each target that is on, the one whose turn it is.
    DUE = "SELECT n.id, n.target, n.method, n.path, n.content_type, n.body, n.state, n.attempt, n.status, n.failure, n.created_at, n.done_at FROM notice_target t JOIN notice n ON n.entry = (SELECT MIN(e.entry) FROM notice e WHERE e.target = t.id AND e.state = 'ready') WHERE t.state = 'on' AND n.ready_at <= $1 ORDER BY n.ready_at ASC NULLS LAST, n.entry ASC NULLS LAST LIMIT $2";
    DONE = "UPDATE notice SET state = 'done', attempt = attempt + 1, status = $2, failure = NULL, body = $3, done_at = $4 WHERE id = $1 AND state = 'ready'";
    AGAIN = "UPDATE notice SET attempt = attempt + 1, ready_at = $2, status = $3, failure = $4 WHERE id = $1 AND state = 'ready'";
    DEAD = "UPDATE notice SET state = 'dead', attempt = attempt + 1, status = $2, failure = $3, done_at = $4 WHERE id = $1 AND state = 'ready'";
    /// Those that ended dead wait for their turn anew, those that wait for a later attempt at once.
    REVIVE = "UPDATE notice SET state = 'ready', attempt = 0, ready_at = $2, done_at = NULL WHERE target = $1 AND state IN ('dead', 'ready')";
    OF_TARGET = "SELECT id, target, method, path, content_type, body, state, attempt, status, failure, created_at, done_at FROM notice WHERE target = $1 ORDER BY entry DESC NULLS LAST LIMIT $2";
    COUNT = "SELECT state, CAST(COUNT(*) AS BIGINT) FROM notice WHERE target = $1 GROUP BY state ORDER BY state ASC NULLS LAST";
    SWEEP = "DELETE FROM notice WHERE done_at IS NOT NULL AND done_at < $1";
}

/// Somebody who is told.
#[derive(Clone, PartialEq, Eq)]
pub struct NoticeTarget {
    /// Its id.
    pub id: Uuid,
    /// `fhir-subscription`, `resthook`, `web-hook`.
    pub purpose: String,
    /// What it is among those of its purpose.
    pub subject: String,
    /// Where.
    pub url: String,
    /// Headers and the key of signatures, sealed.
    pub secret: Option<Vec<u8>>,
    /// The user or token that asked for it.
    pub owner: Option<Uuid>,
    /// `on`, `off`, `failed`.
    pub state: String,
    /// Attempts that failed since the last one that did not.
    pub failures: i64,
    /// Why the last one failed.
    pub failure: Option<String>,
    /// When it was made, in UTC microseconds.
    pub created_at: i64,
    /// When it was changed.
    pub updated_at: i64,
    /// For guards.
    pub version: i64,
}

/// No address and no secret: tokens stand in both.
impl std::fmt::Debug for NoticeTarget {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut shown = f.debug_struct("NoticeTarget");
        shown.field("id", &self.id).field("purpose", &self.purpose).field("state", &self.state).finish_non_exhaustive()
    }
}

/// Something that is told.
#[derive(Clone, PartialEq, Eq)]
pub struct NoticeRow {
    /// Its id.
    pub id: Uuid,
    /// Whom.
    pub target: Uuid,
    /// `POST`, `PUT`.
    pub method: String,
    /// What comes after the target's address.
    pub path: String,
    /// The type of the body; empty for none.
    pub content_type: String,
    /// The body, sealed.
    pub body: Vec<u8>,
    /// `ready`, `done`, `dead`.
    pub state: String,
    /// How often it was tried.
    pub attempt: i64,
    /// The last status of HTTP.
    pub status: Option<i64>,
    /// Why the last attempt failed.
    pub failure: Option<String>,
    /// When it was written, in UTC microseconds.
    pub created_at: i64,
    /// When it arrived, or was given up.
    pub done_at: Option<i64>,
}

/// No body.
impl std::fmt::Debug for NoticeRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut shown = f.debug_struct("NoticeRow");
        shown.field("id", &self.id).field("state", &self.state).field("attempt", &self.attempt).finish_non_exhaustive()
    }
}

/// Something that is to be told.
#[derive(Clone, Debug)]
pub struct NewNotice<'a> {
    /// Its id.
    pub id: Uuid,
    /// Whom.
    pub target: Uuid,
    /// What makes it the same notice when it is written twice.
    pub once_key: &'a str,
    /// `POST`, `PUT`.
    pub method: &'a str,
    /// What comes after the target's address.
    pub path: &'a str,
    /// The type of the body; empty for none.
    pub content_type: &'a str,
    /// The body, sealed.
    pub body: Vec<u8>,
}

fn target(row: &Row) -> Result<NoticeTarget, StoreError> {
    Ok(NoticeTarget {
        id: row.get(0)?,
        purpose: row.get(1)?,
        subject: row.get(2)?,
        url: row.get(3)?,
        secret: row.get(4)?,
        owner: row.get(5)?,
        state: row.get(6)?,
        failures: row.get(7)?,
        failure: row.get(8)?,
        created_at: row.get(9)?,
        updated_at: row.get(10)?,
        version: row.get(11)?,
    })
}

fn notice(row: &Row) -> Result<NoticeRow, StoreError> {
    Ok(NoticeRow {
        id: row.get(0)?,
        target: row.get(1)?,
        method: row.get(2)?,
        path: row.get(3)?,
        content_type: row.get(4)?,
        body: row.get(5)?,
        state: row.get(6)?,
        attempt: row.get(7)?,
        status: row.get(8)?,
        failure: row.get(9)?,
        created_at: row.get(10)?,
        done_at: row.get(11)?,
    })
}

impl Unit {
    /// Adds somebody who is told; failures and version of the row do not count.
    pub fn add_notice_target(&mut self, row: &NoticeTarget) -> &mut Self {
        let (secret, owner) = (row.secret.clone(), row.owner);
        self.one(
            &ADD_TARGET,
            params![row.id, &row.purpose, &row.subject, &row.url, secret, owner, &row.state, row.created_at],
        )
    }

    /// Changes somebody who is told. The unit fails when the row has another version by now.
    pub fn set_notice_target(&mut self, row: &NoticeTarget, now: i64) -> &mut Self {
        let (secret, failure) = (row.secret.clone(), row.failure.clone());
        self.one(
            &SET_TARGET,
            params![row.id, row.version, &row.url, secret, row.owner, &row.state, row.failures, failure, now],
        )
    }

    /// Tells somebody nothing more, also not what waits.
    pub fn drop_notice_target(&mut self, id: Uuid) -> &mut Self {
        self.run(&DROP_NOTICES, params![id]).run(&DROP_TARGET, params![id])
    }

    /// Adds something that is told; one with the same key is there already.
    pub fn add_notice(&mut self, new: NewNotice<'_>, now: i64) -> &mut Self {
        let NewNotice { id, target, once_key, method, path, content_type, body } = new;
        self.run(&ADD, params![id, target, once_key, method, path, content_type, body, now])
    }

    /// It has arrived: its body is forgotten.
    pub fn notice_done(&mut self, id: Uuid, status: Option<i64>, now: i64) -> &mut Self {
        self.one(&DONE, params![id, status, Vec::<u8>::new(), now])
    }

    /// It is tried again at a time.
    pub fn notice_again(&mut self, id: Uuid, ready_at: i64, status: Option<i64>, failure: &str) -> &mut Self {
        self.one(&AGAIN, params![id, ready_at, status, failure])
    }

    /// It is given up.
    pub fn notice_dead(&mut self, id: Uuid, status: Option<i64>, failure: &str, now: i64) -> &mut Self {
        self.one(&DEAD, params![id, status, failure, now])
    }

    /// What was given up for a target, and what waits for a later attempt, is tried from the beginning.
    pub fn revive_notices(&mut self, target: Uuid, now: i64) -> &mut Self {
        self.run(&REVIVE, params![target, now])
    }

    /// Forgets what ended before a time.
    pub fn sweep_notices(&mut self, before: i64) -> &mut Self {
        self.run(&SWEEP, params![before])
    }
}

impl Store {
    /// Somebody who is told.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn notice_target(&self, id: Uuid) -> Result<Option<NoticeTarget>, StoreError> {
        self.first(&TARGET, params![id]).await?.as_ref().map(target).transpose()
    }

    /// Those who are told for a purpose, about one subject or, with an empty text, about any, oldest first.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn notice_targets(&self, purpose: &str, subject: &str) -> Result<Vec<NoticeTarget>, StoreError> {
        self.query(&TARGETS, params![purpose, subject]).await?.iter().map(target).collect()
    }

    /// Of each target that is on, the notice whose turn it is, where its time has come.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn due_notices(&self, now: i64, limit: i64) -> Result<Vec<NoticeRow>, StoreError> {
        self.query(&DUE, params![now, limit]).await?.iter().map(notice).collect()
    }

    /// The last notices of a target, newest first.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn notices_of(&self, target: Uuid, limit: i64) -> Result<Vec<NoticeRow>, StoreError> {
        self.query(&OF_TARGET, params![target, limit]).await?.iter().map(notice).collect()
    }

    /// How many notices of a target are in each state.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn count_notices(&self, target: Uuid) -> Result<Vec<(String, i64)>, StoreError> {
        self.query(&COUNT, params![target]).await?.iter().map(|row| Ok((row.get(0)?, row.get(1)?))).collect()
    }
}
