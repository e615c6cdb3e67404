//! Messages and runs as neighbours are shown them: what is new, what has changed since, and texts that stay where they are.

use mhero_core::{Direction, Lang, MessageId, MessageKind, PersonId, ProgrammeId, RunId};
use uuid::Uuid;

use crate::{Row, Store, StoreError, Unit, params, statement::statements};

/// The columns of a message that is shown, in the order of [`message`]. The request by which it was sent is that of its broadcast, or
/// of the start of the conversation it belongs to; what it answers is what was last sent to the number before it.
macro_rules! columns {
    () => {
        "m.id, m.direction, m.kind, m.state, COALESCE((SELECT a.person FROM person_alias a WHERE a.alias = m.person), m.person), m.scheme, m.path, m.body, m.language, m.reply_to, m.failure, m.created_at, m.sent_at, m.done_at, m.version, (SELECT r.id FROM flow_session s JOIN flow_run r ON r.session = s.id AND r.parent IS NULL WHERE s.conversation = m.conversation AND s.created_at <= m.created_at ORDER BY s.created_at DESC NULLS LAST LIMIT 1), COALESCE((SELECT MIN(t.request) FROM fhir_request_target t WHERE t.target = m.broadcast), (SELECT MIN(t.request) FROM fhir_request_target t WHERE t.target = m.answers), (SELECT MIN(t.request) FROM flow_session s JOIN fhir_request_target t ON t.target = s.start WHERE s.conversation = m.conversation AND s.created_at <= m.created_at)), (CASE WHEN m.direction = 'in' AND (m.answers IS NOT NULL OR m.conversation IS NOT NULL) THEN (SELECT o.id FROM message o WHERE o.path = m.path AND o.scheme = m.scheme AND o.direction = 'out' AND o.kind <> 'auto' AND o.created_at <= m.created_at ORDER BY o.created_at DESC NULLS LAST, o.id DESC NULLS LAST LIMIT 1) END), m.broadcast, m.conversation IS NOT NULL, COALESCE(m.programme, (SELECT b.programme FROM broadcast b WHERE b.id = COALESCE(m.broadcast, m.answers)), (SELECT COALESCE(t.programme, w.programme) FROM flow_session s JOIN flow w ON w.id = s.flow LEFT JOIN flow_start t ON t.id = s.start WHERE s.conversation = m.conversation AND s.created_at <= m.created_at ORDER BY s.created_at DESC NULLS LAST LIMIT 1))"
    };
}

statements! {
    NEW = (concat!("SELECT ", columns!(), " FROM message m WHERE m.created_at >= $1 AND NOT m.is_test AND NOT EXISTS (SELECT 1 FROM fhir_message f WHERE f.message = m.id) ORDER BY m.created_at ASC NULLS LAST, m.id ASC NULLS LAST LIMIT $2"));
    CHANGED = (concat!("SELECT ", columns!(), " FROM fhir_message f JOIN message m ON m.id = f.message WHERE NOT f.settled AND m.version <> f.version LIMIT $1"));
    PUT = "INSERT INTO fhir_message (message, version, settled, at) VALUES ($1, $2, $3, $4) ON CONFLICT (message) DO UPDATE SET version = $2, settled = $3, at = $4";
    /// Of these nothing more is expected.
    SETTLE = "UPDATE fhir_message SET settled = TRUE WHERE NOT settled AND at < $1";
    TEXT = "SELECT text FROM message_body WHERE id = $1";
    NEW_RUNS = "SELECT r.id, r.flow, COALESCE((SELECT a.person FROM person_alias a WHERE a.alias = r.person), r.person), r.start, r.status, r.started_at, r.replied_at, r.exited_at, COALESCE(r.exited_at, 0) + COALESCE(r.replied_at, 0) + (SELECT CAST(COALESCE(SUM(q.at), 0) AS BIGINT) FROM flow_result q WHERE q.run = r.id), (SELECT MIN(t.request) FROM fhir_request_target t WHERE t.target = r.start), w.name, w.revision, COALESCE((SELECT t.programme FROM flow_start t WHERE t.id = r.start), w.programme) FROM flow_run r JOIN flow w ON w.id = r.flow WHERE r.started_at >= $1 AND NOT r.is_test AND NOT EXISTS (SELECT 1 FROM fhir_run f WHERE f.run = r.id) ORDER BY r.started_at ASC NULLS LAST, r.id ASC NULLS LAST LIMIT $2";
    CHANGED_RUNS = "SELECT r.id, r.flow, COALESCE((SELECT a.person FROM person_alias a WHERE a.alias = r.person), r.person), r.start, r.status, r.started_at, r.replied_at, r.exited_at, COALESCE(r.exited_at, 0) + COALESCE(r.replied_at, 0) + (SELECT CAST(COALESCE(SUM(q.at), 0) AS BIGINT) FROM flow_result q WHERE q.run = r.id) AS now_mark, (SELECT MIN(t.request) FROM fhir_request_target t WHERE t.target = r.start), w.name, w.revision, COALESCE((SELECT t.programme FROM flow_start t WHERE t.id = r.start), w.programme) FROM fhir_run f JOIN flow_run r ON r.id = f.run JOIN flow w ON w.id = r.flow WHERE NOT f.settled AND COALESCE(r.exited_at, 0) + COALESCE(r.replied_at, 0) + (SELECT CAST(COALESCE(SUM(q.at), 0) AS BIGINT) FROM flow_result q WHERE q.run = r.id) <> f.mark LIMIT $1";
    PUT_RUN = "INSERT INTO fhir_run (run, mark, settled, at) VALUES ($1, $2, $3, $4) ON CONFLICT (run) DO UPDATE SET mark = $2, settled = $3, at = $4";
    ANSWERS = "SELECT q.key, q.name, q.value, q.category, q.at FROM flow_result q WHERE q.run = $1 ORDER BY q.at ASC NULLS LAST, q.key ASC NULLS LAST";
    RUN_COUNTS = "SELECT r.status, CAST(COUNT(*) AS BIGINT) FROM flow_run r WHERE r.flow = $1 AND NOT r.is_test GROUP BY r.status ORDER BY r.status ASC NULLS LAST";
}

