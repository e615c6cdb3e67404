//! Lists of people: an audience, a search, or both.

use mhero_core::{Lang, PersonId, PlaceId, Right};
use mhero_query::{Leaf, Predicate, fold, name_tokens};
use mhero_store::{ListedPerson, ListedPhone, PeopleOrder, PeopleSlice};
use serde::Serialize;

use crate::{App, AppError, Caller, audiences::joined};

/// People read at a time where all are asked for.
const PAGE: i64 = 1_000;
/// Fewest digits that are looked for in numbers.
const DIGITS_MIN: usize = 3;
/// Fewest letters that are looked for in names of places.
const PLACE_LETTERS_MIN: usize = 3;
/// Most places that a search looks into.
const PLACES_MAX: i64 = 20;

/// What people to list.
#[derive(Clone, Debug, Default)]
pub struct PeopleAsked<'a> {
    /// The audience, in the query language; everybody where it is empty.
    pub query: &'a str,
    /// A search: words of a name, a number or part of one, or the beginning of a place's name. Nothing where it is empty.
    pub find: &'a str,
    /// In which order.
    pub order: PeopleOrder,
    /// Behind this person.
    pub after: Option<PersonId>,
    /// So many more left out, for pages by number.
    pub skip: i64,
}

/// How many people a list has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PeopleCount {
    /// All of them.
    pub matched: i64,
    /// Those with a valid number.
    pub with_number: i64,
}

/// One person in a list, in the caller's language. Its JSON is the contract of `mhero people list`.
#[derive(Clone, PartialEq, Serialize)]
pub struct PersonRow {
    /// The person.
    pub id: PersonId,
    /// Name as shown.
    pub name: String,
    /// Valid numbers in E.164, best first.
    pub phones: Vec<String>,
    /// Cadre of the current position.
    pub cadre: Option<String>,
    /// The facility of the current position.
    pub facility: Option<String>,
    /// The jurisdictions of the current position, nearest first: `Lofa, Liberia`.
    pub place: Option<String>,
    /// Where the person is known from.
    pub sources: Vec<SourceOf>,
    /// Job title of the current position.
    #[serde(skip)]
    pub title: Option<String>,
    /// The place of the current position, facility or not.
    #[serde(skip)]
    pub place_id: Option<PlaceId>,
    /// Preferred language.
    #[serde(skip)]
    pub language: Option<Lang>,
    /// Numbers by rank, also those that are none.
    #[serde(skip)]
    pub numbers: Vec<ListedPhone>,
    /// Whether each valid number asked to stop everything.
    #[serde(skip)]
    pub is_stopped: bool,
    /// The last message from them, in UTC microseconds.
    #[serde(skip)]
    pub heard_at: Option<i64>,
    /// The last message to them, in UTC microseconds.
    #[serde(skip)]
    pub sent_at: Option<i64>,
}

/// A source and the person's id there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SourceOf {
    /// Name of the source.
    pub source: String,
    /// The id there.
    pub id: String,
}

/// Only who it is.
impl std::fmt::Debug for PersonRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PersonRow").field("id", &self.id).finish_non_exhaustive()
    }
}

impl PersonRow {
    fn of(person: ListedPerson, lang: Lang) -> Self {
        let said = |names: Option<mhero_core::LangMap>| names.map(|names| names.best(lang).to_owned());
        let (place_id, own, is_facility) = match person.place {
            Some((id, name, is_facility)) => (Some(id), Some(name.best(lang).to_owned()), is_facility),
            None => (None, None, false),
        };
        let above = joined(&person.above, lang);
        let (facility, place) = match (own, is_facility) {
            (own, true) => (own, Some(above)),
            (Some(own), false) if above.is_empty() => (None, Some(own)),
            (Some(own), false) => (None, Some(format!("{own}, {above}"))),
            (None, false) => (None, None),
        };
        let valid = |phone: &&ListedPhone| phone.path.is_some();
        let has_valid = person.phones.iter().any(|phone| valid(&phone));
        Self {
            id: person.id,
            name: person.name,
            phones: person.phones.iter().filter_map(|phone| phone.path.clone()).collect(),
            cadre: said(person.cadre),
            facility,
            place: place.filter(|place| !place.is_empty()),
            sources: person.sources.into_iter().map(|(source, id)| SourceOf { source, id }).collect(),
            title: said(person.title),
            place_id,
            language: person.language,
            is_stopped: has_valid && person.phones.iter().filter(valid).all(|phone| phone.is_stopped),
            numbers: person.phones,
            heard_at: person.heard_at,
            sent_at: person.sent_at,
        }
    }
}

