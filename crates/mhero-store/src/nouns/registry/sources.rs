//! Registries and sets of files that people come from.

use mhero_core::SourceId;

use crate::{Row, Store, StoreError, Unit, params, statement::statements};

statements! {
    ADD = "INSERT INTO source (id, name, kind, url, config, secret, watermark, rank, created_at, version) VALUES ($1, $2, $3, $4, $5, NULL, NULL, $6, $7, 1)";
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
    /// Adds a source; [`StoreError::Exists`] when the name is taken.
    pub fn add_source(&mut self, source: &Source) -> &mut Self {
        self.one(
            &ADD,
            params![
                source.id,
                &source.name,
                &source.kind,
                source.url.as_deref(),
                &source.config,
                source.rank,
                source.created_at
            ],
        )
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
}
