//! The outbox: one pass claims what may leave by a channel, writes that it is being submitted, calls the carrier, and
//! writes the answer. What happens between two of these writes and a crash can't be known, and is said so.
//!
//! Claims and answers are written many at a time, since a commit costs the same for one and for fifty. A claim begins as small as the
//! carrier's room and grows only while the carrier would have to wait for the disk. Of what was claimed when the process died, only
//! what had been handed over is uncertain where that is known, see `mhero_store::Store::never_begun`; else all of it is.

use std::{
    pin::pin,
    sync::atomic::{AtomicBool, AtomicUsize, Ordering},
    time::Duration,
};

use futures::{
    StreamExt,
    future::{Either, join3, select},
    stream,
};
use jiff::{SignedDuration, Timestamp};
use mhero_core::{
    Direction, Lane, Lang, MessageId, MessageState, SubmissionId, SubmissionState, Urn, sandbox, timestamp,
};
use mhero_store::{ChannelRow, Charge, Claim, Lease, MessageRow, Queue, Ready, SubmissionRow, Unit};
use tokio::sync::mpsc;

use super::outcome::Answered;
use crate::{
    App, AppError, Caller,
    delivery_rules::Rules,
    ports::{Carrier, Outcome, Outgoing, Parts},
};

/// Messages that one pass looks up.
const CLAIM_MAX: i64 = 1_000;
/// Most messages claimed in one write, and answers written in one.
const CHUNK_MAX: usize = 200;
/// Messages that may be claimed and wait for the carrier: one claim, and what is left of the one before.
const CLAIMED_MAX: usize = CHUNK_MAX * 3 / 2;
/// A pass claims nothing more after this time: what it looked up at its beginning, a STOP say, may have changed.
const PASS_LIMIT: SignedDuration = SignedDuration::from_secs(1);
/// Answers that wait for their writing before no more is submitted.
const ANSWERS_MAX: usize = 2 * CHUNK_MAX;
/// How long answers gather while more are on their way: a commit costs the same for one and for many.
const GATHER: Duration = Duration::from_millis(3);
/// Messages of a person among which it is looked when they last wrote.
const HEARD_AMONG: i64 = 50;
/// How long a channel's lease lasts, in microseconds.
pub(crate) const LEASE_MICROS: i64 = 15_000_000;

/// Which lanes a pass serves. Urgent ones have a pass of their own, so that a slow carrier never makes them wait behind bulk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lanes {
    /// Alert and reply.
    Urgent,
    /// Normal and bulk.
    Rest,
}

impl Lanes {
    pub(super) const fn range(self) -> (Lane, Lane) {
        match self {
            Self::Urgent => (Lane::Alert, Lane::Reply),
            Self::Rest => (Lane::Normal, Lane::Bulk),
        }
    }
}

/// A message, its parts, and the carrier's answers to them.
struct Attempt {
    ready: Ready,
    parts: Vec<Outgoing>,
    /// What each part costs.
    charges: Vec<Charge>,
    outcomes: Vec<(SubmissionId, Outcome)>,
    /// The last moment at which it is worth sending, in UTC microseconds.
    valid_until: Option<i64>,
    /// Before it is claimed there is nothing under way.
    under_way: Option<UnderWay>,
}

impl Attempt {
    /// What it costs the ministry, in micro-units.
    fn micros(&self) -> i64 {
        self.charges.iter().filter_map(|charge| charge.price.as_ref()).map(|(micros, _)| micros).sum()
    }
}

/// What one pass knows while it runs.
struct Pass<'a> {
    channel: &'a ChannelRow,
    carrier: &'a dyn Carrier,
    lease: &'a Lease,
    rules: &'a Rules,
    lanes: Lanes,
    /// It began in quiet hours, with what is exempt from them.
    is_quiet: bool,
    /// When it began.
    began: Timestamp,
    /// Messages that were tried.
    tried: &'a AtomicUsize,
    /// Another node serves the channel by now.
    is_lost: &'a AtomicBool,
}

/// Keeps a message known as under way in this process, however its attempt ends.
struct UnderWay {
    app: App,
    message: MessageId,
}

impl UnderWay {
    fn new(app: &App, message: MessageId) -> Self {
        app.under_way().insert(message);
        Self { app: app.clone(), message }
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.app.under_way().remove(&self.message);
    }
}

