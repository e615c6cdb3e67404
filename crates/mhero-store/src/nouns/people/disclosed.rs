//! What stands behind one message, and what is held of one person: for auditors, and for whoever asks what we hold about them.

use mhero_core::{FlowId, ImportId, MessageId, PersonId, RunId, Scope, SessionId, StartId};
use uuid::Uuid;

use crate::{
    MessageRow, Row, Store, StoreError, params,
    statement::{person_in_scope, statements},
};

/// As whom the person of a message counts.
macro_rules! golden {
    () => {
        "COALESCE((SELECT a.person FROM person_alias a WHERE a.alias = m.person), m.person)"
    };
}

/// A person and whom they were joined of, by `$1`.
macro_rules! those_of {
    () => {
        "(SELECT $1 UNION ALL SELECT a.alias FROM person_alias a WHERE a.person = $1)"
    };
}

statements! {
    MESSAGE = (concat!("SELECT m.id, m.direction, m.kind, m.state, m.lane, ", golden!(), ", p.name, m.path, m.channel, m.broadcast, m.thread, b.text, m.language, m.segments, m.answers, m.failure, m.written_by, m.created_at, m.sent_at, m.done_at, m.is_test, m.reply_to, (SELECT s.id FROM flow_session s WHERE s.conversation = m.conversation AND s.created_at <= m.created_at ORDER BY s.created_at DESC NULLS LAST, s.id DESC NULLS LAST LIMIT 1), m.is_drill FROM message m JOIN message_body b ON b.id = m.body JOIN person p ON p.id = ", golden!(), " WHERE m.id = $1 AND ", person_in_scope!("COALESCE((SELECT a.person FROM person_alias a WHERE a.alias = m.person), m.person)", "$2", "$3")));
    SUBMISSIONS = "SELECT s.attempt, s.part, s.parts, c.name, s.carrier_id, s.state, s.failure, s.submitted_at, s.answered_at, s.reported_at FROM submission s JOIN channel c ON c.id = s.channel WHERE s.message = $1 ORDER BY s.attempt ASC NULLS LAST, s.part ASC NULLS LAST LIMIT 200";
    SESSION = "SELECT f.id, f.name, s.revision, s.start, s.cause, s.created_at FROM flow_session s JOIN flow f ON f.id = s.flow WHERE s.id = $1";
    /// The records of a person as they counted at an instant: when each last changed before it, and the run that had read its source last.
    RECORDS_THEN = (concat!("SELECT s.name, r.kind, r.ext_id, COALESCE((SELECT MAX(c.at) FROM record_change c WHERE c.source_record = r.id AND c.at <= $2), r.first_seen_at), (SELECT y.id FROM sync_run y WHERE y.source = s.id AND y.kind IN ('pull', 'import') AND y.state <> 'undone' AND y.ended_at <= $2 ORDER BY y.ended_at DESC NULLS LAST, y.id DESC NULLS LAST LIMIT 1), (SELECT MAX(y.ended_at) FROM sync_run y WHERE y.source = s.id AND y.kind IN ('pull', 'import') AND y.state <> 'undone' AND y.ended_at <= $2) FROM source_record r JOIN source s ON s.id = r.source WHERE r.entity_kind = 'person' AND r.entity IN ", those_of!(), " AND r.first_seen_at <= $2 ORDER BY s.rank ASC NULLS LAST, r.id ASC NULLS LAST LIMIT 50"));
    RECORDS = (concat!("SELECT s.name, r.kind, r.ext_id, r.raw, r.first_seen_at, r.changed_at, r.gone_at FROM source_record r JOIN source s ON s.id = r.source WHERE r.entity_kind = 'person' AND r.entity IN ", those_of!(), " ORDER BY s.rank ASC NULLS LAST, r.id ASC NULLS LAST LIMIT $2"));
    CHANGES = (concat!("SELECT s.name, r.kind, r.ext_id, c.at, c.verdict FROM source_record r JOIN source s ON s.id = r.source JOIN record_change c ON c.source_record = r.id WHERE r.entity_kind = 'person' AND r.entity IN ", those_of!(), " ORDER BY c.id ASC NULLS LAST LIMIT $2"));
    ANSWERS = (concat!("SELECT f.name, r.id, r.status, r.started_at, r.exited_at, q.name, q.value, q.category, q.at FROM flow_session s JOIN flow_run r ON r.session = s.id JOIN flow f ON f.id = r.flow LEFT JOIN flow_result q ON q.run = r.id WHERE s.person IN ", those_of!(), " AND NOT r.is_test ORDER BY r.started_at ASC NULLS LAST, r.id ASC NULLS LAST, q.at ASC NULLS FIRST, q.key ASC NULLS FIRST LIMIT $2"));
    PROPOSALS = (concat!("SELECT q.field, q.old_value, q.new_value, q.state, q.created_at, q.decided_at FROM proposal q WHERE q.subject_kind = 'person' AND q.subject IN ", those_of!(), " ORDER BY q.created_at ASC NULLS LAST, q.id ASC NULLS LAST LIMIT $2"));
}

