//! What a carrier's answers to the parts of a message mean for the message.

use jiff::SignedDuration;
use mhero_core::{Lane, MessageId, MessageState, SubmissionId, SubmissionState};
use mhero_store::{ChannelRow, Queue, Ready, StateTimes, StoreError, Unit};

use super::deliver::back_off;
use crate::{App, AppError, ports::Outcome};

/// How long a message that has no hours of its own is tried before it is given up, while the channel carries others.
const TRIED_FOR: SignedDuration = SignedDuration::from_hours(24);
/// However long a message has waited for its turn (a pause, quiet hours), it is tried so often before it is given up.
const TRIED_MIN: i64 = 5;
/// Longest wait for the next attempt, whatever the carrier asks for: those behind it in the conversation wait too.
const RETRY_WITHIN: SignedDuration = SignedDuration::from_hours(1);
/// An uncertain message is sent again by itself at most so often.
const RESEND_MAX: i64 = 3;

/// What becomes of a message after an attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Next {
    Sent,
    Failed(String),
    Again { after: SignedDuration, reason: String },
    Uncertain,
}

/// A message, and what the carrier answered to its parts.
pub(super) struct Answered {
    pub(super) ready: Ready,
    pub(super) outcomes: Vec<(SubmissionId, Outcome)>,
    /// The last moment at which it is worth sending, in UTC microseconds.
    pub(super) valid_until: Option<i64>,
}

impl Answered {
    /// The submission and the carrier's id where the carrier took the message in one part, which is how nearly all leave.
    fn whole(&self) -> Option<(SubmissionId, Option<&str>)> {
        match self.outcomes.as_slice() {
            [(id, Outcome::Accepted { carrier_id })] => Some((*id, carrier_id.as_deref())),
            _ => None,
        }
    }
}

impl App {
    /// Writes what a carrier answered to several messages. Those that it took whole are written in one unit. Returns whether all
    /// was written.
    pub(super) async fn write_outcomes(&self, channel: &ChannelRow, answered: &[Answered]) -> bool {
        let mut rest: Vec<&Answered> = answered.iter().filter(|a| a.whole().is_none()).collect();
        let mut whole: Vec<&Answered> = answered.iter().filter(|a| a.whole().is_some()).collect();
        // In one order, so that two units which touch the same people do not wait for each other.
        whole.sort_by_key(|answer| answer.ready.person);
        match self.write_whole(&whole).await {
            Ok(left) => rest.extend(left),
            Err(error) => {
                tracing::error!(channel = %channel.id, %error, "answers could not be written together");
                rest.extend(whole.iter());
            }
        }
        let mut is_written = true;
        for answer in rest {
            let write = || self.write_outcome(channel, answer);
            if let Err(error) = self.store().decide(write).await {
                // The next pass finds it under way and says "uncertain": never silently doubled.
                let message = answer.ready.message;
                tracing::error!(%message, %error, "an attempt to send could not be written");
                is_written = false;
            }
        }
        is_written
    }