impl App {
    /// The lease of a channel for this node; `None` when another node serves it.
    pub(crate) async fn channel_lease(&self, channel: &ChannelRow) -> Result<Option<Lease>, AppError> {
        Ok(self.store().take_lease(&format!("channel/{}", channel.id), self.node(), LEASE_MICROS).await?)
    }

    /// Lets what may leave by a channel leave. Returns how many messages were tried.
    pub(crate) async fn deliver(
        &self,
        channel: &ChannelRow,
        is_default: bool,
        lanes: Lanes,
        budget: i64,
    ) -> Result<usize, AppError> {
        if lanes == Lanes::Rest {
            // Also by a node that serves channels alone: whoever claims must know what is left of the budgets.
            self.costs_pass().await?;
        }
        let Some(lease) = self.channel_lease(channel).await? else { return Ok(0) };
        self.mark_interrupted(channel.id).await?;
        if lanes == Lanes::Rest {
            self.hold_broadcasts().await?;
        }
        let now = self.clock().now();
        let (from, to) = lanes.range();
        let rules = self.rules_cached().await?;
        let is_quiet = lanes == Lanes::Rest && rules.is_quiet_everywhere(now);
        let claim = Claim {
            from,
            to,
            now: now.as_microsecond(),
            channel: channel.id,
            is_default,
            exempt_only: is_quiet,
            limit: CLAIM_MAX.min(budget.max(1)),
        };
        let mut ready = self.store().ready_to_leave(&claim, self.next_turn()).await?;
        if ready.is_empty() {
            return Ok(0);
        }
        let (carrier, is_lost, tried) = (self.carrier(channel)?, AtomicBool::new(false), AtomicUsize::new(0));
        let room = carrier.room();
        if room == 0 {
            return Ok(0);
        }
        if room == 1 {
            // After a failure one message goes ahead and shows whether the carrier is back.
            ready.truncate(1);
        }
        let pass = Pass {
            channel,
            carrier: carrier.as_ref(),
            lease: &lease,
            rules: &rules,
            lanes,
            is_quiet,
            began: now,
            tried: &tried,
            is_lost: &is_lost,
        };
        match select(pin!(self.run_pass(&pass, ready, room)), pin!(self.keep_lease(&pass))).await {
            Either::Left(((), _)) => Ok(tried.load(Ordering::Relaxed)),
            Either::Right((never, _)) => match never {},
        }
    }

    /// Claims, submits and writes answers, all three at once.
    async fn run_pass(&self, pass: &Pass<'_>, ready: Vec<Ready>, room: usize) {
        let (claimed, claims) = mpsc::channel::<Attempt>(CLAIMED_MAX);
        let (answered, mut answers) = mpsc::channel::<Attempt>(ANSWERS_MAX);
        let claiming = async move {
            let known = self.carriers().claim_size(pass.channel.id);
            let (mut ready, mut chunk, mut has_waited) =
                (ready.into_iter(), known.clamp(room.min(CHUNK_MAX), CHUNK_MAX), false);
            while ready.len() > 0 {
                // The next claim is written while the second half of this one leaves. Nobody else sends: what is free stays free.
                let _ = claimed.reserve_many(CLAIMED_MAX - chunk / 2).await;
                let attempts = self.take_chunk(pass, ready.by_ref().take(chunk).collect()).await;
                if claimed.capacity() == CLAIMED_MAX && ready.len() > 0 {
                    (chunk, has_waited) = ((chunk * 2).min(CHUNK_MAX), true);
                }
                for attempt in attempts {
                    // The receiver lives until the last sender is gone.
                    let _ = claimed.send(attempt).await;
                }
            }
            self.carriers().note_claim_size(pass.channel.id, if has_waited { chunk } else { chunk * 3 / 4 });
        };
        let in_flight = &AtomicUsize::new(0);
        let submitting = async move {
            let answered = &answered;
            stream::unfold(claims, |mut claims| async move { claims.recv().await.map(|attempt| (attempt, claims)) })
                .map(|attempt| async move {
                    self.spend(pass.channel, attempt.parts.len());
                    in_flight.fetch_add(1, Ordering::Relaxed);
                    let attempt = self.submit(pass.carrier, attempt).await;
                    in_flight.fetch_sub(1, Ordering::Relaxed);
                    let _ = answered.send(attempt).await;
                })
                .buffer_unordered(room)
                .for_each(|()| std::future::ready(()))
                .await;
        };
        let writing = async {
            let mut batch = Vec::new();
            while answers.recv_many(&mut batch, CHUNK_MAX).await > 0 {
                let more = async {
                    while batch.len() < CHUNK_MAX && in_flight.load(Ordering::Relaxed) > 0 {
                        let room = CHUNK_MAX - batch.len();
                        if answers.recv_many(&mut batch, room).await == 0 {
                            break;
                        }
                    }
                };
                // Whether all came or the time is over: what there is, is written.
                let _ = tokio::time::timeout(GATHER, more).await;
                self.write_answers(pass, std::mem::take(&mut batch)).await;
            }
        };
        join3(claiming, submitting, writing).await;
    }

