//! Sessions: one person, one cause, runs of flows. Their state is a blob that the engine reads.

use mhero_core::{ChannelId, ConversationId, FlowId, Lane, PersonId, Scope, SessionId, StartId};

use crate::{
    Row, Store, StoreError, Unit,
    nouns::audience::hex_list,
    params,
    statement::{person_in_scope, statements},
};

/// People asked about at a time.
const CHUNK: usize = 1_000;

statements! {
    ADD = "INSERT INTO flow_session (id, conversation, person, flow, revision, pins, start, cause, parent, lane, channel, status, state, effect, sprints, timeout_at, expires_at, timeout_left, expiry_left, once_key, is_test, is_drill, created_at, replied_at, ended_at, version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, 1)";
    SET = "UPDATE flow_session SET revision = $3, pins = $4, status = $5, state = $6, effect = $7, sprints = $8, timeout_at = $9, expires_at = $10, timeout_left = $11, expiry_left = $12, replied_at = $13, ended_at = $14, version = version + 1 WHERE id = $1 AND version = $2";
    GET = "SELECT s.id, s.conversation, s.person, s.flow, s.revision, s.pins, s.start, s.cause, s.parent, s.lane, s.channel, s.status, s.state, s.effect, s.sprints, s.timeout_at, s.expires_at, s.timeout_left, s.expiry_left, s.once_key, s.is_test, s.is_drill, s.created_at, s.replied_at, s.ended_at, s.version FROM flow_session s WHERE s.id = $1";
    OF_CONVERSATION = "SELECT s.id, s.conversation, s.person, s.flow, s.revision, s.pins, s.start, s.cause, s.parent, s.lane, s.channel, s.status, s.state, s.effect, s.sprints, s.timeout_at, s.expires_at, s.timeout_left, s.expiry_left, s.once_key, s.is_test, s.is_drill, s.created_at, s.replied_at, s.ended_at, s.version FROM flow_session s WHERE s.conversation = $1 AND s.ended_at IS NULL ORDER BY s.created_at DESC NULLS LAST LIMIT 1";
    LIVE_OF_FLOW = "SELECT s.id FROM flow_session s WHERE s.flow = $1 AND s.revision <> $2 AND s.ended_at IS NULL AND s.id > $3 ORDER BY s.id ASC NULLS LAST LIMIT $4";
    LIVE_COUNTS = "SELECT s.revision, CAST(COUNT(*) AS BIGINT) FROM flow_session s WHERE s.flow = $1 AND s.ended_at IS NULL GROUP BY s.revision ORDER BY s.revision ASC NULLS LAST";
    IN_FLOW = "SELECT EXISTS (SELECT 1 FROM flow_session s WHERE s.person = $1 AND s.ended_at IS NULL)";
    WAS_IN = "SELECT EXISTS (SELECT 1 FROM flow_session s WHERE s.person = $1 AND s.flow = $2)";
    OF_PERSON = (concat!("SELECT s.id, s.flow, f.name, s.status, s.cause, s.created_at, s.replied_at, s.ended_at FROM flow_session s JOIN flow f ON f.id = s.flow WHERE s.person IN (SELECT $1 UNION ALL SELECT a.alias FROM person_alias a WHERE a.person = $1) AND ", person_in_scope!("$1", "$2", "$3"), " ORDER BY s.created_at DESC NULLS LAST LIMIT 50"));
    COUNT_IN = "SELECT CAST(COUNT(DISTINCT s.person) AS BIGINT) FROM flow_session s WHERE s.ended_at IS NULL AND s.person IN (SELECT decode(unnest(string_to_array($1, ',')), 'hex'))"
        | "SELECT CAST(COUNT(DISTINCT s.person) AS BIGINT) FROM flow_session s WHERE s.ended_at IS NULL AND s.person IN (SELECT unhex(value) FROM json_each('[\"' || replace($1, ',', '\",\"') || '\"]'))";
    KNOWN = "SELECT id FROM flow_session WHERE once_key = $1";
}

