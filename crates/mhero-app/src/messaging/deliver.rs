//! The outbox: one pass claims what may leave by a channel, writes that it is being submitted, calls the carrier, and
//! writes the answer. What happens between two of these writes and a crash can't be known, and is said so.

use futures::{StreamExt, stream};
use jiff::SignedDuration;
use mhero_core::{Lane, MessageState, SubmissionId, SubmissionState, Urn};
use mhero_store::{ChannelRow, Claim, Lease, Queue, Ready, SubmissionRow, Unit};

use crate::{
    App, AppError,
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
        self.tidy_when_new(channel, &lease).await?;
        let facts = self.facts_cached().await?;
        let now = self.clock().now();
        let (from, to) = lanes.range();
        let claim = Claim {
            from,
            to,
            now: now.as_microsecond(),
            channel: channel.id,
            is_default,
            exempt_only: lanes == Lanes::Rest && facts.quiet_until(now).is_some(),
            limit: CLAIM_MAX.min(budget.max(1)),
        };
        let ready = self.store().ready_to_leave(&claim).await?;
        if ready.is_empty() {
            return Ok(0);
        }
        let ready_count = ready.len();
        let carrier = self.carrier(channel)?;
        let mut attempts = Vec::with_capacity(ready.len());
        for ready in ready {
            if let Some(attempt) = self.prepare(channel, carrier.as_ref(), ready).await? {
                attempts.push(attempt);
            }
        }
        let attempts = self.claim(&lease, channel, attempts).await?;
        let tried = attempts.len().max(usize::from(ready_count > attempts.len()));
        self.spend(channel, attempts.iter().map(|attempt| attempt.parts.len()).sum());
        let carrier = carrier.as_ref();
        stream::iter(attempts)
            .for_each_concurrent(WINDOW, |attempt| async move {
                let attempt = submit(carrier, attempt).await;
                let write = || self.write_outcome(channel, &attempt.ready, &attempt.outcomes);
                if let Err(error) = self.store().decide(write).await {
                    // The message stays "submitting"; the next holder of the lease will find it and say "uncertain".
                    tracing::error!(message = %attempt.ready.message, %error, "the carrier's answer could not be written");
                }
            })
            .await;
        Ok(tried)
    }

    /// A node that begins to serve a channel first says what the one before it left in the middle. Nobody submits meanwhile.
    async fn tidy_when_new(&self, channel: &ChannelRow, lease: &Lease) -> Result<(), AppError> {
        let mut served = self.served().lock().await;
        if served.get(&channel.id) != Some(&lease.fence) {
            self.tidy_channel(channel).await?;
            served.insert(channel.id, lease.fence);
        }
        Ok(())
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

    /// Writes, before any carrier is called, that these messages are being submitted. One that somebody took back in the
    /// meantime drops out.
    async fn claim(
        &self,
        lease: &Lease,
        channel: &ChannelRow,
        attempts: Vec<Attempt>,
    ) -> Result<Vec<Attempt>, AppError> {
        let now = self.clock().now_micros();
        let units = attempts.into_iter().map(|attempt| async move {
            let mut unit = Unit::new();
            unit.begin_submit(lease, channel.id, attempt.ready.message);
            for part in &attempt.parts {
                let row = SubmissionRow {
                    id: part.submission,
                    message: part.message,
                    attempt: attempt.ready.attempt + 1,
                    part: part.part,
                    parts: part.parts,
                    state: SubmissionState::Submitting,
                };
                unit.add_submission(&row, channel.id, now);
            }
            match self.store().write(unit, Queue::Interactive).await {
                Ok(_) => Ok(Some(attempt)),
                Err(error) if error.is_decide_again() => Ok(None),
                Err(error) => Err(error),
            }
        });
        let claimed = futures::future::join_all(units).await;
        let mut kept = Vec::with_capacity(claimed.len());
        for attempt in claimed {
            match attempt {
                Ok(attempt) => kept.extend(attempt),
                // What was claimed before this error stays "submitting" and becomes "uncertain": never silently doubled.
                Err(error) => tracing::error!(%error, "a message could not be claimed"),
            }
        }
        Ok(kept)
    }

    /// Ends a message that can't or may not leave.
    async fn give_up(&self, ready: &Ready, state: MessageState, why: &str) -> Result<(), AppError> {
        let now = self.clock().now_micros();
        let mut unit = Unit::new();
        let times = mhero_store::StateTimes { sent_at: None, done_at: Some(now) };
        unit.move_message(ready.message, &ready.state, state.as_str(), times, Some(why));
        unit.leave_outbox(ready.message);
        self.store().write(unit, Queue::Interactive).await?;
        Ok(())
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
