//! Messages of which nobody knows whether they left, and that wait for a word.

use mhero_core::{BroadcastId, Lane, MessageId, MessageKind, PersonId, RetentionClass, Scope};

use crate::{
    Row, Store, StoreError, Unit, params,
    statement::{person_in_scope, statements},
};

statements! {
    KIND = "SELECT m.kind, b.retention FROM message m JOIN message_body b ON b.id = m.body WHERE m.id = $1";
    LIST = (concat!("SELECT m.id, m.person, p.name, m.path, m.lane, m.kind, m.broadcast, c.name, b.text, m.created_at, o.held, o.ready_at, o.attempt FROM message m JOIN outbox o ON o.message = m.id JOIN message_body b ON b.id = m.body JOIN person p ON p.id = m.person LEFT JOIN broadcast c ON c.id = m.broadcast WHERE m.state = 'uncertain' AND NOT o.submitting AND m.created_at >= $1 AND (m.created_at > $1 OR m.id > $2) AND ", person_in_scope!("COALESCE((SELECT a.person FROM person_alias a WHERE a.alias = m.person), m.person)", "$3", "$4"), " ORDER BY m.created_at ASC NULLS LAST, m.id ASC NULLS LAST LIMIT $5"));
    COUNT = (concat!("SELECT CAST(COUNT(*) AS BIGINT) FROM message m JOIN outbox o ON o.message = m.id WHERE m.state = 'uncertain' AND o.held AND ", person_in_scope!("COALESCE((SELECT a.person FROM person_alias a WHERE a.alias = m.person), m.person)", "$1", "$2")));
    VISIBLE = (concat!("SELECT EXISTS (SELECT 1 FROM message m WHERE m.id = $1 AND ", person_in_scope!("COALESCE((SELECT a.person FROM person_alias a WHERE a.alias = m.person), m.person)", "$2", "$3"), ")"));
    /// A guard: it still waits for a word, and nobody is sending it just now.
    AGAIN = "UPDATE outbox SET held = FALSE, ready_at = $2 WHERE message = $1 AND NOT submitting";
    IS_THERE = "UPDATE outbox SET held = held WHERE message = $1 AND NOT submitting";
}

/// An uncertain message.
#[derive(Clone, PartialEq, Eq)]
pub struct UncertainRow {
    /// The message.
    pub message: MessageId,
    /// Whose.
    pub person: PersonId,
    /// Their name.
    pub name: String,
    /// The number.
    pub path: String,
    /// How urgent.
    pub lane: Lane,
    /// Where it comes from.
    pub kind: MessageKind,
    /// Its broadcast.
    pub broadcast: Option<BroadcastId>,
    /// The name of that.
    pub broadcast_name: Option<String>,
    /// The text; `None` once erased.
    pub text: Option<String>,
    /// When it was written.
    pub created_at: i64,
    /// An official decides; else it is sent again by itself.
    pub is_held: bool,
    /// When it is.
    pub ready_at: i64,
    /// How often it was tried.
    pub attempts: i64,
}

impl std::fmt::Debug for UncertainRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("UncertainRow").field("message", &self.message).finish_non_exhaustive()
    }
}

/// What a message is, as far as policies ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UncertainKind {
    /// Where it comes from.
    pub kind: MessageKind,
    /// How long its text is kept, by which laboratory results are known.
    pub retention: RetentionClass,
}

impl UncertainRow {
    fn read(row: &Row) -> Result<Self, StoreError> {
        Ok(Self {
            message: row.get(0)?,
            person: row.get(1)?,
            name: row.get(2)?,
            path: row.get(3)?,
            lane: row.get(4)?,
            kind: row.get(5)?,
            broadcast: row.get(6)?,
            broadcast_name: row.get(7)?,
            text: row.get(8)?,
            created_at: row.get(9)?,
            is_held: row.get(10)?,
            ready_at: row.get(11)?,
            attempts: row.get(12)?,
        })
    }
}

impl Unit {
    /// Sends an uncertain message again at once; the unit fails when it has left the outbox or is being sent.
    pub fn send_uncertain_again(&mut self, message: MessageId, now: i64) -> &mut Self {
        self.one(&AGAIN, params![message, now])
    }

    /// Makes the unit fail when an uncertain message has left the outbox or is being sent.
    pub fn only_undecided(&mut self, message: MessageId) -> &mut Self {
        self.one(&IS_THERE, params![message])
    }
}

impl Store {
    /// What a message is, as far as policies ask.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn uncertain_kind(&self, message: MessageId) -> Result<Option<UncertainKind>, StoreError> {
        let row = self.first(&KIND, params![message]).await?;
        row.map(|row| Ok(UncertainKind { kind: row.get(0)?, retention: row.get(1)? })).transpose()
    }

    /// Uncertain messages within the scope, the oldest first, after one of them (`(i64::MIN, …)` for the first page).
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn uncertain(
        &self,
        scope: &Scope,
        (since, after): (i64, uuid::Uuid),
        limit: i64,
    ) -> Result<Vec<UncertainRow>, StoreError> {
        let params = params![since, after, scope.all_places(), scope.principal(), limit];
        self.query(&LIST, params).await?.iter().map(UncertainRow::read).collect()
    }

    /// How many wait for an official.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn count_undecided(&self, scope: &Scope) -> Result<i64, StoreError> {
        let row = self.first(&COUNT, params![scope.all_places(), scope.principal()]).await?;
        row.map_or(Ok(0), |row| row.get(0))
    }

    /// Whether somebody may see a message.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn message_is_visible(&self, scope: &Scope, message: MessageId) -> Result<bool, StoreError> {
        let row = self.first(&VISIBLE, params![message, scope.all_places(), scope.principal()]).await?;
        row.map_or(Ok(false), |row| row.get(0))
    }
}
