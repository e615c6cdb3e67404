//! When texts were written as operators and phones say, and texts that came when nobody waited for them any more.

use mhero_core::{FlowId, IntakeId, MessageId, PersonId, Scope};
use uuid::Uuid;

use crate::{
    Row, Store, StoreError, Unit,
    nouns::audience::hex_list,
    params,
    statement::{person_in_scope, statements},
};

macro_rules! said_of {
    ($ids:expr) => {
        concat!(
            "SELECT t.message, t.said_at, t.note, EXISTS (SELECT 1 FROM late_answer l WHERE l.message = t.message) FROM said_time t ",
            "WHERE t.message IN (",
            $ids,
            ") UNION ALL SELECT l.message, NULL, '', TRUE FROM late_answer l WHERE l.message IN (",
            $ids,
            ") AND NOT EXISTS (SELECT 1 FROM said_time t WHERE t.message = l.message)"
        )
    };
}

statements! {
    ADD = "INSERT INTO said_time (message, said_at, note) SELECT $1, $2, $3 WHERE EXISTS (SELECT 1 FROM intake WHERE id = $1)";
    OF = (said_of!(ids_there!("$1"))) | (said_of!(ids_here!("$1")));
    ADD_LATE = "INSERT INTO late_answer (message, session, flow, person, received_at) VALUES ($1, $2, $3, $4, $5)";
    /// The last session of somebody where it ended because they did not answer in time; not once something else was written to them.
    /// One that ended with an answer had a text in its last minute: what outside calls take.
    ENDED = "SELECT s.id, s.flow FROM flow_session s JOIN conversation c ON c.id = s.conversation WHERE s.person = $1 AND c.path = $2 AND s.created_at >= $3 AND s.ended_at IS NOT NULL AND s.sprints > 1 AND NOT EXISTS (SELECT 1 FROM message i WHERE i.path = c.path AND i.scheme = c.scheme AND i.direction = 'in' AND i.created_at > s.ended_at - 60000000 AND i.created_at <= s.ended_at) AND NOT EXISTS (SELECT 1 FROM message o WHERE o.person = s.person AND o.path = c.path AND o.direction = 'out' AND o.created_at > s.ended_at AND o.kind <> 'auto') ORDER BY s.ended_at DESC NULLS LAST, s.id DESC NULLS LAST LIMIT 1";
    LATE = (concat!("SELECT l.message, l.session, l.person, p.name, b.text, t.said_at, l.received_at FROM late_answer l JOIN message m ON m.id = l.message JOIN message_body b ON b.id = m.body JOIN person p ON p.id = l.person LEFT JOIN said_time t ON t.message = l.message WHERE l.flow = $1 AND ", person_in_scope!("COALESCE((SELECT a.person FROM person_alias a WHERE a.alias = l.person), l.person)", "$2", "$3"), " ORDER BY l.received_at DESC NULLS LAST, l.message DESC NULLS LAST LIMIT $4"));
}

/// When a text was written, as the operator or the phone says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SaidTime {
    /// When, in UTC microseconds; `None` where nobody said.
    pub said_at: Option<i64>,
    /// `ahead` or `old` where that could not be true and was put right; else empty.
    pub note: String,
    /// It came when the flow that it answers no longer waited.
    pub is_late: bool,
}

/// A text that came when the flow it answers no longer waited.
#[derive(Clone, PartialEq, Eq)]
pub struct LateAnswer {
    /// The message.
    pub message: MessageId,
    /// The session that had ended.
    pub session: Uuid,
    /// Whose.
    pub person: PersonId,
    /// Their name.
    pub name: String,
    /// The text; `None` once erased.
    pub text: Option<String>,
    /// When it was written, where the operator says.
    pub said_at: Option<i64>,
    /// When it came.
    pub received_at: i64,
}

impl std::fmt::Debug for LateAnswer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LateAnswer").field("message", &self.message).finish_non_exhaustive()
    }
}

fn read_late(row: &Row) -> Result<LateAnswer, StoreError> {
    Ok(LateAnswer {
        message: row.get(0)?,
        session: row.get(1)?,
        person: row.get(2)?,
        name: row.get(3)?,
        text: row.get(4)?,
        said_at: row.get(5)?,
        received_at: row.get(6)?,
    })
}

impl Unit {
    /// Notes when a text in the intake was written, as it says; does nothing where it was received before.
    pub fn say_time(&mut self, id: IntakeId, said_at: i64, note: &str) -> &mut Self {
        self.run(&ADD, params![id, said_at, note])
    }

    /// Keeps a text with the session that no longer waited for it.
    pub fn add_late_answer(
        &mut self,
        message: MessageId,
        (session, flow, person): (Uuid, FlowId, PersonId),
        received_at: i64,
    ) -> &mut Self {
        self.one(&ADD_LATE, params![message, session, flow, person, received_at])
    }
}

impl Store {
    /// What is known of when some texts were written.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn said_times(
        &self,
        messages: impl Iterator<Item = MessageId>,
    ) -> Result<Vec<(MessageId, SaidTime)>, StoreError> {
        let list = hex_list(messages.map(MessageId::uuid));
        if list.is_empty() {
            return Ok(Vec::new());
        }
        let rows = self.query(&OF, params![list]).await?;
        rows.iter()
            .map(|r| Ok((r.get(0)?, SaidTime { said_at: r.get(1)?, note: r.get(2)?, is_late: r.get(3)? })))
            .collect()
    }

    /// The last session of somebody at a number, begun since an instant, where it ended because they did not answer in time and
    /// nothing has been sent to them there since.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn unanswered_session(
        &self,
        person: PersonId,
        path: &str,
        since: i64,
    ) -> Result<Option<(Uuid, FlowId)>, StoreError> {
        let row = self.first(&ENDED, params![person, path, since]).await?;
        row.map(|row| Ok((row.get(0)?, row.get(1)?))).transpose()
    }

    /// Late answers to a flow within the scope, the newest first.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn late_answers(&self, scope: &Scope, flow: FlowId, limit: i64) -> Result<Vec<LateAnswer>, StoreError> {
        let rows = self.query(&LATE, params![flow, scope.all_places(), scope.principal(), limit]).await?;
        rows.iter().map(read_late).collect()
    }
}
