//! The outbox: what still has to leave, claimed by lane by the holder of the channel's lease.

use mhero_core::{BroadcastId, ChannelId, ConversationId, Lane, MessageId, PersonId, SubmissionId, SubmissionState};

use crate::{Lease, Row, Store, StoreError, Unit, params, statement::statements};

statements! {
    ADD = "INSERT INTO outbox (message, channel, lane, conversation, sequence, broadcast, ready_at, attempt, quiet_exempt, held, submitting, created_at) SELECT id, $2, $3, $4, $5, $6, $7, 0, $8, FALSE, FALSE, $9 FROM message WHERE id = $1";
    /// The head of each conversation and lane that may go now. $6: quiet hours hold the lanes normal and bulk.
    NEXT = "SELECT o.message, o.lane, o.attempt, m.scheme, m.path, b.text, m.state, m.person, (m.kind = 'broadcast' AND EXISTS (SELECT 1 FROM stop s WHERE s.scheme = m.scheme AND s.path = m.path AND s.list = '')), o.created_at FROM outbox o JOIN message m ON m.id = o.message JOIN message_body b ON b.id = m.body WHERE o.lane >= $1 AND o.lane <= $2 AND o.ready_at <= $3 AND NOT o.held AND NOT o.submitting AND (o.channel = $4 OR (o.channel IS NULL AND $5)) AND NOT EXISTS (SELECT 1 FROM broadcast c WHERE c.id = o.broadcast AND c.status NOT IN ('sending', 'releasing')) AND NOT EXISTS (SELECT 1 FROM outbox e WHERE e.conversation = o.conversation AND e.lane = o.lane AND e.sequence < o.sequence) ORDER BY o.lane ASC NULLS LAST, o.ready_at ASC NULLS LAST, o.sequence ASC NULLS LAST LIMIT $6";
    /// The same in quiet hours: only what an official exempted.
    NEXT_EXEMPT = "SELECT o.message, o.lane, o.attempt, m.scheme, m.path, b.text, m.state, m.person, (m.kind = 'broadcast' AND EXISTS (SELECT 1 FROM stop s WHERE s.scheme = m.scheme AND s.path = m.path AND s.list = '')), o.created_at FROM outbox o JOIN message m ON m.id = o.message JOIN message_body b ON b.id = m.body WHERE o.quiet_exempt AND o.lane >= $1 AND o.lane <= $2 AND o.ready_at <= $3 AND NOT o.held AND NOT o.submitting AND (o.channel = $4 OR (o.channel IS NULL AND $5)) AND NOT EXISTS (SELECT 1 FROM broadcast c WHERE c.id = o.broadcast AND c.status NOT IN ('sending', 'releasing')) AND NOT EXISTS (SELECT 1 FROM outbox e WHERE e.conversation = o.conversation AND e.lane = o.lane AND e.sequence < o.sequence) ORDER BY o.lane ASC NULLS LAST, o.ready_at ASC NULLS LAST, o.sequence ASC NULLS LAST LIMIT $6";
    BEGIN_SUBMIT = "UPDATE outbox SET submitting = TRUE, attempt = attempt + 1, channel = $2 WHERE message = $1 AND NOT submitting AND NOT held";
    MESSAGE_SUBMITTING = "UPDATE message SET state = 'submitting', channel = $2, version = version + 1 WHERE id = $1 AND state IN ('waiting', 'uncertain')";
    ADD_SUBMISSION = "INSERT INTO submission (id, message, attempt, part, parts, channel, carrier_id, state, price_micros, currency, failure, submitted_at, answered_at, reported_at) VALUES ($1, $2, $3, $4, $5, $6, NULL, 'submitting', NULL, NULL, NULL, $7, NULL, NULL)";
    ANSWER_SUBMISSION = "UPDATE submission SET state = $2, carrier_id = $3, failure = $4, answered_at = $5 WHERE id = $1 AND state = 'submitting'";
    ACCEPTED_PARTS = "SELECT part FROM submission WHERE message = $1 AND state IN ('accepted', 'delivered')";
    REMOVE = "DELETE FROM outbox WHERE message = $1";
    AGAIN = "UPDATE outbox SET submitting = FALSE, held = $3, ready_at = $2 WHERE message = $1";
    UNHOLD = "UPDATE outbox SET held = FALSE, ready_at = $2 WHERE message = $1 AND held";
    /// Left by a process that ended between calling the carrier and writing its answer.
    ORPHANS = "SELECT o.message, o.lane, m.path, m.person FROM outbox o JOIN message m ON m.id = o.message WHERE o.submitting AND o.channel = $1 LIMIT $2";
    ORPHAN_SUBMISSIONS = "UPDATE submission SET state = 'uncertain', answered_at = $2, failure = 'interrupted' WHERE message = $1 AND state = 'submitting'";
    WAITING = "SELECT lane, CAST(COUNT(*) AS BIGINT), CAST(MIN(ready_at) AS BIGINT) FROM outbox WHERE NOT held GROUP BY lane ORDER BY lane ASC NULLS LAST";
    NEXT_READY = "SELECT CAST(MIN(ready_at) AS BIGINT) FROM outbox WHERE NOT held AND NOT submitting AND lane <= $1";
    BY_CARRIER_ID = "SELECT id, message, attempt, part, parts, state FROM submission WHERE channel = $1 AND carrier_id = $2 LIMIT 1";
    REPORT = "UPDATE submission SET state = $2, reported_at = $3, failure = COALESCE($4, failure) WHERE id = $1 AND state IN ('accepted', 'uncertain', 'submitting', 'failed')";
    PART_STATES = "SELECT part, parts, state FROM submission WHERE message = $1";
    EARLY = "INSERT INTO early_report (channel, carrier_id, state, at) SELECT $1, $2, $3, $4 WHERE NOT EXISTS (SELECT 1 FROM submission WHERE channel = $1 AND carrier_id = $2) ON CONFLICT (channel, carrier_id, state) DO NOTHING";
    EARLY_MATCHED = "SELECT e.channel, e.carrier_id, e.state, e.at FROM early_report e WHERE EXISTS (SELECT 1 FROM submission s WHERE s.channel = e.channel AND s.carrier_id = e.carrier_id) LIMIT $1";
    EARLY_DONE = "DELETE FROM early_report WHERE channel = $1 AND carrier_id = $2 AND state = $3";
    CANCEL_BROADCAST = "UPDATE message SET state = 'cancelled', done_at = $2, failure = 'cancelled', version = version + 1 WHERE id IN (SELECT message FROM outbox WHERE broadcast = $1 AND NOT submitting LIMIT 500) AND state IN ('waiting', 'uncertain')";
    CANCEL_BROADCAST_OUTBOX = "DELETE FROM outbox WHERE broadcast = $1 AND NOT submitting AND message IN (SELECT id FROM message WHERE broadcast = $1 AND state = 'cancelled')";
    LEFT_OF_BROADCAST = "SELECT CAST(COUNT(*) AS BIGINT) FROM outbox WHERE broadcast = $1 AND NOT held";
    HELD_OF_BROADCAST = "SELECT message FROM outbox WHERE broadcast = $1 AND held LIMIT $2";
}