/// A session as stored.
#[derive(Clone, PartialEq)]
pub struct SessionRow {
    /// Its id.
    pub id: SessionId,
    /// The conversation it speaks in.
    pub conversation: ConversationId,
    /// With whom.
    pub person: PersonId,
    /// The flow that it began with.
    pub flow: FlowId,
    /// The revision of it.
    pub revision: i64,
    /// JSON: revisions of all flows that it may enter.
    pub pins: String,
    /// The start that it belongs to.
    pub start: Option<StartId>,
    /// What began it: `start`, `keyword`, `catch_all`, `campaign`, `schedule`, `flow`, `new_person`, `missed_call`.
    pub cause: String,
    /// The session whose flow started it.
    pub parent: Option<SessionId>,
    /// How urgent what it sends is, where it does not answer a text just received.
    pub lane: Lane,
    /// The channel it speaks by; `None` for the default.
    pub channel: Option<ChannelId>,
    /// `effect`, `waiting`, `suspended`, `completed`, `failed`, `interrupted`.
    pub status: String,
    /// The engine's state, sealed by nobody: it holds answers, like the messages themselves.
    pub state: Vec<u8>,
    /// The key of the effect it waits for.
    pub effect: Option<String>,
    /// Sprints so far; each unit of one raises it, so that what it sends is keyed by it.
    pub sprints: i64,
    /// When its wait times out.
    pub timeout_at: Option<i64>,
    /// When its wait expires.
    pub expires_at: Option<i64>,
    /// What was left until the time-out when it was suspended, in microseconds.
    pub timeout_left: Option<i64>,
    /// What was left until the expiry.
    pub expiry_left: Option<i64>,
    /// What makes it the same session when it is begun twice.
    pub once_key: Option<String>,
    /// A test.
    pub is_test: bool,
    /// A drill.
    pub is_drill: bool,
    /// When it began, in UTC microseconds.
    pub created_at: i64,
    /// When the person first answered.
    pub replied_at: Option<i64>,
    /// When it ended.
    pub ended_at: Option<i64>,
    /// Version, for guards.
    pub version: i64,
}

/// Without what was said.
impl std::fmt::Debug for SessionRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SessionRow")
            .field("id", &self.id)
            .field("flow", &self.flow)
            .field("status", &self.status)
            .finish_non_exhaustive()
    }
}

impl SessionRow {
    pub(super) fn read(row: &Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.get(0)?,
            conversation: row.get(1)?,
            person: row.get(2)?,
            flow: row.get(3)?,
            revision: row.get(4)?,
            pins: row.get(5)?,
            start: row.get(6)?,
            cause: row.get(7)?,
            parent: row.get(8)?,
            lane: row.get(9)?,
            channel: row.get(10)?,
            status: row.get(11)?,
            state: row.get(12)?,
            effect: row.get(13)?,
            sprints: row.get(14)?,
            timeout_at: row.get(15)?,
            expires_at: row.get(16)?,
            timeout_left: row.get(17)?,
            expiry_left: row.get(18)?,
            once_key: row.get(19)?,
            is_test: row.get(20)?,
            is_drill: row.get(21)?,
            created_at: row.get(22)?,
            replied_at: row.get(23)?,
            ended_at: row.get(24)?,
            version: row.get(25)?,
        })
    }
}

/// A session in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionListed {
    /// The session.
    pub id: SessionId,
    /// Its flow.
    pub flow: FlowId,
    /// The flow's name.
    pub flow_name: String,
    /// Its status, see [`SessionRow::status`].
    pub status: String,
    /// What began it.
    pub cause: String,
    /// When it began.
    pub created_at: i64,
    /// When the person first answered.
    pub replied_at: Option<i64>,
    /// When it ended.
    pub ended_at: Option<i64>,
}

impl Unit {
    /// Writes a new session. One of a once key that is known fails with [`StoreError::Exists`].
    pub fn add_session(&mut self, s: &SessionRow) -> &mut Self {
        self.one(
            &ADD,
            params![
                s.id,
                s.conversation,
                s.person,
                s.flow,
                s.revision,
                &s.pins,
                s.start,
                &s.cause,
                s.parent,
                s.lane,
                s.channel,
                &s.status,
                s.state.clone(),
                s.effect.clone(),
                s.sprints,
                s.timeout_at,
                s.expires_at,
                s.timeout_left,
                s.expiry_left,
                s.once_key.clone(),
                s.is_test,
                s.is_drill,
                s.created_at,
                s.replied_at,
                s.ended_at
            ],
        )
    }

