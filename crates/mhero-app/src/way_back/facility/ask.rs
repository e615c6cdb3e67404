//! Who else is asked where colleagues differ.

use std::collections::BTreeSet;

use mhero_core::{PersonId, Scope};
use mhero_query::{Leaf, Predicate};
use mhero_store::{AskedColleague, FacilityRound, Queue, Unit};

use crate::{App, AppError, Caller, flows::NewStart};

/// Colleagues of a place who are looked at.
const COLLEAGUES_MAX: i64 = 200;
/// Colleagues whom we ask in one round at most: whoever gives no answer is followed by the next.
const ASKED_MAX: usize = 3;
/// How long the one who is asked has for an answer, in microseconds: the check of the library reminds once and ends after three days.
const ANSWER_WITHIN: i64 = 4 * 24 * 3_600_000_000;

/// What is done about a disagreement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Asking {
    /// Somebody is asked and has until then.
    Waits(i64),
    /// This colleague is to be asked now.
    Ask(PersonId),
    /// Nobody else can be asked.
    Nobody,
}

impl App {
    /// Whom to ask where those who answered differ.
    pub(super) async fn whom_to_ask(
        &self,
        round: &FacilityRound,
        answered: &BTreeSet<PersonId>,
        asked: &[AskedColleague],
    ) -> Result<Asking, AppError> {
        let now = self.clock().now_micros();
        let waits = asked.iter().filter(|one| !answered.contains(&one.person)).map(|one| one.at + ANSWER_WITHIN).max();
        if let Some(until) = waits.filter(|until| *until > now) {
            return Ok(Asking::Waits(until));
        }
        let is_there = self.store().flow(round.flow).await?.is_some_and(|flow| flow.active);
        if asked.len() >= ASKED_MAX || !is_there {
            return Ok(Asking::Nobody);
        }
        let here = Predicate::from(Leaf::PlaceUnder(vec![round.place]));
        let at_work = Predicate::all([here, Predicate::from(Leaf::OnLeave(false))]);
        let mut snapshot = self.store().snapshot().await?;
        let found = snapshot.candidates(&Scope::system(), &at_work, now, None, COLLEAGUES_MAX).await?;
        drop(snapshot);
        // Only whoever has a number that stopped nothing has a path.
        for colleague in found.into_iter().filter(|one| one.path.is_some()) {
            let person = colleague.person;
            if answered.contains(&person) || asked.iter().any(|one| one.person == person) {
                continue;
            }
            if self.store().workplace(person, now).await? == Some(round.place) {
                return Ok(Asking::Ask(person));
            }
        }
        Ok(Asking::Nobody)
    }

    /// Starts the flow of the round with those who are to be asked and were not yet: once each, however often this is done.
    pub(super) async fn begin_asked(&self, round: &FacilityRound, asked: &[AskedColleague]) -> Result<(), AppError> {
        for colleague in asked.iter().filter(|one| !one.begun) {
            let person = colleague.person;
            let mut new = NewStart::new(round.flow, format!("uuid = \"{person}\""));
            new.cause = "facility";
            new.once_key = Some(format!("facility/{}/{person}", round.id));
            match self.start_flow(&Caller::system(), &new).await {
                Ok(_) => {}
                Err(AppError::Store(error)) => return Err(error.into()),
                // The flow can't be started any more: the time for an answer passes, and the reviewer is told.
                Err(error) => tracing::error!(round = %round.id, %error, "a further colleague could not be asked"),
            }
            let mut unit = Unit::new();
            unit.colleague_begun(round.id, person);
            self.store().write(unit, Queue::Bulk).await?;
        }
        Ok(())
    }

    /// How many health workers work at a place.
    pub(super) async fn staff_of(&self, round: &FacilityRound) -> Result<i64, AppError> {
        let here = Predicate::from(Leaf::PlaceUnder(vec![round.place]));
        Ok(self.store().count_audience(&Scope::system(), &here, self.clock().now_micros()).await?)
    }
}
