//! What the page of numbers shows: states, lists, numbers of several people, reach by county and operator.

use std::collections::{BTreeMap, HashMap};

use jiff::Span;
use mhero_core::{LangMap, PersonId, PlaceId, Right};
use mhero_store::{CONFIRMED_FOR_MICROS, NumberRow, ReachRow};

use crate::{App, AppError, Caller};

/// Numbers of one page.
pub(crate) const PAGE: i64 = 50;
/// Rows of numbers of several people that are read at a time.
const SHARED_MAX: i64 = 400;
/// Days of reach that are shown at most.
const REACH_DAYS_MAX: i64 = 366;

/// In which state a number is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NumberState {
    /// Somebody there said that they are not this person.
    Wrong,
    /// What stands in the record is no number.
    Invalid,
    /// The last message failed.
    Failing,
    /// The person confirmed it within a year.
    Verified,
    /// The last message arrived, or somebody wrote from it.
    Works,
    /// Something was sent, and nothing is known of how it ended.
    Tried,
    /// Nothing was ever sent there.
    Never,
}

impl NumberState {
    /// Every state, the most pressing first.
    pub const ALL: [Self; 7] =
        [Self::Wrong, Self::Invalid, Self::Failing, Self::Never, Self::Tried, Self::Works, Self::Verified];

    /// Its word in addresses and the store.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Wrong => "wrong",
            Self::Invalid => "invalid",
            Self::Failing => "failing",
            Self::Verified => "verified",
            Self::Works => "works",
            Self::Tried => "tried",
            Self::Never => "never",
        }
    }

    /// The state of a word.
    pub fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.word() == word)
    }
}

/// How many numbers are in which state.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NumberHealth {
    /// Counts by state; states without any number are absent.
    pub counts: BTreeMap<NumberState, i64>,
    /// Active health workers without any number in their record.
    pub people_without: i64,
}

/// A number that several active health workers have.
#[derive(Clone, PartialEq, Eq)]
pub struct SharedNumber {
    /// The number, E.164.
    pub path: String,
    /// Those of them whom the caller may see.
    pub people: Vec<(PersonId, String)>,
}

impl std::fmt::Debug for SharedNumber {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SharedNumber").field("people", &self.people.len()).finish_non_exhaustive()
    }
}

/// Reach of a place or operator over some days.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReachShare {
    /// The name of the place by language; `None` for an operator.
    pub place: Option<LangMap>,
    /// The place's id.
    pub place_id: Option<PlaceId>,
    /// The operator; empty where unknown.
    pub operator: String,
    /// Messages that ended.
    pub tried: i64,
    /// Those that arrived.
    pub delivered: i64,
    /// Those that failed.
    pub failed: i64,
}

impl App {
    /// How many numbers of the caller's people are in which state.
    ///
    /// # Errors
    /// [`AppError::NotAllowed`] without the right to read people.
    pub async fn number_health(&self, caller: &Caller) -> Result<NumberHealth, AppError> {
        caller.must(Right::ReadPeople)?;
        let (counts, people_without) = self.store().number_counts(&caller.scope, self.fresh_since()).await?;
        let counts = counts.into_iter().filter_map(|(word, count)| Some((NumberState::of(&word)?, count))).collect();
        Ok(NumberHealth { counts, people_without })
    }

    /// Numbers of the caller's people by name, a page of 50 and one more where there are more; `state` narrows.
    ///
    /// # Errors
    /// [`AppError::NotAllowed`] without the right to read people.
    pub async fn numbers(
        &self,
        caller: &Caller,
        state: Option<NumberState>,
        after: Option<&(String, uuid::Uuid)>,
    ) -> Result<Vec<NumberRow>, AppError> {
        caller.must(Right::ReadPeople)?;
        let word = state.map_or("", NumberState::word);
        Ok(self.store().numbers(&caller.scope, (word, self.fresh_since()), after, PAGE + 1).await?)
    }

    /// Numbers that several active health workers have, after one of them.
    ///
    /// # Errors
    /// [`AppError::NotAllowed`] without the right to read people.
    pub async fn shared_numbers_list(&self, caller: &Caller, after: &str) -> Result<Vec<SharedNumber>, AppError> {
        caller.must(Right::ReadPeople)?;
        let mut list: Vec<SharedNumber> = Vec::new();
        for (path, person, name) in self.store().numbers_of_several(&caller.scope, after, SHARED_MAX).await? {
            match list.last_mut() {
                Some(last) if last.path == path => last.people.push((person, name)),
                _ => list.push(SharedNumber { path, people: vec![(person, name)] }),
            }
        }
        Ok(list)
    }

    /// Reach of the last days by place below the country, by operator, and day by day.
    ///
    /// # Errors
    /// [`AppError::NotAllowed`] without the right to read people.
    pub async fn reach(
        &self,
        caller: &Caller,
        days: i64,
    ) -> Result<(Vec<ReachShare>, Vec<ReachShare>, Vec<(String, i64, i64)>), AppError> {
        caller.must(Right::ReadPeople)?;
        let zone = self.facts().await?.time_zone();
        let today = self.clock().now().to_zoned(zone).date();
        let span = Span::new().days(days.clamp(1, REACH_DAYS_MAX) - 1);
        let first = today.checked_sub(span).unwrap_or(today);
        let rows = self.store().reach_since(&caller.scope, &first.to_string()).await?;
        let names: HashMap<PlaceId, LangMap> =
            self.store().place_rows().await?.into_iter().map(|row| (row.id, row.name)).collect();
        let mut places: BTreeMap<uuid::Uuid, ReachShare> = BTreeMap::new();
        let mut operators: BTreeMap<String, ReachShare> = BTreeMap::new();
        let mut by_day: BTreeMap<String, (i64, i64)> = BTreeMap::new();
        for row in &rows {
            let place = places.entry(row.place.uuid()).or_default();
            add(place, row);
            place.place_id = Some(row.place);
            place.place = names.get(&row.place).cloned();
            let operator = operators.entry(row.operator.clone()).or_default();
            add(operator, row);
            operator.operator.clone_from(&row.operator);
            let day = by_day.entry(row.day.clone()).or_default();
            day.0 += row.tried;
            day.1 += row.delivered;
        }
        let days = by_day.into_iter().map(|(day, (tried, delivered))| (day, tried, delivered)).collect();
        Ok((places.into_values().collect(), operators.into_values().collect(), days))
    }

    fn fresh_since(&self) -> i64 {
        self.clock().now_micros() - CONFIRMED_FOR_MICROS
    }
}

fn add(share: &mut ReachShare, row: &ReachRow) {
    share.tried += row.tried;
    share.delivered += row.delivered;
    share.failed += row.failed;
}
