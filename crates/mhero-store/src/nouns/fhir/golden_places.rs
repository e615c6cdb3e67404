//! Places of the register, and the words of the country, with all that FHIR shows of them.

use std::collections::HashMap;

use mhero_core::{LangMap, PlaceId};
use uuid::Uuid;

use super::golden_people::GoldenRecord;
use crate::{Snapshot, StoreError, nouns::audience::Composer, params, statement::statements};

statements! {
    AFTER = "SELECT id FROM place WHERE id > $1 ORDER BY id ASC NULLS LAST LIMIT $2";
    CADRES = "SELECT code, name FROM cadre ORDER BY code ASC NULLS LAST";
    TITLES = "SELECT t.system, t.code, t.name, c.code FROM title t LEFT JOIN cadre c ON c.id = t.cadre ORDER BY t.system ASC NULLS LAST, t.code ASC NULLS LAST";
}

/// A place with all that FHIR shows.
#[derive(Clone, Debug)]
pub struct GoldenPlace {
    /// The place.
    pub id: PlaceId,
    /// The place above.
    pub parent: Option<Uuid>,
    /// The level as its source calls it.
    pub level: Option<String>,
    /// Its names.
    pub name: LangMap,
    /// Whether people work there.
    pub is_facility: bool,
    /// False when its source closed it.
    pub active: bool,
    /// Latitude and longitude in degrees.
    pub position: Option<(f64, f64)>,
    /// An IANA time zone.
    pub zone: Option<String>,
    /// System and value.
    pub identifiers: Vec<(String, String)>,
    /// The records that count, the source's first whose values count first.
    pub records: Vec<GoldenRecord>,
}

/// A job title as FHIR shows it.
#[derive(Clone, Debug, PartialEq)]
pub struct GoldenTitle {
    /// Its code system.
    pub system: String,
    /// Its code.
    pub code: String,
    /// Its names.
    pub name: LangMap,
    /// The code of its cadre.
    pub cadre: Option<String>,
}

impl Snapshot {
    /// The next places in the order of their ids.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn places_after(&mut self, after: Uuid, limit: i64) -> Result<Vec<PlaceId>, StoreError> {
        self.query(&AFTER, params![after, limit]).await?.iter().map(|row| row.get(0)).collect()
    }

    /// Codes and names of all cadres, and all job titles.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn golden_words(&mut self) -> Result<(Vec<(String, LangMap)>, Vec<GoldenTitle>), StoreError> {
        let names = crate::nouns::audience::names;
        let cadres = self.query(&CADRES, vec![]).await?;
        let cadres = cadres.iter().map(|row| Ok((row.get(0)?, names(row, 1)?))).collect::<Result<_, StoreError>>()?;
        let titles = self.query(&TITLES, vec![]).await?;
        let title = |row: &crate::Row| {
            Ok(GoldenTitle { system: row.get(0)?, code: row.get(1)?, name: names(row, 2)?, cadre: row.get(3)? })
        };
        Ok((cadres, titles.iter().map(title).collect::<Result<_, StoreError>>()?))
    }

    /// Some places with all that FHIR shows of them.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn golden_places(&mut self, places: &[PlaceId]) -> Result<Vec<GoldenPlace>, StoreError> {
        let mut composer = Composer::new(0);
        let named = composer.one_of("p.id", places.iter().copied());
        let sql = format!(
            "SELECT p.id, p.parent, p.level, p.name, p.is_facility, p.active, p.latitude, p.longitude, p.zone FROM place p \
             WHERE {named} ORDER BY p.id ASC NULLS LAST"
        );
        let mut found = Vec::new();
        for row in self.query_composed(sql, composer.params()).await? {
            let position: Option<f64> = row.get(6)?;
            found.push(GoldenPlace {
                id: row.get(0)?,
                parent: row.get(1)?,
                level: row.get(2)?,
                name: crate::nouns::audience::names(&row, 3)?,
                is_facility: row.get(4)?,
                active: row.get(5)?,
                position: position.zip(row.get(7)?),
                zone: row.get(8)?,
                identifiers: Vec::new(),
                records: Vec::new(),
            });
        }
        let at: HashMap<Uuid, usize> = found.iter().enumerate().map(|(at, one)| (one.id.uuid(), at)).collect();
        let ids: Vec<Uuid> = at.keys().copied().collect();
        let mut composer = Composer::new(0);
        let named = composer.one_of("i.place", ids.iter().copied());
        let sql = format!(
            "SELECT DISTINCT i.place, i.system, i.value FROM place_identifier i WHERE {named} ORDER BY 1 ASC NULLS LAST, 2 ASC NULLS LAST, 3 ASC NULLS LAST"
        );
        for row in self.query_composed(sql, composer.params()).await? {
            found[at[&row.get(0)?]].identifiers.push((row.get(1)?, row.get(2)?));
        }
        for one in self.golden_records(&ids, "place").await? {
            if let Some(at) = at.get(&one.entity) {
                found[*at].records.push(one);
            }
        }
        Ok(found)
    }
}
