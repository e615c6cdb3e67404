//! People as they are compared with one another.

use std::collections::HashMap;

use mhero_core::{PersonId, PlaceId, SourceId};
use uuid::Uuid;

use crate::{Store, StoreError, nouns::audience::hex_list, params, statement::statements};

statements! {
    PAGE = "SELECT p.id, p.name, p.given, p.family, p.sex, p.birth FROM person p WHERE p.standing = 'worker' AND p.active AND NOT EXISTS (SELECT 1 FROM person_alias a WHERE a.alias = p.id) AND p.id > $1 ORDER BY p.id ASC NULLS LAST LIMIT $2";
    SOME = (concat!("SELECT p.id, p.name, p.given, p.family, p.sex, p.birth FROM person p WHERE p.standing = 'worker' AND p.active AND NOT EXISTS (SELECT 1 FROM person_alias a WHERE a.alias = p.id) AND p.id IN (", ids_there!("$1"), ")"))
        | (concat!("SELECT p.id, p.name, p.given, p.family, p.sex, p.birth FROM person p WHERE p.standing = 'worker' AND p.active AND NOT EXISTS (SELECT 1 FROM person_alias a WHERE a.alias = p.id) AND p.id IN (", ids_here!("$1"), ")"));
    PHONES = (concat!("SELECT u.person, u.path FROM person_urn u WHERE u.scheme = 'tel' AND u.path IS NOT NULL AND u.person IN (", ids_there!("$1"), ") ORDER BY u.rank ASC NULLS LAST, u.id ASC NULLS LAST"))
        | (concat!("SELECT u.person, u.path FROM person_urn u WHERE u.scheme = 'tel' AND u.path IS NOT NULL AND u.person IN (", ids_here!("$1"), ") ORDER BY u.rank ASC NULLS LAST, u.id ASC NULLS LAST"));
    /// Identifiers that count across sources.
    IDENTIFIERS = (concat!("SELECT DISTINCT i.person, i.system, i.value FROM person_identifier i WHERE i.system NOT LIKE '#%' AND i.person IN (", ids_there!("$1"), ") ORDER BY i.system ASC NULLS LAST, i.value ASC NULLS LAST"))
        | (concat!("SELECT DISTINCT i.person, i.system, i.value FROM person_identifier i WHERE i.system NOT LIKE '#%' AND i.person IN (", ids_here!("$1"), ") ORDER BY i.system ASC NULLS LAST, i.value ASC NULLS LAST"));
    WORK = (concat!("SELECT q.person, q.place, k.code FROM position q LEFT JOIN title t ON t.id = q.title LEFT JOIN cadre k ON k.id = COALESCE(q.cadre, t.cadre) WHERE q.active AND q.person IN (", ids_there!("$1"), ") ORDER BY q.id ASC NULLS LAST"))
        | (concat!("SELECT q.person, q.place, k.code FROM position q LEFT JOIN title t ON t.id = q.title LEFT JOIN cadre k ON k.id = COALESCE(q.cadre, t.cadre) WHERE q.active AND q.person IN (", ids_here!("$1"), ") ORDER BY q.id ASC NULLS LAST"));
    SOURCES = (concat!("SELECT DISTINCT r.entity, r.source FROM source_record r WHERE r.entity_kind = 'person' AND r.gone_at IS NULL AND r.entity IN (", ids_there!("$1"), ")"))
        | (concat!("SELECT DISTINCT r.entity, r.source FROM source_record r WHERE r.entity_kind = 'person' AND r.gone_at IS NULL AND r.entity IN (", ids_here!("$1"), ")"));
    SOURCES_OF_JOINED = (concat!("SELECT DISTINCT a.person, r.source FROM person_alias a JOIN source_record r ON r.entity = a.alias WHERE r.entity_kind = 'person' AND r.gone_at IS NULL AND a.person IN (", ids_there!("$1"), ")"))
        | (concat!("SELECT DISTINCT a.person, r.source FROM person_alias a JOIN source_record r ON r.entity = a.alias WHERE r.entity_kind = 'person' AND r.gone_at IS NULL AND a.person IN (", ids_here!("$1"), ")"));
    PLACES = "SELECT id, parent FROM place";
    SYSTEMS = "SELECT DISTINCT system FROM person_identifier WHERE system NOT LIKE '#%' ORDER BY system ASC NULLS LAST LIMIT 200";
}