    /// Stores what has become of a session; the unit fails when somebody has changed it since it was read.
    pub fn set_session(&mut self, s: &SessionRow) -> &mut Self {
        self.one(
            &SET,
            params![
                s.id,
                s.version,
                s.revision,
                &s.pins,
                &s.status,
                s.state.clone(),
                s.effect.clone(),
                s.sprints,
                s.timeout_at,
                s.expires_at,
                s.timeout_left,
                s.expiry_left,
                s.replied_at,
                s.ended_at
            ],
        )
    }
}

impl Store {
    /// A session, for the engine and what follows from it: pages read runs and results within a scope instead.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn session_row(&self, id: SessionId) -> Result<Option<SessionRow>, StoreError> {
        self.first(&GET, params![id]).await?.as_ref().map(SessionRow::read).transpose()
    }

    /// The session that has not ended of a conversation.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn session_of(&self, conversation: ConversationId) -> Result<Option<SessionRow>, StoreError> {
        self.first(&OF_CONVERSATION, params![conversation]).await?.as_ref().map(SessionRow::read).transpose()
    }

    /// Whether a session was begun under a key.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn session_by_key(&self, once_key: &str) -> Result<Option<SessionId>, StoreError> {
        self.first(&KNOWN, params![once_key]).await?.map(|row| row.get(0)).transpose()
    }

    /// Whether a person is in any flow.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn is_in_flow(&self, person: PersonId) -> Result<bool, StoreError> {
        self.first(&IN_FLOW, params![person]).await?.map_or(Ok(false), |row| row.get(0))
    }

    /// Whether a person was ever started in a flow.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn was_in_flow(&self, person: PersonId, flow: FlowId) -> Result<bool, StoreError> {
        self.first(&WAS_IN, params![person, flow]).await?.map_or(Ok(false), |row| row.get(0))
    }

    /// How many of some people are in a flow.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn count_in_flows(&self, people: &[PersonId]) -> Result<i64, StoreError> {
        let mut count = 0;
        for chunk in people.chunks(CHUNK) {
            let list = hex_list(chunk.iter().map(|id| id.uuid()));
            count += self.first(&COUNT_IN, params![&list]).await?.map_or(Ok(0), |row| row.get::<i64>(0))?;
        }
        Ok(count)
    }

    /// Sessions of a flow that have not ended and are pinned to another revision, in the order of their ids.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn sessions_on_others(
        &self,
        flow: FlowId,
        revision: i64,
        after: SessionId,
        limit: i64,
    ) -> Result<Vec<SessionId>, StoreError> {
        let rows = self.query(&LIVE_OF_FLOW, params![flow, revision, after, limit]).await?;
        rows.iter().map(|row| row.get(0)).collect()
    }

    /// How many sessions of a flow have not ended, by the revision that they are pinned to.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn live_sessions(&self, flow: FlowId) -> Result<Vec<(i64, i64)>, StoreError> {
        let rows = self.query(&LIVE_COUNTS, params![flow]).await?;
        rows.iter().map(|row| Ok((row.get(0)?, row.get(1)?))).collect()
    }

    /// The last sessions of a person, newest first.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn sessions_of_person(&self, scope: &Scope, person: PersonId) -> Result<Vec<SessionListed>, StoreError> {
        let rows = self.query(&OF_PERSON, params![person, scope.all_places(), scope.principal()]).await?;
        rows.iter()
            .map(|row| {
                Ok(SessionListed {
                    id: row.get(0)?,
                    flow: row.get(1)?,
                    flow_name: row.get(2)?,
                    status: row.get(3)?,
                    cause: row.get(4)?,
                    created_at: row.get(5)?,
                    replied_at: row.get(6)?,
                    ended_at: row.get(7)?,
                })
            })
            .collect()
    }
}
