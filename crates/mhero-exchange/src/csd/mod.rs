//! A directory in the words of CSD, as OpenInfoMan served it: stored functions (ITI-73), what changed since an instant (ITI-74), the
//! lists for RapidPro, the menu of facilities, and other ids, read and given back.
//!
//! There is one directory, the golden registry: whatever document an old client names, it is answered from that. People are told
//! within the caller's scope; places and services are everybody's, as they are at the FHIR server.

mod entities;
mod error;
mod functions;
mod ids;
mod lists;
mod menu;
mod search;

use std::sync::Arc;

use mhero_app::{App, Caller};
use mhero_core::Right;

pub use error::CsdFault;
pub use functions::{FUNCTIONS, Function};
pub use menu::Menu;

/// Entities of one answer at most; more are asked for page by page.
pub const ENTITIES_MAX: usize = 100_000;
/// The setting that names the documents that are answered, with commas between; without it any name is.
const DOCUMENTS: &str = "csd-documents";
/// The name of the document where none was ever given.
const OWN_DOCUMENT: &str = "mhero";
/// Longest name of a document, in characters.
const DOCUMENT_CHARS_MAX: usize = 100;

/// The directory.
#[derive(Clone)]
pub struct CsdServer {
    app: App,
    base: Arc<str>,
}

impl std::fmt::Debug for CsdServer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CsdServer").finish_non_exhaustive()
    }
}

/// What a function answers.
#[derive(Clone, PartialEq, Eq)]
pub struct Reply {
    /// Its media type.
    pub content_type: &'static str,
    /// The answer; XML without a declaration.
    pub body: String,
}

/// Names and numbers stand in it.
impl std::fmt::Debug for Reply {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Reply").field("content_type", &self.content_type).finish_non_exhaustive()
    }
}

/// The media type of XML.
pub const XML: &str = "text/xml";
/// The media type of JSON.
pub const JSON: &str = "application/json";

impl CsdServer {
    /// A directory over the data of an application; `base` is the address under which clients know the server, which stands as
    /// `sourceDirectory` in what it tells.
    pub fn new(app: App, base: &str) -> Self {
        Self { app, base: base.trim_end_matches('/').into() }
    }

    /// The application behind it.
    pub const fn app(&self) -> &App {
        &self.app
    }

    /// The caller that a token is.
    ///
    /// # Errors
    /// [`CsdFault::App`] when the store can't tell.
    pub async fn caller_of_token(&self, text: &str) -> Result<Option<Caller>, CsdFault> {
        Ok(self.app.caller_of_token(text).await?)
    }

    /// The names of the documents that are answered.
    ///
    /// # Errors
    /// [`CsdFault::App`].
    pub async fn documents(&self) -> Result<Vec<String>, CsdFault> {
        let said = self.app.store().setting(DOCUMENTS).await?.unwrap_or_default();
        let named: Vec<String> =
            said.split(',').map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned).collect();
        Ok(if named.is_empty() { vec![OWN_DOCUMENT.to_owned()] } else { named })
    }

    /// Refuses a document that is not answered here.
    ///
    /// # Errors
    /// [`CsdFault::NotFound`].
    pub async fn must_have(&self, document: &str) -> Result<(), CsdFault> {
        let is_name = !document.is_empty() && document.chars().count() <= DOCUMENT_CHARS_MAX;
        let named = self.app.store().setting(DOCUMENTS).await?.filter(|said| !said.trim().is_empty());
        let is_known = named.is_none_or(|said| said.split(',').any(|own| own.trim() == document));
        if is_name && is_known {
            return Ok(());
        }
        let shown: String = document.chars().take(DOCUMENT_CHARS_MAX).collect();
        Err(CsdFault::NotFound(format!("document “{shown}”; GET /CSD/documents.json lists those that are answered")))
    }

    /// Lets a registry of the document's name be read at once, as an old server polled its own.
    ///
    /// # Errors
    /// [`CsdFault::NotFound`] where no source has that name; what the application says.
    pub async fn poll(&self, caller: &Caller, document: &str) -> Result<(), CsdFault> {
        caller.must(Right::EditPeople)?;
        let sources = self.app.store().sources().await?;
        let source = sources.into_iter().find(|source| source.name.eq_ignore_ascii_case(document));
        let source = source.ok_or_else(|| {
            let shown: String = document.chars().take(DOCUMENT_CHARS_MAX).collect();
            CsdFault::NotFound(format!("source called “{shown}”; `mhero source list` shows those that are read"))
        })?;
        Ok(self.app.queue_sync(caller, source.id).await?)
    }
}
