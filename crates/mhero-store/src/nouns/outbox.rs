//! The outbox: what still has to leave, claimed by lane by the holder of the channel's lease.

use std::collections::HashSet;

use mhero_core::{
    BroadcastId, ChannelId, ConversationId, Lane, MessageId, PersonId, ProgrammeId, SubmissionId, SubmissionState,
    sandbox,
};

use crate::{
    Row, Store, StoreError, Unit, params,
    statement::{has_left_all, statements},
};

/// Broadcasts of one lane that share one claim.
const SOURCES_MAX: i64 = 64;

/// The head of each conversation and lane that may go now. A message that waits for an official's word holds up nobody. Who left one
/// list is known by the code of its programme; the programme is looked for only where the number has left something.
macro_rules! next {
    ($of:literal) => {
        concat!(
            "SELECT o.message, o.lane, o.attempt, m.scheme, m.path, b.text, m.state, m.person, EXISTS (SELECT 1 FROM stop s ",
            "WHERE s.scheme = m.scheme AND s.path = m.path AND (s.list = '' OR s.list = (SELECT g.code FROM programme g ",
            "WHERE g.id = m.programme)) AND (m.kind = 'broadcast' OR (m.kind = 'flow' AND ",
            "m.reply_to IS NULL) OR (m.kind = 'thread' AND s.list = '' ",
            "AND NOT EXISTS (SELECT 1 FROM thread t WHERE t.id = m.thread AND t.heard_at > s.since)))) ",
            "OR ((m.kind = 'broadcast' OR (m.kind = 'flow' AND m.reply_to IS NULL)) AND ",
            has_left_all!("m.person"),
            "), o.created_at, o.broadcast, m.programme ",
            "FROM outbox o JOIN message m ON m.id = o.message JOIN message_body b ON b.id = m.body ",
            "WHERE o.lane = $1 AND ",
            $of,
            " AND o.ready_at <= $2 AND NOT o.held AND NOT o.submitting AND (o.channel = $3 OR (o.channel IS NULL AND $4)) ",
            "AND m.state IN ('waiting', 'uncertain') AND NOT EXISTS (SELECT 1 FROM outbox e WHERE e.conversation = ",
            "o.conversation AND e.lane = o.lane AND NOT e.held AND e.sequence <= o.sequence AND (e.sequence < o.sequence OR ",
            "e.message < o.message)) ORDER BY o.ready_at ASC NULLS LAST LIMIT $5"
        )
    };
}