impl App {
    /// A page of people within the caller's scope, at most `limit`.
    ///
    /// # Errors
    /// [`AppError::Query`] when the audience can't be read.
    pub async fn people(
        &self,
        caller: &Caller,
        asked: &PeopleAsked<'_>,
        limit: i64,
    ) -> Result<Vec<PersonRow>, AppError> {
        let predicate = self.whom(caller, asked).await?;
        let slice = PeopleSlice { order: asked.order, after: asked.after, skip: asked.skip, limit };
        let now = self.clock().now_micros();
        let people = self.store().snapshot().await?.people(&caller.scope, &predicate, now, slice).await?;
        Ok(people.into_iter().map(|person| PersonRow::of(person, caller.language)).collect())
    }

    /// All people within the caller's scope, or the first `limit` of them, page by page from one state of the data.
    ///
    /// # Errors
    /// As [`App::people`], and whatever `each` says.
    pub async fn each_person<E: From<AppError>>(
        &self,
        caller: &Caller,
        asked: &PeopleAsked<'_>,
        limit: Option<i64>,
        mut each: impl FnMut(PersonRow) -> Result<(), E>,
    ) -> Result<(), E> {
        let predicate = self.whom(caller, asked).await?;
        let now = self.clock().now_micros();
        let mut snapshot = self.store().snapshot().await.map_err(AppError::from)?;
        let (mut after, mut left) = (asked.after, limit.unwrap_or(i64::MAX));
        while left > 0 {
            let slice = PeopleSlice { order: asked.order, after, skip: 0, limit: left.min(PAGE) };
            let people = snapshot.people(&caller.scope, &predicate, now, slice).await.map_err(AppError::from)?;
            let Some(last) = people.last() else { break };
            after = Some(last.id);
            left -= slice.limit;
            let is_last = i64::try_from(people.len()).unwrap_or(0) < slice.limit;
            for person in people {
                each(PersonRow::of(person, caller.language))?;
            }
            if is_last {
                break;
            }
        }
        Ok(())
    }

    /// How many people a list has, within the caller's scope.
    ///
    /// # Errors
    /// As [`App::people`].
    pub async fn count_people(&self, caller: &Caller, asked: &PeopleAsked<'_>) -> Result<PeopleCount, AppError> {
        let predicate = self.whom(caller, asked).await?;
        let now = self.clock().now_micros();
        let matched = self.store().count_audience(&caller.scope, &predicate, now).await?;
        let reached = Predicate::all([predicate, Leaf::HasPhone.into()]);
        Ok(PeopleCount { matched, with_number: self.store().count_audience(&caller.scope, &reached, now).await? })
    }

    async fn whom(&self, caller: &Caller, asked: &PeopleAsked<'_>) -> Result<Predicate, AppError> {
        caller.must(Right::ReadPeople)?;
        let searched = self.searched(asked.find).await?;
        if asked.query.trim().is_empty() {
            return Ok(searched);
        }
        Ok(Predicate::all([self.check_audience(caller, asked.query).await?.predicate, searched]))
    }

    /// What a search means: a number, the beginning of one, or names of people and places.
    async fn searched(&self, find: &str) -> Result<Predicate, AppError> {
        let find = find.trim();
        if find.is_empty() {
            return Ok(Predicate::All);
        }
        if let Some(e164) = self.numbering_cached().await?.read(find).e164() {
            return Ok(Leaf::Phone(e164.to_owned()).into());
        }
        let digits: String = find.chars().filter(char::is_ascii_digit).collect();
        if digits.len() >= DIGITS_MIN && !find.chars().any(char::is_alphabetic) {
            // Within a country a number begins with a zero that its international form lacks.
            return Ok(Leaf::PhoneContains(digits.trim_start_matches('0').to_owned()).into());
        }
        let tokens = name_tokens(find);
        let by_name = if tokens.is_empty() { Predicate::None } else { Leaf::NameTokens { tokens }.into() };
        let folded = fold(find);
        if folded.chars().count() < PLACE_LETTERS_MIN {
            return Ok(by_name);
        }
        let places = self.store().places_beginning(&folded, PLACES_MAX).await?;
        let places: Vec<PlaceId> = places.into_iter().map(|place| place.id).collect();
        let by_place = if places.is_empty() { Predicate::None } else { Leaf::PlaceUnder(places).into() };
        Ok(Predicate::any([by_name, by_place]))
    }
}
