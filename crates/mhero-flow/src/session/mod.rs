//! Sessions: one contact, one trigger, and the runs of flows that it led to.

mod blob;
mod history;
mod input;
mod raw;
mod result;
mod run;
mod summary;
mod suspended;

use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub use blob::BlobError;
pub use history::History;
pub use input::Input;
pub use raw::RawJson;
pub use result::{Results, RunResult};
pub use run::{Run, RunFlow, RunStatus, Step, Webhook};
pub use summary::RunSummary;
pub use suspended::Suspended;

use crate::{definition::FlowKind, resumes::Resume, triggers::Trigger};

/// Characters of JSON that a web hook may have answered to be kept between sprints.
const WEBHOOK_CHARS_MAX: usize = 10_000;

/// What a session is doing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SessionStatus {
    /// Inside a sprint; a stored session is active only while it waits for the answer of an outside call.
    #[default]
    Active,
    /// Waiting for a resume.
    Waiting,
    /// Ended.
    Completed,
    /// Ended by a failure.
    Failed,
}

/// A conversation with one contact. Contact, assets and environment are not in it: they are given again at each resume.
///
/// As JSON it has the shape of the RapidPro specification, without what is ours ([`Session::suspended`]); for storage use
/// [`Session::to_blob`], which has everything.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Session {
    /// The session's id, version 7.
    pub uuid: Uuid,
    /// The type of the flows that it may run.
    #[serde(rename = "type")]
    pub kind: FlowKind,
    /// When it began.
    pub created_on: Timestamp,
    /// What began it.
    pub trigger: Arc<Trigger>,
    /// Whom it is with.
    pub contact_uuid: Uuid,
    /// The phone call it runs in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub call_uuid: Option<Uuid>,
    /// The runs, in the order in which they began.
    #[serde(default)]
    pub runs: Vec<Run>,
    /// What it is doing.
    pub status: SessionStatus,
    /// The last message of the contact.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub input: Option<Arc<Input>>,
    /// How many sprints there were.
    #[serde(default)]
    pub sprints: u32,
    /// Where a sprint stands that waits for the answer of an outside call.
    #[serde(skip)]
    pub suspended: Option<Box<Suspended>>,
}

impl Session {
    /// The index of the run that waits for a resume.
    pub fn waiting_run(&self) -> Option<usize> {
        self.runs.iter().position(|run| run.status == RunStatus::Waiting)
    }

    /// The index of a run.
    pub fn run_index(&self, uuid: Uuid) -> Option<usize> {
        self.runs.iter().position(|run| run.uuid == uuid)
    }

    /// Forgets what no later sprint reads: path, locals and web hook of runs that have ended, and what is too large to be kept:
    /// web hooks whose answer has over 10,000 characters. Done between sprints.
    pub fn compact(&mut self) {
        for run in self.runs.iter_mut().filter(|run| run.status.has_ended()) {
            run.path = Vec::new();
            run.locals.clear();
            run.webhook = None;
        }
        for run in &mut self.runs {
            run.webhook.take_if(|webhook| webhook.is_larger_than(WEBHOOK_CHARS_MAX));
        }
    }

    /// The resume that the sprint of a suspended session began with.
    pub fn suspended_resume(&self) -> Option<&Arc<Resume>> {
        self.suspended.as_ref().and_then(|suspended| suspended.resume.as_ref())
    }
}