statements! {
    /// The place in the conversation is after all that still wait there, whatever the clock says.
    /// What is for a number or a person of the sandbox goes by the channel of the sandbox ($10), whatever is said. A number goes by the route whose beginning
    /// fits best, if any.
    /// Who is reached by a chat is answered by the channel that they wrote by: another has no way to them. A mail goes by the
    /// first channel of mails.
    ADD = "INSERT INTO outbox (message, channel, lane, conversation, sequence, broadcast, ready_at, attempt, quiet_exempt, held, submitting, created_at) SELECT m.id, CASE WHEN substr(m.path, 1, 4) = '+999' OR EXISTS (SELECT 1 FROM person s WHERE s.id = m.person AND s.standing = 'sandbox') THEN $10 WHEN $2 IS NULL AND m.scheme = 'tel' THEN (SELECT r.channel FROM route r WHERE substr(m.path, 1, length(r.prefix)) = r.prefix ORDER BY length(r.prefix) DESC NULLS LAST LIMIT 1) WHEN $2 IS NULL AND m.scheme <> 'tel' THEN COALESCE((SELECT i.channel FROM message i WHERE i.path = m.path AND i.scheme = m.scheme AND i.direction = 'in' ORDER BY i.created_at DESC NULLS LAST LIMIT 1), (SELECT c.id FROM channel c WHERE m.scheme = 'mailto' AND c.kind = 'email' AND c.active ORDER BY c.created_at ASC NULLS LAST, c.id ASC NULLS LAST LIMIT 1)) ELSE $2 END, $3, $4, CASE WHEN $5 > (SELECT COALESCE(MAX(e.sequence), 0) FROM outbox e WHERE e.conversation = $4 AND e.lane = $3) THEN $5 ELSE (SELECT MAX(e.sequence) + 1 FROM outbox e WHERE e.conversation = $4 AND e.lane = $3) END, $6, $7, 0, $8, FALSE, FALSE, $9 FROM message m WHERE m.id = $1";
    /// Broadcasts of a lane that have something in the outbox and may go, found by jumping from one to the next in the index.
    /// $2: quiet hours hold all but those that an official exempted.
    SOURCES = "WITH RECURSIVE source (broadcast) AS (SELECT lowest.broadcast FROM (SELECT o.broadcast FROM outbox o WHERE o.lane = $1 AND NOT o.held AND o.broadcast IS NOT NULL ORDER BY o.broadcast ASC NULLS LAST LIMIT 1) AS lowest UNION ALL SELECT (SELECT o.broadcast FROM outbox o WHERE o.lane = $1 AND NOT o.held AND o.broadcast > source.broadcast ORDER BY o.broadcast ASC NULLS LAST LIMIT 1) FROM source WHERE source.broadcast IS NOT NULL) SELECT c.id FROM source JOIN broadcast c ON c.id = source.broadcast WHERE c.status NOT IN ('paused', 'cancelled') AND (NOT $2 OR c.quiet_override IS NOT NULL) ORDER BY c.created_at ASC NULLS LAST LIMIT $3";
    /// What of one broadcast may go now.
    NEXT_OF_BROADCAST = (next!("o.broadcast = $6"));
    /// What may go now and is of no broadcast. $6: quiet hours hold all but what an official exempted.
    NEXT_SINGLE = (next!("o.broadcast IS NULL AND (NOT $6 OR o.quiet_exempt)"));
    /// Locks in the order message, outbox, as all other units do.
    MESSAGE_SUBMITTING = "UPDATE message SET state = 'submitting', channel = $2, version = version + 1 WHERE id = $1 AND state IN ('waiting', 'uncertain')";
    BEGIN_SUBMIT = "UPDATE outbox SET submitting = TRUE, attempt = attempt + 1, channel = $2 WHERE message = $1 AND attempt = $3 AND NOT submitting AND NOT held AND NOT EXISTS (SELECT 1 FROM broadcast c WHERE c.id = outbox.broadcast AND c.status IN ('paused', 'cancelled'))";
    ADD_SUBMISSION = "INSERT INTO submission (id, message, attempt, part, parts, channel, carrier_id, state, price_micros, currency, failure, submitted_at, answered_at, reported_at) VALUES ($1, $2, $3, $4, $5, $6, NULL, 'submitting', NULL, NULL, NULL, $7, NULL, NULL)";
    /// An answer that comes when the submission has been given up as uncertain is still true.
    LATE_ANSWER = "UPDATE submission SET state = $2, carrier_id = $3, failure = $4, answered_at = $5 WHERE id = $1 AND state IN ('submitting', 'uncertain')";
    STANDING = "SELECT attempt, submitting FROM outbox WHERE message = $1";
    UNCERTAIN_ATTEMPTS = "SELECT CAST(COUNT(DISTINCT attempt) AS BIGINT) FROM submission WHERE message = $1 AND state = 'uncertain'";
    ANSWER_SUBMISSION = "UPDATE submission SET state = $2, carrier_id = $3, failure = $4, answered_at = $5 WHERE id = $1 AND state = 'submitting'";
    ACCEPTED_PARTS = "SELECT part FROM submission WHERE message = $1 AND state IN ('accepted', 'delivered')";
    REMOVE = "DELETE FROM outbox WHERE message = $1";
    AGAIN = "UPDATE outbox SET submitting = FALSE, held = $3, ready_at = $2 WHERE message = $1";
    INTERRUPTED = "UPDATE outbox SET submitting = FALSE, held = $3, ready_at = $2 WHERE message = $1 AND submitting AND attempt = $4";
    UNHOLD = "UPDATE outbox SET held = FALSE, ready_at = $2 WHERE message = $1 AND held";
    /// Left by a process that ended between calling the carrier and writing its answer.
    ORPHANS = "SELECT message, lane, attempt FROM outbox WHERE submitting AND channel = $1 LIMIT $2";
    ORPHAN_SUBMISSIONS = "UPDATE submission SET state = 'uncertain', answered_at = $2, failure = 'interrupted' WHERE message = $1 AND state = 'submitting'";
    UNDER_WAY_PARTS = "SELECT id FROM submission WHERE message = $1 AND state = 'submitting'";
    KEPT_SUBMISSIONS = "UPDATE submission SET state = 'not_sent', answered_at = $2, failure = 'interrupted' WHERE message = $1 AND state = 'submitting'";
    WAITING = "SELECT lane, CAST(COUNT(*) AS BIGINT), CAST(MIN(ready_at) AS BIGINT) FROM outbox WHERE NOT held GROUP BY lane ORDER BY lane ASC NULLS LAST";
    BY_CARRIER_ID = "SELECT id, message, attempt, part, parts, state FROM submission WHERE channel = $1 AND carrier_id = $2 ORDER BY submitted_at DESC NULLS LAST LIMIT 1";
    REPORT = "UPDATE submission SET state = $2, reported_at = $3, failure = COALESCE($4, failure) WHERE id = $1 AND state IN ('accepted', 'uncertain', 'submitting', 'failed')";
    BY_ID = "SELECT id, message, attempt, part, parts, state FROM submission WHERE id = $1 AND channel = $2";
    /// A message that left whole: its only part is what became of it. One that waits to be sent again, because nobody knew of its
    /// first attempt, need not be.
    WHOLE_DELIVERED = "UPDATE submission SET state = 'delivered', reported_at = $3 WHERE id = $1 AND channel = $2 AND parts = 1 AND state IN ('accepted', 'uncertain', 'submitting', 'failed')";
    WHOLE_DELIVERED_MESSAGE = "UPDATE message SET state = 'delivered', sent_at = COALESCE(sent_at, $3), done_at = COALESCE($3, done_at), version = version + 1 WHERE id = (SELECT s.message FROM submission s WHERE s.id = $1 AND s.channel = $2 AND s.parts = 1) AND state IN ('waiting', 'submitting', 'uncertain', 'sent', 'failed')";
    /// One that left after all stays out of officials' hands. What is being submitted anew just now goes on.
    WHOLE_LEFT = "UPDATE submission SET state = 'accepted', reported_at = $3 WHERE id = $1 AND channel = $2 AND parts = 1 AND state = 'uncertain'";
    WHOLE_LEFT_MESSAGE = "UPDATE message SET state = 'sent', sent_at = COALESCE(sent_at, $3), version = version + 1 WHERE id = (SELECT s.message FROM submission s WHERE s.id = $1 AND s.channel = $2 AND s.parts = 1 AND s.state = 'accepted') AND state IN ('waiting', 'uncertain')";
    /// $1: a submission. Nothing is left to do for a message that has left.
    WHOLE_DONE = "DELETE FROM outbox WHERE message = (SELECT s.message FROM submission s WHERE s.id = $1) AND EXISTS (SELECT 1 FROM message m WHERE m.id = outbox.message AND m.state IN ('sent', 'delivered'))";
    /// What a carrier took in one part, many in one unit: nothing here fails, so that one that has moved on meanwhile does not
    /// undo the others; the count of rows says which.
    TOOK = "UPDATE message SET state = 'sent', sent_at = COALESCE(sent_at, $2), version = version + 1 WHERE id = $1 AND state = 'submitting'";
    TOOK_DONE = "DELETE FROM outbox WHERE message = $1 AND EXISTS (SELECT 1 FROM message m WHERE m.id = $1 AND m.state = 'sent')";
    PART_STATES = "SELECT part, parts, attempt, state FROM submission WHERE message = $1";
    EARLY = "INSERT INTO early_report (channel, carrier_id, state, at) SELECT $1, $2, $3, $4 WHERE NOT EXISTS (SELECT 1 FROM submission WHERE channel = $1 AND carrier_id = $2) ON CONFLICT (channel, carrier_id, state) DO UPDATE SET at = $4";
    EARLY_MATCHED = "SELECT e.channel, e.carrier_id, e.state, e.at FROM early_report e WHERE EXISTS (SELECT 1 FROM submission s WHERE s.channel = e.channel AND s.carrier_id = e.carrier_id) LIMIT $1";
    EARLY_DONE = "DELETE FROM early_report WHERE channel = $1 AND carrier_id = $2 AND state = $3";
    /// What rules of delivery hold until an hour or a day was put off by today's clock, and stays.
    FORWARD = "UPDATE outbox SET ready_at = $1 WHERE ready_at > $2 AND NOT EXISTS (SELECT 1 FROM message_hold h WHERE h.message = outbox.message AND h.until >= outbox.ready_at AND h.at <= $1)";
    EARLY_FORGET = "DELETE FROM early_report WHERE at < $1";
    /// Both take the same messages, the first of the broadcast.
    CANCEL_BROADCAST = "UPDATE message SET state = 'cancelled', done_at = $2, failure = 'cancelled', version = version + 1 WHERE id IN (SELECT message FROM outbox WHERE broadcast = $1 AND NOT submitting ORDER BY message ASC NULLS LAST LIMIT 500) AND state IN ('waiting', 'uncertain')";
    CANCEL_BROADCAST_OUTBOX = "DELETE FROM outbox WHERE message IN (SELECT message FROM outbox WHERE broadcast = $1 AND NOT submitting ORDER BY message ASC NULLS LAST LIMIT 500) AND EXISTS (SELECT 1 FROM message m WHERE m.id = outbox.message AND m.state IN ('cancelled', 'failed', 'delivered', 'sent'))";
    ANY_OF_BROADCAST = "SELECT EXISTS (SELECT 1 FROM outbox WHERE broadcast = $1), EXISTS (SELECT 1 FROM outbox WHERE broadcast = $1 AND NOT held)";
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
    /// The broadcast that it is of.
    pub broadcast: Option<BroadcastId>,
    /// The programme that pays for it.
    pub programme: Option<ProgrammeId>,
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

/// How far one part got in one attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PartState {
    /// Which part.
    pub part: i64,
    /// Of how many.
    pub parts: i64,
    /// In which attempt.
    pub attempt: i64,
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
                now,
                sandbox::channel()
            ],
        )
    }

    /// Notes, before the carrier is called, that a message is being submitted; `attempts` were made before this one. The unit
    /// fails when another was faster, and when its broadcast no longer lets anything leave. Begin the unit with
    /// [`Unit::only_if_held`].
    pub fn begin_submit(&mut self, channel: ChannelId, message: MessageId, attempts: i64) -> &mut Self {
        self.one(&MESSAGE_SUBMITTING, params![message, channel]);
        self.one(&BEGIN_SUBMIT, params![message, channel, attempts])
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

    /// Notes an answer that came after its submission had been given up as uncertain.
    pub fn late_answer(
        &mut self,
        id: SubmissionId,
        state: SubmissionState,
        carrier_id: Option<&str>,
        failure: Option<&str>,
        now: i64,
    ) -> &mut Self {
        self.run(&LATE_ANSWER, params![id, state, carrier_id, failure, now])
    }

    /// Takes a message out of the outbox.
    pub fn leave_outbox(&mut self, message: MessageId) -> &mut Self {
        self.run(&REMOVE, params![message])
    }

    /// Keeps a message in the outbox for later; held ones wait for an official.
    pub fn outbox_again(&mut self, message: MessageId, ready_at: i64, held: bool) -> &mut Self {
        self.one(&AGAIN, params![message, ready_at, held])
    }

    /// Ends an interrupted attempt: the message stays in the outbox for later or held; the unit fails when that attempt is no
    /// longer under way.
    pub fn interrupted(&mut self, message: MessageId, attempt: i64, ready_at: i64, held: bool) -> &mut Self {
        self.one(&INTERRUPTED, params![message, ready_at, held, attempt])
    }

    /// Lets a held message go; the unit fails when it is not held.
    pub fn unhold(&mut self, message: MessageId, ready_at: i64) -> &mut Self {
        self.one(&UNHOLD, params![message, ready_at])
    }

    /// Notes that the answers to a message's submissions are lost.
    pub fn submissions_uncertain(&mut self, message: MessageId, now: i64) -> &mut Self {
        self.run(&ORPHAN_SUBMISSIONS, params![message, now])
    }

    /// Notes that a message's submissions were claimed and never handed over.
    pub fn submissions_kept(&mut self, message: MessageId, now: i64) -> &mut Self {
        self.run(&KEPT_SUBMISSIONS, params![message, now])
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

    /// Notes that the phone has a message which left in one part. In [`crate::Done::rows`]: whether the submission was one that
    /// may still be reported on, whether the message became delivered, and whether it left the outbox.
    pub fn whole_delivered(&mut self, id: SubmissionId, channel: ChannelId, now: i64) -> &mut Self {
        self.run(&WHOLE_DELIVERED, params![id, channel, now]);
        self.run(&WHOLE_DELIVERED_MESSAGE, params![id, channel, now]);
        self.run(&WHOLE_DONE, params![id])
    }

    /// Notes that the network has a message which left in one part and of which nobody knew whether it had left.
    pub fn whole_left(&mut self, id: SubmissionId, channel: ChannelId, now: i64) -> &mut Self {
        self.run(&WHOLE_LEFT, params![id, channel, now]);
        self.run(&WHOLE_LEFT_MESSAGE, params![id, channel, now]);
        self.run(&WHOLE_DONE, params![id])
    }

    /// Notes that a carrier took a message whole, in four steps of which the second says whether the message was still being
    /// submitted. Where it was not, nothing of it has changed but perhaps its submission.
    pub fn took(
        &mut self,
        id: SubmissionId,
        message: MessageId,
        person: PersonId,
        carrier_id: Option<&str>,
        now: i64,
    ) -> &mut Self {
        let (accepted, no_failure): (_, Option<&str>) = (SubmissionState::Accepted, None);
        self.run(&ANSWER_SUBMISSION, params![id, accepted, carrier_id, no_failure, now]);
        self.run(&TOOK, params![message, now]);
        self.run(&TOOK_DONE, params![message]);
        self.touch_sent(person, now)
    }

    /// Keeps a report whose submission is not known yet; the unit fails when it is known by now.
    pub fn keep_early_report(&mut self, report: &EarlyReport) -> &mut Self {
        self.one(&EARLY, params![report.channel, &report.carrier_id, report.state, report.at])
    }

    /// Forgets an early report once it has been applied.
    pub fn early_report_done(&mut self, report: &EarlyReport) -> &mut Self {
        self.run(&EARLY_DONE, params![report.channel, &report.carrier_id, report.state])
    }

    /// Lets what was put off beyond `latest` go at `now`: texts, messages and jobs. Nothing is put off for so long, so that the
    /// clock must have been set back since.
    pub fn bring_forward(&mut self, now: i64, latest: i64) -> &mut Self {
        self.run(&FORWARD, params![now, latest]);
        self.bring_intake_forward(now, latest).bring_jobs_forward(now, latest)
    }

    /// Forgets early reports that came before an instant: what they belong to is not ours.
    pub fn forget_early_reports(&mut self, before: i64) -> &mut Self {
        self.run(&EARLY_FORGET, params![before])
    }

    /// Takes back up to 500 messages of a broadcast that have not left.
    pub fn cancel_slice(&mut self, broadcast: BroadcastId, now: i64) -> &mut Self {
        self.run(&CANCEL_BROADCAST, params![broadcast, now]);
        self.run(&CANCEL_BROADCAST_OUTBOX, params![broadcast])
    }
}

impl Store {
    /// Messages that may leave now: the head of each conversation, most urgent lane first. Within a lane the broadcasts, and
    /// what is of none, share what may be claimed and take turns; `turn` says whose turn is first.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn ready_to_leave(&self, claim: &Claim, turn: usize) -> Result<Vec<Ready>, StoreError> {
        let mut ready: Vec<Ready> = Vec::new();
        for lane in Lane::ALL.iter().filter(|lane| (claim.from..=claim.to).contains(*lane)) {
            let room = claim.limit - i64::try_from(ready.len()).unwrap_or(i64::MAX);
            if room <= 0 {
                break;
            }
            let rows = self.query(&SOURCES, params![*lane, claim.exempt_only, SOURCES_MAX]).await?;
            let broadcasts = rows.iter().map(|row| row.get(0).map(Some)).collect::<Result<Vec<_>, _>>()?;
            let mut sources: Vec<Option<BroadcastId>> = std::iter::once(None).chain(broadcasts).collect();
            let first = turn % sources.len();
            sources.rotate_left(first);
            ready.extend(self.ready_of_lane(claim, *lane, sources, room).await?);
        }
        Ok(ready)
    }

    /// What of some sources may leave now, one of each in turn: a small broadcast does not wait until a large one is through.
    async fn ready_of_lane(
        &self,
        claim: &Claim,
        lane: Lane,
        sources: Vec<Option<BroadcastId>>,
        room: i64,
    ) -> Result<Vec<Ready>, StoreError> {
        let share = (room / i64::try_from(sources.len()).unwrap_or(1)).max(1);
        let (mut lists, mut more) = (Vec::new(), Vec::new());
        for source in sources {
            let found = self.next_of(claim, lane, source, share).await?;
            let has_more = i64::try_from(found.len()).unwrap_or(0) >= share;
            more.extend(has_more.then_some((lists.len(), source)));
            lists.push(found);
        }
        // What one does not need the others get.
        for (place, source) in more {
            let taken: usize = lists.iter().map(Vec::len).sum();
            let spare = room - i64::try_from(taken).unwrap_or(i64::MAX);
            if spare > 0 {
                lists[place] = self.next_of(claim, lane, source, share.saturating_add(spare)).await?;
            }
        }
        let mut known = HashSet::new();
        let mut turns: Vec<(usize, Ready)> = lists.into_iter().flat_map(|list| list.into_iter().enumerate()).collect();
        turns.sort_by_key(|(turn, _)| *turn);
        let once = turns.into_iter().map(|(_, ready)| ready).filter(|ready| known.insert(ready.message));
        Ok(once.take(usize::try_from(room).unwrap_or(0)).collect())
    }

    async fn next_of(
        &self,
        claim: &Claim,
        lane: Lane,
        broadcast: Option<BroadcastId>,
        limit: i64,
    ) -> Result<Vec<Ready>, StoreError> {
        let mut params = params![lane, claim.now, claim.channel, claim.is_default, limit];
        let statement = match broadcast {
            Some(broadcast) => {
                params.push(broadcast.into());
                &NEXT_OF_BROADCAST
            }
            None => {
                params.push(claim.exempt_only.into());
                &NEXT_SINGLE
            }
        };
        self.query(statement, params).await?.iter().map(read_ready).collect()
    }

    /// Attempts made with a message and whether one is under way; `None` when it has left the outbox.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn outbox_standing(&self, message: MessageId) -> Result<Option<(i64, bool)>, StoreError> {
        let row = self.first(&STANDING, params![message]).await?;
        row.map(|row| Ok((row.get(0)?, row.get(1)?))).transpose()
    }

    /// How many attempts with a message ended in uncertainty.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn uncertain_attempts(&self, message: MessageId) -> Result<i64, StoreError> {
        self.first(&UNCERTAIN_ATTEMPTS, params![message]).await?.map_or(Ok(0), |row| row.get(0))
    }

    /// Which parts of a message a carrier has taken already.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn accepted_parts(&self, message: MessageId) -> Result<Vec<i64>, StoreError> {
        self.query(&ACCEPTED_PARTS, params![message]).await?.iter().map(|row| row.get(0)).collect()
    }

    /// Messages of a channel whose submission is under way: message, lane, which attempt.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn under_way(&self, channel: ChannelId, limit: i64) -> Result<Vec<(MessageId, Lane, i64)>, StoreError> {
        let rows = self.query(&ORPHANS, params![channel, limit]).await?;
        rows.iter().map(|row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).collect()
    }

    /// The submissions of a message that are under way.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn parts_under_way(&self, message: MessageId) -> Result<Vec<SubmissionId>, StoreError> {
        self.query(&UNDER_WAY_PARTS, params![message]).await?.iter().map(|row| row.get(0)).collect()
    }

    /// How many wait in each lane, and since when the oldest may go.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn waiting_by_lane(&self) -> Result<Vec<(Lane, i64, i64)>, StoreError> {
        self.query(&WAITING, vec![]).await?.iter().map(|r| Ok((r.get(0)?, r.get(1)?, r.get(2)?))).collect()
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
        self.first(&BY_CARRIER_ID, params![channel, carrier_id]).await?.as_ref().map(read_submission).transpose()
    }

    /// A submission of a channel, by our id.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn submission(&self, channel: ChannelId, id: SubmissionId) -> Result<Option<SubmissionRow>, StoreError> {
        self.first(&BY_ID, params![id, channel]).await?.as_ref().map(read_submission).transpose()
    }

    /// Every submission of a message.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn part_states(&self, message: MessageId) -> Result<Vec<PartState>, StoreError> {
        let rows = self.query(&PART_STATES, params![message]).await?;
        rows.iter()
            .map(|r| Ok(PartState { part: r.get(0)?, parts: r.get(1)?, attempt: r.get(2)?, state: r.get(3)? }))
            .collect()
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

    /// Whether anything of a broadcast is in the outbox, and whether anything of it that does not wait for an official.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn left_of_broadcast(&self, broadcast: BroadcastId) -> Result<(bool, bool), StoreError> {
        let row = self.first(&ANY_OF_BROADCAST, params![broadcast]).await?;
        row.map_or(Ok((false, false)), |row| Ok((row.get(0)?, row.get(1)?)))
    }

    /// Messages of a broadcast that wait for an official's word.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn held_of_broadcast(&self, broadcast: BroadcastId, limit: i64) -> Result<Vec<MessageId>, StoreError> {
        self.query(&HELD_OF_BROADCAST, params![broadcast, limit]).await?.iter().map(|row| row.get(0)).collect()
    }
}

pub(super) fn read_submission(row: &Row) -> Result<SubmissionRow, StoreError> {
    Ok(SubmissionRow {
        id: row.get(0)?,
        message: row.get(1)?,
        attempt: row.get(2)?,
        part: row.get(3)?,
        parts: row.get(4)?,
        state: row.get(5)?,
    })
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
        broadcast: row.get(10)?,
        programme: row.get(11)?,
    })
}
