//! A FHIR server: reading, searching and writing resources, one by one or many in one transaction.
//!
//! What is held is what was received: elements that mHero does not map come back as they came. Each write makes a version, versions
//! are numbered in the order of their commits, and who writes with an older version in hand is told so.

mod bundle;
mod error;
mod export;
mod read;
mod rights;
mod search;
mod terminology;
mod write;

use std::sync::Arc;

use mhero_app::{App, Caller};
use mhero_fhir::search::Parameters;
use serde_json::Value;

pub use bundle::Answer;
pub use error::FhirError;
pub use export::Export;
pub use read::{History, Version};
pub(crate) use rights::{is_public, may_read};
pub use search::{Match, Mode, Results, pairs};
pub use terminology::{Expand, Which};
pub use write::{Done, Write};

/// Entries of a bundle that are taken at once.
pub const ENTRIES_MAX: usize = 5_000;
/// Resources of a page, where nobody says how many.
pub const PAGE_DEFAULT: usize = 50;
/// Resources of a page at most.
pub const PAGE_MAX: usize = 1_000;

/// The server, at an address.
#[derive(Clone)]
pub struct FhirServer {
    pub(crate) app: App,
    base: Arc<str>,
    parameters: Arc<Parameters>,
}

impl std::fmt::Debug for FhirServer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FhirServer").field("base", &self.base).finish_non_exhaustive()
    }
}

impl FhirServer {
    /// A server over the data of an application. `base` is the address under which clients know it, without a slash at its end.
    pub fn new(app: App, base: &str) -> Self {
        Self { app, base: base.trim_end_matches('/').into(), parameters: Arc::new(Parameters::r4().clone()) }
    }

    /// The address under which clients know it.
    pub fn base(&self) -> &str {
        &self.base
    }

    /// What each kind is searched by.
    pub fn parameters(&self) -> &Parameters {
        &self.parameters
    }

    /// The caller that a token is.
    ///
    /// # Errors
    /// [`FhirError::App`] when the store can't tell.
    pub async fn caller_of_token(&self, text: &str) -> Result<Option<Caller>, FhirError> {
        Ok(self.app.caller_of_token(text).await?)
    }
}

/// The kind of a resource and its id; empty texts where it has none.
fn named(resource: &Value) -> (&str, &str) {
    (resource["resourceType"].as_str().unwrap_or_default(), resource["id"].as_str().unwrap_or_default())
}
