//! Places: the tree, one place, search.

use mhero_core::{LangMap, PlaceId, Right};
use mhero_query::{Leaf, Predicate, fold};
use mhero_store::{CadreCount, Place, PlaceValue};

use crate::{App, AppError, Caller, audiences::joined};

/// A place in a list.
#[derive(Clone, Debug, PartialEq)]
pub struct PlaceRow {
    /// The place.
    pub place: Place,
    /// The names above it in the caller's language, nearest first; empty in the tree, where that is plain.
    pub path: String,
    /// People of the caller's scope who work there or below; `None` where nobody counted.
    pub people: Option<i64>,
}

/// One place.
#[derive(Clone, Debug, PartialEq)]
pub struct PlacePage {
    /// The place.
    pub place: Place,
    /// The places above it, the highest first.
    pub above: Vec<(PlaceId, LangMap)>,
    /// The places just below it.
    pub below: Vec<PlaceRow>,
    /// People of the caller's scope who work there or below.
    pub people: i64,
    /// The same by cadre, the most first; somebody of two cadres counts for both.
    pub by_cadre: Vec<CadreCount>,
    /// Open facilities, itself included.
    pub facilities: i64,
    /// Ids in the sources, and further identifiers.
    pub codes: Vec<String>,
    /// What its staff or a reviewer vouch for, with when it was last confirmed.
    pub values: Vec<PlaceValue>,
    /// How many of its values wait for a reviewer, because its staff say that they are others.
    pub waiting: i64,
}

impl App {
    /// The places just below one, or the roots of the tree: for a caller of some places those places.
    ///
    /// # Errors
    /// [`AppError::NotFound`] outside the scope.
    pub async fn places(&self, caller: &Caller, parent: Option<PlaceId>) -> Result<Vec<PlaceRow>, AppError> {
        caller.must(Right::ReadPeople)?;
        let below = match parent {
            Some(parent) => {
                self.visible_place(caller, parent).await?;
                self.visible(caller, self.store().places_below(&caller.scope, Some(parent)).await?).await?
            }
            None => self.store().places_below(&caller.scope, None).await?,
        };
        let now = self.clock().now_micros();
        if parent.is_none() && !caller.scope.all_places() {
            // The granted places need not be roots, so each is counted by itself.
            let mut rows = Vec::with_capacity(below.len());
            for place in below {
                let people = self.people_under(caller, place.id, now).await?;
                rows.push(PlaceRow { place, path: String::new(), people: Some(people) });
            }
            return Ok(rows);
        }
        let counts = self.store().people_by_place(&caller.scope, parent, now).await?;
        let row = |place: Place| {
            let people = Some(counts.get(&place.id).copied().unwrap_or(0));
            PlaceRow { place, path: String::new(), people }
        };
        Ok(below.into_iter().map(row).collect())
    }

    /// One place of the caller's scope, or above a place of it; counts are of people within the scope.
    ///
    /// # Errors
    /// [`AppError::NotFound`], also outside the scope.
    pub async fn place_page(&self, caller: &Caller, id: PlaceId) -> Result<PlacePage, AppError> {
        caller.must(Right::ReadPeople)?;
        let place = self.visible_place(caller, id).await?;
        let now = self.clock().now_micros();
        let mut above = self.store().places_above(&[id]).await?.remove(&id).unwrap_or_default();
        above.reverse();
        Ok(PlacePage {
            place,
            above,
            below: self.places(caller, Some(id)).await?,
            people: self.people_under(caller, id, now).await?,
            by_cadre: self.store().people_by_cadre(&caller.scope, id, now).await?,
            facilities: self.store().facilities_below(id).await?,
            codes: self.store().place_codes(&[id]).await?.remove(&id).unwrap_or_default(),
            values: self.store().place_values(id).await?,
            waiting: self.store().count_open_of_place(id).await?,
        })
    }

    /// Places of the caller's scope whose name begins with a text, or that answer to it as a code.
    ///
    /// # Errors
    /// Whatever keeps the store from answering.
    pub async fn search_places(&self, caller: &Caller, text: &str, limit: i64) -> Result<Vec<PlaceRow>, AppError> {
        caller.must(Right::ReadPeople)?;
        let folded = fold(text);
        if folded.is_empty() {
            return Ok(Vec::new());
        }
        let mut places = self.store().places_called(&folded, text).await?;
        for place in self.store().places_beginning(&folded, limit).await? {
            if !places.iter().any(|known| known.id == place.id) {
                places.push(place);
            }
        }
        let mut places = self.visible(caller, places).await?;
        places.truncate(usize::try_from(limit).unwrap_or(0));
        let ids: Vec<PlaceId> = places.iter().map(|place| place.id).collect();
        let above = self.store().places_above(&ids).await?;
        let path = |id| above.get(&id).map(|above| joined(above, caller.language)).unwrap_or_default();
        Ok(places.into_iter().map(|place| PlaceRow { path: path(place.id), place, people: None }).collect())
    }

    async fn visible_place(&self, caller: &Caller, id: PlaceId) -> Result<Place, AppError> {
        let not_found = || AppError::not_found("place", id);
        if !self.store().place_is_visible(&caller.scope, id).await? {
            return Err(not_found());
        }
        self.store().place(id).await?.ok_or_else(not_found)
    }

    async fn visible(&self, caller: &Caller, places: Vec<Place>) -> Result<Vec<Place>, AppError> {
        if caller.scope.all_places() {
            return Ok(places);
        }
        let mut visible = Vec::with_capacity(places.len());
        for place in places {
            if self.store().place_is_visible(&caller.scope, place.id).await? {
                visible.push(place);
            }
        }
        Ok(visible)
    }

    async fn people_under(&self, caller: &Caller, id: PlaceId, now: i64) -> Result<i64, AppError> {
        let here = Predicate::from(Leaf::PlaceUnder(vec![id]));
        Ok(self.store().count_audience(&caller.scope, &here, now).await?)
    }
}