    /// Writes what the carrier answered.
    async fn write_answers(&self, pass: &Pass<'_>, attempts: Vec<Attempt>) {
        let (answers, under_way): (Vec<_>, Vec<_>) = attempts
            .into_iter()
            .map(|attempt| {
                let Attempt { ready, outcomes, valid_until, under_way, .. } = attempt;
                (Answered { ready, outcomes, valid_until }, under_way)
            })
            .unzip();
        let is_written = self.write_outcomes(pass.channel, &answers).await;
        let outcomes = || answers.iter().flat_map(|answer| answer.outcomes.iter());
        self.store().note_ended(&outcomes().map(|(id, _)| *id).collect::<Vec<_>>());
        let is_taken = |outcome: &Outcome| is_written && matches!(outcome, Outcome::Accepted { .. });
        self.carriers().lately().end(outcomes().map(|(id, outcome)| (*id, is_taken(outcome))));
        drop(under_way);
    }

    /// Renews the lease while a slow pass runs, so that no other node takes what is under way here for interrupted.
    async fn keep_lease(&self, pass: &Pass<'_>) -> std::convert::Infallible {
        loop {
            self.clock().sleep(SignedDuration::from_micros(LEASE_MICROS / 3)).await;
            match self.channel_lease(pass.channel).await {
                Ok(Some(lease)) if lease.fence == pass.lease.fence => {}
                Ok(_) => pass.is_lost.store(true, Ordering::SeqCst),
                Err(error) => tracing::error!(channel = %pass.channel.id, %error, "a lease could not be renewed"),
            }
        }
    }

    /// Claims messages that leave next. One that has changed since it was found is left to the next pass.
    async fn take_chunk(&self, pass: &Pass<'_>, mut chunk: Vec<Ready>) -> Vec<Attempt> {
        let now = self.clock().now();
        let quiet_began = pass.lanes == Lanes::Rest && !pass.is_quiet && pass.rules.is_quiet_everywhere(now);
        let is_over = now.duration_since(pass.began) > PASS_LIMIT || pass.carrier.room() == 0;
        if quiet_began || is_over || pass.is_lost.load(Ordering::SeqCst) {
            return Vec::new();
        }
        if pass.lanes == Lanes::Rest {
            self.costs().keep_affordable(&mut chunk);
        }
        let mut attempts = Vec::with_capacity(chunk.len());
        let (leaving, kept) = match self.let_leave(pass.rules, chunk).await {
            Ok(asked) => asked,
            Err(error) => {
                tracing::error!(channel = %pass.channel.id, %error, "it could not be asked whether messages may leave");
                return Vec::new();
            }
        };
        pass.tried.fetch_add(kept, Ordering::Relaxed);
        for (ready, valid_until) in leaving {
            let message = ready.message;
            match self.prepare(pass.channel, pass.carrier, ready).await {
                Ok(Some(attempt)) => attempts.push(Attempt { valid_until, ..attempt }),
                Ok(None) => {
                    pass.tried.fetch_add(1, Ordering::Relaxed);
                }
                Err(error) => tracing::error!(%message, %error, "a message could not be prepared"),
            }
        }
        attempts.retain(|attempt| self.costs().afford(&attempt.ready, attempt.micros()));
        for attempt in &mut attempts {
            attempt.under_way = Some(UnderWay::new(self, attempt.ready.message));
        }
        let claimed = match self.claim(pass.lease, pass.channel, &attempts).await {
            // One of them has changed: the others go all the same.
            Err(AppError::Store(error)) if error.is_decide_again() => self.claim_one_by_one(pass, attempts).await,
            Err(error) => {
                tracing::error!(channel = %pass.channel.id, %error, "messages could not be claimed");
                attempts.iter().for_each(|attempt| self.settle_cost(attempt, false));
                Vec::new()
            }
            Ok(()) => {
                attempts.iter().for_each(|attempt| self.settle_cost(attempt, true));
                attempts
            }
        };
        pass.tried.fetch_add(claimed.len(), Ordering::Relaxed);
        claimed
    }

