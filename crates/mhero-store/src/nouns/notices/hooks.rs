//! Web hooks of neighbours' programs: what each wants to hear and how far it has heard; and notices one by one, for people.

use uuid::Uuid;

use super::{NoticeRow, notice};
use crate::{Row, Store, StoreError, Unit, params, statement::statements};

/// The columns of a notice for people.
macro_rules! seen {
    () => {
        "SELECT n.id, n.entry, n.target, n.once_key, t.purpose, t.subject, t.url, n.method, n.state, n.attempt, n.ready_at, n.status, n.failure, n.created_at, n.done_at FROM notice n JOIN notice_target t ON t.id = n.target "
    };
}

statements! {
    ADD_HOOK = "INSERT INTO web_hook (id, name, events, change_from, shown_from, sequence, told_at, version) VALUES ($1, $2, $3, $4, $5, 0, NULL, 1)";
    HOOKS = "SELECT id, name, events, change_from, shown_from, sequence, told_at, version FROM web_hook ORDER BY name ASC NULLS LAST";
    SET_HOOK = "UPDATE web_hook SET events = $3, change_from = $4, shown_from = $5, sequence = $6, told_at = $7, version = version + 1 WHERE id = $1 AND version = $2";
    DROP_HOOK = "DELETE FROM web_hook WHERE id = $1";
    /// Whether a target was told this already.
    TOLD = "SELECT 1 FROM notice WHERE target = $1 AND once_key = $2";
    WAITING = "SELECT CAST(COUNT(*) AS BIGINT) FROM notice WHERE target = $1 AND state = 'ready'";
    /// The one whose turn it is.
    NEXT = "SELECT n.id, n.target, n.method, n.path, n.content_type, n.body, n.state, n.attempt, n.status, n.failure, n.created_at, n.done_at FROM notice n WHERE n.entry = (SELECT MIN(e.entry) FROM notice e WHERE e.target = $1 AND e.state = 'ready') AND n.ready_at <= $2";
    /// Messages and runs among the versions of what is shown, in the order of their commits.
    SHOWN_SINCE = "SELECT v.number, v.kind, r.id FROM fhir_version v JOIN fhir_resource r ON r.resource = v.resource WHERE v.number > $1 AND v.number <= $2 AND v.kind IN ('Communication', 'QuestionnaireResponse') AND v.method <> 'DELETE' ORDER BY v.number ASC NULLS LAST LIMIT $3";
    IN_STATE = (concat!(seen!(), "WHERE n.state = $1 AND (n.created_at < $2 OR (n.created_at = $2 AND n.id < $3)) ORDER BY n.created_at DESC NULLS FIRST, n.id DESC NULLS FIRST LIMIT $4"));
    SEEN_OF = (concat!(seen!(), "WHERE n.target = $1 AND n.entry < $2 ORDER BY n.entry DESC NULLS FIRST LIMIT $3"));
    SEEN = (concat!(seen!(), "WHERE n.id = $1"));
    COUNT_IN_STATE = "SELECT CAST(COUNT(*) AS BIGINT) FROM notice WHERE state = $1";
    /// One that was given up waits for its turn anew.
    REVIVE_ONE = "UPDATE notice SET state = 'ready', attempt = 0, ready_at = $2, done_at = NULL WHERE id = $1 AND state = 'dead'";
}

/// A web hook beside its target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebHookRow {
    /// The target's id.
    pub id: Uuid,
    /// What people call it; unique.
    pub name: String,
    /// The events it is told, words with spaces between.
    pub events: String,
    /// How far the change feed was looked through for it.
    pub change_from: i64,
    /// How far the versions of what is shown were.
    pub shown_from: i64,
    /// The number of its last event, 0 for none.
    pub sequence: i64,
    /// When the administrators were told that it failed, in UTC microseconds.
    pub told_at: Option<i64>,
    /// For guards.
    pub version: i64,
}

/// A message or a run among the versions of what is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShownVersion {
    /// Its number, in the order of commits.
    pub number: i64,
    /// `Communication` for a message, `QuestionnaireResponse` for a run.
    pub kind: String,
    /// The id that it is shown under.
    pub id: String,
}

/// A notice as people see it: never what it says.
#[derive(Clone, PartialEq, Eq)]
pub struct NoticeSeen {
    /// Its id.
    pub id: Uuid,
    /// Its place in the order of all.
    pub entry: i64,
    /// Whom.
    pub target: Uuid,
    /// What makes it the same one.
    pub once_key: String,
    /// What the target is for.
    pub purpose: String,
    /// What the target is among those of its purpose.
    pub subject: String,
    /// The target's address.
    pub url: String,
    /// `POST`, `PUT`.
    pub method: String,
    /// `ready`, `done`, `dead`.
    pub state: String,
    /// How often it was tried.
    pub attempt: i64,
    /// When it is tried next, in UTC microseconds.
    pub ready_at: i64,
    /// The last status of HTTP.
    pub status: Option<i64>,
    /// Why the last attempt failed.
    pub failure: Option<String>,
    /// When it was written.
    pub created_at: i64,
    /// When it arrived, or was given up.
    pub done_at: Option<i64>,
}

