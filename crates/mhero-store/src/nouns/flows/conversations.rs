//! Conversations with flows: a stack per number and person. The one on top answers; those below are suspended.

use mhero_core::{ChannelId, ConversationId, Lang, PersonId};

use crate::{Row, Store, StoreError, Unit, params, statement::statements};

statements! {
    /// One is open for a person at a number: of two that begin at once the second finds the first, and its unit fails.
    ADD = "INSERT INTO conversation (id, scheme, path, person, channel, depth, state, wrote_at, created_at, version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8, 1) ON CONFLICT (path, scheme, person) WHERE state = 'open' DO NOTHING";
    SET_STATE = "UPDATE conversation SET state = $3, version = version + 1 WHERE id = $1 AND version = $2 AND state <> 'ended'";
    WROTE = "UPDATE conversation SET wrote_at = $2 WHERE id = $1";
    OPEN_AT = "SELECT id, scheme, path, person, channel, depth, state, wrote_at, created_at, version FROM conversation WHERE scheme = $1 AND path = $2 AND state <> 'ended' ORDER BY depth DESC NULLS LAST, id DESC NULLS LAST";
    /// What one sprint sent: its messages bear keys that begin alike.
    TEXTS = "SELECT b.text, m.language FROM message m JOIN message_body b ON b.id = m.body WHERE m.dedupe_key > $1 AND m.dedupe_key < $2 AND b.text IS NOT NULL ORDER BY m.dedupe_key ASC NULLS LAST";
    ASKED = "SELECT CAST(MAX(m.created_at) AS BIGINT), CAST(MAX(m.sent_at) AS BIGINT), CAST(COALESCE(SUM(CASE WHEN m.state IN ('waiting', 'submitting') THEN 1 ELSE 0 END), 0) AS BIGINT) FROM message m WHERE m.dedupe_key > $1 AND m.dedupe_key < $2";
    GET = "SELECT id, scheme, path, person, channel, depth, state, wrote_at, created_at, version FROM conversation WHERE id = $1";
}

/// A conversation as stored.
#[derive(Clone, PartialEq, Eq)]
pub struct ConversationRow {
    /// Its id.
    pub id: ConversationId,
    /// The scheme of the number.
    pub scheme: String,
    /// The number.
    pub path: String,
    /// With whom.
    pub person: PersonId,
    /// By which channel; `None` for the default.
    pub channel: Option<ChannelId>,
    /// Its place in the stack of this number and person, from 0.
    pub depth: i64,
    /// `open`, `suspended`, `ended`; `beside` for one that asks nothing and stands in nobody's way.
    pub state: String,
    /// When it last wrote to the number.
    pub wrote_at: Option<i64>,
    /// When it began.
    pub created_at: i64,
    /// Version, for guards.
    pub version: i64,
}

/// Without the number.
impl std::fmt::Debug for ConversationRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ConversationRow")
            .field("id", &self.id)
            .field("depth", &self.depth)
            .field("state", &self.state)
            .finish_non_exhaustive()
    }
}

impl ConversationRow {
    pub(super) fn read(row: &Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.get(0)?,
            scheme: row.get(1)?,
            path: row.get(2)?,
            person: row.get(3)?,
            channel: row.get(4)?,
            depth: row.get(5)?,
            state: row.get(6)?,
            wrote_at: row.get(7)?,
            created_at: row.get(8)?,
            version: row.get(9)?,
        })
    }
}

/// When a sprint asked, and when what it asked left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asked {
    /// When the last of its messages was written.
    pub written_at: i64,
    /// When the last left; `None` while one still waits in the outbox.
    pub left_at: Option<i64>,
}

/// The key after every key that begins with a prefix: both end in a slash, and `0` follows `/`.
fn end_of(prefix: &str) -> String {
    format!("{}0", prefix.trim_end_matches('/'))
}

impl Unit {
    /// Begins a conversation; the unit fails when it is to be open and another of the person at this number is.
    pub fn open_conversation(&mut self, row: &ConversationRow) -> &mut Self {
        let (number, state) = ((&row.scheme, &row.path), &row.state);
        self.one(&ADD, params![row.id, number.0, number.1, row.person, row.channel, row.depth, state, row.created_at])
    }

    /// Moves a conversation to another state; the unit fails when somebody has moved it since it was read, or it has ended.
    pub fn conversation_state(&mut self, row: &ConversationRow, state: &str) -> &mut Self {
        self.one(&SET_STATE, params![row.id, row.version, state])
    }

    /// Notes that a conversation wrote to its number.
    pub fn conversation_wrote(&mut self, id: ConversationId, now: i64) -> &mut Self {
        self.run(&WROTE, params![id, now])
    }
}

impl Store {
    /// Conversations at a number that have not ended, of everybody who shares it, the deepest first.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn open_conversations(&self, scheme: &str, path: &str) -> Result<Vec<ConversationRow>, StoreError> {
        self.query(&OPEN_AT, params![scheme, path]).await?.iter().map(ConversationRow::read).collect()
    }

    /// What a sprint sent, in order: text and language. `prefix` is what the keys of its messages begin with.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn texts_of_sprint(&self, prefix: &str) -> Result<Vec<(String, Option<Lang>)>, StoreError> {
        let rows = self.query(&TEXTS, params![prefix, end_of(prefix)]).await?;
        rows.iter().map(|row| Ok((row.get(0)?, row.get(1)?))).collect()
    }

    /// When a sprint asked, and when what it asked left; `None` when it sent nothing.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn asked_at(&self, prefix: &str) -> Result<Option<Asked>, StoreError> {
        let Some(row) = self.first(&ASKED, params![prefix, end_of(prefix)]).await? else { return Ok(None) };
        let Some(written_at) = row.get::<Option<i64>>(0)? else { return Ok(None) };
        let waiting: i64 = row.get(2)?;
        let left_at = if waiting > 0 { None } else { Some(row.get::<Option<i64>>(1)?.unwrap_or(written_at)) };
        Ok(Some(Asked { written_at, left_at }))
    }

    /// A conversation.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn conversation(&self, id: ConversationId) -> Result<Option<ConversationRow>, StoreError> {
        self.first(&GET, params![id]).await?.as_ref().map(ConversationRow::read).transpose()
    }
}
