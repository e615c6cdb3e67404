//! What a played conversation carries from one push to the next, since nothing of it is stored.

use std::{
    collections::HashMap,
    fmt,
    io::{Read as _, Write as _},
};

use flate2::{Compression, read::DeflateDecoder, write::DeflateEncoder};
use mhero_core::FlowId;
use mhero_flow::{
    assets::{Field, GroupSource},
    contact::Contact,
    engine::Sprint,
    session::Session,
};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use uuid::Uuid;

use super::{super::shelf::Pins, lines::PlayLine};
use crate::{App, AppError, Caller, hex};

/// Most bytes of a sealed conversation: it travels in a form and back, and a request takes 1 MiB.
const SEALED_BYTES_MAX: usize = 384 * 1024;
/// Most bytes of a conversation once it is opened.
const OPEN_BYTES_MAX: u64 = 32 * 1024 * 1024;
/// Lines that are kept; of a longer conversation the oldest fall away.
const LINES_MAX: usize = 200;
/// The place that a sealed conversation is bound to, beside whoever plays.
const PLACE: &str = "flow.play";

/// The flows of a played conversation.
#[derive(Serialize, Deserialize)]
pub(super) enum Kept {
    /// Revisions that are stored.
    Stored(Pins),
    /// Definitions of a file, with the fields and groups that came with them.
    File { flows: Vec<Json>, fields: Vec<Field>, groups: Vec<GroupSource> },
}

/// A played conversation. Opaque; [`App::seal_play`] makes a text of it that only this installation can read again.
#[derive(Serialize, Deserialize)]
pub struct PlayState {
    /// The flow that it began with.
    pub(super) flow: Uuid,
    pub(super) kept: Kept,
    /// The blob of the session, in hexadecimal.
    session: String,
    /// The person as they now are.
    pub(super) contact: Contact,
    /// What happened, in order.
    pub(super) lines: Vec<PlayLine>,
    /// How often each exit was taken and where it led.
    ways: Vec<(Uuid, Uuid, u64)>,
}

impl fmt::Debug for PlayState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PlayState").field("flow", &self.flow).field("lines", &self.lines.len()).finish_non_exhaustive()
    }
}

impl PlayState {
    pub(super) fn new(flow: Uuid, kept: Kept, contact: Contact) -> Self {
        Self { flow, kept, session: String::new(), contact, lines: Vec::new(), ways: Vec::new() }
    }

    /// Whether it began with this stored flow; with a file for `None`.
    pub fn is_of(&self, flow: Option<FlowId>) -> bool {
        match (&self.kept, flow) {
            (Kept::Stored(_), Some(flow)) => self.flow == flow.uuid(),
            (Kept::File { .. }, None) => true,
            _ => false,
        }
    }

    /// The session as it stands.
    pub(super) fn session(&self) -> Result<Session, AppError> {
        let blob = hex::decode(&self.session).unwrap_or_default();
        Session::from_blob(&blob)
            .map_err(|error| AppError::invalid("flow-session-unreadable", [("detail", error.to_string())]))
    }

    /// How often each exit was taken, as pictures count.
    pub(super) fn ways(&self) -> HashMap<(Uuid, Option<Uuid>), u64> {
        self.ways.iter().map(|(exit, to, count)| ((*exit, Some(*to)), *count)).collect()
    }

    /// Takes over what a sprint gave.
    pub(super) fn take(&mut self, sprint: Sprint) {
        self.lines.extend(sprint.events.iter().filter_map(PlayLine::of));
        let surplus = self.lines.len().saturating_sub(LINES_MAX);
        self.lines.drain(..surplus);
        for segment in sprint.segments {
            let way = (segment.exit_uuid, segment.destination_uuid);
            match self.ways.iter_mut().find(|(exit, to, _)| (*exit, *to) == way) {
                Some((_, _, count)) => *count += 1,
                None => self.ways.push((way.0, way.1, 1)),
            }
        }
        self.session = hex::encode(&sprint.session.to_blob());
        self.contact = sprint.contact;
    }
}

impl App {
    /// A played conversation as a text that goes into a form and comes back: whoever plays can neither read nor change it.
    ///
    /// # Errors
    /// [`AppError::Invalid`] when the conversation has become too long to be carried.
    pub fn seal_play(&self, caller: &Caller, state: &PlayState) -> Result<String, AppError> {
        let sealed = packed(state).and_then(|bytes| self.seal(PLACE, owner(caller), &bytes).ok());
        let sealed = sealed.filter(|sealed| sealed.len() <= SEALED_BYTES_MAX);
        let max = (SEALED_BYTES_MAX / 1024).to_string();
        sealed.map(|sealed| hex::encode(&sealed)).ok_or_else(|| AppError::invalid("flow-play-too-long", [("max", max)]))
    }

    /// Reads a conversation again that this person played.
    ///
    /// # Errors
    /// [`AppError::Invalid`] when it is another person's, or no such text at all.
    pub fn unseal_play(&self, caller: &Caller, text: &str) -> Result<PlayState, AppError> {
        let sealed = Some(text).filter(|text| text.len() <= 2 * SEALED_BYTES_MAX).and_then(hex::decode);
        let bytes = sealed.and_then(|sealed| self.unseal(PLACE, owner(caller), &sealed).ok());
        bytes.and_then(|bytes| unpacked(&bytes)).ok_or_else(|| AppError::invalid("flow-play-unreadable", []))
    }
}

fn owner(caller: &Caller) -> Uuid {
    caller.scope.principal().unwrap_or_default()
}

fn packed(state: &PlayState) -> Option<Vec<u8>> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(&serde_json::to_vec(state).ok()?).ok()?;
    encoder.finish().ok()
}

fn unpacked(bytes: &[u8]) -> Option<PlayState> {
    let mut json = Vec::new();
    DeflateDecoder::new(bytes).take(OPEN_BYTES_MAX).read_to_end(&mut json).ok()?;
    serde_json::from_slice(&json).ok()
}
