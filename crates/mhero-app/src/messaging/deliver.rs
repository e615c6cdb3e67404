//! The outbox: one pass claims what may leave by a channel, writes that it is being submitted, calls the carrier, and
//! writes the answer. What happens between two of these writes and a crash can't be known, and is said so.

use std::{
    pin::pin,
    sync::atomic::{AtomicBool, Ordering},
};

use futures::{
    StreamExt,
    future::{Either, select},
    stream,
};
use jiff::SignedDuration;
use mhero_core::{Lane, MessageId, MessageState, SubmissionId, SubmissionState, Urn};
use mhero_store::{ChannelRow, Claim, Lease, Queue, Ready, SubmissionRow, Unit};

use crate::{
    App, AppError, Facts,
    ports::{Carrier, Outcome, Outgoing, Parts},
};

/// Messages that one pass claims.
const CLAIM_MAX: i64 = 100;
/// Submissions under way at a time in one pass.
const WINDOW: usize = 50;
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
    const fn range(self) -> (Lane, Lane) {
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
    outcomes: Vec<(SubmissionId, Outcome)>,
}

/// What one pass knows while it runs.
struct Pass<'a> {
    channel: &'a ChannelRow,
    carrier: &'a dyn Carrier,
    lease: &'a Lease,
    facts: &'a Facts,
    lanes: Lanes,
    /// It began in quiet hours, with what is exempt from them.
    is_quiet: bool,
    /// Another node serves the channel by now.
    is_lost: &'a AtomicBool,
}

/// Keeps a message known as under way in this process, however its attempt ends.
struct UnderWay<'a> {
    app: &'a App,
    message: MessageId,
}

impl<'a> UnderWay<'a> {
    fn new(app: &'a App, message: MessageId) -> Self {
        app.under_way().insert(message);
        Self { app, message }
    }
}

