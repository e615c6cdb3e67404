//! Broadcasts that wait for a second person, and the one-time codes by which phones answer.

use mhero_core::{BroadcastId, MessageId};
use uuid::Uuid;

use crate::{Row, Store, StoreError, Unit, params, statement::statements};

statements! {
    ADD = "INSERT INTO approval (id, broadcast, digest, plan, people, sms, state, reason, asked_at, decided_by, by_sms, decided_at, version, kind, number, name) VALUES ($1, $2, $3, $4, $5, $6, 'waiting', '', $7, NULL, FALSE, NULL, 1, $8, $9, $10)";
    DECIDE = "UPDATE approval SET state = $3, reason = $4, decided_by = $5, by_sms = $6, decided_at = $7, version = version + 1 WHERE id = $1 AND version = $2 AND state = 'waiting'";
    VOID_CODES = "UPDATE approval_code SET state = 'void' WHERE state = 'open' AND approval IN (SELECT a.id FROM approval a WHERE a.broadcast = $1)";
    VOID = "UPDATE approval SET state = 'void', decided_at = $2, version = version + 1 WHERE broadcast = $1 AND state = 'waiting'";
    LAST = "SELECT id, broadcast, digest, plan, people, sms, state, reason, asked_at, decided_by, by_sms, decided_at, version, kind, number, name FROM approval WHERE broadcast = $1 ORDER BY asked_at DESC NULLS LAST, id DESC NULLS LAST LIMIT 1";
    GET = "SELECT id, broadcast, digest, plan, people, sms, state, reason, asked_at, decided_by, by_sms, decided_at, version, kind, number, name FROM approval WHERE id = $1";
    STARTS = "SELECT broadcast FROM approval WHERE kind = 'start' AND number = $1 ORDER BY asked_at DESC NULLS LAST LIMIT 1";
    WAITING = "SELECT id, broadcast, digest, plan, people, sms, state, reason, asked_at, decided_by, by_sms, decided_at, version, kind, number, name FROM approval WHERE state = 'waiting' ORDER BY asked_at ASC NULLS LAST, id ASC NULLS LAST LIMIT $1";
    DECIDED = "SELECT id, broadcast, digest, plan, people, sms, state, reason, asked_at, decided_by, by_sms, decided_at, version, kind, number, name FROM approval WHERE state IN ('approved', 'refused') ORDER BY asked_at DESC NULLS LAST, id DESC NULLS LAST LIMIT $1";
    ADD_CODE = "INSERT INTO approval_code (id, approval, approver, path, message, sealed, tries, state, expires_at) VALUES ($1, $2, $3, $4, $5, $6, 0, 'open', $7)";
    CODES_AT = "SELECT id, approval, approver, path, message, sealed, tries, state, expires_at FROM approval_code WHERE path = $1 AND expires_at > $2 ORDER BY expires_at DESC NULLS LAST, id DESC NULLS LAST";
    CODE_OF_MESSAGE = "SELECT id, approval, approver, path, message, sealed, tries, state, expires_at FROM approval_code WHERE message = $1";
    CODES_OF = "SELECT id, approval, approver, path, message, sealed, tries, state, expires_at FROM approval_code WHERE approval = $1 ORDER BY id ASC NULLS LAST";
    WRONG = "UPDATE approval_code SET tries = tries + 1, state = CASE WHEN tries + 1 >= $3 THEN 'locked' ELSE state END WHERE id = $1 AND tries = $2 AND state = 'open'";
    USE = "UPDATE approval_code SET state = 'used' WHERE id = $1 AND state = 'open'";
    END_CODES = "UPDATE approval_code SET state = 'void' WHERE approval = $1 AND state = 'open'";
    SET_RELEASE = "UPDATE broadcast SET release_at = $2 WHERE id = $1";
    FORGET_CODES = "DELETE FROM approval_code WHERE expires_at < $1";
}

