//! The results of a run.

use std::{collections::BTreeMap, sync::Arc};

use jiff::Timestamp;
use mhero_expr::extract;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{RawJson, Run};
use crate::{
    contact::truncated,
    events::{EventKind, PreviousResult},
    limits::Limits,
};

/// Results by key, which is the name in snake case.
pub type Results = BTreeMap<Arc<str>, RunResult>;

/// What a flow found out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RunResult {
    /// The name that the flow gives it.
    pub name: Arc<str>,
    /// The value.
    pub value: Arc<str>,
    /// The category, in the flow's own language; empty for none.
    #[serde(default = "empty", skip_serializing_if = "is_empty")]
    pub category: Arc<str>,
    /// The category in the language of the run; empty where it is the same.
    #[serde(default = "empty", skip_serializing_if = "is_empty")]
    pub category_localized: Arc<str>,
    /// The node that set it.
    pub node_uuid: Uuid,
    /// What it was found in; empty for none.
    #[serde(default = "empty", skip_serializing_if = "is_empty")]
    pub input: Arc<str>,
    /// What else was found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extra: Option<RawJson>,
    /// When it was set.
    pub created_on: Timestamp,
}

impl Run {
    /// Saves a result under the key of its name, with its value cut to the limit. Gives the event that tells of it, unless value
    /// and category are what they were.
    pub fn save(&mut self, mut result: RunResult, now: Timestamp, limits: &Limits) -> Option<EventKind> {
        self.modified_on = now;
        result.value = truncated(&result.value, limits.result_chars);
        let changed = EventKind::RunResultChanged {
            name: result.name.clone(),
            value: result.value.clone(),
            category: result.category.clone(),
            previous: None,
            extra: result.extra.as_ref().map(|extra| Arc::new(extra.value())),
        };
        let before = self.results.insert(extract::snake_name(&result.name).into(), result);
        let Some(before) = before else { return Some(changed) };
        let EventKind::RunResultChanged { name, value, category, extra, .. } = changed else { return None };
        if (&before.value, &before.category) == (&value, &category) {
            return None;
        }
        let previous = Some(PreviousResult { value: before.value, category: before.category });
        Some(EventKind::RunResultChanged { name, value, category, previous, extra })
    }
}

fn empty() -> Arc<str> {
    Arc::from("")
}

fn is_empty(text: &Arc<str>) -> bool {
    text.is_empty()
}
