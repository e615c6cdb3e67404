//! Runs in short, for sessions that they start.

use serde::Deserialize;
use serde_json::{Map, Value as Json, json};
use uuid::Uuid;

use super::{Results, Run, RunFlow, RunStatus};
use crate::contact::Contact;

/// What a session knows of the run that started it, at `@parent`.
#[derive(Clone, Debug, Deserialize)]
pub struct RunSummary {
    /// The run.
    pub uuid: Uuid,
    /// Its contact as it was.
    #[serde(default)]
    pub contact: Option<Contact>,
    /// Its flow.
    #[serde(default)]
    pub flow: Option<RunFlow>,
    /// What it had found out.
    #[serde(default)]
    pub results: Results,
    /// What it was doing.
    #[serde(default)]
    pub status: Option<RunStatus>,
}

impl RunSummary {
    /// Reads a summary. A part that can't be read is left out; none without an id.
    pub fn read(json: &Json) -> Option<Self> {
        let part = |key: &str| json.get(key).cloned().unwrap_or_default();
        Some(Self {
            uuid: serde_json::from_value(part("uuid")).ok()?,
            contact: serde_json::from_value(part("contact")).ok(),
            flow: serde_json::from_value(part("flow")).ok(),
            results: serde_json::from_value(part("results")).unwrap_or_default(),
            status: serde_json::from_value(part("status")).ok(),
        })
    }

    /// The summary of a run.
    pub fn write(run: &Run, contact: &Contact) -> Json {
        let mut summary = Map::new();
        summary.insert("uuid".to_owned(), json!(run.uuid));
        summary.insert("contact".to_owned(), serde_json::to_value(contact).unwrap_or_default());
        summary.insert("flow".to_owned(), serde_json::to_value(&run.flow).unwrap_or_default());
        let results: Map<_, _> =
            run.results.iter().map(|(key, result)| (key.to_string(), summarised(result))).collect();
        summary.insert("results".to_owned(), Json::Object(results));
        summary.insert("status".to_owned(), json!(run.status));
        Json::Object(summary)
    }
}

fn summarised(result: &super::RunResult) -> Json {
    serde_json::to_value(result).unwrap_or_default()
}
