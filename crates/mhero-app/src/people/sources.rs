//! Registries and sets of files that people come from.

use mhero_core::Right;
use mhero_store::Source;

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
    /// Settings by key, as its connector knows them. `identifier.payroll` is the system of the numbers in a column `payroll`.
    pub config: Vec<(String, String)>,
    /// Whose values count: the lower number wins. Behind all others when `None`.
    pub rank: Option<i64>,
}

impl App {
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
pub(crate) fn behind_all(sources: &[Source]) -> i64 {
    sources.iter().map(|source| source.rank).max().unwrap_or(0) + 1
}