/// A broadcast that waits, or waited, for a second person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApprovalRow {
    /// Its id.
    pub id: Uuid,
    /// The broadcast, or the start of a flow under its id.
    pub broadcast: BroadcastId,
    /// Of all that the second person is asked about.
    pub digest: Vec<u8>,
    /// What happens once somebody has agreed, as JSON.
    pub plan: String,
    /// People who would have got it when it was asked.
    pub people: i64,
    /// SMS in all, then.
    pub sms: i64,
    /// `waiting`, `approved`, `refused`, `void`.
    pub state: String,
    /// Why it was sent back.
    pub reason: String,
    /// When it was asked, in UTC microseconds.
    pub asked_at: i64,
    /// The user who decided.
    pub decided_by: Option<Uuid>,
    /// Whether by SMS.
    pub by_sms: bool,
    /// When.
    pub decided_at: Option<i64>,
    /// Grows with each change.
    pub version: i64,
    /// `broadcast` or `start`.
    pub kind: String,
    /// The number of a start among what waits; 0 for a broadcast, which has its own.
    pub number: i64,
    /// The flow of a start by name; empty for a broadcast.
    pub name: String,
}

impl ApprovalRow {
    fn read(row: &Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.get(0)?,
            broadcast: row.get(1)?,
            digest: row.get(2)?,
            plan: row.get(3)?,
            people: row.get(4)?,
            sms: row.get(5)?,
            state: row.get(6)?,
            reason: row.get(7)?,
            asked_at: row.get(8)?,
            decided_by: row.get(9)?,
            by_sms: row.get(10)?,
            decided_at: row.get(11)?,
            version: row.get(12)?,
            kind: row.get(13)?,
            number: row.get(14)?,
            name: row.get(15)?,
        })
    }
}

/// How an approval was decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApprovalDecided<'a> {
    /// `approved` or `refused`.
    pub state: &'a str,
    /// Why it is sent back; empty for a yes.
    pub reason: &'a str,
    /// The user.
    pub by: Option<Uuid>,
    /// Whether by SMS.
    pub by_sms: bool,
    /// When, in UTC microseconds.
    pub at: i64,
}

/// A one-time code for one approver.
#[derive(Clone, PartialEq, Eq)]
pub struct ApprovalCode {
    /// Its id.
    pub id: Uuid,
    /// What it decides.
    pub approval: Uuid,
    /// The user who may use it.
    pub approver: Uuid,
    /// Their number; from no other it counts.
    pub path: String,
    /// The message that brings it.
    pub message: MessageId,
    /// The code, sealed.
    pub sealed: Vec<u8>,
    /// Wrong codes so far.
    pub tries: i64,
    /// `open`, `used`, `locked`, `void`.
    pub state: String,
    /// Until when it counts, in UTC microseconds.
    pub expires_at: i64,
}

impl std::fmt::Debug for ApprovalCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ApprovalCode").field("id", &self.id).field("state", &self.state).finish_non_exhaustive()
    }
}

impl ApprovalCode {
    fn read(row: &Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.get(0)?,
            approval: row.get(1)?,
            approver: row.get(2)?,
            path: row.get(3)?,
            message: row.get(4)?,
            sealed: row.get(5)?,
            tries: row.get(6)?,
            state: row.get(7)?,
            expires_at: row.get(8)?,
        })
    }
}

impl Unit {
    /// Asks for a second person.
    pub fn ask_approval(&mut self, row: &ApprovalRow) -> &mut Self {
        let digest = row.digest.as_slice();
        self.one(
            &ADD,
            params![
                row.id,
                row.broadcast,
                digest,
                &row.plan,
                row.people,
                row.sms,
                row.asked_at,
                &row.kind,
                row.number,
                &row.name
            ],
        )
    }

    /// Decides; the unit fails when somebody else has, or when it no longer waits.
    pub fn decide_approval(&mut self, row: &ApprovalRow, decided: &ApprovalDecided<'_>) -> &mut Self {
        let ApprovalDecided { state, reason, by, by_sms, at } = decided;
        self.one(&DECIDE, params![row.id, row.version, *state, *reason, *by, *by_sms, *at]);
        self.run(&END_CODES, params![row.id])
    }