/// No address: tokens stand in some.
impl std::fmt::Debug for NoticeSeen {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NoticeSeen").field("id", &self.id).field("state", &self.state).finish_non_exhaustive()
    }
}

fn hook(row: &Row) -> Result<WebHookRow, StoreError> {
    Ok(WebHookRow {
        id: row.get(0)?,
        name: row.get(1)?,
        events: row.get(2)?,
        change_from: row.get(3)?,
        shown_from: row.get(4)?,
        sequence: row.get(5)?,
        told_at: row.get(6)?,
        version: row.get(7)?,
    })
}

fn seen(row: &Row) -> Result<NoticeSeen, StoreError> {
    Ok(NoticeSeen {
        id: row.get(0)?,
        entry: row.get(1)?,
        target: row.get(2)?,
        once_key: row.get(3)?,
        purpose: row.get(4)?,
        subject: row.get(5)?,
        url: row.get(6)?,
        method: row.get(7)?,
        state: row.get(8)?,
        attempt: row.get(9)?,
        ready_at: row.get(10)?,
        status: row.get(11)?,
        failure: row.get(12)?,
        created_at: row.get(13)?,
        done_at: row.get(14)?,
    })
}

impl Unit {
    /// Adds a web hook beside its target; [`StoreError::Exists`] when the name is taken.
    pub fn add_web_hook(&mut self, row: &WebHookRow) -> &mut Self {
        self.one(&ADD_HOOK, params![row.id, &row.name, &row.events, row.change_from, row.shown_from])
    }

    /// Changes a web hook. The unit fails when the row has another version by now.
    pub fn set_web_hook(&mut self, row: &WebHookRow) -> &mut Self {
        let given =
            params![row.id, row.version, &row.events, row.change_from, row.shown_from, row.sequence, row.told_at];
        self.one(&SET_HOOK, given)
    }

    /// Takes a web hook away, with its target and all that waits for it.
    pub fn drop_web_hook(&mut self, id: Uuid) -> &mut Self {
        self.one(&DROP_HOOK, params![id]).drop_notice_target(id)
    }

    /// A notice that was given up waits for its turn anew; the unit fails when it does already.
    pub fn revive_notice(&mut self, id: Uuid, now: i64) -> &mut Self {
        self.one(&REVIVE_ONE, params![id, now])
    }
}

impl Store {
    /// All web hooks, by name.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn web_hooks(&self) -> Result<Vec<WebHookRow>, StoreError> {
        self.query(&HOOKS, params![]).await?.iter().map(hook).collect()
    }

    /// Whether a target was told something already, or is about to be.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn is_notice_told(&self, target: Uuid, once_key: &str) -> Result<bool, StoreError> {
        Ok(self.first(&TOLD, params![target, once_key]).await?.is_some())
    }

    /// How many notices wait for a target.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn waiting_notices(&self, target: Uuid) -> Result<i64, StoreError> {
        self.first(&WAITING, params![target]).await?.map_or(Ok(0), |row| row.get(0))
    }

    /// The notice of a target whose turn it is, where its time has come.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn next_notice(&self, target: Uuid, now: i64) -> Result<Option<NoticeRow>, StoreError> {
        self.first(&NEXT, params![target, now]).await?.as_ref().map(notice).transpose()
    }

    /// Messages and runs among the versions of what is shown, behind one number and until another.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn shown_since(&self, (from, until): (i64, i64), limit: i64) -> Result<Vec<ShownVersion>, StoreError> {
        let rows = self.query(&SHOWN_SINCE, params![from, until, limit]).await?;
        rows.iter().map(|row| Ok(ShownVersion { number: row.get(0)?, kind: row.get(1)?, id: row.get(2)? })).collect()
    }

    /// Notices in a state before an instant and id, newest first.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn notices_in_state(
        &self,
        state: &str,
        (at, id): (i64, Uuid),
        limit: i64,
    ) -> Result<Vec<NoticeSeen>, StoreError> {
        self.query(&IN_STATE, params![state, at, id, limit]).await?.iter().map(seen).collect()
    }

    /// How many notices are in a state that is not `done`.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn count_notices_in_state(&self, state: &str) -> Result<i64, StoreError> {
        self.first(&COUNT_IN_STATE, params![state]).await?.map_or(Ok(0), |row| row.get(0))
    }

    /// Notices of a target before an entry, newest first.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn notices_seen(&self, target: Uuid, before: i64, limit: i64) -> Result<Vec<NoticeSeen>, StoreError> {
        self.query(&SEEN_OF, params![target, before, limit]).await?.iter().map(seen).collect()
    }

    /// One notice as people see it.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn notice_seen(&self, id: Uuid) -> Result<Option<NoticeSeen>, StoreError> {
        self.first(&SEEN, params![id]).await?.as_ref().map(seen).transpose()
    }
}
