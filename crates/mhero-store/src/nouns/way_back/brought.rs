//! What a run brought of people, to be compared with what the owners of fields say.

use mhero_core::{ImportId, PersonId, SourceId};
use uuid::Uuid;

use crate::{Row, Store, StoreError, params, statement::statements};

statements! {
    OF_RUN = "SELECT c.id, COALESCE(a.person, r.entity), r.source, r.content FROM record_change c JOIN source_record r ON r.id = c.source_record LEFT JOIN person_alias a ON a.alias = r.entity WHERE c.run = $1 AND c.id > $2 AND r.entity_kind = 'person' AND r.entity IS NOT NULL AND r.content IS NOT NULL AND r.gone_at IS NULL ORDER BY c.id ASC NULLS LAST LIMIT $3";
}

/// A record of a person that a run brought.
#[derive(Clone)]
pub struct BroughtRecord {
    /// The change that it was.
    pub change: Uuid,
    /// The person as whom it counts.
    pub person: PersonId,
    /// Whose record it is.
    pub source: SourceId,
    /// What it says now, as JSON.
    pub content: String,
}

/// Never what it says.
impl std::fmt::Debug for BroughtRecord {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("BroughtRecord").field("person", &self.person).finish_non_exhaustive()
    }
}

impl BroughtRecord {
    fn read(row: &Row) -> Result<Self, StoreError> {
        Ok(Self { change: row.get(0)?, person: row.get(1)?, source: row.get(2)?, content: row.get(3)? })
    }
}

impl Store {
    /// The records of people that a run brought, in the order of their changes, after one of them.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn brought_by(&self, run: ImportId, after: Uuid, limit: i64) -> Result<Vec<BroughtRecord>, StoreError> {
        self.query(&OF_RUN, params![run, after, limit]).await?.iter().map(BroughtRecord::read).collect()
    }
}
