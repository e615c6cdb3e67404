//! Places as they are written: the rows, their names, the tree and its closure.

use mhero_core::{LangMap, PlaceId, SourceRecordId};

use crate::{Row, Store, StoreError, Unit, nouns::audience::names, params, statement::statements};

statements! {
    ADD = "INSERT INTO place (id, parent, level, name, search, is_facility, active, latitude, longitude, zone, version, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 1, $11, $11)";
    SET = "UPDATE place SET parent = $2, level = $3, name = $4, search = $5, is_facility = $6, active = $7, latitude = $8, longitude = $9, zone = $10, updated_at = $11, version = version + 1 WHERE id = $1";
    ALL_PLACES = "SELECT id, parent, level, name, is_facility, active, latitude, longitude, zone FROM place";
    ADD_NAME = "INSERT INTO place_name (folded, place) VALUES ($1, $2) ON CONFLICT (folded, place) DO NOTHING";
    DROP_NAMES = "DELETE FROM place_name WHERE place = $1";
    ADD_IDENTIFIER = "INSERT INTO place_identifier (system, value, place, source_record) VALUES ($1, $2, $3, $4) ON CONFLICT (system, value, place) DO NOTHING";
    DROP_IDENTIFIERS = "DELETE FROM place_identifier WHERE place = $1";
    IDENTIFIERS = "SELECT system, value, place FROM place_identifier";
    ADD_SELF = "INSERT INTO place_closure (ancestor, descendant, depth) VALUES ($1, $1, 0) ON CONFLICT (ancestor, descendant) DO NOTHING";
    /// A place and all below it leave everything above it.
    DETACH = "DELETE FROM place_closure WHERE descendant IN (SELECT below.descendant FROM place_closure below WHERE below.ancestor = $1) AND ancestor NOT IN (SELECT inside.descendant FROM place_closure inside WHERE inside.ancestor = $1)";
    /// A place and all below it come under another and all above that.
    ATTACH = "INSERT INTO place_closure (ancestor, descendant, depth) SELECT above.ancestor, below.descendant, above.depth + below.depth + 1 FROM place_closure above CROSS JOIN place_closure below WHERE above.descendant = $2 AND below.ancestor = $1 ON CONFLICT (ancestor, descendant) DO NOTHING";
}

/// A place as stored.
#[derive(Clone, Debug, PartialEq)]
pub struct PlaceRow {
    /// Its id.
    pub id: PlaceId,
    /// The place above.
    pub parent: Option<PlaceId>,
    /// The level as the source calls it.
    pub level: Option<String>,
    /// Its names.
    pub name: LangMap,
    /// Whether people work there.
    pub is_facility: bool,
    /// False when the source closed it.
    pub active: bool,
    /// Latitude and longitude in degrees.
    pub position: Option<(f64, f64)>,
    /// An IANA time zone.
    pub zone: Option<String>,
}

/// An identifier of a place: system, value, place.
pub type PlaceIdentifier = (String, String, PlaceId);

impl PlaceRow {
    fn read(row: &Row) -> Result<Self, StoreError> {
        let (latitude, longitude): (Option<f64>, Option<f64>) = (row.get(6)?, row.get(7)?);
        Ok(Self {
            id: row.get(0)?,
            parent: row.get(1)?,
            level: row.get(2)?,
            name: names(row, 3)?,
            is_facility: row.get(4)?,
            active: row.get(5)?,
            position: latitude.zip(longitude),
            zone: row.get(8)?,
        })
    }

    fn values(&self, search: &str, at: i64) -> Vec<crate::Value> {
        params![
            self.id,
            self.parent,
            self.level.as_deref(),
            &self.name,
            search,
            self.is_facility,
            self.active,
            self.position.map(|(latitude, _)| latitude),
            self.position.map(|(_, longitude)| longitude),
            self.zone.as_deref(),
            at
        ]
    }
}

impl Unit {
    /// Adds a place as a tree of its own; [`Unit::move_place`] puts it below another. `search` is its folded name to sort by.
    pub fn add_place(&mut self, place: &PlaceRow, search: &str, at: i64) -> &mut Self {
        self.one(&ADD, place.values(search, at));
        self.run(&ADD_SELF, params![place.id])
    }

    /// Stores a place that has changed.
    pub fn set_place(&mut self, place: &PlaceRow, search: &str, at: i64) -> &mut Self {
        self.one(&SET, place.values(search, at))
    }

    /// Makes the names of a place, folded, those by which it is found.
    pub fn set_place_names(&mut self, place: PlaceId, folded: &[String], is_new: bool) -> &mut Self {
        if !is_new {
            self.run(&DROP_NAMES, params![place]);
        }
        for name in folded {
            self.run(&ADD_NAME, params![name, place]);
        }
        self
    }

    /// Makes the identifiers of a place these: system, value and the record that says so.
    pub fn set_place_identifiers(
        &mut self,
        place: PlaceId,
        identifiers: &[(String, String, SourceRecordId)],
        is_new: bool,
    ) -> &mut Self {
        if !is_new {
            self.run(&DROP_IDENTIFIERS, params![place]);
        }
        for (system, value, record) in identifiers {
            self.run(&ADD_IDENTIFIER, params![system, value, place, *record]);
        }
        self
    }

    /// Moves a place, and all below it, from where it stands to below another, or to the top. The caller has made sure that
    /// the other does not lie below it.
    pub fn move_place(&mut self, place: PlaceId, had_parent: bool, parent: Option<PlaceId>) -> &mut Self {
        if had_parent {
            self.run(&DETACH, params![place]);
        }
        if let Some(parent) = parent {
            self.run(&ATTACH, params![place, parent]);
        }
        self
    }
}

impl Store {
    /// All places, for the import.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn place_rows(&self) -> Result<Vec<PlaceRow>, StoreError> {
        self.query(&ALL_PLACES, vec![]).await?.iter().map(PlaceRow::read).collect()
    }

    /// All identifiers of places, for the import.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn place_identifiers(&self) -> Result<Vec<PlaceIdentifier>, StoreError> {
        self.query(&IDENTIFIERS, vec![]).await?.iter().map(|row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).collect()
    }
}