impl Drop for UnderWay<'_> {
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
        let Some(lease) = self.channel_lease(channel).await? else { return Ok(0) };
        self.mark_interrupted(channel.id).await?;
        let facts = self.facts_cached().await?;
        let now = self.clock().now();
        let (from, to) = lanes.range();
        let is_quiet = lanes == Lanes::Rest && facts.quiet_until(now).is_some();
        let claim = Claim {
            from,
            to,
            now: now.as_microsecond(),
            channel: channel.id,
            is_default,
            exempt_only: is_quiet,
            limit: CLAIM_MAX.min(budget.max(1)),
        };
        let ready = self.store().ready_to_leave(&claim, self.next_turn()).await?;
        if ready.is_empty() {
            return Ok(0);
        }
        let (carrier, is_lost) = (self.carrier(channel)?, AtomicBool::new(false));
        let pass = Pass {
            channel,
            carrier: carrier.as_ref(),
            lease: &lease,
            facts: &facts,
            lanes,
            is_quiet,
            is_lost: &is_lost,
        };
        let pass = &pass;
        let done = stream::iter(ready)
            .map(|ready| async move {
                let message = ready.message;
                self.attempt(pass, ready).await.unwrap_or_else(|error| {
                    // Where it had begun, the next pass finds it and says "uncertain": never silently doubled.
                    tracing::error!(%message, %error, "an attempt to send could not be written");
                    false
                })
            })
            .buffer_unordered(WINDOW)
            .filter(|tried| std::future::ready(*tried))
            .count();
        Ok(match select(pin!(done), pin!(self.keep_lease(pass))).await {
            Either::Left((count, _)) => count,
            Either::Right((never, _)) => match never {},
        })
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

    /// One attempt with one message. False when nothing was tried, because something has changed since it was found.
    async fn attempt(&self, pass: &Pass<'_>, ready: Ready) -> Result<bool, AppError> {
        let quiet_began =
            pass.lanes == Lanes::Rest && !pass.is_quiet && pass.facts.quiet_until(self.clock().now()).is_some();
        if quiet_began || pass.is_lost.load(Ordering::SeqCst) {
            return Ok(false);
        }
        let Some(attempt) = self.prepare(pass.channel, pass.carrier, ready).await? else { return Ok(true) };
        let _under_way = UnderWay::new(self, attempt.ready.message);
        match self.claim(pass.lease, pass.channel, &attempt).await {
            Ok(()) => {}
            Err(AppError::Store(error)) if error.is_decide_again() => return Ok(false),
            Err(error) => return Err(error),
        }
        self.spend(pass.channel, attempt.parts.len());
        let attempt = submit(pass.carrier, attempt).await;
        let write = || self.write_outcome(pass.channel, &attempt.ready, &attempt.outcomes);
        self.store().decide(write).await?;
        Ok(true)
    }

    /// Cuts a message into the parts that still have to go.
    async fn prepare(
        &self,
        channel: &ChannelRow,
        carrier: &dyn Carrier,
        ready: Ready,
    ) -> Result<Option<Attempt>, AppError> {
        if ready.is_stopped {
            self.give_up(&ready, MessageState::Cancelled, "stopped").await?;
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
        let texts = match carrier.parts() {
            Parts::Split => mhero_text::split(&text),
            Parts::Whole => vec![text],
        };
        let taken = if ready.attempt > 0 { self.store().accepted_parts(ready.message).await? } else { Vec::new() };
        let count = i64::try_from(texts.len()).unwrap_or(i64::MAX);
        // An uncertain message is sent again whole: whether its parts arrived can't be known.
        let resend_all = ready.state == "uncertain";
        let parts = (1..)
            .zip(texts)
            .filter(|(part, _)| resend_all || !taken.contains(part))
            .map(|(part, text)| Outgoing {
                submission: self.store().mint().id(SubmissionId::from_uuid),
                message: ready.message,
                to: to.clone(),
                sender: channel.sender.clone(),
                text,
                part,
                parts: count,
            })
            .collect();
        Ok(Some(Attempt { ready, parts, outcomes: Vec::new() }))
    }

    /// Writes, before the carrier is called, that a message is being submitted. Fails when somebody took it back meanwhile.
    async fn claim(&self, lease: &Lease, channel: &ChannelRow, attempt: &Attempt) -> Result<(), AppError> {
        let mut unit = Unit::new();
        unit.begin_submit(lease, channel.id, attempt.ready.message, attempt.ready.attempt);
        for part in &attempt.parts {
            let row = SubmissionRow {
                id: part.submission,
                message: part.message,
                attempt: attempt.ready.attempt + 1,
                part: part.part,
                parts: part.parts,
                state: SubmissionState::Submitting,
            };
            unit.add_submission(&row, channel.id, self.clock().now_micros());
        }
        self.store().write(unit, Queue::Interactive).await?;
        Ok(())
    }

    /// Ends a message that can't or may not leave.
    async fn give_up(&self, ready: &Ready, state: MessageState, why: &str) -> Result<(), AppError> {
        let now = self.clock().now_micros();
        let mut unit = Unit::new();
        let times = mhero_store::StateTimes { sent_at: None, done_at: Some(now) };
        unit.move_message(ready.message, &ready.state, state.as_str(), times, Some(why));
        unit.leave_outbox(ready.message);
        match self.store().write(unit, Queue::Interactive).await {
            // It was taken back meanwhile.
            Err(error) if error.is_decide_again() => Ok(()),
            other => Ok(other.map(|_| ())?),
        }
    }
}

/// Calls the carrier for each part in turn; after a part that did not go, the rest is not tried.
async fn submit(carrier: &dyn Carrier, mut attempt: Attempt) -> Attempt {
    let mut stopped: Option<String> = None;
    for part in &attempt.parts {
        let outcome = match &stopped {
            None => carrier.submit(part).await,
            Some(reason) => Outcome::NotSent { reason: reason.clone(), retry_after: None },
        };
        if !matches!(outcome, Outcome::Accepted { .. }) && stopped.is_none() {
            stopped = Some("an earlier part did not go".into());
        }
        attempt.outcomes.push((part.submission, outcome));
    }
    attempt
}

/// How long to wait before the next attempt, by attempts so far.
pub(super) fn back_off(attempt: i64) -> SignedDuration {
    const SECONDS: [i64; 7] = [5, 15, 60, 300, 900, 1_800, 3_600];
    let last = SECONDS.len() - 1;
    SignedDuration::from_secs(SECONDS[usize::try_from(attempt).unwrap_or(last).min(last)])
}
