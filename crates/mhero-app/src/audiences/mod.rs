//! Audiences: a text of the query language, checked against what there is, as a sentence and as a predicate.

mod choices;
mod expand;
mod lists;
mod names;
mod rules;
mod withheld;

pub use choices::AudienceChoice;
pub(crate) use names::joined;
pub(crate) use withheld::Withheld;

use jiff::Timestamp;
use mhero_core::{Lang, Right};
use mhero_query::{Audience, Environment, Numbers, Predicate, Query, check, lower, parse_in, sentence};
use mhero_text::phone::Numbering;

use crate::{App, AppError, Caller, Facts};

/// An audience that can be asked.
#[derive(Clone, Debug)]
pub struct CheckedAudience {
    /// As written, as a tree.
    pub query: Query,
    /// With names found and values typed.
    pub audience: Audience,
    /// What the store asks; groups by query are opened.
    pub predicate: Predicate,
}

impl CheckedAudience {
    /// The audience as one sentence, without capital and full stop: French for French, else English.
    pub fn sentence(&self, lang: Lang) -> String {
        sentence(&self.audience, lang)
    }
}

/// Reads numbers as this installation does.
struct Phones<'a>(&'a Numbering);

impl Numbers for Phones<'_> {
    fn e164(&self, text: &str) -> Option<String> {
        self.0.read(text).e164().map(str::to_owned)
    }
}

fn environment<'a>(facts: &Facts, now: Timestamp, phones: &'a Phones<'a>) -> Environment<'a> {
    let zone = facts.time_zone();
    let today = now.to_zoned(zone.clone()).date();
    Environment::new(zone, today, phones)
}

impl App {
    /// Reads an audience: its syntax, every name in it, every value. Everybody is written `*`; an empty text is refused, so
    /// that a forgotten field never means the whole country.
    ///
    /// # Errors
    /// [`AppError::Query`] with the place in the text and, where a name is ambiguous, those who bear it;
    /// [`AppError::Invalid`] when groups by query lead too deep; [`AppError::NotInitialised`].
    pub async fn check_audience(&self, caller: &Caller, query: &str) -> Result<CheckedAudience, AppError> {
        let (query, audience) = self.read_audience(caller, query).await?;
        let predicate = self.expand_groups(caller, lower(&audience)).await?;
        Ok(CheckedAudience { query, audience, predicate })
    }

    /// How many people of the caller's scope an audience means.
    ///
    /// # Errors
    /// As [`App::check_audience`].
    pub async fn count_audience(&self, caller: &Caller, query: &str) -> Result<i64, AppError> {
        caller.must(Right::ReadPeople)?;
        let audience = self.check_audience(caller, query).await?;
        Ok(self.store().count_audience(&caller.scope, &audience.predicate, self.clock().now_micros()).await?)
    }

    /// Reads an audience without opening the groups that it names.
    async fn read_audience(&self, caller: &Caller, text: &str) -> Result<(Query, Audience), AppError> {
        let (facts, numbering) = (self.facts_cached().await?, self.numbering_cached().await?);
        let now = self.clock().now();
        let query = parse_in(text, &environment(&facts, now, &Phones(&numbering)))?;
        let directory = self.directory_for(&query, caller.language).await?;
        let audience = check(&query, &directory, &environment(&facts, now, &Phones(&numbering)))?;
        Ok((query, audience))
    }
}