    /// Writes, in one unit, that a carrier took messages whole. Returns those that were no longer being submitted: their answers
    /// came late.
    async fn write_whole<'a>(&self, whole: &[&'a Answered]) -> Result<Vec<&'a Answered>, AppError> {
        if whole.is_empty() {
            return Ok(Vec::new());
        }
        let (mut unit, now) = (Unit::new(), self.clock().now_micros());
        let mut places = Vec::with_capacity(whole.len());
        for answer in whole {
            if let Some((id, carrier_id)) = answer.whole() {
                // The second step of each says whether the message was still being submitted.
                places.push(unit.len() + 1);
                unit.took(id, answer.ready.message, answer.ready.person, carrier_id, now);
            }
        }
        let done = self.store().write(unit, Queue::Interactive).await?;
        if whole.iter().any(|answer| answer.whole().is_some_and(|(_, carrier_id)| carrier_id.is_some())) {
            self.apply_early_reports().await?;
        }
        let mut late = Vec::new();
        for (answer, place) in whole.iter().zip(places) {
            if done.rows[place] == 0 && !self.is_reported(answer).await? {
                late.push(*answer);
            }
        }
        Ok(late)
    }

    /// Whether the report on a message came before its answer, which then adds nothing.
    async fn is_reported(&self, answer: &Answered) -> Result<bool, AppError> {
        if answer.whole().is_none_or(|(_, carrier_id)| carrier_id.is_some()) {
            return Ok(false);
        }
        let standing = self.store().message_standing(answer.ready.message).await?;
        Ok(standing.is_some_and(|message| message.state == MessageState::Delivered.as_str()))
    }

    /// Writes the carrier's answers to one message and what they mean, in one unit.
    async fn write_outcome(&self, channel: &ChannelRow, answered: &Answered) -> Result<(), AppError> {
        let Answered { ready, outcomes, .. } = answered;
        match self.write_in_time(channel, answered).await {
            // It took so long that the attempt was given up as uncertain. The answer is true all the same.
            Err(AppError::Store(StoreError::Guard { .. })) => self.write_late(ready, outcomes).await?,
            other => other?,
        }
        if outcomes.iter().any(|(_, outcome)| matches!(outcome, Outcome::Accepted { carrier_id: Some(_) })) {
            self.apply_early_reports().await?;
        }
        if outcomes.iter().any(|(_, outcome)| matches!(outcome, Outcome::Stopped { .. })) {
            self.stop_number(channel.id, (&ready.scheme, &ready.path)).await?;
        }
        tracing::debug!(channel = %channel.id, message = %ready.message, "attempt written");
        Ok(())
    }

    async fn write_in_time(&self, channel: &ChannelRow, answered: &Answered) -> Result<(), AppError> {
        let Answered { ready, outcomes, valid_until } = answered;
        let now = self.clock().now();
        let micros = now.as_microsecond();
        let mut unit = Unit::new();
        for (id, outcome) in outcomes {
            let (state, carrier_id, failure) = answer(outcome);
            unit.answer_submission(*id, state, carrier_id, failure, micros);
        }
        let in_trouble = || self.carrier(channel).map_or(true, |carrier| carrier.trouble().is_some());
        let age = SignedDuration::from_micros(micros - ready.created_at);
        let counted = if counts(*valid_until, in_trouble) { age } else { SignedDuration::ZERO };
        match next(ready.attempt, counted, outcomes) {
            Next::Sent => {
                unit.move_message(
                    ready.message,
                    "submitting",
                    MessageState::Sent.as_str(),
                    StateTimes { sent_at: Some(micros), done_at: None },
                    None,
                );
                unit.leave_outbox(ready.message);
                unit.touch_sent(ready.person, micros);
            }
            Next::Failed(reason) => {
                unit.move_message(
                    ready.message,
                    "submitting",
                    MessageState::Failed.as_str(),
                    StateTimes { sent_at: None, done_at: Some(micros) },
                    Some(&reason),
                );
                unit.leave_outbox(ready.message);
            }
            Next::Again { after, reason } => {
                unit.move_message(ready.message, "submitting", "waiting", StateTimes::default(), Some(&reason));
                unit.outbox_again(ready.message, (now + after).as_microsecond(), false);
            }
            Next::Uncertain => {
                self.mark_uncertain(&mut unit, ready.message, ready.lane, ready.attempt + 1).await?;
            }
        }
        self.store().write(unit, Queue::Interactive).await?;
        Ok(())
    }

    /// Answers to an attempt that was given up: what is known now counts, unless another attempt has begun since.
    async fn write_late(&self, ready: &Ready, outcomes: &[(SubmissionId, Outcome)]) -> Result<(), AppError> {
        let now = self.clock().now_micros();
        let mut unit = Unit::new();
        for (id, outcome) in outcomes {
            let (state, carrier_id, failure) = answer(outcome);
            unit.late_answer(*id, state, carrier_id, failure, now);
        }
        if next(ready.attempt, SignedDuration::ZERO, outcomes) == Next::Sent {
            // Its report may have come before its answer.
            unit.touch_sent(ready.person, now);
        }
        let standing = self.store().message_standing(ready.message).await?;
        let outbox = self.store().outbox_standing(ready.message).await?;
        let is_uncertain = standing.is_some_and(|m| m.state == MessageState::Uncertain.as_str());
        if is_uncertain && outbox.is_none_or(|(attempt, under_way)| attempt == ready.attempt + 1 && !under_way) {
            let (id, from) = (ready.message, MessageState::Uncertain.as_str());
            match next(ready.attempt, SignedDuration::ZERO, outcomes) {
                Next::Sent => {
                    let times = StateTimes { sent_at: Some(now), done_at: None };
                    unit.move_message(id, from, MessageState::Sent.as_str(), times, None).leave_outbox(id);
                }
                Next::Failed(reason) => {
                    let times = StateTimes { sent_at: None, done_at: Some(now) };
                    unit.move_message(id, from, MessageState::Failed.as_str(), times, Some(&reason)).leave_outbox(id);
                }
                // Whatever it is now, resent in two minutes or waiting for an official, stays so.
                Next::Again { .. } | Next::Uncertain => {}
            }
        }
        self.store().write(unit, Queue::Interactive).await?;
        Ok(())
    }

    /// Says that nobody knows whether a message left, and what follows by its lane.
    pub(super) async fn mark_uncertain(
        &self,
        unit: &mut Unit,
        message: MessageId,
        lane: Lane,
        attempt: i64,
    ) -> Result<(), AppError> {
        unit.move_message(
            message,
            "submitting",
            MessageState::Uncertain.as_str(),
            StateTimes::default(),
            Some("uncertain"),
        );
        let what = self.store().uncertain_kind(message).await?;
        let again = self.rules_cached().await?.uncertain.of(lane, what).resend_after();
        let resend = again.is_some() && self.store().uncertain_attempts(message).await? < RESEND_MAX;
        let ready_at = self.clock().now() + again.unwrap_or_default();
        unit.interrupted(message, attempt, ready_at.as_microsecond(), !resend);
        Ok(())
    }
}

