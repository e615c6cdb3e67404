//! The records of registries that a correction is written to.

use mhero_core::{PersonId, PlaceId, SourceId, SourceRecordId};
use uuid::Uuid;

use crate::{Row, Store, StoreError, params, statement::statements};

/// The columns of a record, in the order in which they are read.
macro_rules! record {
    () => {
        "SELECT r.id, r.source, r.kind, r.ext_id, r.raw, r.content, r.entity_kind, r.entity FROM source_record r WHERE "
    };
}

statements! {
    /// What the sources have of a person and of all joined to them, and of the positions that they hold.
    OF_PERSON = (concat!(record!(), "r.gone_at IS NULL AND r.entity_kind IN ('person', 'position') AND r.id IN (SELECT x.id FROM source_record x WHERE x.entity = $1 UNION SELECT y.id FROM source_record y JOIN person_alias a ON a.alias = y.entity WHERE a.person = $1 UNION SELECT q.source_record FROM position q WHERE q.person = $1 AND q.active) ORDER BY r.id ASC NULLS LAST"));
    /// What the sources have of a place; of one source's records those of buildings come before those of organisations.
    OF_PLACE = (concat!(record!(), "r.gone_at IS NULL AND r.entity_kind = 'place' AND r.entity = $1 ORDER BY (r.kind = 'Location') DESC NULLS LAST, r.id ASC NULLS LAST"));
    ONE = (concat!(record!(), "r.id = $1"));
    BY_ID = (concat!(record!(), "r.source = $1 AND r.kind = $2 AND r.ext_id = $3"));
    /// How a source calls a place.
    PLACE = "SELECT r.kind, r.ext_id FROM source_record r WHERE r.source = $1 AND r.entity = $2 AND r.entity_kind = 'place' AND r.gone_at IS NULL ORDER BY (r.kind = 'Location') DESC NULLS LAST, r.id ASC NULLS LAST LIMIT 1";
    /// What a source's word for a place means here.
    PLACE_OF = "SELECT r.entity FROM source_record r WHERE r.source = $1 AND r.kind = $2 AND r.ext_id = $3 AND r.entity_kind = 'place'";
    /// The word of a source for a person's record.
    KIND = "SELECT r.kind FROM source_record r WHERE r.source = $1 AND r.entity_kind = 'person' GROUP BY r.kind ORDER BY COUNT(*) DESC NULLS LAST, r.kind ASC NULLS LAST LIMIT 1";
}

/// A record of a source, with what was received.
#[derive(Clone, PartialEq, Eq)]
pub struct TargetRecord {
    /// Our id.
    pub id: SourceRecordId,
    /// The source.
    pub source: SourceId,
    /// The source's word for its kind.
    pub kind: String,
    /// The source's id.
    pub ext_id: String,
    /// The text as received.
    pub raw: String,
    /// What it says, as JSON.
    pub content: String,
    /// `person`, `position` or `place`.
    pub entity_kind: String,
    /// What it became.
    pub entity: Option<Uuid>,
}

/// Never what it says: names and numbers stand there.
impl std::fmt::Debug for TargetRecord {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TargetRecord").field("id", &self.id).field("kind", &self.kind).finish_non_exhaustive()
    }
}

impl TargetRecord {
    fn read(row: &Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.get(0)?,
            source: row.get(1)?,
            kind: row.get(2)?,
            ext_id: row.get(3)?,
            raw: row.get(4)?,
            content: row.get::<Option<String>>(5)?.unwrap_or_default(),
            entity_kind: row.get::<Option<String>>(6)?.unwrap_or_default(),
            entity: row.get(7)?,
        })
    }
}

impl Store {
    /// What the sources have of a person and of the positions that they hold.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn target_records(&self, person: PersonId) -> Result<Vec<TargetRecord>, StoreError> {
        self.query(&OF_PERSON, params![person]).await?.iter().map(TargetRecord::read).collect()
    }

    /// What the sources have of a place.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn target_records_of_place(&self, place: PlaceId) -> Result<Vec<TargetRecord>, StoreError> {
        self.query(&OF_PLACE, params![place]).await?.iter().map(TargetRecord::read).collect()
    }

    /// A record of a source.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn target_record(&self, id: SourceRecordId) -> Result<Option<TargetRecord>, StoreError> {
        self.first(&ONE, params![id]).await?.map(|row| TargetRecord::read(&row)).transpose()
    }

    /// A record by the source's kind and id.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn target_called(
        &self,
        source: SourceId,
        kind: &str,
        id: &str,
    ) -> Result<Option<TargetRecord>, StoreError> {
        self.first(&BY_ID, params![source, kind, id]).await?.map(|row| TargetRecord::read(&row)).transpose()
    }

    /// How a source calls a place: its kind and id there.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn place_at_source(
        &self,
        source: SourceId,
        place: PlaceId,
    ) -> Result<Option<(String, String)>, StoreError> {
        let row = self.first(&PLACE, params![source, place]).await?;
        row.map(|row| Ok((row.get(0)?, row.get(1)?))).transpose()
    }

    /// The place that a source's kind and id mean.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn place_of_source(&self, source: SourceId, kind: &str, id: &str) -> Result<Option<PlaceId>, StoreError> {
        let row = self.first(&PLACE_OF, params![source, kind, id]).await?;
        row.map(|row| row.get::<Option<PlaceId>>(0)).transpose().map(Option::flatten)
    }

    /// The word of a source for a person's record; `None` for one that has none.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn kind_of_people(&self, source: SourceId) -> Result<Option<String>, StoreError> {
        self.first(&KIND, params![source]).await?.map(|row| row.get(0)).transpose()
    }
}
