//! What a request says beside its address and body.

use axum::http::{HeaderMap, header};
use jiff::Timestamp;
use mhero_exchange::fhir::FhirError;
use mhero_fhir::{Code, search::Summary, shape::shaped};
use serde_json::Value;

use crate::format::{Format, Unwritten};

/// What comes back after a write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Prefers {
    /// What stands now.
    Representation,
    /// Headers alone.
    Minimal,
    /// What was noticed.
    Outcome,
}

/// How a request wants to be answered.
#[derive(Clone, Debug)]
pub(crate) struct Asking {
    /// The address of this server as the client knows it.
    pub(crate) base: String,
    /// JSON or XML.
    pub(crate) format: Format,
    /// With line breaks.
    pub(crate) is_pretty: bool,
    /// What comes back after a write.
    pub(crate) prefers: Prefers,
    /// Whether what is not known is told and left out.
    pub(crate) is_lenient: bool,
    /// How much of each resource.
    pub(crate) summary: Summary,
    /// Only these elements.
    pub(crate) elements: Vec<String>,
    /// Name and value of each parameter.
    pub(crate) query: Vec<(String, String)>,
}

impl Asking {
    pub(crate) fn read(base: String, query: &str, headers: &HeaderMap) -> Result<Self, Unwritten> {
        let query: Vec<(String, String)> = mhero_exchange::fhir::pairs(query);
        let format = Format::wanted(&query, headers)?;
        let text = |name: &str| query.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
        let prefer =
            headers.get_all("prefer").iter().filter_map(|line| line.to_str().ok()).collect::<Vec<_>>().join(",");
        let has = |wanted: &str| prefer.split([',', ';']).any(|one| one.trim().eq_ignore_ascii_case(wanted));
        let prefers = match () {
            () if has("return=minimal") => Prefers::Minimal,
            () if has("return=OperationOutcome") => Prefers::Outcome,
            () => Prefers::Representation,
        };
        let summary = match text("_summary") {
            Some("true") => Summary::Short,
            Some("text") => Summary::Text,
            Some("data") => Summary::Data,
            Some("count") => Summary::Count,
            _ => Summary::Whole,
        };
        let elements = text("_elements").map(|list| {
            let plain = list.split(',').map(|name| name.rsplit('.').next().unwrap_or(name).trim().to_owned());
            plain.filter(|name| !name.is_empty()).collect()
        });
        Ok(Self {
            base,
            format,
            is_pretty: text("_pretty") == Some("true"),
            prefers,
            is_lenient: has("handling=lenient"),
            summary,
            elements: elements.unwrap_or_default(),
            query,
        })
    }

    /// Whether resources come as they are.
    pub(crate) fn is_whole(&self) -> bool {
        !self.is_pretty && self.summary == Summary::Whole && self.elements.is_empty()
    }

    /// A resource in the size that was asked for.
    pub(crate) fn shaped(&self, body: &str) -> Value {
        shaped(serde_json::from_str(body).unwrap_or_default(), self.summary, &self.elements)
    }
}

/// The token that a request carries.
pub(crate) fn token(headers: &HeaderMap) -> Option<String> {
    mhero_exchange::clients::token_of(headers.get(header::AUTHORIZATION)?.to_str().ok()?)
}

/// The version that a header such as `If-Match: W/"3"` names.
pub(crate) fn version_in(headers: &HeaderMap, name: &header::HeaderName) -> Result<Option<i64>, FhirError> {
    let Some(said) = headers.get(name) else { return Ok(None) };
    let said = said.to_str().unwrap_or_default();
    let number = said.trim().trim_start_matches("W/").trim_matches('"').parse();
    number.map(Some).map_err(|_| {
        FhirError::refused(Code::Value, "", format!("{name}: “{said}” is no ETag of this server: W/\"3\""))
    })
}

/// The moment of `If-Modified-Since`.
pub(crate) fn modified_since(headers: &HeaderMap) -> Option<Timestamp> {
    let said = headers.get(header::IF_MODIFIED_SINCE)?.to_str().ok()?;
    jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(said).ok()
}
