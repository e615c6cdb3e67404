//! The network's side: taking a part for a phone, and planning what follows from it.

use jiff::{SignedDuration, Timestamp};
use mhero_core::{ChannelId, MessageKind};
use mhero_store::{NEVER_SHOWN, NewSimulatedSms, Queue, StoreError, Unit};
use serde::{Deserialize, Serialize};

use super::{Behaviour, Incoming, PhoneMode, Reaction};
use crate::{
    App, AppError,
    ports::{Outcome, Outgoing, Report},
};

/// What is still due at a part, in the order of time. JSON in the store.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Step {
    /// When, in UTC microseconds.
    pub(super) at: i64,
    /// What.
    #[serde(flatten)]
    pub(super) what: What,
}

/// One thing that is due.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "lowercase")]
pub(super) enum What {
    /// The operator reports that the phone has it.
    Delivered,
    /// The operator reports that it failed.
    Failed {
        /// The operator's words.
        reason: String,
    },
    /// The owner answers.
    Answer {
        /// The text.
        text: String,
    },
}

impl App {
    /// Takes a part for a simulated phone, durably, and plans what follows: its report, its owner's answer.
    pub async fn simulate_submission(
        &self,
        channel: ChannelId,
        behaviour: &dyn Behaviour,
        outgoing: &Outgoing,
    ) -> Outcome {
        match self.take_part(channel, behaviour, outgoing).await {
            Ok(carrier_id) => Outcome::Accepted { carrier_id: Some(carrier_id) },
            Err(AppError::Store(error)) if !surely_unwritten(&error) => Outcome::Unknown { reason: error.to_string() },
            Err(error) => Outcome::NotSent { reason: error.to_string(), retry_after: None },
        }
    }

    async fn take_part(
        &self,
        channel: ChannelId,
        behaviour: &dyn Behaviour,
        outgoing: &Outgoing,
    ) -> Result<String, AppError> {
        let path = outgoing.to.path();
        let reference = outgoing.message.to_string();
        let (text, is_whole) = self.so_far(path, &reference, outgoing).await.map_err(unwritten)?;
        let reaction = match self.simulated_mode(path).await.map_err(unwritten)? {
            Some(PhoneMode::ByHand | PhoneMode::Silent) => Reaction::delivered(SignedDuration::ZERO),
            Some(PhoneMode::ByItself) | None => {
                let kind = self.store().kind_of_message(outgoing.message).await.map_err(|e| unwritten(e.into()))?;
                let kind = kind.unwrap_or(MessageKind::Auto);
                behaviour.react(&Incoming { path, text: &text, kind, message: outgoing.message })
            }
        };
        let now = self.clock().now();
        let carrier_id = self.store().mint().uuid().to_string();
        let sms = NewSimulatedSms {
            path: path.to_owned(),
            is_to_phone: true,
            text: outgoing.text.clone(),
            channel,
            carrier_id: carrier_id.clone(),
            reference: Some(reference),
            part: outgoing.part,
            parts: outgoing.parts,
            at: reaction.shown_after.map_or(NEVER_SHOWN, |after| later(now, after)),
            due: due_json(&plan(now, reaction, is_whole)),
        };
        let mut unit = Unit::new();
        unit.add_simulated_sms(&sms);
        self.store().write(unit, Queue::Interactive).await?;
        Ok(carrier_id)
    }

    /// The words that are at the phone with this part, and whether these are all.
    async fn so_far(&self, path: &str, reference: &str, outgoing: &Outgoing) -> Result<(String, bool), AppError> {
        if outgoing.parts <= 1 {
            return Ok((outgoing.text.clone(), true));
        }
        let before = self.store().simulated_parts(path, reference).await?;
        let part = |number: i64| {
            if number == outgoing.part {
                return Some(outgoing.text.as_str());
            }
            before.iter().find(|(of, _)| *of == number).map(|(_, text)| text.as_str())
        };
        let parts: Vec<&str> = (1..=outgoing.parts).filter_map(part).collect();
        Ok((parts.concat(), i64::try_from(parts.len()) == Ok(outgoing.parts)))
    }
}

/// The steps that follow from a reaction, in the order of time.
fn plan(now: Timestamp, reaction: Reaction, is_whole: bool) -> Vec<Step> {
    let report = reaction.report.map(|(after, report)| {
        let what = match report {
            Report::Delivered => What::Delivered,
            Report::Failed { reason } => What::Failed { reason },
        };
        Step { at: later(now, after), what }
    });
    let answer = reaction.answer.filter(|_| is_whole);
    let answer = answer.map(|(after, text)| Step { at: later(now, after), what: What::Answer { text } });
    let mut steps: Vec<Step> = report.into_iter().chain(answer).collect();
    steps.sort_by_key(|step| step.at);
    steps
}

/// How steps stand in the store: the instant of the first, and all.
pub(super) fn due_json(steps: &[Step]) -> Option<(i64, String)> {
    let first = steps.first()?;
    // Instants and texts always serialise.
    serde_json::to_string(steps).ok().map(|json| (first.at, json))
}

fn later(now: Timestamp, after: SignedDuration) -> i64 {
    now.as_microsecond().saturating_add(i64::try_from(after.as_micros()).unwrap_or(i64::MAX))
}

/// A read that failed: nothing has been written yet, whatever the store says.
fn unwritten(error: AppError) -> AppError {
    match error {
        AppError::Store(error) => AppError::invalid("simulator-unread", [("detail", error.to_string())]),
        other => other,
    }
}

/// Whether a failed write has certainly left nothing behind. A failed flush or a lost connection may have.
const fn surely_unwritten(error: &StoreError) -> bool {
    matches!(
        error,
        StoreError::Guard { .. } | StoreError::Exists { .. } | StoreError::Contention | StoreError::DiskFull
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_come_back_in_the_order_of_time() {
        let seconds = SignedDuration::from_secs;
        let reaction = Reaction {
            shown_after: Some(seconds(1)),
            report: Some((seconds(9), Report::Failed { reason: "unreachable".into() })),
            answer: Some((seconds(5), "1".into())),
        };
        let steps = plan(Timestamp::UNIX_EPOCH, reaction.clone(), true);
        let (first, json) = due_json(&steps).expect("there are steps");
        assert_eq!(first, 5_000_000);
        assert!(serde_json::from_str::<Vec<Step>>(&json).expect("it reads") == steps);
        assert_eq!(plan(Timestamp::UNIX_EPOCH, reaction, false).len(), 1, "half a message is not answered");
        assert!(due_json(&[]).is_none());
    }

    #[test]
    fn only_what_certainly_failed_counts_as_not_sent() {
        assert!(surely_unwritten(&StoreError::DiskFull));
        assert!(!surely_unwritten(&StoreError::FlushFailed { detail: "EIO".into() }));
        assert!(!surely_unwritten(&StoreError::Closed));
    }
}
