//! Runs: one contact's way through one flow.

use std::{collections::BTreeMap, sync::Arc};

use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serialize, Serializer, ser::SerializeMap as _};
use serde_json::Value as Json;
use uuid::Uuid;

use super::Results;

/// What a run is doing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RunStatus {
    /// At work, or waiting for a child run.
    #[default]
    Active,
    /// Waiting for a resume.
    Waiting,
    /// Ended.
    Completed,
    /// Ended because nothing came in time.
    Expired,
    /// Ended by a failure.
    Failed,
}

impl RunStatus {
    /// The name in JSON and expressions.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Waiting => "waiting",
            Self::Completed => "completed",
            Self::Expired => "expired",
            Self::Failed => "failed",
        }
    }

    /// Whether the run goes on no further.
    pub const fn has_ended(self) -> bool {
        matches!(self, Self::Completed | Self::Expired | Self::Failed)
    }
}

/// A flow as a run names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunFlow {
    /// The flow.
    pub uuid: Uuid,
    /// Its name when the run began.
    pub name: Arc<str>,
    /// Its revision when the run began, 0 where unknown: the caller pins it.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub revision: u64,
}

/// One visit to a node.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// The node.
    pub node_uuid: Uuid,
    /// When the contact came to the node.
    pub arrived_on: Timestamp,
}

/// The last web hook of a run, as expressions see it at `@webhook`.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
pub struct Webhook {
    /// The HTTP method.
    pub method: Arc<str>,
    /// The address.
    pub url: Arc<str>,
    /// The HTTP status, 0 when there was no answer.
    pub status: u16,
    /// The headers of the answer, by name. `null` in JSON when there was no answer.
    #[serde(default, deserialize_with = "no_headers")]
    pub headers: BTreeMap<String, String>,
    /// What the answer's body says, where it is JSON.
    #[serde(default)]
    pub json: Option<Arc<Json>>,
}

impl Serialize for Webhook {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(5))?;
        map.serialize_entry("method", &self.method)?;
        map.serialize_entry("url", &self.url)?;
        map.serialize_entry("status", &self.status)?;
        map.serialize_entry("headers", &(self.status != 0).then_some(&self.headers))?;
        map.serialize_entry("json", &self.json)?;
        map.end()
    }
}

fn no_headers<'de, D: Deserializer<'de>>(deserializer: D) -> Result<BTreeMap<String, String>, D::Error> {
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

/// One contact's way through one flow.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Run {
    /// The run's id, version 7.
    pub uuid: Uuid,
    /// The flow.
    pub flow: RunFlow,
    /// The nodes that were visited.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub path: Vec<Step>,
    /// What the flow noted for itself.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub locals: BTreeMap<Arc<str>, Arc<str>>,
    /// What the flow found out.
    #[serde(default, skip_serializing_if = "Results::is_empty")]
    pub results: Results,
    /// What the run is doing.
    pub status: RunStatus,
    /// Whether the contact sent something to this run.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub had_input: bool,
    /// The run that entered this one's flow.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent_uuid: Option<Uuid>,
    /// The last web hook.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub webhook: Option<Arc<Webhook>>,
    /// When it began.
    pub created_on: Timestamp,
    /// When something in it last changed.
    pub modified_on: Timestamp,
    /// When it ended.
    #[serde(default)]
    pub exited_on: Option<Timestamp>,
}

impl Webhook {
    /// Whether the JSON of the answer has more characters than this.
    pub(super) fn is_larger_than(&self, chars: usize) -> bool {
        self.json.as_ref().is_some_and(|json| json.to_string().chars().count() > chars)
    }
}

impl Run {
    /// The node where the run stands.
    pub fn node(&self) -> Option<Uuid> {
        self.path.last().map(|step| step.node_uuid)
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands references")]
fn is_zero(revision: &u64) -> bool {
    *revision == 0
}
