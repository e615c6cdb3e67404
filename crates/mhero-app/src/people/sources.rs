//! Registries and sets of files that people come from.

use mhero_core::{Right, SourceId};
use mhero_store::{Queue, Source, Unit};

use crate::{App, AppError, Caller};

/// A source to add.
#[derive(Clone, Debug, Default)]
pub struct NewSource {
    /// The name by which commands call it.
    pub name: String,
    /// `files`, or the connector.
    pub kind: String,
    /// Where it is read from.
    pub url: Option<String>,
    /// Settings by key. `identifier.payroll` is the system of the numbers in a column `payroll`.
    pub config: Vec<(String, String)>,
    /// Whose values count: the lower number wins. Behind all others when `None`.
    pub rank: Option<i64>,
}

impl App {
    /// Adds a source that people come from.
    ///
    /// # Errors
    /// [`AppError::Invalid`] when the name is empty or taken.
    pub async fn add_source(&self, caller: &Caller, new: &NewSource) -> Result<Source, AppError> {
        caller.must(Right::Settings)?;
        let name = new.name.trim();
        if name.is_empty() {
            return Err(AppError::invalid("import-source-nameless", []));
        }
        self.store().decide(|| self.try_adding_source(caller, name, new)).await
    }

    async fn try_adding_source(&self, caller: &Caller, name: &str, new: &NewSource) -> Result<Source, AppError> {
        let there = self.store().sources().await?;
        if there.iter().any(|source| source.name == name) {
            return Err(AppError::invalid("import-source-exists", [("source", name.to_owned())]));
        }
        let config: serde_json::Map<_, _> =
            new.config.iter().map(|(key, value)| (key.clone(), value.clone().into())).collect();
        let source = Source {
            id: self.store().mint().id(SourceId::from_uuid),
            name: name.to_owned(),
            kind: new.kind.clone(),
            url: new.url.clone(),
            config: serde_json::Value::Object(config).to_string(),
            rank: new.rank.unwrap_or_else(|| behind_all(&there)),
            created_at: self.clock().now_micros(),
            version: 1,
        };
        let mut unit = Unit::new();
        unit.add_source(&source);
        let facts = serde_json::json!({"kind": source.kind, "rank": source.rank});
        unit.audit(self.store(), &caller.entry("source-added", "source", Some(source.id.uuid()), facts));
        match self.store().write(unit, Queue::Interactive).await {
            // Another writer has taken the name in the meantime; the next try says so.
            Err(mhero_store::StoreError::Exists { .. }) => Err(mhero_store::StoreError::Contention.into()),
            other => Ok(other.map(|_| source)?),
        }
    }

    /// All sources, those first whose values count before others'.
    ///
    /// # Errors
    /// Whatever the store reports.
    pub async fn sources(&self, caller: &Caller) -> Result<Vec<Source>, AppError> {
        caller.must(Right::ReadPeople)?;
        Ok(self.store().sources().await?)
    }
}

/// The rank behind all others: by default the source that was there first counts.
pub(super) fn behind_all(sources: &[Source]) -> i64 {
    sources.iter().map(|source| source.rank).max().unwrap_or(0) + 1
}