    async fn claim_one_by_one(&self, pass: &Pass<'_>, attempts: Vec<Attempt>) -> Vec<Attempt> {
        let mut claimed = Vec::with_capacity(attempts.len());
        for attempt in attempts {
            let result = self.claim(pass.lease, pass.channel, std::slice::from_ref(&attempt)).await;
            self.settle_cost(&attempt, result.is_ok());
            match result {
                Ok(()) => claimed.push(attempt),
                Err(AppError::Store(error)) if error.is_decide_again() => {
                    self.store().note_ended(&parts_of(std::slice::from_ref(&attempt)));
                }
                Err(error) => {
                    let message = attempt.ready.message;
                    tracing::error!(%message, %error, "a message could not be claimed");
                }
            }
        }
        claimed
    }

    /// Says to the watch over budgets whether what was affordable has been claimed.
    fn settle_cost(&self, attempt: &Attempt, is_claimed: bool) {
        self.costs().settle(&attempt.ready, attempt.micros(), is_claimed);
    }

    /// Cuts a message into the parts that still have to go.
    async fn prepare(
        &self,
        channel: &ChannelRow,
        carrier: &dyn Carrier,
        ready: Ready,
    ) -> Result<Option<Attempt>, AppError> {
        // The second wall: whatever gave it this channel, a number of the sandbox is tried by a simulator alone.
        if sandbox::is_number(&ready.path) && channel.kind != crate::simulator::KIND {
            self.give_up(&ready, MessageState::Failed, "sandbox").await?;
            return Ok(None);
        }
        if ready.is_stopped {
            // What may have arrived already stays uncertain, which is the truth; it only stops waiting.
            let (state, why) = match ready.state.as_str() {
                "uncertain" => (MessageState::Uncertain, None),
                _ => (MessageState::Cancelled, Some("stopped")),
            };
            self.end_claimed(&ready, state, why).await?;
            return Ok(None);
        }
        let Ok(to) = Urn::new(ready.scheme.clone(), ready.path.clone()) else {
            self.give_up(&ready, MessageState::Failed, "number").await?;
            return Ok(None);
        };
        let Some(text) = ready.text.clone() else {
            self.give_up(&ready, MessageState::Failed, "erased").await?;
            return Ok(None);
        };
        let Some(text) = self.with_code(ready.message, text).await? else {
            self.give_up(&ready, MessageState::Cancelled, "approval-over").await?;
            return Ok(None);
        };
        let texts = match carrier.parts() {
            Parts::Split => mhero_text::split(&text),
            Parts::Whole => vec![text],
            Parts::Within(letters) => mhero_text::split_within(&text, letters),
        };
        let taken = if ready.attempt > 0 { self.store().accepted_parts(ready.message).await? } else { Vec::new() };
        let (heard_at, language) =
            if carrier.asks_heard() { self.heard_lately(channel, &ready).await? } else { (None, None) };
        let count = i64::try_from(texts.len()).unwrap_or(i64::MAX);
        // An uncertain message is sent again whole: whether its parts arrived can't be known.
        let resend_all = ready.state == "uncertain";
        let parts: Vec<Outgoing> = (1..)
            .zip(texts)
            .filter(|(part, _)| resend_all || !taken.contains(part))
            .map(|(part, text)| Outgoing {
                submission: self.store().mint().id(SubmissionId::from_uuid),
                message: ready.message,
                lane: ready.lane,
                to: to.clone(),
                sender: channel.sender.clone(),
                text,
                part,
                parts: count,
                language,
                heard_at,
            })
            .collect();
        let (prices, now) = (self.price_book().await?, self.clock().now_micros());
        let charge = |part: &Outgoing| {
            // A message of a chat is one, however long.
            let is_one = part.parts > 1 || part.to.scheme() != Urn::TEL;
            prices.charge(channel.id, part.to.path(), (&part.text, is_one), now)
        };
        let charges = parts.iter().map(charge).collect();
        Ok(Some(Attempt { ready, parts, charges, outcomes: Vec::new(), valid_until: None, under_way: None }))
    }

