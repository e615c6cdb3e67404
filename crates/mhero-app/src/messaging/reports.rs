//! Delivery reports: they move a message forward, never back.

use mhero_core::{ChannelId, MessageState, SubmissionId, SubmissionState};
use mhero_store::{EarlyReport, PartState, Queue, StateTimes, StoreError, SubmissionRow, Unit};

use crate::{App, AppError, ports::Report};

/// Early reports applied in one go.
const EARLY_MAX: i64 = 500;
/// Interrupted submissions looked at in one pass.
const INTERRUPTED_MAX: i64 = 1_000;

impl App {
    /// Takes a delivery report from a carrier. One that comes before the answer it belongs to is kept and applied later.
    ///
    /// # Errors
    /// Whatever the store reports; the carrier must then be told to report again.
    pub async fn report(&self, channel: ChannelId, carrier_id: &str, report: Report) -> Result<(), AppError> {
        let (state, why) = match &report {
            Report::Delivered => (SubmissionState::Delivered, None),
            Report::Failed { reason } => (SubmissionState::Failed, Some(reason.as_str())),
        };
        self.store()
            .decide(|| async {
                match self.store().submission_by_carrier_id(channel, carrier_id).await? {
                    Some(submission) => self.apply_report(&submission, state, why).await,
                    None => {
                        let at = self.clock().now_micros();
                        let early = EarlyReport { channel, carrier_id: carrier_id.to_owned(), state, at };
                        let mut unit = Unit::new();
                        unit.keep_early_report(&early);
                        self.store().write(unit, Queue::Interactive).await?;
                        Ok(())
                    }
                }
            })
            .await
    }

    /// Takes a delivery report on one of our submissions. One on a submission that is not ours is passed over.
    ///
    /// # Errors
    /// Whatever the store reports; the carrier must then be told to report again.
    pub async fn report_on(&self, channel: ChannelId, id: SubmissionId, report: &Report) -> Result<(), AppError> {
        if *report == Report::Delivered && self.write_delivered(channel, id).await? {
            return Ok(());
        }
        let (state, why) = match report {
            Report::Delivered => (SubmissionState::Delivered, None),
            Report::Failed { reason } => (SubmissionState::Failed, Some(reason.as_str())),
        };
        let apply = || async {
            match self.store().submission(channel, id).await? {
                Some(submission) if submission.state != SubmissionState::Delivered => {
                    self.apply_report(&submission, state, why).await
                }
                _ => Ok(()),
            }
        };
        self.store().decide(apply).await
    }

    /// Takes the word of a carrier that the network has one of our submissions: where nobody knew whether it had left, it has.
    ///
    /// # Errors
    /// Whatever the store reports; the carrier must then be told to report again.
    pub async fn report_left(&self, channel: ChannelId, id: SubmissionId) -> Result<(), AppError> {
        if self.carriers().lately().left(id).await {
            return Ok(());
        }
        let Some(mut row) = self.store().submission(channel, id).await? else { return Ok(()) };
        if row.state == SubmissionState::Submitting {
            // Of a former process, which nobody has called interrupted yet.
            self.mark_interrupted_here(channel).await?;
            row = self.store().submission(channel, id).await?.unwrap_or(row);
            if row.state == SubmissionState::Submitting {
                return Err(StoreError::Contention.into());
            }
        }
        if row.state == SubmissionState::Uncertain && row.parts == 1 {
            let mut unit = Unit::new();
            unit.whole_left(id, channel, self.clock().now_micros());
            self.store().write(unit, Queue::Interactive).await?;
        }
        Ok(())
    }

    pub(super) async fn apply_report(
        &self,
        submission: &SubmissionRow,
        state: SubmissionState,
        why: Option<&str>,
    ) -> Result<(), AppError> {
        let now = self.clock().now_micros();
        let Some(standing) = self.store().message_standing(submission.message).await? else { return Ok(()) };
        let mut parts = self.store().part_states(submission.message).await?;
        let (part, of, attempt) = (submission.part, submission.parts, submission.attempt);
        parts.push(PartState { part, parts: of, attempt, state });
        let mut unit = Unit::new();
        if parts.iter().any(|other| other.part != part || other.attempt != attempt) {
            // Reports on two parts at once must not each miss what the other says.
            unit.message_unchanged(submission.message, standing.version);
        }
        unit.report_submission(submission.id, state, why, now);
        let current: Option<MessageState> = standing.state.parse().ok();
        if let (Some(current), Some(next)) = (current, whole(&parts))
            && current.may_become(next)
        {
            let times = StateTimes { sent_at: None, done_at: Some(now) };
            unit.move_message(submission.message, &standing.state, next.as_str(), times, why);
            unit.leave_outbox(submission.message);
        }
        self.store().write(unit, Queue::Interactive).await?;
        Ok(())
    }

