//! One FHIR server: its client, its settings and what it says that it can do.

use mhero_app::{AppError, ports::SourceSettings};
use mhero_wire::fhir::Capability;
use reqwest::{Method, Url};
use tokio::sync::OnceCell;

use super::settings::Settings;
use crate::http::{Answer, Ask, AuthMode, Client, Defaults, HttpError};

/// What FHIR servers answer in.
pub(super) const FHIR_JSON: &str = "application/fhir+json";

const DEFAULTS: Defaults =
    Defaults { token: AuthMode::Bearer, token_path: Some("/auth/token"), example: "https://hr.example.org/hapi/fhir" };

/// A FHIR server as configured.
pub(super) struct Server {
    pub(super) client: Client,
    pub(super) settings: Settings,
    /// Whether iHRIS's profiles are looked for and written.
    pub(super) is_ihris: bool,
    capability: OnceCell<Option<Capability>>,
}

impl Server {
    pub(super) fn new(settings: &SourceSettings, is_ihris: bool) -> Result<Self, AppError> {
        let client = Client::new(settings, &DEFAULTS)?;
        let settings = Settings::read(&settings.config)?;
        Ok(Self { client, settings, is_ihris, capability: OnceCell::new() })
    }

    #[cfg(test)]
    pub(super) fn impatient(mut self) -> Self {
        let patience = crate::http::Patience {
            again: 1,
            first: std::time::Duration::from_millis(1),
            longest: std::time::Duration::from_secs(2),
        };
        self.client = self.client.with_patience(patience);
        self
    }

    /// Asks for an address. Whatever the status is, it is for the caller to judge.
    pub(super) async fn get(&self, url: Url) -> Result<Answer, HttpError> {
        // Some proxies in front of old servers know plain JSON only.
        self.client.ask(&Ask::get(url).header("accept", "application/fhir+json, application/json;q=0.9")).await
    }

    /// A request with a resource as its body.
    pub(super) fn write(&self, method: Method, path: &str, body: String) -> Ask {
        Ask::new(method, self.client.url(path, &[]))
            .header("accept", "application/fhir+json, application/json;q=0.9")
            .header("content-type", FHIR_JSON)
            .header("prefer", "return=representation")
            .body(body)
    }

    /// What the server says that it can do; `None` when it does not say. Asked for once.
    ///
    /// # Errors
    /// When it is not reached or lets nobody in; then the next call asks again.
    pub(super) async fn capability(&self) -> Result<Option<&Capability>, HttpError> {
        let known = self.capability.get_or_try_init(|| self.ask_capability()).await?;
        Ok(known.as_ref())
    }

    async fn ask_capability(&self) -> Result<Option<Capability>, HttpError> {
        let answer = self.get(self.client.url("metadata", &[])).await?;
        if answer.status == 404 || answer.status == 400 {
            return Ok(None);
        }
        let answer = answer.success()?;
        // iHRIS's own log-in page, or a program that is no FHIR server at all.
        let value = answer.json()?;
        Ok(Capability::read(&value))
    }

    /// Whether a kind can be read here, as far as anybody knows.
    pub(super) fn has(capability: Option<&Capability>, kind: &str) -> bool {
        capability.is_none_or(|capability| {
            capability.can(kind, "search-type")
                || capability.kinds.get(kind).is_some_and(|known| known.interactions.is_empty())
        })
    }

    /// An address that the server wrote into a link, below our own base: a proxy may know it by another name.
    pub(super) fn rebase(&self, link: &str) -> Option<Url> {
        let base = self.client.base();
        let told = base.join(link).ok()?;
        let own_path = base.path().trim_end_matches('/');
        if told.origin() == base.origin()
            && (told.path() == own_path || told.path().starts_with(&format!("{own_path}/")))
        {
            return Some(told);
        }
        let mut parts: Vec<&str> = told.path().split('/').filter(|part| !part.is_empty()).collect();
        let is_kind = |part: &str| part.starts_with(|c: char| c.is_ascii_uppercase());
        let at = parts.iter().rposition(|part| is_kind(part)).unwrap_or(parts.len());
        let mut url = self.client.url(&parts.split_off(at).join("/"), &[]);
        url.set_query(told.query());
        Some(url)
    }
}