/// A message as it is shown, without its text.
#[derive(Clone, PartialEq, Eq)]
pub struct ShownMessage {
    /// Its id.
    pub id: MessageId,
    /// In or out.
    pub direction: Direction,
    /// Where it comes from.
    pub kind: MessageKind,
    /// How far it has got.
    pub state: String,
    /// Whose it is, as whom they count.
    pub person: PersonId,
    /// Scheme of the other side.
    pub scheme: String,
    /// The other side's number.
    pub path: String,
    /// Where its text is.
    pub body: Uuid,
    /// The language it is written in.
    pub language: Option<Lang>,
    /// The message that it replies to.
    pub reply_to: Option<MessageId>,
    /// Why it failed.
    pub failure: Option<String>,
    /// When it was written or came, in UTC microseconds.
    pub created_at: i64,
    /// When the carrier took it.
    pub sent_at: Option<i64>,
    /// When it was delivered, failed or taken back.
    pub done_at: Option<i64>,
    /// The version that is shown.
    pub version: i64,
    /// The run that it belongs to.
    pub run: Option<Uuid>,
    /// The CommunicationRequest by which it was sent, or which it answers.
    pub request: Option<String>,
    /// What was last sent to the number before it came, for an answer.
    pub answers: Option<MessageId>,
    /// Its broadcast.
    pub broadcast: Option<Uuid>,
    /// Whether it belongs to a conversation with a flow; else people read it in the inbox.
    pub is_of_flow: bool,
    /// The programme that sent it, or that it answers.
    pub programme: Option<ProgrammeId>,
}

/// No number.
impl std::fmt::Debug for ShownMessage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ShownMessage").field("id", &self.id).field("state", &self.state).finish_non_exhaustive()
    }
}

/// A run as it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShownRun {
    /// Its id.
    pub id: RunId,
    /// Its flow.
    pub flow: Uuid,
    /// With whom.
    pub person: PersonId,
    /// The start of its session.
    pub start: Option<Uuid>,
    /// `active`, `waiting`, `completed`, `expired`, `failed`, `interrupted`.
    pub status: String,
    /// When it began, in UTC microseconds.
    pub started_at: i64,
    /// When the person first answered.
    pub replied_at: Option<i64>,
    /// When it ended.
    pub exited_at: Option<i64>,
    /// Grows with each change.
    pub mark: i64,
    /// The CommunicationRequest by which it was started.
    pub request: Option<String>,
    /// The name of its flow.
    pub flow_name: String,
    /// The revision of its flow that new sessions get.
    pub revision: i64,
    /// The programme of its start, else of its flow.
    pub programme: Option<ProgrammeId>,
}

/// What was answered in a run.
#[derive(Clone, PartialEq, Eq)]
pub struct ShownAnswer {
    /// Its key.
    pub key: String,
    /// Its name.
    pub name: String,
    /// The value.
    pub value: String,
    /// The category.
    pub category: String,
    /// When.
    pub at: i64,
}

