//! Registries and sets of files that people come from.

use mhero_core::SourceId;

use crate::{Row, Store, StoreError, Unit, params, statement::statements};

statements! {
    ADD = "INSERT INTO source (id, name, kind, url, config, secret, watermark, rank, created_at, version) VALUES ($1, $2, $3, $4, $5, $8, NULL, $6, $7, 1)";
    SET = "UPDATE source SET url = $2, config = $3, secret = $4, rank = $5, version = version + 1 WHERE id = $1 AND version = $6";
    SECRET = "SELECT secret FROM source WHERE id = $1";
    HAS_RECORDS = "SELECT 1 FROM source_record WHERE source = $1 AND gone_at IS NULL LIMIT 1";
    DROP = "DELETE FROM source WHERE id = $1 AND NOT EXISTS (SELECT 1 FROM source_record r WHERE r.source = $1)";
    RETIRE = "UPDATE source SET name = $2, kind = 'files', url = NULL, config = '{}', secret = NULL, watermark = NULL, version = version + 1 WHERE id = $1";
    LIST = "SELECT id, name, kind, url, config, rank, created_at, version FROM source ORDER BY rank ASC NULLS LAST, created_at ASC NULLS LAST, id ASC NULLS LAST";
}

/// A registry or a set of files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// Its id.
    pub id: SourceId,
    /// Its name, which commands take.
    pub name: String,
    /// `files`, or the connector.
    pub kind: String,
    /// Where it is read from.
    pub url: Option<String>,
    /// JSON.
    pub config: String,
    /// Whose values count: the lower number wins.
    pub rank: i64,
    /// Since when, in UTC microseconds.
    pub created_at: i64,
    /// Grows with each change.
    pub version: i64,
}

impl Source {
    fn read(row: &Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.get(0)?,
            name: row.get(1)?,
            kind: row.get(2)?,
            url: row.get(3)?,
            config: row.get(4)?,
            rank: row.get(5)?,
            created_at: row.get(6)?,
            version: row.get(7)?,
        })
    }
}

impl Unit {
    /// Adds a source with its sealed secrets; [`StoreError::Exists`] when the name is taken.
    pub fn add_source(&mut self, source: &Source, secret: Option<Vec<u8>>) -> &mut Self {
        self.one(
            &ADD,
            params![
                source.id,
                &source.name,
                &source.kind,
                source.url.as_deref(),
                &source.config,
                source.rank,
                source.created_at,
                secret
            ],
        )
    }

    /// Stores changed settings of a source, as long as nobody else has changed them since.
    pub fn set_source(&mut self, source: &Source, secret: Option<Vec<u8>>) -> &mut Self {
        let (url, config) = (source.url.as_deref(), &source.config);
        self.one(&SET, params![source.id, url, config, secret, source.rank, source.version])
    }

    /// Removes a source that no record came from.
    pub fn drop_source(&mut self, id: SourceId) -> &mut Self {
        self.one(&DROP, params![id])
    }

    /// Takes address, settings and secrets away from a source whose records stay as history.
    pub fn retire_source(&mut self, id: SourceId, name: &str) -> &mut Self {
        self.one(&RETIRE, params![id, name])
    }
}

impl Store {
    /// All sources, by rank.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn sources(&self) -> Result<Vec<Source>, StoreError> {
        self.query(&LIST, vec![]).await?.iter().map(Source::read).collect()
    }

    /// The sealed secrets of a source.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn source_secret(&self, id: SourceId) -> Result<Option<Vec<u8>>, StoreError> {
        self.first(&SECRET, params![id]).await?.map_or(Ok(None), |row| row.get(0))
    }

    /// Whether anything counts that came from a source.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn source_has_records(&self, id: SourceId) -> Result<bool, StoreError> {
        Ok(self.first(&HAS_RECORDS, params![id]).await?.is_some())
    }
}