/// A place in the outbox.
#[derive(Clone, Debug)]
pub struct OutboxEntry {
    /// The message, already written.
    pub message: MessageId,
    /// The channel; `None` for whichever is the default when it leaves.
    pub channel: Option<ChannelId>,
    /// How urgent.
    pub lane: Lane,
    /// The conversation within which order holds.
    pub conversation: ConversationId,
    /// The order within it.
    pub sequence: i64,
    /// The broadcast it belongs to.
    pub broadcast: Option<BroadcastId>,
    /// Not before.
    pub ready_at: i64,
    /// Leaves in quiet hours too.
    pub quiet_exempt: bool,
}

/// A message that may leave now.
#[derive(Clone)]
pub struct Ready {
    /// The message.
    pub message: MessageId,
    /// How urgent.
    pub lane: Lane,
    /// Attempts before this one.
    pub attempt: i64,
    /// Scheme of the number.
    pub scheme: String,
    /// The number.
    pub path: String,
    /// The text; `None` once erased.
    pub text: Option<String>,
    /// The message's state: `waiting`, or `uncertain` when it is to be sent again.
    pub state: String,
    /// Whose it is.
    pub person: PersonId,
    /// The number has asked to stop since this message was written, which is not an answer to it.
    pub is_stopped: bool,
    /// When it entered the outbox.
    pub created_at: i64,
}

impl std::fmt::Debug for Ready {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Ready").field("message", &self.message).finish_non_exhaustive()
    }
}

