//! Bulk export: all that a caller may read, kind by kind, as lines of JSON. An export is what was asked for and when; it is kept by
//! nobody but the client, so that it outlives restarts and is narrowed by whoever fetches its files.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jiff::Timestamp;
use mhero_app::Caller;
use mhero_fhir::{
    Code,
    search::{Clause, Comparison, Condition, How, Query, Span},
};
use mhero_store::FhirPage;
use serde_json::{Value, json};

use super::{FhirError, FhirServer, PAGE_MAX, rights};

/// What of a `_since` before all that was ever written is left.
const EVER: i64 = i64::MIN / 4;
/// The names under which lines of JSON are asked for.
const FORMATS: [&str; 3] = ["application/fhir+ndjson", "application/ndjson", "ndjson"];

/// What is to be exported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Export {
    /// The kinds.
    pub kinds: Vec<String>,
    /// Only what changed since.
    pub since: Option<Timestamp>,
    /// When it was asked for.
    pub at: Timestamp,
}

impl Export {
    /// It as a part of an address.
    pub fn code(&self) -> String {
        let since = self.since.map(|since| since.to_string());
        URL_SAFE_NO_PAD.encode(json!({ "kinds": self.kinds, "since": since, "at": self.at.to_string() }).to_string())
    }

    /// What an address carried; `None` for what none of ours is.
    pub fn read(code: &str) -> Option<Self> {
        let value: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(code).ok()?).ok()?;
        let kinds = value["kinds"].as_array()?.iter().map(|kind| kind.as_str().map(str::to_owned));
        let since = match &value["since"] {
            Value::Null => None,
            since => Some(since.as_str()?.parse().ok()?),
        };
        Some(Self { kinds: kinds.collect::<Option<_>>()?, since, at: value["at"].as_str()?.parse().ok()? })
    }

    fn query(&self, kind: &str) -> Query {
        let mut query = Query { kind: kind.to_owned(), ..Query::default() };
        if let Some(since) = self.since {
            let from = since.as_microsecond().max(EVER);
            let with = Span { from, until: from.saturating_add(1) };
            let updated = Condition::Updated(vec![Comparison { how: How::GreaterOrEqual, with }]);
            query.clauses.push(Clause { name: String::new(), value: String::new(), condition: updated });
        }
        query
    }
}

impl FhirServer {
    /// What a request for an export asks for: `_type`, `_since`, `_outputFormat`. Without kinds it is all that the caller may read.
    ///
    /// # Errors
    /// [`FhirError::Refused`] for what is not understood; [`FhirError::Forbidden`] for kinds that the caller may not read.
    pub fn export(&self, caller: &Caller, asked: &[(String, String)]) -> Result<Export, FhirError> {
        let mut export = Export { kinds: Vec::new(), since: None, at: self.app.clock().now() };
        for (name, value) in asked {
            let refused = |why: String| FhirError::refused(Code::Value, "", format!("{name}: {why}"));
            match name.as_str() {
                "_type" => export.kinds.extend(value.split(',').map(|kind| kind.trim().to_owned())),
                "_since" => {
                    let since = value.replace(' ', "+").parse();
                    export.since =
                        Some(since.map_err(|_| refused("a moment is written 2026-05-14T16:00:00Z".to_owned()))?);
                }
                "_outputFormat" if FORMATS.contains(&value.replace(' ', "+").as_str()) => {}
                "_outputFormat" => return Err(refused(format!("“{value}” is not written; ask for ndjson"))),
                "_format" | "_pretty" => {}
                _ => return Err(refused("an export is asked for by _type, _since and _outputFormat".to_owned())),
            }
        }
        if export.kinds.is_empty() {
            let may = |kind: &&str| rights::may_read(&self.parameters, caller, kind).is_ok();
            export.kinds = self.parameters.kinds().filter(may).map(str::to_owned).collect();
        }
        for kind in &export.kinds {
            rights::may_read(&self.parameters, caller, kind)?;
        }
        export.kinds.sort();
        export.kinds.dedup();
        Ok(export)
    }

    /// How many resources of each kind there are to fetch; kinds without any are left out.
    ///
    /// # Errors
    /// What keeps this caller from reading.
    pub async fn export_counts(&self, caller: &Caller, export: &Export) -> Result<Vec<(String, i64)>, FhirError> {
        let mut counts = Vec::new();
        let mut snapshot = self.app.store().snapshot().await?;
        let now = self.app.clock().now_micros();
        for kind in &export.kinds {
            rights::may_read(&self.parameters, caller, kind)?;
            let count = snapshot.count_fhir(&caller.scope, &export.query(kind), now).await?;
            if count > 0 {
                counts.push((kind.clone(), count));
            }
        }
        Ok(counts)
    }

    /// The next lines of a kind, and where those after them begin.
    ///
    /// # Errors
    /// What keeps this caller from reading.
    pub async fn export_page(
        &self,
        caller: &Caller,
        (export, kind): (&Export, &str),
        after: Option<&FhirPage>,
    ) -> Result<(String, Option<FhirPage>), FhirError> {
        rights::may_read(&self.parameters, caller, kind)?;
        let now = self.app.clock().now_micros();
        let mut snapshot = self.app.store().snapshot().await?;
        let found = snapshot.search_fhir(&caller.scope, &export.query(kind), after, (PAGE_MAX, now)).await?;
        let mut lines = String::new();
        for one in found.resources {
            lines.push_str(&crate::macm::texts::with_texts(&self.app, one.body).await?);
            lines.push('\n');
        }
        Ok((lines, found.next))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_export_is_its_own_address() {
        let at: Timestamp = "2026-05-14T16:00:00Z".parse().expect("a moment");
        for since in [None, Some(at)] {
            let export = Export { kinds: vec!["Practitioner".to_owned()], since, at };
            assert_eq!(Export::read(&export.code()), Some(export));
        }
        assert_eq!(Export::read("nonsense"), None);
    }
}
