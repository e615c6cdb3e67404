//! Who of a start is to be reminded or thanked: the same audience in the query language, so that every way of sending takes it.

use jiff::{SignedDuration, Timestamp};
use mhero_core::{BroadcastId, FlowId, Lane, Right, StartId};

use super::ResultsOf;
use crate::{
    App, AppError, Caller,
    broadcasts::{Draft, Release},
    flows::NewStart,
};

/// How long a reminder may wait, in hours: two weeks.
const WAIT_HOURS_MAX: i64 = 14 * 24;

/// Which people of a start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Followed {
    /// Those who have not answered.
    Silent,
    /// Those who have.
    Replied,
}

/// People of a start who are to hear more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FollowUp {
    /// They, in the query language. Who answers meanwhile changes sides by itself.
    pub query: String,
    /// How many they are now.
    pub people: i64,
}

impl Followed {
    /// The word of it in forms.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Silent => "silent",
            Self::Replied => "replied",
        }
    }

    /// What a word of a form means.
    pub fn of(word: &str) -> Option<Self> {
        [Self::Silent, Self::Replied].into_iter().find(|which| which.as_str() == word)
    }

    /// The people of the start with a number, in the query language.
    pub fn query(self, number: i64) -> String {
        let sign = match self {
            Self::Silent => "!=",
            Self::Replied => "=",
        };
        format!("flow_start = {number} AND flow_reply {sign} {number}")
    }

    const fn cause(self) -> &'static str {
        match self {
            Self::Silent => "reminder",
            Self::Replied => "thanks",
        }
    }
}

impl App {
    /// Who of a start has not answered, or has, with their number.
    ///
    /// # Errors
    /// [`AppError::NotAllowed`]; [`AppError::NotFound`] for a start that the caller may not see.
    pub async fn follow_up(&self, caller: &Caller, of: ResultsOf, which: Followed) -> Result<FollowUp, AppError> {
        let query = which.query(self.number_of_start(caller, of).await?);
        let people = self.count_audience(caller, &query).await?;
        Ok(FollowUp { query, people })
    }

    /// Begins a message to them as a draft. With a wait, in hours, it leaves then, to those who are meant by then: who answers
    /// before is not reminded. It goes only when somebody has written it and pressed Send.
    ///
    /// # Errors
    /// As [`App::follow_up`]; [`AppError::Invalid`] for a wait that can't be.
    pub async fn draft_follow_up(
        &self,
        caller: &Caller,
        of: ResultsOf,
        which: Followed,
        (name, wait_hours): (&str, Option<i64>),
        id: BroadcastId,
    ) -> Result<(), AppError> {
        caller.must(Right::Send)?;
        let number = self.number_of_start(caller, of).await?;
        let mut draft = Draft::empty(&self.facts_cached().await?.languages);
        name.clone_into(&mut draft.name);
        draft.query = which.query(number);
        if let Some(hours) = wait_hours {
            draft.release = Release::At(due(self.clock().now(), hours)?);
        }
        self.save_draft(caller, id, &draft).await
    }

    /// Starts a flow for them.
    ///
    /// # Errors
    /// As [`App::follow_up`] and [`App::start_flow`].
    pub async fn start_follow_up(
        &self,
        caller: &Caller,
        of: ResultsOf,
        which: Followed,
        (flow, once_key): (FlowId, &str),
    ) -> Result<StartId, AppError> {
        let number = self.number_of_start(caller, of).await?;
        let start = NewStart {
            flow,
            query: which.query(number),
            params: None,
            lane: Lane::Normal,
            channel: None,
            programme: None,
            cause: which.cause(),
            once_key: Some(format!("follow-up/{once_key}")),
            is_test: false,
            is_drill: false,
        };
        self.start_flow(caller, &start).await
    }

    async fn number_of_start(&self, caller: &Caller, of: ResultsOf) -> Result<i64, AppError> {
        let (_, start) = self.whose_results(caller, of).await?;
        let start = start.ok_or_else(|| AppError::not_found("flow_start", ""))?;
        Ok(start.number)
    }
}

fn due(now: Timestamp, hours: i64) -> Result<Timestamp, AppError> {
    if (1..=WAIT_HOURS_MAX).contains(&hours) {
        return Ok(now + SignedDuration::from_hours(hours));
    }
    Err(AppError::invalid("results-wait", [("value", hours.to_string()), ("max", WAIT_HOURS_MAX.to_string())]))
}