    /// What waited for a second person no longer does, and its codes count no more.
    pub fn void_approvals(&mut self, broadcast: BroadcastId, now: i64) -> &mut Self {
        self.run(&VOID_CODES, params![broadcast]);
        self.run(&VOID, params![broadcast, now])
    }

    /// Adds a code.
    pub fn add_approval_code(&mut self, code: &ApprovalCode) -> &mut Self {
        let sealed = code.sealed.as_slice();
        self.one(
            &ADD_CODE,
            params![code.id, code.approval, code.approver, &code.path, code.message, sealed, code.expires_at],
        )
    }

    /// Codes that went out before count no more.
    pub fn end_approval_codes(&mut self, approval: Uuid) -> &mut Self {
        self.run(&END_CODES, params![approval])
    }

    /// A wrong code was tried; after `most` of them the right one counts no more. The unit fails when another was tried meanwhile.
    pub fn wrong_approval_code(&mut self, code: &ApprovalCode, most: i64) -> &mut Self {
        self.one(&WRONG, params![code.id, code.tries, most])
    }

    /// Uses a code; the unit fails when it is no longer open.
    pub fn use_approval_code(&mut self, code: &ApprovalCode) -> &mut Self {
        self.one(&USE, params![code.id])
    }

    /// Sets when a broadcast is to be released.
    pub fn broadcast_release_at(&mut self, id: BroadcastId, at: Option<i64>) -> &mut Self {
        self.one(&SET_RELEASE, params![id, at])
    }

    /// Removes codes that ended before an instant.
    pub fn forget_approval_codes(&mut self, before: i64) -> &mut Self {
        self.run(&FORGET_CODES, params![before])
    }
}

impl Store {
    /// The approval of a broadcast that was asked last.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn last_approval(&self, broadcast: BroadcastId) -> Result<Option<ApprovalRow>, StoreError> {
        self.first(&LAST, params![broadcast]).await?.map(|row| ApprovalRow::read(&row)).transpose()
    }

    /// One approval.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn approval(&self, id: Uuid) -> Result<Option<ApprovalRow>, StoreError> {
        self.first(&GET, params![id]).await?.map(|row| ApprovalRow::read(&row)).transpose()
    }

    /// The start of a flow that waits, or waited, under a number.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn start_of_approval(&self, number: i64) -> Result<Option<BroadcastId>, StoreError> {
        self.first(&STARTS, params![number]).await?.map(|row| row.get(0)).transpose()
    }

    /// Approvals that wait, the oldest first.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn waiting_approvals(&self, limit: i64) -> Result<Vec<ApprovalRow>, StoreError> {
        self.query(&WAITING, params![limit]).await?.iter().map(ApprovalRow::read).collect()
    }

    /// Approvals that were decided, the latest first.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn decided_approvals(&self, limit: i64) -> Result<Vec<ApprovalRow>, StoreError> {
        self.query(&DECIDED, params![limit]).await?.iter().map(ApprovalRow::read).collect()
    }

    /// The codes of a number that end after an instant, whatever became of them, the latest first.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn approval_codes_at(&self, path: &str, after: i64) -> Result<Vec<ApprovalCode>, StoreError> {
        self.query(&CODES_AT, params![path, after]).await?.iter().map(ApprovalCode::read).collect()
    }

    /// The codes of an approval.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn approval_codes(&self, approval: Uuid) -> Result<Vec<ApprovalCode>, StoreError> {
        self.query(&CODES_OF, params![approval]).await?.iter().map(ApprovalCode::read).collect()
    }

    /// The code that a message brings.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn code_of_message(&self, message: MessageId) -> Result<Option<ApprovalCode>, StoreError> {
        self.first(&CODE_OF_MESSAGE, params![message]).await?.map(|row| ApprovalCode::read(&row)).transpose()
    }
}