    /// When the address of a message last wrote by this channel, as far as the last messages tell, and the message's language.
    async fn heard_lately(
        &self,
        channel: &ChannelRow,
        ready: &Ready,
    ) -> Result<(Option<Timestamp>, Option<Lang>), AppError> {
        let scope = Caller::system().scope;
        let rows = self.store().messages_of_person(&scope, ready.person, i64::MAX, HEARD_AMONG).await?;
        let language = rows.iter().find(|row| row.id == ready.message).and_then(|row| row.language);
        let is_theirs = |row: &&MessageRow| row.channel == Some(channel.id) && row.path == ready.path;
        let heard = rows.iter().filter(|row| row.direction == Direction::In).find(is_theirs);
        Ok((heard.map(|row| timestamp(row.created_at)), language))
    }

    /// Writes, before the carrier is called, that messages are being submitted. Fails, for all, when somebody took one back
    /// meanwhile.
    async fn claim(&self, lease: &Lease, channel: &ChannelRow, attempts: &[Attempt]) -> Result<(), AppError> {
        if attempts.is_empty() {
            return Ok(());
        }
        let (mut unit, now) = (Unit::new(), self.clock().now_micros());
        unit.only_if_held(lease);
        self.store().note_claims(&parts_of(attempts));
        for attempt in attempts {
            unit.begin_submit(channel.id, attempt.ready.message, attempt.ready.attempt);
            for (part, charge) in attempt.parts.iter().zip(&attempt.charges) {
                let row = SubmissionRow {
                    id: part.submission,
                    message: part.message,
                    attempt: attempt.ready.attempt + 1,
                    part: part.part,
                    parts: part.parts,
                    state: SubmissionState::Submitting,
                };
                unit.add_priced_submission(&row, channel.id, charge, now);
            }
        }
        self.store().write(unit, Queue::Interactive).await?;
        Ok(())
    }

    /// Calls the carrier for each part in turn; after a part that did not go, the rest is not tried.
    async fn submit(&self, carrier: &dyn Carrier, mut attempt: Attempt) -> Attempt {
        let mut stopped: Option<String> = None;
        for part in &attempt.parts {
            let outcome = match &stopped {
                None => match self.store().note_begin(part.submission) {
                    Ok(()) => self.hand_over(carrier, part, attempt.valid_until).await,
                    Err(error) => Outcome::NotSent { reason: format!("not noted: {error}"), retry_after: None },
                },
                Some(reason) => Outcome::NotSent { reason: reason.clone(), retry_after: None },
            };
            if !matches!(outcome, Outcome::Accepted { .. }) && stopped.is_none() {
                stopped = Some("an earlier part did not go".into());
            }
            attempt.outcomes.push((part.submission, outcome));
        }
        attempt
    }

    /// Calls the carrier for one part. Where its answer is lost but the network has said that it has the part, it has been taken.
    async fn hand_over(&self, carrier: &dyn Carrier, part: &Outgoing, valid_until: Option<i64>) -> Outcome {
        let lately = self.carriers().lately();
        lately.begin(part.submission);
        let left = valid_until.map(|until| SignedDuration::from_micros(until - self.clock().now_micros()));
        match carrier.submit_within(part, left).await {
            Outcome::Unknown { .. } if lately.has_left(part.submission) => Outcome::Accepted { carrier_id: None },
            outcome => outcome,
        }
    }

    /// Ends a message that can't or may not leave.
    pub(super) async fn give_up(&self, ready: &Ready, state: MessageState, why: &str) -> Result<(), AppError> {
        self.end_claimed(ready, state, Some(why)).await
    }

    async fn end_claimed(&self, ready: &Ready, state: MessageState, why: Option<&str>) -> Result<(), AppError> {
        let now = self.clock().now_micros();
        let mut unit = Unit::new();
        let times = mhero_store::StateTimes { sent_at: None, done_at: Some(now) };
        unit.move_message(ready.message, &ready.state, state.as_str(), times, why);
        unit.leave_outbox(ready.message);
        match self.store().write(unit, Queue::Interactive).await {
            // It was taken back meanwhile.
            Err(error) if error.is_decide_again() => Ok(()),
            other => Ok(other.map(|_| ())?),
        }
    }
}

/// The submissions of some attempts.
fn parts_of(attempts: &[Attempt]) -> Vec<SubmissionId> {
    attempts.iter().flat_map(|attempt| attempt.parts.iter().map(|part| part.submission)).collect()
}

/// How long to wait before the next attempt, by attempts so far.
pub(super) fn back_off(attempt: i64) -> SignedDuration {
    const SECONDS: [i64; 7] = [5, 15, 60, 300, 900, 1_800, 3_600];
    let last = SECONDS.len() - 1;
    SignedDuration::from_secs(SECONDS[usize::try_from(attempt).unwrap_or(last).min(last)])
}