/// What may be claimed.
#[derive(Clone, Copy, Debug)]
pub struct Claim {
    /// The most urgent lane.
    pub from: Lane,
    /// The least urgent lane.
    pub to: Lane,
    /// Now, in UTC microseconds.
    pub now: i64,
    /// The channel.
    pub channel: ChannelId,
    /// Whether messages without a channel go by this one.
    pub is_default: bool,
    /// Quiet hours: only what an official exempted.
    pub exempt_only: bool,
    /// At most so many.
    pub limit: i64,
}

/// One submission as a report finds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubmissionRow {
    /// Its id.
    pub id: SubmissionId,
    /// Its message.
    pub message: MessageId,
    /// Which attempt.
    pub attempt: i64,
    /// Which part.
    pub part: i64,
    /// Of how many.
    pub parts: i64,
    /// How far it got.
    pub state: SubmissionState,
}

/// A report that came before the answer it belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EarlyReport {
    /// The channel.
    pub channel: ChannelId,
    /// The carrier's id.
    pub carrier_id: String,
    /// What it said.
    pub state: SubmissionState,
    /// When it came.
    pub at: i64,
}

impl Unit {
    /// Puts a message into the outbox; does nothing when the message was not written (a second writing of one key).
    pub fn add_to_outbox(&mut self, entry: &OutboxEntry, now: i64) -> &mut Self {
        self.run(
            &ADD,
            params![
                entry.message,
                entry.channel,
                entry.lane,
                entry.conversation,
                entry.sequence,
                entry.broadcast,
                entry.ready_at,
                entry.quiet_exempt,
                now
            ],
        )
    }

    /// Notes, before the carrier is called, that a message is being submitted.
    pub fn begin_submit(&mut self, lease: &Lease, channel: ChannelId, message: MessageId) -> &mut Self {
        self.only_if_held(lease);
        self.one(&BEGIN_SUBMIT, params![message, channel]);
        self.one(&MESSAGE_SUBMITTING, params![message, channel])
    }

    /// Notes one part that is being submitted.
    pub fn add_submission(&mut self, row: &SubmissionRow, channel: ChannelId, now: i64) -> &mut Self {
        self.one(&ADD_SUBMISSION, params![row.id, row.message, row.attempt, row.part, row.parts, channel, now])
    }

    /// Notes the carrier's answer to one part.
    pub fn answer_submission(
        &mut self,
        id: SubmissionId,
        state: SubmissionState,
        carrier_id: Option<&str>,
        failure: Option<&str>,
        now: i64,
    ) -> &mut Self {
        self.one(&ANSWER_SUBMISSION, params![id, state, carrier_id, failure, now])
    }

    /// Takes a message out of the outbox.
    pub fn leave_outbox(&mut self, message: MessageId) -> &mut Self {
        self.run(&REMOVE, params![message])
    }

    /// Keeps a message in the outbox for later; held ones wait for an official.
    pub fn outbox_again(&mut self, message: MessageId, ready_at: i64, held: bool) -> &mut Self {
        self.one(&AGAIN, params![message, ready_at, held])
    }

    /// Lets a held message go; the unit fails when it is not held.
    pub fn unhold(&mut self, message: MessageId, ready_at: i64) -> &mut Self {
        self.one(&UNHOLD, params![message, ready_at])
    }

    /// Notes that the answers to a message's submissions are lost.
    pub fn submissions_uncertain(&mut self, message: MessageId, now: i64) -> &mut Self {
        self.run(&ORPHAN_SUBMISSIONS, params![message, now])
    }

    /// Notes a report on one part.
    pub fn report_submission(
        &mut self,
        id: SubmissionId,
        state: SubmissionState,
        why: Option<&str>,
        now: i64,
    ) -> &mut Self {
        self.run(&REPORT, params![id, state, now, why])
    }

    /// Keeps a report whose submission is not known yet; the unit fails when it is known by now.
    pub fn keep_early_report(&mut self, report: &EarlyReport) -> &mut Self {
        self.run(&EARLY, params![report.channel, &report.carrier_id, report.state, report.at])
    }

    /// Forgets an early report once it has been applied.
    pub fn early_report_done(&mut self, report: &EarlyReport) -> &mut Self {
        self.run(&EARLY_DONE, params![report.channel, &report.carrier_id, report.state])
    }

