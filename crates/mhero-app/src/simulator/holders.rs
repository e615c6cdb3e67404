//! Whose a simulated phone is, and whose phones can be taken.

use mhero_core::{Lang, PersonId};
use mhero_store::{MessageRow, PersonFacts};

use super::phones::must_simulate;
use crate::{App, AppError, Caller};

/// Messages of a phone's owner that are told of.
const TOLD: i64 = 6;

/// Somebody whose phone is in the simulator.
#[derive(Clone)]
pub struct Holder {
    /// The person.
    pub person: PersonId,
    /// The phone, E.164.
    pub path: String,
    /// Name.
    pub name: String,
    /// Cadre or job title, in the caller's language, or empty.
    pub work: String,
    /// Preferred language.
    pub language: Option<Lang>,
}

/// Neither name nor number.
impl std::fmt::Debug for Holder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Holder").field("person", &self.person).finish_non_exhaustive()
    }
}

impl App {
    /// Whether there is a simulator at all.
    ///
    /// # Errors
    /// Whatever the store reports.
    pub async fn has_simulator(&self) -> Result<bool, AppError> {
        Ok(self.channels().await?.iter().any(|channel| channel.kind == super::KIND && channel.active))
    }

    /// The people of an audience who have a number that works, the first of them by id.
    ///
    /// # Errors
    /// As [`App::check_audience`].
    pub async fn phones_of(&self, caller: &Caller, query: &str, limit: i64) -> Result<Vec<Holder>, AppError> {
        must_simulate(caller)?;
        let audience = self.check_audience(caller, &format!("({query}) AND phone != \"\"")).await?;
        let now = self.clock().now_micros();
        let mut snapshot = self.store().snapshot().await?;
        let people = snapshot.candidates(&caller.scope, &audience.predicate, now, None, limit).await?;
        let ids: Vec<PersonId> = people.iter().map(|candidate| candidate.person).collect();
        let facts = self.store().person_facts(&caller.scope, &ids, now).await?;
        let held = people.into_iter().filter_map(|candidate| {
            let facts = facts.iter().find(|facts| facts.id == candidate.person)?;
            Some(held(facts, candidate.path?, caller.language))
        });
        Ok(held.collect())
    }

    /// Whose a phone is, the first of those within the caller's scope; `None` for a stranger's.
    ///
    /// # Errors
    /// [`AppError::NotAllowed`].
    pub async fn phone_holder(&self, caller: &Caller, path: &str) -> Result<Option<Holder>, AppError> {
        must_simulate(caller)?;
        let ids: Vec<PersonId> =
            self.store().holders(mhero_core::Urn::TEL, path).await?.into_iter().map(|holder| holder.person).collect();
        let facts = self.store().person_facts(&caller.scope, &ids, self.clock().now_micros()).await?;
        let first = ids.iter().find_map(|id| facts.iter().find(|facts| facts.id == *id));
        Ok(first.map(|facts| held(facts, path.to_owned(), caller.language)))
    }

    /// The last messages of a phone's owner, newest first: what mHero did with them.
    ///
    /// # Errors
    /// [`AppError::NotAllowed`].
    pub async fn told_of(&self, caller: &Caller, person: PersonId) -> Result<Vec<MessageRow>, AppError> {
        must_simulate(caller)?;
        Ok(self.store().messages_of_person(&caller.scope, person, i64::MAX, TOLD).await?)
    }
}

fn held(facts: &PersonFacts, path: String, language: Lang) -> Holder {
    let work = facts.cadre.as_ref().or(facts.title.as_ref());
    Holder {
        person: facts.id,
        path,
        name: facts.name.clone(),
        work: work.map(|names| names.best(language).to_owned()).unwrap_or_default(),
        language: facts.language,
    }
}
