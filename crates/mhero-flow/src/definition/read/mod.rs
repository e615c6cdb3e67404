//! Reads definitions: any JSON in, a checked flow or the first thing that is wrong out.

mod check;
mod fields;
mod localization;
mod node;
mod router;
mod tree;

pub(super) use fields::{Object, cut, longer};
pub(super) use tree::Tree;

use std::{collections::HashMap, io, sync::Arc};

use mhero_core::Lang;
use mhero_flow_migrations::{Options, migrate};
use serde_json::Value as Json;
use uuid::Uuid;

use super::{Flow, FlowKind, Localization, SPEC_VERSION, limits};
use crate::error::{DefinitionError, DefinitionFault, Rule};

/// How a definition is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadOptions {
    /// Bytes that a definition may have.
    pub bytes_max: usize,
    /// What stands before the relative addresses of attachments in flows of version 11.
    pub media_base: String,
}

impl Default for ReadOptions {
    /// 16 MiB, and relative addresses as they are.
    fn default() -> Self {
        Self { bytes_max: 16 * 1024 * 1024, media_base: String::new() }
    }
}

impl Flow {
    /// Reads a definition of version 11, 13 or 14 from its bytes. New ids, which older versions may need, come from the caller.
    ///
    /// # Errors
    /// The first thing that is wrong, with its place.
    pub fn from_slice(
        bytes: &[u8],
        options: &ReadOptions,
        ids: &mut dyn FnMut() -> Uuid,
    ) -> Result<Self, DefinitionError> {
        if bytes.len() > options.bytes_max {
            let fault = DefinitionFault::TooLarge { max: options.bytes_max, bytes: bytes.len() };
            return Err(DefinitionError::of_flow(fault));
        }
        let json: Tree<'_> = serde_json::from_slice(bytes).map_err(|error| {
            DefinitionError::of_flow(DefinitionFault::NotJson { line: error.line(), column: error.column() })
        })?;
        let old = ["action_sets", "rule_sets"].iter().any(|name| json.get(name).is_some());
        if !old && json.get("spec_version").and_then(Tree::as_str) == Some(SPEC_VERSION) {
            return Self::read_current(json);
        }
        Self::read(json.to_json(), options, ids)
    }

    /// As [`Flow::from_slice`], from JSON that was parsed already; its size is not checked.
    ///
    /// # Errors
    /// As there.
    pub fn read(json: Json, options: &ReadOptions, ids: &mut dyn FnMut() -> Uuid) -> Result<Self, DefinitionError> {
        let migration = Options { media_base: options.media_base.clone() };
        let json = migrate(json, None, ids, &migration).map_err(|error| DefinitionError::of_flow(error.into()))?;
        Self::read_current(Tree::from(&json))
    }

    fn read_current(mut json: Tree<'_>) -> Result<Self, DefinitionError> {
        let mut take = |name: &str| json.take(name).filter(|json| !json.is_null());
        let (ui, localization) = (take("_ui"), take("localization"));
        let (mut flow, nodes) = header(&json).map_err(DefinitionError::of_flow)?;
        if nodes.len() > limits::NODES_MAX {
            let fault = DefinitionFault::TooManyNodes { max: limits::NODES_MAX, has: nodes.len() };
            return Err(DefinitionError::of_flow(fault));
        }
        flow.ui = checked_ui(ui.map(|ui| ui.to_json())).map_err(DefinitionError::of_flow)?;
        for (place, json) in nodes.iter().enumerate() {
            flow.nodes.push(node::read(place, json, flow.kind)?);
        }
        flow.localization = localization::read(localization)?;
        check::check(&flow)?;
        flow.index();
        Ok(flow)
    }

    fn index(&mut self) {
        self.node_indexes = self.nodes.iter().enumerate().map(|(place, node)| (node.uuid, place)).collect();
        for (place, node) in self.nodes.iter_mut().enumerate() {
            for (n, exit) in node.exits.iter_mut().enumerate() {
                exit.destination = exit.destination_uuid.and_then(|uuid| self.node_indexes.get(&uuid).copied());
                self.exit_indexes.entry(exit.uuid).or_insert((place, n));
            }
        }
    }
}

/// The flow without what it holds, and its nodes.
fn header<'a>(json: &'a Tree<'a>) -> Result<(Flow, &'a [Tree<'a>]), DefinitionFault> {
    let mut object = Object::new(json);
    let uuid = object.uuid("uuid");
    let name = object.word("name");
    if longer(name, limits::NAME_LENGTH_MAX) {
        object.fault("name", Rule::AtMost(limits::NAME_LENGTH_MAX));
    }
    let code = object.needed_word("language");
    let language = language(code);
    if language.is_none() && !code.is_empty() {
        object.fault("language", Rule::Kind("language"));
    }
    let word = object.needed_word("type");
    let kind = FlowKind::of(word);
    if kind.is_none() && !word.is_empty() {
        object.fault("type", Rule::Kind("flow type"));
    }
    let revision = object.whole("revision", u64::MAX);
    let expire = object.whole("expire_after_minutes", u64::from(u32::MAX));
    let nodes = object.list("nodes", usize::MAX);
    if let Some(place) = nodes.iter().position(Tree::is_null) {
        object.fault(&format!("nodes[{place}]"), Rule::Required);
    }
    object.finish()?;
    let flow = Flow {
        uuid,
        name: name.into(),
        // Both are there, or the object would not have finished.
        language: language.unwrap_or(Lang::ENGLISH),
        kind: kind.unwrap_or(FlowKind::Messaging),
        revision,
        expire_after_minutes: u32::try_from(expire).unwrap_or_default(),
        localization: Localization::default(),
        nodes: Vec::with_capacity(nodes.len().min(limits::NODES_MAX)),
        ui: None,
        node_indexes: HashMap::new(),
        exit_indexes: HashMap::new(),
    };
    Ok((flow, nodes))
}

/// A language by its code of three small letters.
fn language(code: &str) -> Option<Lang> {
    let language: Lang = code.parse().ok()?;
    (language.as_str() == code && language.is_registered()).then_some(language)
}

fn checked_ui(ui: Option<Json>) -> Result<Option<Arc<Json>>, DefinitionFault> {
    let Some(ui) = ui else { return Ok(None) };
    let mut size = Size(0);
    let written = serde_json::to_writer(&mut size, &ui);
    if written.is_err() || size.0 > limits::UI_BYTES_MAX {
        return Err(DefinitionFault::UiTooLarge { max: limits::UI_BYTES_MAX, bytes: size.0 });
    }
    Ok(Some(Arc::new(ui)))
}

/// Counts what is written to it.
struct Size(usize);

impl io::Write for Size {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
