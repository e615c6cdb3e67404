//! Places as they are read: by name or code, the tree, and who works below.

use std::collections::HashMap;

use mhero_core::{LangMap, PlaceId, Scope};

use super::audience::{hex_list, names};
use crate::{
    Row, Snapshot, Store, StoreError, params,
    statement::{person_in_scope, statements},
};

/// The greatest letter there is: behind everything that begins like a word, in the byte order of both engines.
const LAST_LETTER: char = '\u{10FFFF}';

statements! {
    GET = "SELECT id, parent, level, name, is_facility, active FROM place WHERE id = $1";
    /// By a name, among those that are open; by an identifier, a source's id or our own, among all.
    CALLED = "SELECT p.id, p.parent, p.level, p.name, p.is_facility, p.active FROM place p WHERE (p.active AND p.id IN (SELECT n.place FROM place_name n WHERE n.folded = $1)) OR p.id IN (SELECT i.place FROM place_identifier i WHERE i.value IN ($2, $3, $4)) OR p.id IN (SELECT r.entity FROM source_record r WHERE r.ext_id IN ($2, $3, $4) AND r.entity IS NOT NULL) OR p.id = $5 ORDER BY p.id ASC NULLS LAST";
    /// Open places with a name that begins so.
    BEGINNING = "SELECT p.id, p.parent, p.level, p.name, p.is_facility, p.active FROM place p WHERE p.active AND p.id IN (SELECT n.place FROM place_name n WHERE n.folded >= $1 AND n.folded < $2) ORDER BY p.search ASC NULLS LAST, p.id ASC NULLS LAST LIMIT $3";
    /// The sandbox stands beside the country.
    TOPS = "SELECT id FROM place WHERE parent IS NULL AND COALESCE(level, '') <> 'sandbox' ORDER BY id ASC NULLS LAST LIMIT 2";
    ROOTS = "SELECT id, parent, level, name, is_facility, active FROM place WHERE parent IS NULL AND active ORDER BY search ASC NULLS LAST, id ASC NULLS LAST";
    BELOW = "SELECT id, parent, level, name, is_facility, active FROM place WHERE parent = $1 AND active ORDER BY is_facility ASC NULLS LAST, search ASC NULLS LAST, id ASC NULLS LAST";
    IDENTIFIERS = "SELECT x.place, x.value FROM (SELECT r.entity AS place, r.ext_id AS value, 0 AS rank FROM source_record r WHERE r.entity IN (SELECT decode(unnest(string_to_array($1, ',')), 'hex')) UNION SELECT i.place, i.value, 1 FROM place_identifier i WHERE i.place IN (SELECT decode(unnest(string_to_array($1, ',')), 'hex'))) x ORDER BY x.place ASC NULLS LAST, x.rank ASC NULLS LAST, x.value ASC NULLS LAST"
        | "SELECT x.place, x.value FROM (SELECT r.entity AS place, r.ext_id AS value, 0 AS rank FROM source_record r WHERE r.entity IN (SELECT unhex(value) FROM json_each('[\"' || replace($1, ',', '\",\"') || '\"]')) UNION SELECT i.place, i.value, 1 FROM place_identifier i WHERE i.place IN (SELECT unhex(value) FROM json_each('[\"' || replace($1, ',', '\",\"') || '\"]'))) x ORDER BY x.place ASC NULLS LAST, x.rank ASC NULLS LAST, x.value ASC NULLS LAST";
    /// Names of the places above some, nearest first.
    ABOVE = "SELECT c.descendant, p.id, p.name FROM place_closure c JOIN place p ON p.id = c.ancestor WHERE c.depth > 0 AND c.descendant IN (SELECT decode(unnest(string_to_array($1, ',')), 'hex')) ORDER BY c.descendant ASC NULLS LAST, c.depth ASC NULLS LAST"
        | "SELECT c.descendant, p.id, p.name FROM place_closure c JOIN place p ON p.id = c.ancestor WHERE c.depth > 0 AND c.descendant IN (SELECT unhex(value) FROM json_each('[\"' || replace($1, ',', '\",\"') || '\"]')) ORDER BY c.descendant ASC NULLS LAST, c.depth ASC NULLS LAST";
    FACILITIES_BELOW = "SELECT CAST(COUNT(*) AS BIGINT) FROM place_closure c JOIN place p ON p.id = c.descendant WHERE c.ancestor = $1 AND p.is_facility AND p.active";
    /// People with a current position at a place or below, by cadre; a person of two cadres counts for each.
    BY_CADRE = (concat!("SELECT k.id, k.name, CAST(COUNT(DISTINCT q.person) AS BIGINT) FROM place_closure c JOIN position q ON q.place = c.descendant JOIN person p ON p.id = q.person LEFT JOIN title t ON t.id = q.title LEFT JOIN cadre k ON k.id = COALESCE(q.cadre, t.cadre) WHERE c.ancestor = $1 AND q.active AND (q.start_at IS NULL OR q.start_at <= $4) AND (q.end_at IS NULL OR q.end_at > $4) AND p.standing = 'worker' AND p.active AND NOT EXISTS (SELECT 1 FROM person_alias a WHERE a.alias = p.id) AND ", person_in_scope!("p.id", "$2", "$3"), " GROUP BY k.id, k.name ORDER BY 3 DESC NULLS LAST, k.id ASC NULLS LAST"));
    /// People with a current position at or below each child of a place.
    BY_CHILD = (concat!("SELECT b.id, CAST(COUNT(DISTINCT p.id) AS BIGINT) FROM place b JOIN place_closure c ON c.ancestor = b.id JOIN position q ON q.place = c.descendant JOIN person p ON p.id = q.person WHERE (b.parent = $1 OR ($1 IS NULL AND b.parent IS NULL)) AND q.active AND (q.start_at IS NULL OR q.start_at <= $4) AND (q.end_at IS NULL OR q.end_at > $4) AND p.standing = 'worker' AND p.active AND NOT EXISTS (SELECT 1 FROM person_alias a WHERE a.alias = p.id) AND ", person_in_scope!("p.id", "$2", "$3"), " GROUP BY b.id ORDER BY b.id ASC NULLS LAST"));
    /// Where a user or token has grants, for a tree that begins there.
    GRANTED = "SELECT id, parent, level, name, is_facility, active FROM place WHERE id IN (SELECT g.place FROM role_grant g WHERE g.principal = $1) ORDER BY search ASC NULLS LAST, id ASC NULLS LAST";
    /// Whether a place may be opened: it lies in a granted place, or above one.
    VISIBLE = "SELECT CAST(COUNT(*) AS BIGINT) FROM role_grant g JOIN place_closure c ON (c.ancestor = g.place AND c.descendant = $1) OR (c.descendant = g.place AND c.ancestor = $1) WHERE g.principal = $2";
}