/// Not what was answered.
impl std::fmt::Debug for ShownAnswer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ShownAnswer").field("key", &self.key).finish_non_exhaustive()
    }
}

fn message(row: &Row) -> Result<ShownMessage, StoreError> {
    Ok(ShownMessage {
        id: row.get(0)?,
        direction: row.get(1)?,
        kind: row.get(2)?,
        state: row.get(3)?,
        person: row.get(4)?,
        scheme: row.get(5)?,
        path: row.get(6)?,
        body: row.get(7)?,
        language: row.get(8)?,
        reply_to: row.get(9)?,
        failure: row.get(10)?,
        created_at: row.get(11)?,
        sent_at: row.get(12)?,
        done_at: row.get(13)?,
        version: row.get(14)?,
        run: row.get(15)?,
        request: row.get(16)?,
        answers: row.get(17)?,
        broadcast: row.get(18)?,
        is_of_flow: row.get(19)?,
        programme: row.get(20)?,
    })
}

fn run(row: &Row) -> Result<ShownRun, StoreError> {
    Ok(ShownRun {
        id: row.get(0)?,
        flow: row.get(1)?,
        person: row.get(2)?,
        start: row.get(3)?,
        status: row.get(4)?,
        started_at: row.get(5)?,
        replied_at: row.get(6)?,
        exited_at: row.get(7)?,
        mark: row.get(8)?,
        request: row.get(9)?,
        flow_name: row.get(10)?,
        revision: row.get(11)?,
        programme: row.get(12)?,
    })
}

impl Unit {
    /// Notes which version of a message is shown, and whether nothing more is expected of it.
    pub fn message_shown(&mut self, id: MessageId, version: i64, settled: bool, now: i64) -> &mut Self {
        self.run(&PUT, params![id, version, settled, now])
    }

    /// Notes how a run is shown, and whether nothing more is expected of it.
    pub fn run_shown(&mut self, id: RunId, mark: i64, settled: bool, now: i64) -> &mut Self {
        self.run(&PUT_RUN, params![id, mark, settled, now])
    }

    /// Expects nothing more of messages that were shown last before a time.
    pub fn settle_messages_shown(&mut self, before: i64) -> &mut Self {
        self.run(&SETTLE, params![before])
    }
}

impl Store {
    /// Messages written since a time that are not shown yet, oldest first. Tests never are.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn messages_to_show(&self, since: i64, limit: i64) -> Result<Vec<ShownMessage>, StoreError> {
        self.query(&NEW, params![since, limit]).await?.iter().map(message).collect()
    }

    /// Messages that are shown otherwise than they are by now.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn messages_shown_before(&self, limit: i64) -> Result<Vec<ShownMessage>, StoreError> {
        self.query(&CHANGED, params![limit]).await?.iter().map(message).collect()
    }

    /// Runs begun since a time that are not shown yet, oldest first.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn runs_to_show(&self, since: i64, limit: i64) -> Result<Vec<ShownRun>, StoreError> {
        self.query(&NEW_RUNS, params![since, limit]).await?.iter().map(run).collect()
    }

    /// Runs that are shown otherwise than they are by now.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn runs_shown_before(&self, limit: i64) -> Result<Vec<ShownRun>, StoreError> {
        self.query(&CHANGED_RUNS, params![limit]).await?.iter().map(run).collect()
    }

    /// What was answered in a run, in order. For what is shown under the person's own scope.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn answers_to_show(&self, run: RunId) -> Result<Vec<ShownAnswer>, StoreError> {
        let rows = self.query(&ANSWERS, params![run]).await?;
        rows.iter()
            .map(|row| {
                Ok(ShownAnswer {
                    key: row.get(0)?,
                    name: row.get(1)?,
                    value: row.get(2)?,
                    category: row.get(3)?,
                    at: row.get(4)?,
                })
            })
            .collect()
    }

    /// How many runs of a flow are in each state.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn runs_by_status(&self, flow: Uuid) -> Result<Vec<(String, i64)>, StoreError> {
        self.query(&RUN_COUNTS, params![flow]).await?.iter().map(|row| Ok((row.get(0)?, row.get(1)?))).collect()
    }

    /// The text of a message by where it stands; `None` once it is erased. Whoever asks has read the resource that it stands in.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn shown_text(&self, body: Uuid) -> Result<Option<String>, StoreError> {
        Ok(self.first(&TEXT, params![body]).await?.map(|row| row.get(0)).transpose()?.flatten())
    }
}