    /// Applies reports that came before the answers they belong to.
    pub(crate) async fn apply_early_reports(&self) -> Result<usize, AppError> {
        let early = self.store().matched_early_reports(EARLY_MAX).await?;
        for report in &early {
            self.store()
                .decide(|| async {
                    let found = self.store().submission_by_carrier_id(report.channel, &report.carrier_id).await?;
                    if let Some(submission) = found {
                        self.apply_report(&submission, report.state, None).await?;
                    }
                    let mut unit = Unit::new();
                    unit.early_report_done(report);
                    self.store().write(unit, Queue::Interactive).await?;
                    Ok::<(), AppError>(())
                })
                .await?;
        }
        Ok(early.len() + self.apply_early_receipts().await?)
    }

    /// As [`App::mark_interrupted`], where this node serves the channel.
    async fn mark_interrupted_here(&self, channel: ChannelId) -> Result<(), AppError> {
        if let Some(row) = self.channel_cached(channel).await?
            && self.channel_lease(&row).await?.is_some()
        {
            self.mark_interrupted(channel).await?;
        }
        Ok(())
    }

    /// Messages whose submission was interrupted, by the end of a process or by an answer that could not be written: nobody
    /// knows whether they left, but for those that were surely never handed over, which wait again. Only the node that serves the
    /// channel may say so; what it has under way itself is not meant.
    pub(crate) async fn mark_interrupted(&self, channel: ChannelId) -> Result<usize, AppError> {
        let before = self.under_way().clone();
        let under_way = self.store().under_way(channel, INTERRUPTED_MAX).await?;
        let mut marked = 0;
        for (message, lane, attempt) in under_way {
            if before.contains(&message) || self.under_way().contains(&message) {
                continue;
            }
            let (mut unit, now) = (Unit::new(), self.clock().now_micros());
            let parts = self.store().parts_under_way(message).await?;
            if !parts.is_empty() && parts.iter().all(|part| self.store().never_begun(*part)) {
                unit.submissions_kept(message, now);
                unit.move_message(message, "submitting", "waiting", StateTimes::default(), None);
                unit.interrupted(message, attempt, now, false);
            } else {
                unit.submissions_uncertain(message, now);
                self.mark_uncertain(&mut unit, message, lane, attempt).await?;
            }
            match self.store().write(unit, Queue::Interactive).await {
                // Its answer has come meanwhile.
                Err(error) if error.is_decide_again() => {}
                other => {
                    other?;
                    self.store().note_ended(&parts);
                    marked += 1;
                }
            }
        }
        Ok(marked)
    }
}

/// The state of a message whose parts have these states; `None` while nothing final is known. Delivered beats failed, since
/// a phone that has it has it; and a part that was sent again has not failed because its first attempt has.
fn whole(parts: &[PartState]) -> Option<MessageState> {
    let count = parts.iter().map(|p| p.parts).max()?;
    let delivered = |part: i64| parts.iter().any(|p| p.part == part && p.state == SubmissionState::Delivered);
    let failed = |part: i64| {
        let last = parts.iter().filter(|p| p.part == part).map(|p| p.attempt).max();
        parts.iter().any(|p| p.part == part && Some(p.attempt) == last && p.state == SubmissionState::Failed)
    };
    if (1..=count).all(delivered) {
        Some(MessageState::Delivered)
    } else if (1..=count).any(|part| failed(part) && !delivered(part)) {
        Some(MessageState::Failed)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use SubmissionState::{Accepted, Delivered, Failed};

    #[test]
    fn a_message_is_delivered_when_all_its_parts_are() {
        let whole = |parts: &[(i64, i64, i64, SubmissionState)]| {
            let parts = parts.iter().map(|&(part, parts, attempt, state)| PartState { part, parts, attempt, state });
            whole(&parts.collect::<Vec<_>>())
        };
        assert_eq!(whole(&[(1, 2, 1, Delivered), (2, 2, 1, Accepted)]), None);
        assert_eq!(whole(&[(1, 2, 1, Delivered), (2, 2, 1, Delivered)]), Some(MessageState::Delivered));
        assert_eq!(whole(&[(1, 2, 1, Delivered), (2, 2, 1, Failed)]), Some(MessageState::Failed));
        assert_eq!(whole(&[(1, 1, 1, Failed), (1, 1, 1, Delivered)]), Some(MessageState::Delivered));
        assert_eq!(whole(&[(1, 1, 1, Failed), (1, 1, 2, Accepted)]), None, "it was sent again");
        assert_eq!(whole(&[(1, 1, 1, Delivered), (1, 1, 2, Failed)]), Some(MessageState::Delivered));
    }
}