/// How an answer stands in the submission: state, carrier's id, why not.
const fn answer(outcome: &Outcome) -> (SubmissionState, Option<&str>, Option<&str>) {
    match outcome {
        Outcome::Accepted { carrier_id: Some(id) } => (SubmissionState::Accepted, Some(id.as_str()), None),
        Outcome::Accepted { carrier_id: None } => (SubmissionState::Accepted, None, None),
        Outcome::Refused { reason } | Outcome::Stopped { reason } => {
            (SubmissionState::Rejected, None, Some(reason.as_str()))
        }
        Outcome::NotSent { reason, .. } => (SubmissionState::NotSent, None, Some(reason.as_str())),
        Outcome::Unknown { reason } => (SubmissionState::Uncertain, None, Some(reason.as_str())),
    }
}

/// Whether the age of a message that did not leave counts against it. Its own hours, where it has some, end it at the gate and nothing
/// else does; and a wrong password over a weekend is no fault of the message that was tried again and again to see.
fn counts(valid_until: Option<i64>, in_trouble: impl FnOnce() -> bool) -> bool {
    valid_until.is_none() && !in_trouble()
}

fn next(attempt: i64, age: SignedDuration, outcomes: &[(SubmissionId, Outcome)]) -> Next {
    let mut accepted = false;
    let mut again: Option<(SignedDuration, &str)> = None;
    for (_, outcome) in outcomes {
        match outcome {
            Outcome::Accepted { .. } => accepted = true,
            Outcome::Unknown { .. } => return Next::Uncertain,
            Outcome::Refused { reason } | Outcome::Stopped { reason } => return Next::Failed(reason.clone()),
            Outcome::NotSent { reason, retry_after } => {
                let wait = retry_after.unwrap_or_else(|| back_off(attempt));
                again.get_or_insert((wait.clamp(SignedDuration::ZERO, RETRY_WITHIN), reason));
            }
        }
    }
    match again {
        None if accepted || outcomes.is_empty() => Next::Sent,
        None => Next::Failed("no answer".into()),
        Some((_, reason)) if age > TRIED_FOR && attempt >= TRIED_MIN => {
            Next::Failed(format!("not sent within 24 hours: {reason}"))
        }
        Some((after, reason)) => Next::Again { after, reason: reason.to_owned() },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcomes(list: impl IntoIterator<Item = Outcome>) -> Vec<(SubmissionId, Outcome)> {
        list.into_iter().map(|o| (SubmissionId::from_uuid(uuid::Uuid::nil()), o)).collect()
    }

    fn accepted() -> Outcome {
        Outcome::Accepted { carrier_id: Some("1".into()) }
    }

    fn not_sent() -> Outcome {
        Outcome::NotSent { reason: "no connection".into(), retry_after: None }
    }

    #[test]
    fn what_answers_mean() {
        let unknown = || Outcome::Unknown { reason: "no answer in 30 s".into() };
        let refused = || Outcome::Refused { reason: "bad number".into() };
        let hour = SignedDuration::from_hours(1);
        assert_eq!(next(0, hour, &outcomes([accepted(), accepted()])), Next::Sent);
        assert_eq!(next(0, hour, &outcomes([accepted(), unknown()])), Next::Uncertain);
        assert_eq!(next(0, hour, &outcomes([refused()])), Next::Failed("bad number".into()));
        assert!(matches!(next(0, hour, &outcomes([accepted(), not_sent()])), Next::Again { .. }));
        assert!(matches!(next(9, hour * 25, &outcomes([not_sent()])), Next::Failed(_)));
        assert!(
            matches!(next(0, hour * 25, &outcomes([not_sent()])), Next::Again { .. }),
            "a day's pause is no attempt"
        );
        let never = Outcome::NotSent { reason: "busy".into(), retry_after: Some(SignedDuration::MAX) };
        assert!(matches!(next(0, hour, &outcomes([never])), Next::Again { after, .. } if after == RETRY_WITHIN));
    }

    #[test]
    fn neither_hours_of_its_own_nor_trouble_of_the_channel_count_against_a_message() {
        assert!(counts(None, || false), "it alone does not go");
        assert!(!counts(Some(1), || false), "its own hours end it");
        assert!(!counts(None, || true), "nothing goes");
    }

    #[test]
    fn waiting_grows_with_attempts_and_stays_bounded() {
        let waits: Vec<_> = (0..20).map(back_off).collect();
        assert!(waits.is_sorted());
        assert_eq!(waits.last(), Some(&SignedDuration::from_hours(1)));
    }
}
