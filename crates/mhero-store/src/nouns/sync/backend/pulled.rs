//! What was read back from a back end: how far each list was read, messages, runs, who is whom, and what somebody must look at.

use std::collections::HashMap;

use mhero_core::{MessageId, PersonId, SourceId, StartId};
use uuid::Uuid;

use crate::{
    Guard, NewMessage, Row, Store, StoreError, Unit, nouns::audience::hex_list, params, statement::statements,
};

statements! {
    LISTS = "SELECT list, watermark, cursor, newest, looked_at, pulled_at, next_at, failures, reason, items FROM backend_list WHERE source = $1 ORDER BY list ASC NULLS LAST";
    PUT_LIST = "INSERT INTO backend_list (source, list, watermark, cursor, newest, looked_at, pulled_at, next_at, failures, reason, items) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT (source, list) DO UPDATE SET watermark = $3, cursor = $4, newest = $5, looked_at = $6, pulled_at = $7, next_at = $8, failures = $9, reason = $10, items = $11";
    /// As our own people were written out, as the registry of contacts has them, or as they came before.
    WHO = "SELECT COALESCE((SELECT a.person FROM person_alias a WHERE a.alias = x.person), x.person) FROM (SELECT person, 1 AS rank FROM written_out WHERE source = $1 AND ext_id = $2 UNION ALL SELECT entity, 2 AS rank FROM source_record WHERE source = $1 AND kind = 'contact' AND ext_id = $2 AND entity_kind = 'person' AND entity IS NOT NULL UNION ALL SELECT person, 3 AS rank FROM backend_contact WHERE source = $1 AND contact = $2) x ORDER BY x.rank ASC NULLS LAST LIMIT 1";
    PUT_CONTACT = "INSERT INTO backend_contact (source, contact, person, seen_at) VALUES ($1, $2, $3, $4) ON CONFLICT (source, contact) DO UPDATE SET person = $3, seen_at = $4";
    PUT_ITEM = "INSERT INTO backend_item (kind, entity, source, remote) VALUES ($1, $2, $3, $4) ON CONFLICT (kind, entity) DO NOTHING";
    MESSAGE = "SELECT state FROM message WHERE id = $1";
    /// Whatever was thought of it before, what the other system says counts: it carries it. Only ever forward.
    MOVE = "UPDATE message SET state = $3, sent_at = COALESCE(sent_at, $4), done_at = COALESCE($5, done_at), version = version + 1 WHERE id = $1 AND state = $2 AND kind = 'elsewhere'";
    RUN = "SELECT COALESCE(modified_at, started_at), exited_at, start FROM flow_run WHERE id = $1";
    OPEN = "SELECT CAST(MIN(m.created_at) AS BIGINT) FROM backend_item i JOIN message m ON m.id = i.entity WHERE i.kind = 'message' AND i.source = $1 AND m.direction = 'out' AND m.state IN ('waiting', 'sent', 'cancelled') AND m.created_at > $2";
    FROM = "SELECT i.entity, s.name FROM backend_item i JOIN source s ON s.id = i.source WHERE i.kind = 'message' AND i.entity IN (SELECT decode(unnest(string_to_array($1, ',')), 'hex'))"
        | "SELECT i.entity, s.name FROM backend_item i JOIN source s ON s.id = i.source WHERE i.kind = 'message' AND i.entity IN (SELECT unhex(value) FROM json_each('[\"' || replace($1, ',', '\",\"') || '\"]'))";
    PUT_PROBLEM = "INSERT INTO backend_problem (source, subject, kind, person, at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (source, subject, kind) DO UPDATE SET person = $4, at = $5";
    DROP_PROBLEM = "DELETE FROM backend_problem WHERE source = $1 AND subject = $2 AND kind = $3";
    PROBLEMS = "SELECT subject, kind, person, at FROM backend_problem WHERE source = $1 ORDER BY at DESC NULLS LAST, subject ASC NULLS LAST LIMIT $2";
    ITEMS = "SELECT kind, CAST(COUNT(*) AS BIGINT) FROM backend_item WHERE source = $1 GROUP BY kind ORDER BY kind ASC NULLS LAST";
}

/// When a run last changed, when it ended, and its start.
type RunStands = (i64, Option<i64>, Option<StartId>);

/// How far a list of a back end was read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BackendList {
    /// `contacts`, `messages`, `runs`, `flows`.
    pub list: String,
    /// From which instant on it is read next, in UTC microseconds.
    pub watermark: Option<i64>,
    /// Where a reading that was cut short goes on.
    pub cursor: Option<String>,
    /// The newest that the present reading has seen.
    pub newest: Option<i64>,
    /// When it was last read from further back than the watermark.
    pub looked_at: Option<i64>,
    /// When it was last read to its end.
    pub pulled_at: Option<i64>,
    /// When it is read next.
    pub next_at: i64,
    /// Failures since it was last read to its end.
    pub failures: i64,
    /// Why it failed, as kept, or empty.
    pub reason: String,
    /// How many of its objects were taken in so far.
    pub items: i64,
}

/// What somebody has to look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BackendProblem {
    /// The object there: `contact UUID`, `run UUID`.
    pub subject: String,
    /// `contact-of-several`, `nobody`.
    pub kind: String,
    /// Who it was given to.
    pub person: Option<PersonId>,
    /// When it was seen last, in UTC microseconds.
    pub at: i64,
}

