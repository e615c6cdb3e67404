//! What a FHIR source can be told beside how it is reached.

use std::collections::BTreeMap;

use jiff::SignedDuration;
use mhero_app::AppError;

use crate::http;

/// All keys of `mhero source add` for the kinds `ihris` and `fhir`.
pub(super) static KEYS: [(&str, bool); http::KEYS.len() + 7] = http::with_keys([
    ("types", false),
    ("page", false),
    ("jobs", false),
    ("history", false),
    ("write", false),
    ("overlap", false),
    ("notify", false),
]);

/// The kinds that are read, in the order in which they are: who refers comes after whom he refers to.
pub(super) const TYPES: [&str; 6] =
    ["CodeSystem", "Organization", "Location", "Practitioner", "PractitionerRole", "Basic"];
/// iHRIS's code systems of jobs and cadres, which are read when nothing else is said.
const JOBS: [&str; 2] = ["http://ihris.org/fhir/CodeSystem/ihris-job", "http://ihris.org/fhir/CodeSystem/ihris-cadre"];
/// Resources on a page: smallest, usual, largest.
const PAGE: (u32, u32, u32) = (10, 250, 1_000);
/// Seconds that a pull goes back before the last one: smallest, usual, largest.
const OVERLAP_SECONDS: (u32, u32, u32) = (0, 300, 86_400);
/// Most code systems that can be named.
const JOBS_MAX: usize = 20;

/// How a correction is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Write {
    /// As the server says that it can.
    Auto,
    /// The whole resource, with `If-Match`.
    Put,
    /// A JSON Patch, with `If-Match`.
    Patch,
}

/// What the settings said.
#[derive(Clone, Debug)]
pub(super) struct Settings {
    /// Kinds to be read, in order.
    pub(super) types: Vec<&'static str>,
    /// Resources on a page.
    pub(super) page: u32,
    /// URLs of the code systems of jobs and cadres.
    pub(super) jobs: Vec<String>,
    /// Whether `_history` may be asked for; `None` as the server says.
    pub(super) history: Option<bool>,
    pub(super) write: Write,
    /// How long before the last pull the next one begins: changes that were being written then, and clocks that differ.
    pub(super) overlap: SignedDuration,
}

impl Settings {
    pub(super) fn read(config: &BTreeMap<String, String>) -> Result<Self, AppError> {
        let given = |key: &str| config.get(key).map(|value| value.trim()).filter(|value| !value.is_empty());
        let unknown = |key: &str, value: &str, known: String| {
            let args = [("key", key.to_owned()), ("value", value.to_owned()), ("known", known)];
            AppError::invalid("registry-choice", args)
        };
        let mut types = TYPES.to_vec();
        if let Some(list) = given("types") {
            let named: Vec<&str> = list.split(',').map(str::trim).filter(|name| !name.is_empty()).collect();
            if let Some(wrong) = named.iter().find(|name| !TYPES.contains(name)) {
                return Err(unknown("types", wrong, TYPES.join(",")));
            }
            types.retain(|kind| named.contains(kind));
        }
        let number = |key: &'static str, (min, usual, max): (u32, u32, u32)| match given(key) {
            None => Ok(usual),
            Some(text) => text.parse().ok().filter(|n| (min..=max).contains(n)).ok_or_else(|| {
                let args = [
                    ("key", key.to_owned()),
                    ("value", text.to_owned()),
                    ("min", min.to_string()),
                    ("max", max.to_string()),
                ];
                AppError::invalid("registry-number", args)
            }),
        };
        let page = number("page", PAGE)?;
        let overlap = SignedDuration::from_secs(number("overlap", OVERLAP_SECONDS)?.into());
        let jobs: Vec<String> = match given("jobs") {
            Some(list) => list.split([',', ' ']).filter(|url| !url.is_empty()).map(str::to_owned).collect(),
            None => JOBS.map(str::to_owned).to_vec(),
        };
        if jobs.len() > JOBS_MAX {
            return Err(unknown("jobs", &jobs.len().to_string(), format!("<= {JOBS_MAX}")));
        }
        let history = match given("history").unwrap_or("auto") {
            "auto" => None,
            "yes" => Some(true),
            "no" => Some(false),
            other => return Err(unknown("history", other, "auto, yes, no".to_owned())),
        };
        let write = match given("write").unwrap_or("auto") {
            "auto" => Write::Auto,
            "put" => Write::Put,
            "patch" => Write::Patch,
            other => return Err(unknown("write", other, "auto, put, patch".to_owned())),
        };
        Ok(Self { types, page, jobs, history, write, overlap })
    }
}
