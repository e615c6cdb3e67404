//! What SMS centres say late, early, or in another notation: answers after their time, receipts before their answers, ids in
//! hexadecimal that were given in decimal.

use std::time::Duration;

use futures::future::try_join_all;
use mhero_core::{ChannelId, SubmissionId, SubmissionState};
use mhero_store::{EarlyReceipt, Queue, SubmissionRow, Unit};

use crate::{App, AppError, ports::Report};

/// Early receipts applied in one go.
const EARLY_MAX: i64 = 500;
/// Early receipts applied at a time.
const EARLY_TOGETHER: usize = 32;
/// How often, and how long each time, a receipt waits for its answer to be written before it is kept as an early one.
const ANSWER_LOOKS: usize = 3;
const ANSWER_WAIT: Duration = Duration::from_millis(25);

impl App {
    /// Takes the word of a carrier that it has a part after all, whose answer was no longer waited for.
    ///
    /// # Errors
    /// Whatever the store reports.
    pub(super) async fn taken_late(
        &self,
        channel: ChannelId,
        id: SubmissionId,
        carrier_id: Option<&str>,
    ) -> Result<(), AppError> {
        // That it is unknown is written first, where that is under way.
        self.carriers().lately().left(id).await;
        let (mut unit, now) = (Unit::new(), self.clock().now_micros());
        unit.late_answer(id, SubmissionState::Accepted, carrier_id, None, now).whole_left(id, channel, now);
        self.store().write(unit, Queue::Interactive).await?;
        self.apply_early_reports().await?;
        Ok(())
    }

    /// Takes a delivery report whose id may be spelt otherwise than at submission. An id in another notation could be that of
    /// another message: it counts only where the message is for the phone of the report.
    ///
    /// # Errors
    /// Whatever the store reports; the carrier must then be told to report again.
    pub(super) async fn report_spelt(
        &self,
        channel: ChannelId,
        carrier_ids: &[String],
        numbers: &[String; 2],
        report: &Report,
    ) -> Result<(), AppError> {
        let Some(exact) = carrier_ids.first() else { return Ok(()) };
        let numbering = self.numbering_cached().await?;
        let phones: Vec<String> = numbers.iter().filter_map(|number| numbering.inbound(number)).collect();
        if phones.is_empty() {
            return self.report(channel, exact, report.clone()).await;
        }
        let (state, why) = match report {
            Report::Delivered => (SubmissionState::Delivered, None),
            Report::Failed { reason } => (SubmissionState::Failed, Some(reason.as_str())),
        };
        // A fast centre reports before the answer is on disk: a moment later it is.
        for _ in 0..ANSWER_LOOKS {
            if let Some(submission) = self.submission_spelt(channel, carrier_ids, &phones).await? {
                return self.apply_receipt(channel, submission, report).await;
            }
            self.carriers().lately().until_some_end(ANSWER_WAIT).await;
        }
        self.store()
            .decide(|| async {
                if let Some(submission) = self.submission_spelt(channel, carrier_ids, &phones).await? {
                    return self.apply_report(&submission, state, why).await;
                }
                let (mut unit, at) = (Unit::new(), self.clock().now_micros());
                for carrier_id in carrier_ids {
                    let (carrier_id, path) = (carrier_id.clone(), phones[0].clone());
                    unit.keep_early_receipt(&EarlyReceipt { channel, carrier_id, path, state, at });
                }
                self.store().write(unit, Queue::Interactive).await?;
                Ok(())
            })
            .await
    }

    /// Applies a receipt to the submission it is of; what is simple is written together with others.
    async fn apply_receipt(
        &self,
        channel: ChannelId,
        submission: SubmissionRow,
        report: &Report,
    ) -> Result<(), AppError> {
        if submission.parts == 1 {
            return self.report_on(channel, submission.id, report).await;
        }
        let (state, why) = match report {
            Report::Delivered => (SubmissionState::Delivered, None),
            Report::Failed { reason } => (SubmissionState::Failed, Some(reason.as_str())),
        };
        let apply = || async {
            match self.store().submission(channel, submission.id).await? {
                Some(now) if now.state != SubmissionState::Delivered => self.apply_report(&now, state, why).await,
                _ => Ok(()),
            }
        };
        self.store().decide(apply).await
    }

    async fn submission_spelt(
        &self,
        channel: ChannelId,
        carrier_ids: &[String],
        phones: &[String],
    ) -> Result<Option<SubmissionRow>, AppError> {
        for carrier_id in carrier_ids {
            for phone in phones {
                let found = self.store().submission_by_carrier_id_to(channel, carrier_id, phone).await?;
                if found.is_some() {
                    return Ok(found);
                }
            }
        }
        Ok(None)
    }

    async fn apply_early_receipt(&self, receipt: &EarlyReceipt) -> Result<(), AppError> {
        let EarlyReceipt { channel, carrier_id, path, state, .. } = receipt;
        let apply = || async {
            if let Some(submission) = self.store().submission_by_carrier_id_to(*channel, carrier_id, path).await? {
                self.apply_report(&submission, *state, None).await?;
            }
            let mut unit = Unit::new();
            unit.early_receipt_done(receipt);
            self.store().write(unit, Queue::Interactive).await?;
            Ok::<(), AppError>(())
        };
        self.store().decide(apply).await
    }

    /// Applies receipts that came before the answers to the submissions they are of.
    pub(super) async fn apply_early_receipts(&self) -> Result<usize, AppError> {
        let early = self.store().matched_early_receipts(EARLY_MAX).await?;
        // Beside one another, so that they share their commits.
        for some in early.chunks(EARLY_TOGETHER) {
            try_join_all(some.iter().map(|receipt| self.apply_early_receipt(receipt))).await?;
        }
        Ok(early.len())
    }
}