/// A message with what leads to its cause.
#[derive(Clone, Debug)]
pub struct MessageBehind {
    /// The message.
    pub row: MessageRow,
    /// The message that it replies to.
    pub reply_to: Option<MessageId>,
    /// The session of a flow that it belongs to.
    pub session: Option<SessionId>,
    /// A drill.
    pub is_drill: bool,
}

/// One attempt with one part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubmissionShown {
    /// Which attempt, from 1.
    pub attempt: i64,
    /// Which part, from 1.
    pub part: i64,
    /// Of so many.
    pub parts: i64,
    /// The name of the channel.
    pub channel: String,
    /// How the carrier calls it.
    pub carrier_id: Option<String>,
    /// How far it got.
    pub state: String,
    /// Why it failed.
    pub failure: Option<String>,
    /// When it was handed over, in UTC microseconds.
    pub submitted_at: i64,
    /// When the carrier answered.
    pub answered_at: Option<i64>,
    /// When the carrier reported.
    pub reported_at: Option<i64>,
}

/// The session of a flow that a message belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionBehind {
    /// The flow.
    pub flow: FlowId,
    /// Its name.
    pub name: String,
    /// The revision that it runs.
    pub revision: i64,
    /// The start that began it; `None` where a text or an event did.
    pub start: Option<StartId>,
    /// Why it began.
    pub cause: String,
    /// When, in UTC microseconds.
    pub created_at: i64,
}

/// The record of a source about a person, as it counted at an instant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordThen {
    /// The name of the source.
    pub source: String,
    /// The source's word for its kind.
    pub kind: String,
    /// The source's id.
    pub ext_id: String,
    /// Since when it had stood as it did, in UTC microseconds.
    pub changed_at: i64,
    /// The run that had read the source last.
    pub run: Option<ImportId>,
    /// When that run was over.
    pub run_at: Option<i64>,
}

/// The record of a source about a person, whole.
#[derive(Clone, PartialEq, Eq)]
pub struct RecordHeld {
    /// The name of the source.
    pub source: String,
    /// The source's word for its kind.
    pub kind: String,
    /// The source's id.
    pub ext_id: String,
    /// As received.
    pub raw: String,
    /// When it was first seen, in UTC microseconds.
    pub first_seen_at: i64,
    /// When it last changed.
    pub changed_at: i64,
    /// Since when the source no longer has it.
    pub gone_at: Option<i64>,
}

/// Never what it says.
impl std::fmt::Debug for RecordHeld {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RecordHeld").field("source", &self.source).field("kind", &self.kind).finish_non_exhaustive()
    }
}

/// A change of a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldChange {
    /// The name of the source.
    pub source: String,
    /// The source's word for the kind of record.
    pub kind: String,
    /// The source's id.
    pub ext_id: String,
    /// When, in UTC microseconds.
    pub at: i64,
    /// `created`, `updated` ...
    pub verdict: String,
}

/// What somebody answered in a run of a flow; without an answer the run alone.
#[derive(Clone, PartialEq, Eq)]
pub struct HeldAnswer {
    /// The name of the flow.
    pub flow: String,
    /// The run.
    pub run: RunId,
    /// How far the run got.
    pub status: String,
    /// When it began, in UTC microseconds.
    pub started_at: i64,
    /// When it ended.
    pub exited_at: Option<i64>,
    /// The question by the name of its result.
    pub name: Option<String>,
    /// The answer.
    pub value: Option<String>,
    /// As what it was understood.
    pub category: Option<String>,
    /// When it came.
    pub at: Option<i64>,
}

impl std::fmt::Debug for HeldAnswer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("HeldAnswer").field("run", &self.run).field("name", &self.name).finish_non_exhaustive()
    }
}

/// A value of a record that somebody said is another.
#[derive(Clone, PartialEq, Eq)]
pub struct HeldProposal {
    /// The field.
    pub field: String,
    /// What stood there.
    pub old: Option<String>,
    /// What was said.
    pub new: String,
    /// What became of it.
    pub state: String,
    /// When it was said, in UTC microseconds.
    pub created_at: i64,
    /// When it was decided.
    pub decided_at: Option<i64>,
}

impl std::fmt::Debug for HeldProposal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("HeldProposal").field("field", &self.field).field("state", &self.state).finish_non_exhaustive()
    }
}

fn message(row: &Row) -> Result<MessageBehind, StoreError> {
    Ok(MessageBehind {
        row: MessageRow::read(row)?,
        reply_to: row.get(21)?,
        session: row.get(22)?,
        is_drill: row.get(23)?,
    })
}