    /// Takes back up to 500 messages of a broadcast that have not left.
    pub fn cancel_slice(&mut self, broadcast: BroadcastId, now: i64) -> &mut Self {
        self.run(&CANCEL_BROADCAST, params![broadcast, now]);
        self.run(&CANCEL_BROADCAST_OUTBOX, params![broadcast])
    }
}

impl Store {
    /// Messages that may leave now: the head of each conversation, most urgent first.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn ready_to_leave(&self, claim: &Claim) -> Result<Vec<Ready>, StoreError> {
        let statement = if claim.exempt_only { &NEXT_EXEMPT } else { &NEXT };
        let params = params![claim.from, claim.to, claim.now, claim.channel, claim.is_default, claim.limit];
        self.query(statement, params).await?.iter().map(read_ready).collect()
    }

    /// Which parts of a message a carrier has taken already.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn accepted_parts(&self, message: MessageId) -> Result<Vec<i64>, StoreError> {
        self.query(&ACCEPTED_PARTS, params![message]).await?.iter().map(|row| row.get(0)).collect()
    }

    /// Messages of a channel whose submission was interrupted: message, lane, person.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn interrupted(&self, channel: ChannelId, limit: i64) -> Result<Vec<(MessageId, Lane)>, StoreError> {
        let rows = self.query(&ORPHANS, params![channel, limit]).await?;
        rows.iter().map(|row| Ok((row.get(0)?, row.get(1)?))).collect()
    }

    /// How many wait in each lane, and since when the oldest may go.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn waiting_by_lane(&self) -> Result<Vec<(Lane, i64, i64)>, StoreError> {
        self.query(&WAITING, vec![]).await?.iter().map(|r| Ok((r.get(0)?, r.get(1)?, r.get(2)?))).collect()
    }

    /// When the next message down to a lane may go.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn next_ready(&self, least: Lane) -> Result<Option<i64>, StoreError> {
        self.first(&NEXT_READY, params![least]).await?.map_or(Ok(None), |row| row.get(0))
    }

    /// The submission that a carrier's id belongs to.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn submission_by_carrier_id(
        &self,
        channel: ChannelId,
        carrier_id: &str,
    ) -> Result<Option<SubmissionRow>, StoreError> {
        let Some(row) = self.first(&BY_CARRIER_ID, params![channel, carrier_id]).await? else { return Ok(None) };
        Ok(Some(SubmissionRow {
            id: row.get(0)?,
            message: row.get(1)?,
            attempt: row.get(2)?,
            part: row.get(3)?,
            parts: row.get(4)?,
            state: row.get(5)?,
        }))
    }

    /// Part, number of parts and state of every submission of a message.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn part_states(&self, message: MessageId) -> Result<Vec<(i64, i64, SubmissionState)>, StoreError> {
        let rows = self.query(&PART_STATES, params![message]).await?;
        rows.iter().map(|r| Ok((r.get(0)?, r.get(1)?, r.get(2)?))).collect()
    }

    /// Early reports whose submission is known by now.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn matched_early_reports(&self, limit: i64) -> Result<Vec<EarlyReport>, StoreError> {
        let rows = self.query(&EARLY_MATCHED, params![limit]).await?;
        rows.iter()
            .map(|r| Ok(EarlyReport { channel: r.get(0)?, carrier_id: r.get(1)?, state: r.get(2)?, at: r.get(3)? }))
            .collect()
    }

    /// How many messages of a broadcast still have to leave, not counting those that wait for an official.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn left_of_broadcast(&self, broadcast: BroadcastId) -> Result<i64, StoreError> {
        self.first(&LEFT_OF_BROADCAST, params![broadcast]).await?.map_or(Ok(0), |row| row.get(0))
    }

    /// Messages of a broadcast that wait for an official's word.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn held_of_broadcast(&self, broadcast: BroadcastId, limit: i64) -> Result<Vec<MessageId>, StoreError> {
        self.query(&HELD_OF_BROADCAST, params![broadcast, limit]).await?.iter().map(|row| row.get(0)).collect()
    }
}

fn read_ready(row: &Row) -> Result<Ready, StoreError> {
    Ok(Ready {
        message: row.get(0)?,
        lane: row.get(1)?,
        attempt: row.get(2)?,
        scheme: row.get(3)?,
        path: row.get(4)?,
        text: row.get(5)?,
        state: row.get(6)?,
        person: row.get(7)?,
        is_stopped: row.get(8)?,
        created_at: row.get(9)?,
    })
}
