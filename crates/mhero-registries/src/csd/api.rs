//! The addresses of OpenInfoMan, and documents out of its answers.

use encoding_rs::{Encoding, UTF_8};
use jiff::Timestamp;
use mhero_app::{
    AppError,
    ports::{PullError, SourceSettings},
};
use mhero_core::record::Reason;
use mhero_wire::csd::{CsdError, Entities, Entity, Find, Function, Item, updates_request};
use reqwest::{Method, Url};

use super::settings::Settings;
use crate::{
    files::csd::declared,
    http::{Answer, Ask, AuthMode, Client, DOCUMENT_BYTES_MAX, Defaults, HttpError, PAGE_BYTES_MAX},
};

const DEFAULTS: Defaults =
    Defaults { token: AuthMode::Bearer, token_path: None, example: "http://openinfoman.example.org:8984/CSD" };

/// Why a document did not come.
#[derive(Debug)]
pub(super) enum ApiError {
    /// No answer, or one that refuses.
    Http(HttpError),
    /// The answer is no CSD.
    Document(Reason),
    /// The directory answers with a fault of its own.
    Fault(Reason),
}

impl ApiError {
    pub(super) fn reason(self) -> Reason {
        match self {
            Self::Http(error) => error.into(),
            Self::Document(reason) | Self::Fault(reason) => reason,
        }
    }

    pub(super) const fn status(&self) -> Option<u16> {
        match self {
            Self::Http(error) => error.status(),
            _ => None,
        }
    }
}

impl From<HttpError> for ApiError {
    fn from(error: HttpError) -> Self {
        Self::Http(error)
    }
}

impl From<ApiError> for PullError {
    fn from(error: ApiError) -> Self {
        match error {
            ApiError::Http(error) => error.into(),
            ApiError::Document(reason) => Self::Untrusted(reason),
            ApiError::Fault(reason) => Self::Refused(reason),
        }
    }
}

/// A document as received, in UTF-8.
pub(super) struct Received {
    bytes: Vec<u8>,
    /// Whose answer it is, for words.
    pub(super) host: String,
}

impl Received {
    /// Its entities, one by one.
    pub(super) fn entities(&self) -> Entities<&[u8]> {
        Entities::new(self.bytes.as_slice())
    }

    /// What is wrong with it, for a pull or a check.
    pub(super) fn judge(&self, error: &CsdError) -> ApiError {
        let reason = error.reason(&self.host);
        if matches!(error, CsdError::Fault { .. }) { ApiError::Fault(reason) } else { ApiError::Document(reason) }
    }

    /// All entities of a short document.
    pub(super) fn all(&self) -> Result<Vec<Entity>, ApiError> {
        let mut all = Vec::new();
        for item in self.entities() {
            if let Item::Entity(entity) = item.map_err(|error| self.judge(&error))? {
                all.push(entity);
            }
        }
        Ok(all)
    }
}

/// Speaks with one directory.
pub(super) struct Api {
    client: Client,
    settings: Settings,
}

impl Api {
    pub(super) fn new(settings: &SourceSettings) -> Result<Self, AppError> {
        Ok(Self { client: Client::new(settings, &DEFAULTS)?, settings: Settings::read(settings)? })
    }

    pub(super) const fn settings(&self) -> &Settings {
        &self.settings
    }

    pub(super) fn host(&self) -> String {
        self.client.host()
    }

    /// An address of OpenInfoMan. Its paths begin with `/CSD`, which people leave out when they give only the host.
    fn url(&self, path: &str) -> Url {
        let bare = self.client.base().path().trim_matches('/').is_empty();
        self.client.url(&if bare { format!("CSD/{path}") } else { path.to_owned() }, &[])
    }

    /// ITI-74: what a document holds that changed at or after an instant. Without a document the address itself is asked.
    pub(super) async fn updates(
        &self,
        document: Option<&str>,
        message: &str,
        since: Timestamp,
    ) -> Result<Received, ApiError> {
        let url = match document {
            Some(document) => self.url(&format!("getUpdatedServices/{document}/get")),
            None => self.client.base().clone(),
        };
        let body = updates_request(url.as_str(), message, since);
        let ask = Ask::new(Method::POST, url)
            .header("content-type", "application/soap+xml; charset=utf-8")
            .header("accept", "application/soap+xml, text/xml, application/xml")
            .body(body)
            .repeatable()
            .at_most(DOCUMENT_BYTES_MAX);
        self.receive(&ask).await
    }

    /// ITI-73: what a stored function finds.
    pub(super) async fn find(&self, document: &str, find: &Find<'_>) -> Result<Received, ApiError> {
        let limit = if find.page.is_some() || find.id.is_some() { PAGE_BYTES_MAX } else { DOCUMENT_BYTES_MAX };
        let ask = Ask::new(Method::POST, self.url(&format!("csr/{document}/careServicesRequest")))
            .header("content-type", "text/xml; charset=utf-8")
            .header("accept", "text/xml, application/xml")
            .body(find.to_xml())
            .repeatable()
            .at_most(limit);
        self.receive(&ask).await
    }

    /// The whole document.
    pub(super) async fn whole(&self, document: &str) -> Result<Received, ApiError> {
        let ask = Ask::get(self.url(&format!("getDirectory/{document}")))
            .header("accept", "text/xml, application/xml")
            .at_most(DOCUMENT_BYTES_MAX);
        self.receive(&ask).await
    }

    /// Puts an entity into a document, in place of the one of its id. Never repeated.
    pub(super) async fn put(&self, document: &str, entity: &Entity) -> Result<(), HttpError> {
        let function = Function(entity.kind);
        let url = self.url(&format!("csr/{document}/careServicesRequest/update/{}", function.name()));
        let ask = Ask::new(Method::POST, url)
            .header("content-type", "text/xml; charset=utf-8")
            .body(function.to_xml(&entity.element));
        self.client.ask(&ask).await?.success().map(|_| ())
    }

    async fn receive(&self, ask: &Ask) -> Result<Received, ApiError> {
        let mut answer = self.client.ask(ask).await?;
        let encoding = encoding(&answer);
        let is_success = answer.status < 400;
        // What succeeded may be large, and is not needed twice.
        let body = if is_success { std::mem::take(&mut answer.body) } else { answer.body.clone() };
        let bytes = if encoding == UTF_8 { body } else { encoding.decode(&body).0.into_owned().into_bytes() };
        let received = Received { bytes, host: self.host() };
        if !is_success && let Some(Err(error @ CsdError::Fault { .. })) = received.entities().find(Result::is_err) {
            // A fault of SOAP comes with status 400 or 500, and says more.
            return Err(received.judge(&error));
        }
        answer.success()?;
        Ok(received)
    }
}

/// What the letters of a body are in: as a mark or they themselves show, as its declaration says, as the header says.
fn encoding(answer: &Answer) -> &'static Encoding {
    let body = answer.body.as_slice();
    let by_mark = Encoding::for_bom(body).map(|(encoding, _)| encoding);
    let header = || {
        let kind = answer.header("content-type")?.to_ascii_lowercase();
        let name = kind.split("charset=").nth(1)?.split(';').next()?.trim_matches([' ', '"']).to_owned();
        Encoding::for_label(name.as_bytes())
    };
    let valid = || std::str::from_utf8(body).is_ok().then_some(UTF_8);
    by_mark.or_else(valid).or_else(|| declared(body)).or_else(header).unwrap_or(UTF_8)
}
