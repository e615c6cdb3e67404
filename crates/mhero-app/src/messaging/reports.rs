//! Delivery reports: they move a message forward, never back.

use mhero_core::{ChannelId, MessageId, MessageState, SubmissionState};
use mhero_store::{EarlyReport, Queue, StateTimes, SubmissionRow, Unit};

use crate::{App, AppError, ports::Report};

/// Early reports applied in one go.
const EARLY_MAX: i64 = 500;

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

    async fn apply_report(
        &self,
        submission: &SubmissionRow,
        state: SubmissionState,
        why: Option<&str>,
    ) -> Result<(), AppError> {
        let now = self.clock().now_micros();
        let Some(standing) = self.store().message_standing(submission.message).await? else { return Ok(()) };
        let mut parts = self.store().part_states(submission.message).await?;
        parts.push((submission.part, submission.parts, state));
        let mut unit = Unit::new();
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
        Ok(early.len())
    }

    /// Messages whose submission was interrupted by the end of a process: nobody knows whether they left.
    pub(crate) async fn mark_interrupted(&self, channel: ChannelId, limit: i64) -> Result<usize, AppError> {
        let interrupted: Vec<(MessageId, mhero_core::Lane)> = self.store().interrupted(channel, limit).await?;
        let now = self.clock().now_micros();
        for (message, lane) in &interrupted {
            let mut unit = Unit::new();
            unit.submissions_uncertain(*message, now);
            self.mark_uncertain(&mut unit, *message, *lane, 1);
            match self.store().write(unit, Queue::Interactive).await {
                // A report may have come for it meanwhile.
                Err(error) if error.is_decide_again() => {
                    let mut unit = Unit::new();
                    unit.leave_outbox(*message);
                    self.store().write(unit, Queue::Interactive).await?;
                }
                other => {
                    other?;
                }
            }
        }
        Ok(interrupted.len())
    }
}

/// The state of a message whose parts have these states; `None` while nothing final is known. The latest word on a part
/// counts; delivered beats failed, since a phone that has it has it.
fn whole(parts: &[(i64, i64, SubmissionState)]) -> Option<MessageState> {
    let count = parts.iter().map(|(_, of, _)| *of).max()?;
    let delivered = |part: i64| parts.iter().any(|(p, _, s)| *p == part && *s == SubmissionState::Delivered);
    let failed = |part: i64| parts.iter().any(|(p, _, s)| *p == part && *s == SubmissionState::Failed);
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
        assert_eq!(whole(&[(1, 2, Delivered), (2, 2, Accepted)]), None);
        assert_eq!(whole(&[(1, 2, Delivered), (2, 2, Delivered)]), Some(MessageState::Delivered));
        assert_eq!(whole(&[(1, 2, Delivered), (2, 2, Failed)]), Some(MessageState::Failed));
        assert_eq!(whole(&[(1, 1, Failed), (1, 1, Delivered)]), Some(MessageState::Delivered));
    }
}
