//! Who joined and is known now: what they wrote as a stranger is theirs.

use jiff::SignedDuration;
use mhero_core::PersonId;
use mhero_store::{JoinCandidate, StoreError};

use crate::{App, AppError, Caller};

/// Strangers that are looked at in one pass.
const PASS_MAX: i64 = 20;
/// How long it is looked for the record of somebody who was approved.
const LOOKED_FOR: SignedDuration = SignedDuration::from_hours(30 * 24);

impl App {
    /// Joins strangers who were approved to the health workers whom they are known as, so that number, threads and messages of
    /// before stand with the person. Returns how many.
    pub(super) async fn join_strangers(&self) -> Result<usize, AppError> {
        let since = (self.clock().now() - LOOKED_FOR).as_microsecond();
        let mut joined = 0;
        for candidate in self.store().strangers_approved(since, PASS_MAX).await? {
            let Some((person, stranger)) = self.whom_they_are(&candidate).await? else { continue };
            match Box::pin(self.merge_people(&Caller::system(), person, stranger)).await {
                Ok(_) => joined += 1,
                Err(AppError::Store(StoreError::Guard { .. })) => {}
                Err(AppError::Store(error)) => return Err(error.into()),
                // Another import takes long: the next pass looks again.
                Err(error) => tracing::warn!(candidate = %candidate.id, %error, "a stranger waits to be joined"),
            }
        }
        Ok(joined)
    }

    /// The health worker whom a candidate is known as, and the stranger. Who was found by name and place is somebody else's
    /// record until it holds the number from which they wrote.
    async fn whom_they_are(&self, candidate: &JoinCandidate) -> Result<Option<(PersonId, PersonId)>, AppError> {
        let Some(stranger) = candidate.stranger else { return Ok(None) };
        let (scheme, path) = (candidate.number.0.as_str(), candidate.number.1.as_str());
        let known = match (candidate.person, candidate.state.as_str()) {
            (Some(person), "created") => Some(person),
            (person, _) => {
                let holders = self.store().holders(scheme, path).await?;
                let mut workers = holders.iter().filter(|holder| holder.standing == "worker" && holder.active);
                let holder = workers.find(|holder| person.is_none_or(|person| person == holder.person));
                holder.map(|holder| holder.person)
            }
        };
        Ok(known.filter(|person| *person != stranger).map(|person| (person, stranger)))
    }
}