/// A jurisdiction or facility.
#[derive(Clone, Debug, PartialEq)]
pub struct Place {
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
}

/// How many people of a cadre work somewhere.
#[derive(Clone, Debug, PartialEq)]
pub struct CadreCount {
    /// The cadre; `None` for people without one.
    pub cadre: Option<mhero_core::CadreId>,
    /// Its names.
    pub name: Option<LangMap>,
    /// People.
    pub people: i64,
}

impl Place {
    fn read(row: &Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.get(0)?,
            parent: row.get(1)?,
            level: row.get(2)?,
            name: names(row, 3)?,
            is_facility: row.get(4)?,
            active: row.get(5)?,
        })
    }
}

fn all(rows: &[Row]) -> Result<Vec<Place>, StoreError> {
    rows.iter().map(Place::read).collect()
}

impl Store {
    /// One place.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn place(&self, id: PlaceId) -> Result<Option<Place>, StoreError> {
        self.first(&GET, params![id]).await?.map(|row| Place::read(&row)).transpose()
    }

    /// Places that answer to a text: by a folded name, by an identifier or id of a source in any case, by our id.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn places_called(&self, folded: &str, text: &str) -> Result<Vec<Place>, StoreError> {
        let ours: Option<PlaceId> = text.trim().parse().ok();
        let text = text.trim();
        all(&self.query(&CALLED, params![folded, text, text.to_uppercase(), text.to_lowercase(), ours]).await?)
    }

    /// Open places with a name that begins with a folded text, by name, at most `limit`.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn places_beginning(&self, folded: &str, limit: i64) -> Result<Vec<Place>, StoreError> {
        all(&self.query(&BEGINNING, params![folded, format!("{folded}{LAST_LETTER}"), limit]).await?)
    }

    /// The place above all others, where there is one.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn only_root(&self) -> Result<Option<PlaceId>, StoreError> {
        match self.query(&TOPS, vec![]).await?.as_slice() {
            [one] => one.get(0).map(Some),
            _ => Ok(None),
        }
    }

    /// The places just below one, or those below none: jurisdictions first, then by name. Where the scope is narrowed, the
    /// tree begins at the granted places.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn places_below(&self, scope: &Scope, parent: Option<PlaceId>) -> Result<Vec<Place>, StoreError> {
        match parent {
            Some(parent) => all(&self.query(&BELOW, params![parent]).await?),
            None if scope.all_places() => all(&self.query(&ROOTS, vec![]).await?),
            None => all(&self.query(&GRANTED, params![scope.principal()]).await?),
        }
    }

    /// Whether a place lies within the scope, or above a place of it.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn place_is_visible(&self, scope: &Scope, id: PlaceId) -> Result<bool, StoreError> {
        if scope.all_places() {
            return Ok(true);
        }
        let count: i64 = self.first(&VISIBLE, params![id, scope.principal()]).await?.map_or(Ok(0), |row| row.get(0))?;
        Ok(count > 0)
    }

    /// Ids in the sources and further identifiers of some places.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn place_codes(&self, ids: &[PlaceId]) -> Result<HashMap<PlaceId, Vec<String>>, StoreError> {
        let list = hex_list(ids.iter().map(|id| id.uuid()));
        let mut codes: HashMap<PlaceId, Vec<String>> = HashMap::new();
        for row in self.query(&IDENTIFIERS, params![list]).await? {
            let known = codes.entry(row.get(0)?).or_default();
            let code: String = row.get(1)?;
            if !known.contains(&code) {
                known.push(code);
            }
        }
        Ok(codes)
    }

    /// The places above some, nearest first.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn places_above(&self, ids: &[PlaceId]) -> Result<HashMap<PlaceId, Vec<(PlaceId, LangMap)>>, StoreError> {
        self.snapshot().await?.places_above(ids).await
    }

    /// Open facilities at and below a place.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn facilities_below(&self, id: PlaceId) -> Result<i64, StoreError> {
        self.first(&FACILITIES_BELOW, params![id]).await?.map_or(Ok(0), |row| row.get(0))
    }

    /// People of the scope who work at a place or below, by cadre, the most first.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn people_by_cadre(&self, scope: &Scope, id: PlaceId, now: i64) -> Result<Vec<CadreCount>, StoreError> {
        let rows = self.query(&BY_CADRE, params![id, scope.all_places(), scope.principal(), now]).await?;
        let name = |row: &Row| row.get::<Option<String>>(1)?.map(|_| names(row, 1)).transpose();
        rows.iter().map(|r| Ok(CadreCount { cadre: r.get(0)?, name: name(r)?, people: r.get(2)? })).collect()
    }

    /// People of the scope who work at or below each place just below one.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn people_by_place(
        &self,
        scope: &Scope,
        parent: Option<PlaceId>,
        now: i64,
    ) -> Result<HashMap<PlaceId, i64>, StoreError> {
        let rows = self.query(&BY_CHILD, params![parent, scope.all_places(), scope.principal(), now]).await?;
        rows.iter().map(|r| Ok((r.get(0)?, r.get(1)?))).collect()
    }
}

impl Snapshot {
    /// The places above some, nearest first.
    pub(crate) async fn places_above(
        &mut self,
        ids: &[PlaceId],
    ) -> Result<HashMap<PlaceId, Vec<(PlaceId, LangMap)>>, StoreError> {
        let mut above: HashMap<PlaceId, Vec<(PlaceId, LangMap)>> = HashMap::new();
        if ids.is_empty() {
            return Ok(above);
        }
        for row in self.query(&ABOVE, params![hex_list(ids.iter().map(|id| id.uuid()))]).await? {
            above.entry(row.get(0)?).or_default().push((row.get(1)?, names(&row, 2)?));
        }
        Ok(above)
    }
}