/// A message of another system, how far it has got.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Elsewhere<'a> {
    /// The message.
    pub id: MessageId,
    /// The state that it had when it was read.
    pub from: &'a str,
    /// The state that it has now.
    pub to: &'a str,
    /// When it was sent.
    pub sent_at: Option<i64>,
    /// When it ended.
    pub done_at: Option<i64>,
}

impl Unit {
    /// Keeps how far a list was read.
    pub fn put_backend_list(&mut self, source: SourceId, l: &BackendList) -> &mut Self {
        let cursor = l.cursor.as_deref();
        self.run(
            &PUT_LIST,
            params![
                source,
                &l.list,
                l.watermark,
                cursor,
                l.newest,
                l.looked_at,
                l.pulled_at,
                l.next_at,
                l.failures,
                &l.reason,
                l.items
            ],
        )
    }

    /// Keeps which contact is whom.
    pub fn put_backend_contact(&mut self, source: SourceId, contact: &str, person: PersonId, now: i64) -> &mut Self {
        self.run(&PUT_CONTACT, params![source, contact, person, now])
    }

    /// Adds a message that was read back; one that is there already stays as it is.
    pub fn add_elsewhere(&mut self, (source, remote): (SourceId, &str), message: &NewMessage) -> &mut Self {
        self.add_message(message, Guard::Any);
        self.run(&PUT_ITEM, params!["message", message.id, source, remote])
    }

    /// Moves a message that was read back on.
    pub fn move_elsewhere(&mut self, moved: Elsewhere<'_>) -> &mut Self {
        self.run(&MOVE, params![moved.id, moved.from, moved.to, moved.sent_at, moved.done_at])
    }

    /// Keeps that a run came from a source.
    pub fn put_backend_run(&mut self, run: Uuid, source: SourceId, remote: &str) -> &mut Self {
        self.run(&PUT_ITEM, params!["run", run, source, remote])
    }

    /// Keeps something that somebody has to look at.
    pub fn put_backend_problem(&mut self, source: SourceId, p: &BackendProblem) -> &mut Self {
        self.run(&PUT_PROBLEM, params![source, &p.subject, &p.kind, p.person, p.at])
    }

    /// Forgets something that somebody had to look at.
    pub fn drop_backend_problem(&mut self, source: SourceId, subject: &str, kind: &str) -> &mut Self {
        self.run(&DROP_PROBLEM, params![source, subject, kind])
    }
}

impl Store {
    /// How far the lists of a source were read.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn backend_lists(&self, source: SourceId) -> Result<Vec<BackendList>, StoreError> {
        let read = |row: &Row| {
            Ok(BackendList {
                list: row.get(0)?,
                watermark: row.get(1)?,
                cursor: row.get(2)?,
                newest: row.get(3)?,
                looked_at: row.get(4)?,
                pulled_at: row.get(5)?,
                next_at: row.get(6)?,
                failures: row.get(7)?,
                reason: row.get(8)?,
                items: row.get(9)?,
            })
        };
        self.query(&LISTS, params![source]).await?.iter().map(read).collect()
    }

    /// Whom a contact is known to be.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn backend_who(&self, source: SourceId, contact: &str) -> Result<Option<PersonId>, StoreError> {
        self.first(&WHO, params![source, contact]).await?.map(|row| row.get(0)).transpose()
    }

    /// How far a message that was read back has got.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn elsewhere_state(&self, id: MessageId) -> Result<Option<String>, StoreError> {
        self.first(&MESSAGE, params![id]).await?.map(|row| row.get(0)).transpose()
    }

    /// When a run that is known last changed, when it ended, and the start that it belongs to.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn run_stands(&self, run: Uuid) -> Result<Option<RunStands>, StoreError> {
        self.first(&RUN, params![run]).await?.map(|row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).transpose()
    }

    /// The earliest message of a source after an instant of which more is expected.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn elsewhere_open(&self, source: SourceId, since: i64) -> Result<Option<i64>, StoreError> {
        self.first(&OPEN, params![source, since]).await?.map_or(Ok(None), |row| row.get(0))
    }

    /// Through which source messages came that were read back: its name, by message.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn elsewhere_of(&self, messages: &[MessageId]) -> Result<HashMap<MessageId, String>, StoreError> {
        if messages.is_empty() {
            return Ok(HashMap::new());
        }
        let list = hex_list(messages.iter().map(|id| id.uuid()));
        self.query(&FROM, params![list]).await?.iter().map(|row| Ok((row.get(0)?, row.get(1)?))).collect()
    }

    /// What somebody has to look at, the newest first.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn backend_problems(&self, source: SourceId, limit: i64) -> Result<Vec<BackendProblem>, StoreError> {
        let read = |row: &Row| {
            Ok(BackendProblem { subject: row.get(0)?, kind: row.get(1)?, person: row.get(2)?, at: row.get(3)? })
        };
        self.query(&PROBLEMS, params![source, limit]).await?.iter().map(read).collect()
    }

    /// How many messages and runs were read back.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn backend_items(&self, source: SourceId) -> Result<Vec<(String, i64)>, StoreError> {
        self.query(&ITEMS, params![source]).await?.iter().map(|row| Ok((row.get(0)?, row.get(1)?))).collect()
    }
}