impl Store {
    /// A message with what leads to its cause, if its person lies within the scope.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn message_behind(&self, scope: &Scope, id: MessageId) -> Result<Option<MessageBehind>, StoreError> {
        let row = self.first(&MESSAGE, params![id, scope.all_places(), scope.principal()]).await?;
        row.as_ref().map(message).transpose()
    }

    /// Each attempt with each part of a message that was read under the caller's scope, in order; the first 200.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn submissions_shown(&self, id: MessageId) -> Result<Vec<SubmissionShown>, StoreError> {
        let read = |row: &Row| {
            Ok(SubmissionShown {
                attempt: row.get(0)?,
                part: row.get(1)?,
                parts: row.get(2)?,
                channel: row.get(3)?,
                carrier_id: row.get(4)?,
                state: row.get(5)?,
                failure: row.get(6)?,
                submitted_at: row.get(7)?,
                answered_at: row.get(8)?,
                reported_at: row.get(9)?,
            })
        };
        self.query(&SUBMISSIONS, params![id]).await?.iter().map(read).collect()
    }

    /// A session with its flow.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn session_behind(&self, id: SessionId) -> Result<Option<SessionBehind>, StoreError> {
        let Some(row) = self.first(&SESSION, params![id]).await? else { return Ok(None) };
        Ok(Some(SessionBehind {
            flow: row.get(0)?,
            name: row.get(1)?,
            revision: row.get(2)?,
            start: row.get(3)?,
            cause: row.get(4)?,
            created_at: row.get(5)?,
        }))
    }

    /// The records about a person of the caller's scope as they counted at an instant, in UTC microseconds; at most 50.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn records_then(&self, person: PersonId, at: i64) -> Result<Vec<RecordThen>, StoreError> {
        let read = |row: &Row| {
            Ok(RecordThen {
                source: row.get(0)?,
                kind: row.get(1)?,
                ext_id: row.get(2)?,
                changed_at: row.get(3)?,
                run: row.get(4)?,
                run_at: row.get(5)?,
            })
        };
        self.query(&RECORDS_THEN, params![person, at]).await?.iter().map(read).collect()
    }

    /// The records about a person of the caller's scope, at most `limit`.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn held_records(&self, person: PersonId, limit: i64) -> Result<Vec<RecordHeld>, StoreError> {
        let read = |row: &Row| {
            Ok(RecordHeld {
                source: row.get(0)?,
                kind: row.get(1)?,
                ext_id: row.get(2)?,
                raw: row.get(3)?,
                first_seen_at: row.get(4)?,
                changed_at: row.get(5)?,
                gone_at: row.get(6)?,
            })
        };
        self.query(&RECORDS, params![person, limit]).await?.iter().map(read).collect()
    }

    /// The changes of these records, the oldest first.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn held_changes(&self, person: PersonId, limit: i64) -> Result<Vec<HeldChange>, StoreError> {
        let read = |row: &Row| {
            Ok(HeldChange {
                source: row.get(0)?,
                kind: row.get(1)?,
                ext_id: row.get(2)?,
                at: row.get(3)?,
                verdict: row.get(4)?,
            })
        };
        self.query(&CHANGES, params![person, limit]).await?.iter().map(read).collect()
    }

    /// What a person of the caller's scope answered in flows, run by run.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn held_answers(&self, person: PersonId, limit: i64) -> Result<Vec<HeldAnswer>, StoreError> {
        let read = |row: &Row| {
            Ok(HeldAnswer {
                flow: row.get(0)?,
                run: row.get(1)?,
                status: row.get(2)?,
                started_at: row.get(3)?,
                exited_at: row.get(4)?,
                name: row.get(5)?,
                value: row.get(6)?,
                category: row.get(7)?,
                at: row.get(8)?,
            })
        };
        self.query(&ANSWERS, params![person, limit]).await?.iter().map(read).collect()
    }

    /// What was said of values of a person of the caller's scope, the oldest first.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn held_proposals(&self, person: PersonId, limit: i64) -> Result<Vec<HeldProposal>, StoreError> {
        let read = |row: &Row| {
            Ok(HeldProposal {
                field: row.get(0)?,
                old: row.get(1)?,
                new: row.get(2)?,
                state: row.get(3)?,
                created_at: row.get(4)?,
                decided_at: row.get(5)?,
            })
        };
        self.query(&PROPOSALS, params![person, limit]).await?.iter().map(read).collect()
    }

    /// The name of a token, also of one that was taken back; `None` where the id is none of a token.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn name_of_token(&self, id: Uuid) -> Result<Option<String>, StoreError> {
        Ok(self.token(mhero_core::TokenId::from_uuid(id)).await?.map(|token| token.name))
    }
}
