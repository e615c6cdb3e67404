//! Parameters of addresses, read as strictly as bodies.

use axum::{extract::FromRequestParts, http::request::Parts};
use uuid::Uuid;

use crate::{front::Front, problem::Fault};

/// Parameters that are read of one request.
const PARAMS_MAX: usize = 50;

/// The parameters of a request, not looked at yet.
pub(crate) struct Params(Vec<(String, String)>);

impl FromRequestParts<Front> for Params {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, _: &Front) -> Result<Self, Fault> {
        let query = parts.uri.query().unwrap_or_default();
        Ok(Self(form_urlencoded::parse(query.as_bytes()).into_owned().take(PARAMS_MAX).collect()))
    }
}

impl Params {
    /// Refuses parameters that are not known here, and those that come twice.
    pub(crate) fn only(self, known: &[&str]) -> Result<Self, Fault> {
        for (at, (name, value)) in self.0.iter().enumerate() {
            if value.contains('\0') {
                return Err(Fault::bad("nul").field(name));
            }
            if !known.contains(&name.as_str()) {
                let list = known.join(", ");
                return Err(Fault::bad("unknown-parameter").field(name).value(value).arg("known", list));
            }
            if self.0[..at].iter().any(|(before, _)| before == name) {
                return Err(Fault::bad("parameter-twice").field(name).value(value));
            }
        }
        Ok(self)
    }

    /// A parameter that was given, empty ones left out.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.trim());
        found.filter(|value| !value.is_empty())
    }

    /// A parameter that is an id of ours.
    pub(crate) fn id(&self, name: &str) -> Result<Option<Uuid>, Fault> {
        let Some(text) = self.text(name) else { return Ok(None) };
        text.parse().map(Some).map_err(|_| Fault::bad("no-id").field(name).value(text))
    }

    /// A parameter that is one of some words.
    pub(crate) fn word<T: std::str::FromStr>(&self, name: &str, known: &str) -> Result<Option<T>, Fault> {
        let Some(text) = self.text(name) else { return Ok(None) };
        let wrong = || Fault::bad("unknown-word").field(name).value(text).arg("known", known.to_owned());
        text.parse().map(Some).map_err(|_| wrong())
    }

    /// A parameter that is an instant.
    pub(crate) fn instant(&self, name: &str) -> Result<Option<i64>, Fault> {
        let Some(text) = self.text(name) else { return Ok(None) };
        let read: Result<jiff::Timestamp, _> = text.parse();
        read.map(|at| Some(mhero_core::micros(at))).map_err(|_| Fault::bad("no-instant").field(name).value(text))
    }
}

/// An id in an address.
pub(crate) fn id_in(text: &str) -> Result<Uuid, Fault> {
    text.parse().map_err(|_| Fault::bad("no-id").field("id").value(text))
}
