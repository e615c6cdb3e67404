//! Under which ids the register stands in FHIR.

use std::collections::HashMap;

use mhero_core::{PersonId, SourceId};
use uuid::Uuid;

use super::{FhirResource, read};
use crate::{Snapshot, Store, StoreError, Unit, nouns::audience::Composer, params, statement::statements};

statements! {
    NAME = "INSERT INTO fhir_golden (kind, entity, id) VALUES ($1, $2, $3)";
    /// What an id leads to: the one who is shown under it, or whom a source calls so.
    ENTITY = "SELECT COALESCE((SELECT a.person FROM person_alias a WHERE a.alias = x.entity), x.entity) FROM (SELECT entity, 0 AS rank FROM fhir_golden WHERE kind = $1 AND id = $2 UNION ALL SELECT entity, 1 FROM fhir_id WHERE type = $1 AND id = $2) x ORDER BY x.rank ASC NULLS LAST LIMIT 1";
    HAS_RECORD = "SELECT 1 FROM source_record WHERE source = $1 AND kind = $2 AND ext_id = $3";
    /// Also the record of somebody who was joined to the one.
    RECORD_OF = "SELECT r.ext_id FROM source_record r WHERE r.source = $1 AND r.kind = $2 AND (r.entity = $3 OR r.entity IN (SELECT a.alias FROM person_alias a WHERE a.person = $3)) ORDER BY (r.gone_at IS NULL) DESC NULLS LAST, r.id ASC NULLS LAST LIMIT 1";
    POSITION_PERSON = "SELECT person FROM position WHERE id = $1";
    /// Whose a resource is changes no version: it is not said in it.
    OWN = "UPDATE fhir_resource SET person = $3 WHERE resource = $1 AND version = $2";
    SHOWN_AS = "SELECT id FROM fhir_golden WHERE kind = $1 AND entity = $2";
}

/// The columns of a resource.
const COLUMNS: &str = "r.resource, r.kind, r.id, r.version, r.updated_at, r.deleted, r.person, r.public, r.body";

/// An id by which a source knows an entity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownAs {
    /// The entity.
    pub entity: Uuid,
    /// The id.
    pub id: String,
    /// When the source's first record of it came, in UTC microseconds.
    pub since: i64,
}

impl Unit {
    /// Gives an entity the id under which it is shown from now on. The unit fails when it has one, or another has this one.
    pub fn name_golden(&mut self, kind: &str, entity: Uuid, id: &str) -> &mut Self {
        self.one(&NAME, params![kind, entity, id])
    }
}

impl Unit {
    /// Notes whose a resource is. The unit fails when it has another version by now.
    pub fn own_fhir(&mut self, resource: Uuid, version: i64, person: Option<PersonId>) -> &mut Self {
        self.one(&OWN, params![resource, version, person])
    }
}

impl Store {
    /// The entity that an id of a kind leads to, a joined person's golden one.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn fhir_entity(&self, (kind, id): (&str, &str)) -> Result<Option<Uuid>, StoreError> {
        self.first(&ENTITY, params![kind, id]).await?.map(|row| row.get(0)).transpose()
    }

    /// Whether a source has, or had, a record of a kind and id.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn fhir_has_record(&self, source: SourceId, kind: &str, ext_id: &str) -> Result<bool, StoreError> {
        Ok(self.first(&HAS_RECORD, params![source, kind, ext_id]).await?.is_some())
    }

    /// The id of the record of a kind by which a source tells of an entity.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn fhir_record_of(
        &self,
        source: SourceId,
        kind: &str,
        entity: Uuid,
    ) -> Result<Option<String>, StoreError> {
        self.first(&RECORD_OF, params![source, kind, entity]).await?.map(|row| row.get(0)).transpose()
    }

    /// Whose a position is.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn position_person(&self, position: Uuid) -> Result<Option<PersonId>, StoreError> {
        self.first(&POSITION_PERSON, params![position]).await?.map(|row| row.get(0)).transpose()
    }

    /// The id under which an entity is shown.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn fhir_shown_as(&self, kind: &str, entity: Uuid) -> Result<Option<String>, StoreError> {
        self.first(&SHOWN_AS, params![kind, entity]).await?.map(|row| row.get(0)).transpose()
    }
}

impl Snapshot {
    /// The ids under which some entities are shown as a kind.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn golden_names(&mut self, kind: &str, entities: &[Uuid]) -> Result<HashMap<Uuid, String>, StoreError> {
        let mut composer = Composer::new(0);
        let (kind, named) = (composer.bind(kind), composer.one_of("entity", entities.iter().copied()));
        let sql = format!("SELECT entity, id FROM fhir_golden WHERE kind = {kind} AND {named}");
        let rows = self.query_composed(sql, composer.params()).await?;
        rows.iter().map(|row| Ok((row.get(0)?, row.get(1)?))).collect()
    }

    /// Those of some ids of a kind that an entity has.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn golden_taken(&mut self, kind: &str, ids: &[String]) -> Result<Vec<String>, StoreError> {
        let mut composer = Composer::new(0);
        let (kind, named) = (composer.bind(kind), composer.one_of("id", ids.iter().map(String::as_str)));
        let sql = format!("SELECT id FROM fhir_golden WHERE kind = {kind} AND {named}");
        self.query_composed(sql, composer.params()).await?.iter().map(|row| row.get(0)).collect()
    }

    /// By which ids sources know some entities as a kind, the oldest first.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn golden_known_as(&mut self, kind: &str, entities: &[Uuid]) -> Result<Vec<KnownAs>, StoreError> {
        let mut composer = Composer::new(0);
        let (kind, named) = (composer.bind(kind), composer.one_of("f.entity", entities.iter().copied()));
        let sql = format!(
            "SELECT f.entity, f.id, CAST(COALESCE(MIN(r.first_seen_at), 0) AS BIGINT) FROM fhir_id f \
             LEFT JOIN source_record r ON r.entity = f.entity AND r.source = f.source \
             WHERE f.type = {kind} AND {named} GROUP BY f.entity, f.id ORDER BY 1 ASC NULLS LAST, 3 ASC NULLS LAST, 2 ASC NULLS LAST"
        );
        let rows = self.query_composed(sql, composer.params()).await?;
        rows.iter().map(|row| Ok(KnownAs { entity: row.get(0)?, id: row.get(1)?, since: row.get(2)? })).collect()
    }

    /// Resources of a kind by their ids, also those that are gone, whoever may read them: for mHero itself.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn fhir_named(&mut self, kind: &str, ids: &[String]) -> Result<Vec<FhirResource>, StoreError> {
        let mut composer = Composer::new(0);
        let (kind, named) = (composer.bind(kind), composer.one_of("r.id", ids.iter().map(String::as_str)));
        let sql = format!("SELECT {COLUMNS} FROM fhir_resource r WHERE r.kind = {kind} AND {named}");
        self.query_composed(sql, composer.params()).await?.iter().map(read).collect()
    }

    /// Kind and id of resources of a kind that are some people's and not gone.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn fhir_of_people(&mut self, kind: &str, people: &[Uuid]) -> Result<Vec<String>, StoreError> {
        let mut composer = Composer::new(0);
        let (kind, named) = (composer.bind(kind), composer.one_of("r.person", people.iter().copied()));
        let sql = format!("SELECT r.id FROM fhir_resource r WHERE r.kind = {kind} AND {named} AND NOT r.deleted");
        self.query_composed(sql, composer.params()).await?.iter().map(|row| row.get(0)).collect()
    }
}
