//! Outside calls that sessions asked for: written before they are made, answered after.

use mhero_core::{EffectId, FlowId, Scope, SessionId};
use uuid::Uuid;

use crate::{Row, Store, StoreError, Unit, params, statement::statements};

statements! {
    ADD = "INSERT INTO effect (key, id, session, flow, node, kind, peer, request, repeatable, state, attempt, ready_at, answer, status, failure, created_at, called_at, answered_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'ready', 0, $10, NULL, NULL, NULL, $10, NULL, NULL)";
    READY = "SELECT key, id, session, flow, node, kind, peer, request, repeatable, state, attempt, answer, status, failure, created_at, called_at, answered_at FROM effect WHERE state = 'ready' AND ready_at <= $1 AND peer NOT IN ($3, $4, $5) ORDER BY ready_at ASC NULLS LAST, key ASC NULLS LAST LIMIT $2";
    CALL = "UPDATE effect SET state = 'calling', attempt = attempt + 1, called_at = $2 WHERE key = $1 AND state = 'ready'";
    AGAIN = "UPDATE effect SET state = 'ready', ready_at = $2, failure = $3 WHERE key = $1 AND state = 'calling'";
    ANSWER = "UPDATE effect SET state = $2, answer = $3, status = $4, failure = $5, answered_at = $6 WHERE key = $1 AND state = 'calling'";
    /// Left by a process that is no more: what may be repeated is ready again, of the rest nobody can know.
    CALLING = "SELECT key, id, session, flow, node, kind, peer, request, repeatable, state, attempt, answer, status, failure, created_at, called_at, answered_at FROM effect WHERE state = 'calling' AND called_at < $1 ORDER BY called_at ASC NULLS LAST LIMIT $2";
    GET = "SELECT e.key, e.id, e.session, e.flow, e.node, e.kind, e.peer, e.request, e.repeatable, e.state, e.attempt, e.answer, e.status, e.failure, e.created_at, e.called_at, e.answered_at FROM effect e JOIN flow f ON f.id = e.flow WHERE e.key = $1 AND ($2 OR f.programme IN (SELECT g.programme FROM role_grant g WHERE g.principal = $3))";
    LIST = "SELECT e.key, e.id, e.session, e.flow, e.node, e.kind, e.peer, e.request, e.repeatable, e.state, e.attempt, e.answer, e.status, e.failure, e.created_at, e.called_at, e.answered_at FROM effect e JOIN flow f ON f.id = e.flow WHERE ($1 OR f.programme IN (SELECT g.programme FROM role_grant g WHERE g.principal = $2)) AND ($3 = '' OR e.state = $3) AND e.created_at < $4 ORDER BY e.created_at DESC NULLS LAST, e.id DESC NULLS LAST LIMIT $5";
}

/// An outside call as stored.
#[derive(Clone, PartialEq, Eq)]
pub struct EffectRow {
    /// What makes it the same call: session and number.
    pub key: String,
    /// Its id, for pages.
    pub id: EffectId,
    /// The session that waits for it.
    pub session: SessionId,
    /// The flow that asked.
    pub flow: FlowId,
    /// The node that asked.
    pub node: Option<Uuid>,
    /// `webhook`, `resthook`, `email`, `llm`, `airtime`, `classifier`.
    pub kind: String,
    /// Whom it calls: the host, without path or query.
    pub peer: String,
    /// The request, sealed.
    pub request: Vec<u8>,
    /// Whether it may be made again when its answer was lost.
    pub repeatable: bool,
    /// `ready`, `calling`, `answered`, `failed`, `refused`, `dropped`, `uncertain`.
    pub state: String,
    /// How often it was made.
    pub attempt: i64,
    /// The answer, sealed.
    pub answer: Option<Vec<u8>>,
    /// The status of an HTTP answer.
    pub status: Option<i64>,
    /// Why there is no answer.
    pub failure: Option<String>,
    /// When it was asked for, in UTC microseconds.
    pub created_at: i64,
    /// When it was last made.
    pub called_at: Option<i64>,
    /// When it was answered or given up.
    pub answered_at: Option<i64>,
}

/// Without what it says.
impl std::fmt::Debug for EffectRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("EffectRow")
            .field("key", &self.key)
            .field("kind", &self.kind)
            .field("state", &self.state)
            .finish_non_exhaustive()
    }
}

impl EffectRow {
    fn read(row: &Row) -> Result<Self, StoreError> {
        Ok(Self {
            key: row.get(0)?,
            id: row.get(1)?,
            session: row.get(2)?,
            flow: row.get(3)?,
            node: row.get(4)?,
            kind: row.get(5)?,
            peer: row.get(6)?,
            request: row.get(7)?,
            repeatable: row.get(8)?,
            state: row.get(9)?,
            attempt: row.get(10)?,
            answer: row.get(11)?,
            status: row.get(12)?,
            failure: row.get(13)?,
            created_at: row.get(14)?,
            called_at: row.get(15)?,
            answered_at: row.get(16)?,
        })
    }
}

impl Unit {
    /// Writes an outside call that is to be made.
    pub fn add_effect(&mut self, e: &EffectRow) -> &mut Self {
        self.one(
            &ADD,
            params![
                &e.key,
                e.id,
                e.session,
                e.flow,
                e.node,
                &e.kind,
                &e.peer,
                e.request.clone(),
                e.repeatable,
                e.created_at
            ],
        )
    }

    /// Takes a call to make it; the unit fails when somebody else has.
    pub fn call_effect(&mut self, key: &str, now: i64) -> &mut Self {
        self.one(&CALL, params![key, now])
    }

    /// It never left, or may be repeated: it is made again later.
    pub fn effect_again(&mut self, key: &str, ready_at: i64, failure: &str) -> &mut Self {
        self.one(&AGAIN, params![key, ready_at, failure])
    }

    /// Stores the answer, or why there is none; the unit fails when it was settled already.
    pub fn settle_effect(
        &mut self,
        key: &str,
        state: &str,
        (answer, status): (Option<Vec<u8>>, Option<i64>),
        failure: Option<&str>,
        now: i64,
    ) -> &mut Self {
        self.one(&ANSWER, params![key, state, answer, status, failure, now])
    }
}

impl Store {
    /// Calls to make now, oldest first, but none to some hosts, of which three count.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn ready_effects(&self, now: i64, without: &[&str], limit: i64) -> Result<Vec<EffectRow>, StoreError> {
        // No host has a space in its name.
        let host = |at: usize| without.get(at).copied().unwrap_or(" ");
        let rows = self.query(&READY, params![now, limit, host(0), host(1), host(2)]).await?;
        rows.iter().map(EffectRow::read).collect()
    }

    /// Calls that were begun before an instant and have no answer.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn lost_effects(&self, before: i64, limit: i64) -> Result<Vec<EffectRow>, StoreError> {
        self.query(&CALLING, params![before, limit]).await?.iter().map(EffectRow::read).collect()
    }

    /// A call of a flow within the scope.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn effect(&self, scope: &Scope, key: &str) -> Result<Option<EffectRow>, StoreError> {
        self.first(&GET, params![key, scope.all_programmes(), scope.principal()])
            .await?
            .as_ref()
            .map(EffectRow::read)
            .transpose()
    }

    /// Calls of the flows within the scope before an instant, newest first; of one state, or of all for an empty text.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn effects(
        &self,
        scope: &Scope,
        state: &str,
        (before, limit): (i64, i64),
    ) -> Result<Vec<EffectRow>, StoreError> {
        let params = params![scope.all_programmes(), scope.principal(), state, before, limit];
        self.query(&LIST, params).await?.iter().map(EffectRow::read).collect()
    }
}
