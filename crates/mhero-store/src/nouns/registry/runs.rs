//! Runs of the import, each with its result.

use mhero_core::{ImportId, SourceId};
use uuid::Uuid;

use crate::{Store, StoreError, Unit, params, statement::statements};

statements! {
    BEGIN = "INSERT INTO import_run (id, source, started_at, ended_at, started_by, summary) VALUES ($1, $2, $3, NULL, $4, '{}')";
    END = "UPDATE import_run SET ended_at = $2, summary = $3 WHERE id = $1";
    LAST = "SELECT summary FROM import_run WHERE source = $1 AND ended_at IS NOT NULL ORDER BY started_at DESC NULLS LAST, id DESC NULLS LAST LIMIT 1";
}

impl Unit {
    /// Notes that an import has begun.
    pub fn begin_import(&mut self, id: ImportId, source: SourceId, by: Option<Uuid>, at: i64) -> &mut Self {
        self.one(&BEGIN, params![id, source, at, by])
    }

    /// Notes how an import ended, as JSON of counts.
    pub fn end_import(&mut self, id: ImportId, summary: &str, at: i64) -> &mut Self {
        self.one(&END, params![id, at, summary])
    }
}

impl Store {
    /// How the last finished import of a source ended, as JSON of counts.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn last_import(&self, source: SourceId) -> Result<Option<String>, StoreError> {
        self.first(&LAST, params![source]).await?.map(|row| row.get(0)).transpose()
    }
}
