//! Whose value of a field counts, and where each value comes from.

use mhero_core::{PersonId, SourceId, SourceRecordId};
use uuid::Uuid;

use crate::{Store, StoreError, Unit, params, statement::statements};

statements! {
    ALL_OWNERS = "SELECT field, source, rank FROM ownership ORDER BY field ASC NULLS LAST, rank ASC NULLS LAST, source ASC NULLS LAST";
    DROP_OF_FIELD = "DELETE FROM ownership WHERE field = $1";
    ADD = "INSERT INTO ownership (field, source, rank) VALUES ($1, $2, $3)";
    DROP_OF_SOURCE = "DELETE FROM ownership WHERE source = $1";
    /// People of whom a source speaks, in the order of their ids.
    PEOPLE_OF_SOURCE = "SELECT DISTINCT entity FROM source_record WHERE source = $1 AND entity_kind = 'person' AND entity > $2 ORDER BY entity ASC NULLS LAST LIMIT $3";
    JOINED_TO = "SELECT alias FROM person_alias WHERE person = $1 ORDER BY alias ASC NULLS LAST";
    /// The records of a person, and when each last changed.
    ORIGINS = "SELECT r.id, r.source, s.name, r.kind, r.ext_id, r.changed_at FROM source_record r JOIN source s ON s.id = r.source WHERE r.entity = $1 AND r.entity_kind = 'person' AND r.gone_at IS NULL ORDER BY r.id ASC NULLS LAST";
}

/// One source's claim to a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnerRow {
    /// The field: `name`, `phone`, or the key of a field of people.
    pub field: String,
    /// The source.
    pub source: SourceId,
    /// The lower number counts first.
    pub rank: i64,
}

/// A record of a person, as the origin of values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// The record.
    pub record: SourceRecordId,
    /// Its source.
    pub source: SourceId,
    /// The name of the source.
    pub source_name: String,
    /// The source's word for the kind of the record.
    pub kind: String,
    /// The source's id.
    pub ext_id: String,
    /// When it last changed, in UTC microseconds.
    pub changed_at: i64,
}

impl Unit {
    /// Makes these the owners of a field, the first before the others; none leaves it to the ranks of the sources.
    pub fn set_owners(&mut self, field: &str, sources: &[SourceId]) -> &mut Self {
        self.run(&DROP_OF_FIELD, params![field]);
        for (rank, source) in (1i64..).zip(sources) {
            self.one(&ADD, params![field, *source, rank]);
        }
        self
    }

    /// Takes every field away from a source.
    pub fn drop_owner(&mut self, source: SourceId) -> &mut Self {
        self.run(&DROP_OF_SOURCE, params![source])
    }
}

impl Store {
    /// All claims.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn owners(&self) -> Result<Vec<OwnerRow>, StoreError> {
        let rows = self.query(&ALL_OWNERS, vec![]).await?;
        rows.iter().map(|row| Ok(OwnerRow { field: row.get(0)?, source: row.get(1)?, rank: row.get(2)? })).collect()
    }

    /// People of whom a source speaks, at most `limit` after one of them.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn people_of_source(
        &self,
        source: SourceId,
        after: Uuid,
        limit: i64,
    ) -> Result<Vec<PersonId>, StoreError> {
        let rows = self.query(&PEOPLE_OF_SOURCE, params![source, after, limit]).await?;
        rows.iter().map(|row| row.get(0)).collect()
    }

    /// People who are joined to a person: their records count as the person's.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn joined_to(&self, person: PersonId) -> Result<Vec<PersonId>, StoreError> {
        self.query(&JOINED_TO, params![person]).await?.iter().map(|row| row.get(0)).collect()
    }

    /// The records that speak of a person now. Ask only for somebody of the caller's scope.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn origins_of(&self, person: PersonId) -> Result<Vec<Origin>, StoreError> {
        let rows = self.query(&ORIGINS, params![person]).await?;
        rows.iter()
            .map(|row| {
                Ok(Origin {
                    record: row.get(0)?,
                    source: row.get(1)?,
                    source_name: row.get(2)?,
                    kind: row.get(3)?,
                    ext_id: row.get(4)?,
                    changed_at: row.get(5)?,
                })
            })
            .collect()
    }
}