/// A health worker as compared with others.
#[derive(Clone, Default)]
pub struct ComparedPerson {
    /// The whole name.
    pub name: String,
    /// Given names.
    pub given: String,
    /// Family name.
    pub family: String,
    /// Sex.
    pub sex: Option<String>,
    /// Date of birth.
    pub birth: Option<String>,
    /// Numbers in E.164.
    pub phones: Vec<String>,
    /// System and value.
    pub identifiers: Vec<(String, String)>,
    /// Where they work.
    pub places: Vec<PlaceId>,
    /// As what: codes of cadres.
    pub cadres: Vec<String>,
    /// Whose records speak of them.
    pub sources: Vec<SourceId>,
}

/// Nothing of it: names and numbers stay out of logs.
impl std::fmt::Debug for ComparedPerson {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ComparedPerson").finish_non_exhaustive()
    }
}

/// A place and the one above it.
pub type ComparedPlace = (PlaceId, Option<PlaceId>);

impl Store {
    /// All who are compared after an id, in the order of their ids, at most `limit`.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn compared_page(&self, after: Uuid, limit: i64) -> Result<Vec<(PersonId, ComparedPerson)>, StoreError> {
        let rows = self.query(&PAGE, params![after, limit]).await?;
        self.compared_of(rows).await
    }

    /// Those of some people who are compared: active health workers who are not joined to another.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn compared(&self, people: &[PersonId]) -> Result<Vec<(PersonId, ComparedPerson)>, StoreError> {
        if people.is_empty() {
            return Ok(Vec::new());
        }
        let rows = self.query(&SOME, params![hex_list(people.iter().map(|id| id.uuid()))]).await?;
        self.compared_of(rows).await
    }

    async fn compared_of(&self, rows: Vec<crate::Row>) -> Result<Vec<(PersonId, ComparedPerson)>, StoreError> {
        let mut order = Vec::with_capacity(rows.len());
        let mut people: HashMap<PersonId, ComparedPerson> = HashMap::with_capacity(rows.len());
        for row in &rows {
            let person = ComparedPerson {
                name: row.get(1)?,
                given: row.get(2)?,
                family: row.get(3)?,
                sex: row.get(4)?,
                birth: row.get(5)?,
                ..ComparedPerson::default()
            };
            order.push(row.get::<PersonId>(0)?);
            people.insert(row.get(0)?, person);
        }
        if order.is_empty() {
            return Ok(Vec::new());
        }
        let list = hex_list(order.iter().map(|id| id.uuid()));
        let ids = || params![&list];
        for row in self.query(&PHONES, ids()).await? {
            let person = people.entry(row.get(0)?).or_default();
            person.phones.push(row.get(1)?);
        }
        for row in self.query(&IDENTIFIERS, ids()).await? {
            people.entry(row.get(0)?).or_default().identifiers.push((row.get(1)?, row.get(2)?));
        }
        for row in self.query(&WORK, ids()).await? {
            let person = people.entry(row.get(0)?).or_default();
            person.places.extend(row.get::<Option<PlaceId>>(1)?);
            person.cadres.extend(row.get::<Option<String>>(2)?);
        }
        for statement in [&SOURCES, &SOURCES_OF_JOINED] {
            for row in self.query(statement, ids()).await? {
                let (person, source) = (people.entry(row.get(0)?).or_default(), row.get(1)?);
                if !person.sources.contains(&source) {
                    person.sources.push(source);
                }
            }
        }
        Ok(order.into_iter().filter_map(|id| Some((id, people.remove(&id)?))).collect())
    }

    /// Every place and the one above it.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn compared_places(&self) -> Result<Vec<ComparedPlace>, StoreError> {
        self.query(&PLACES, vec![]).await?.iter().map(|row| Ok((row.get(0)?, row.get(1)?))).collect()
    }

    /// The systems of identifiers that count across sources.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn identifier_systems(&self) -> Result<Vec<String>, StoreError> {
        self.query(&SYSTEMS, vec![]).await?.iter().map(|row| row.get(0)).collect()
    }
}
