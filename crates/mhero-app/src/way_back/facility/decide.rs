//! What reviewers see and decide of a place: which of the answers, or none.

use mhero_core::Right;
use mhero_query::fold;
use mhero_store::{FacilityAnswer, PlaceValue, Proposal, SaidOfPlace, Unit};
use uuid::Uuid;

use super::weigh::Weighed;
use crate::{
    App, AppError, Caller,
    way_back::queue::{Decided, Decision},
};

impl App {
    /// Decides about a proposal of a place for one of the values that its staff said. The proposal is named as the caller saw it.
    ///
    /// # Errors
    /// [`AppError::NotAllowed`]; [`AppError::Invalid`] for a value that nobody said, or a proposal that is no place's.
    pub async fn take_answer(&self, caller: &Caller, seen: (Uuid, i64), value: &str) -> Result<Decided, AppError> {
        caller.must(Right::EditPeople)?;
        let answers = self.store().answers_of_proposal(&caller.scope, seen.0).await?;
        let said = answers.iter().map(|one| &one.answer.value).rfind(|said| fold(said) == fold(value));
        let Some(said) = said else {
            let known: std::collections::BTreeSet<&str> = answers.iter().map(|one| one.answer.value.as_str()).collect();
            let known = known.into_iter().collect::<Vec<_>>().join(", ");
            let value = value.chars().take(60).collect();
            return Err(AppError::invalid("wayback-nobody-said", [("value", value), ("known", known)]));
        };
        self.decide_seen(caller, &[seen], Decision::Accept, Some(said)).await
    }

    /// The answers on which a proposal of a place stands, oldest first, without texts for whoever may not read messages.
    pub(in crate::way_back) async fn answers_behind(
        &self,
        caller: &Caller,
        proposal: &Proposal,
    ) -> Result<Vec<SaidOfPlace>, AppError> {
        if proposal.place.is_none() {
            return Ok(Vec::new());
        }
        let mut answers = self.store().answers_of_proposal(&caller.scope, proposal.id).await?;
        if !caller.scope.may(Right::ReadMessages) {
            answers.iter_mut().for_each(|one| one.evidence = None);
        }
        Ok(answers)
    }

    /// Whether a proposal of a place can be accepted as it stands: no two colleagues differ, or most of them say so.
    pub(in crate::way_back) async fn is_clear(&self, caller: &Caller, proposal: &Proposal) -> Result<bool, AppError> {
        let answers = self.store().answers_of_proposal(&caller.scope, proposal.id).await?;
        let answers: Vec<&FacilityAnswer> = answers.iter().map(|one| &one.answer).collect();
        let weighed = Weighed::of(&answers);
        Ok(weighed.leading().is_some_and(|leading| fold(&leading.last.value) == fold(&proposal.new_value)))
    }

    /// Adds to a unit what follows when a value of a place is written: it is ours too, verified by whoever decided.
    pub(in crate::way_back) fn place_written(&self, unit: &mut Unit, proposal: &Proposal) {
        let Some(place) = proposal.place else { return };
        let verified_at = Some(self.clock().now_micros());
        let (field, value) = (proposal.field.clone(), proposal.new_value.clone());
        unit.put_place_value(place, &PlaceValue { field, value, observed_at: proposal.created_at, verified_at });
    }
}
