//! Flows out of a file, played before anybody saved them: with the groups and fields that come with them.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use mhero_flow::{
    assets::{Assets, Channel, ChannelRole, Field, FieldType, GroupSource, LoadedFlows, StaticAssets},
    definition::Flow,
    inspect::{DependencyKind, DependencyTarget, inspect},
};
use serde_json::Value as Json;
use uuid::Uuid;

use super::{
    super::shelf::{Pins, entered},
    state::Kept,
};
use crate::{App, AppError};

/// Largest file that is played, in bytes.
const FILE_BYTES_MAX: usize = 8 * 1024 * 1024;
/// Most flows that one played conversation may enter.
const FLOWS_MAX: usize = 100;
/// The id of the pretend channel that an installation without any plays by.
const PRETEND_CHANNEL: Uuid = Uuid::from_u128(0x6d48_6572_6f00_4000_8000_7072_6574_656e);

impl App {
    /// Reads the flow to play and those that it enters, with what else the file holds.
    pub(super) fn flows_of_file(&self, bytes: &[u8], wanted: &str) -> Result<(Uuid, Kept), AppError> {
        if bytes.len() > FILE_BYTES_MAX {
            let max = (FILE_BYTES_MAX / 1024 / 1024).to_string();
            return Err(AppError::invalid("flow-too-large", [("max", max)]));
        }
        let json: Json = serde_json::from_slice(bytes)
            .map_err(|error| AppError::invalid("flow-no-json", [("detail", error.to_string())]))?;
        let raw: Vec<&Json> = match json["flows"].as_array() {
            Some(flows) => flows.iter().collect(),
            None => vec![&json],
        };
        let chosen = if wanted.is_empty() { raw.first() } else { raw.iter().find(|flow| is_called(flow, wanted)) };
        let chosen = chosen.ok_or_else(|| AppError::not_found("flow", wanted))?;
        let first = self.read_flow(chosen.to_string().as_bytes())?;
        let id = first.uuid;
        let (mut open, mut seen, mut flows) = (vec![first], HashSet::from([id]), Vec::new());
        while let Some(flow) = open.pop() {
            for other in entered(&flow) {
                if seen.len() >= FLOWS_MAX || !seen.insert(other.uuid) {
                    continue;
                }
                let found = raw.iter().find(|flow| is_called(flow, &other.uuid.to_string()));
                if let Some(found) = found {
                    open.push(self.read_flow(found.to_string().as_bytes())?);
                }
            }
            flows.push(flow);
        }
        let fields = list(&json, "fields", &|field: &Json| serde_json::from_value(field.clone()).ok());
        let groups = list(&json, "groups", &group);
        let (fields, groups) = with_those_of(&flows, fields, groups);
        Ok((id, Kept::File { flows: flows.iter().map(Flow::to_json).collect(), fields, groups }))
    }

    /// What the flows of a played conversation refer to.
    pub(super) async fn play_assets(&self, kept: &Kept) -> Result<Assets, AppError> {
        let around = match kept {
            Kept::Stored(pins) => self.assets_for(pins).await?,
            Kept::File { .. } => self.assets_for(&Pins::default()).await?,
        };
        let (fields, groups) = match kept {
            Kept::Stored(_) if !around.channels().is_empty() => return Ok(around),
            Kept::Stored(_) => (&[][..], &[][..]),
            Kept::File { fields, groups, .. } => (fields.as_slice(), groups.as_slice()),
        };
        let things = widened(&around, fields, groups);
        let flows: LoadedFlows = match kept {
            Kept::Stored(pins) => {
                let ids: Vec<Uuid> = pins.0.keys().map(|id| id.uuid()).collect();
                ids.iter().filter_map(|id| around.flow(*id).ok()).collect()
            }
            Kept::File { flows, .. } => {
                let mut read = Vec::with_capacity(flows.len());
                for flow in flows {
                    read.push(Arc::new(self.read_flow(flow.to_string().as_bytes())?));
                }
                read.into_iter().collect()
            }
        };
        Ok(Assets::new(things, Arc::new(flows)))
    }
}

/// The installation's own things with those of a file; where both have a group of one name or id, the file's counts.
fn widened(around: &Assets, fields: &[Field], groups: &[GroupSource]) -> StaticAssets {
    let own_fields = around.fields().iter().filter(|own| fields.iter().all(|field| field.key != own.key));
    let own_groups = around.groups().iter().filter(|own| groups.iter().all(|group| group.uuid != own.uuid()));
    let own_groups = own_groups.map(|group| GroupSource {
        uuid: group.uuid(),
        name: group.name().clone(),
        query: group.query().clone(),
    });
    let channels = if around.channels().is_empty() { vec![pretend_channel()] } else { around.channels().to_vec() };
    StaticAssets {
        fields: own_fields.chain(fields).cloned().collect(),
        groups: own_groups.chain(groups.iter().cloned()).collect(),
        channels,
        globals: around.globals().to_vec(),
        labels: around.labels().to_vec(),
        topics: around.topics().to_vec(),
        users: around.users().to_vec(),
        ..StaticAssets::default()
    }
}

fn pretend_channel() -> Channel {
    Channel {
        uuid: PRETEND_CHANNEL,
        name: "mHero".into(),
        address: "".into(),
        schemes: vec!["tel".into()],
        roles: vec![ChannelRole::Send, ChannelRole::Receive],
        features: Vec::new(),
        country: None,
        allow_international: true,
        match_prefixes: Vec::new(),
    }
}

/// Fields and groups of a file, with those that its flows name and the file does not bring: an import makes them.
fn with_those_of(
    flows: &[Flow],
    mut fields: Vec<Field>,
    mut groups: Vec<GroupSource>,
) -> (Vec<Field>, Vec<GroupSource>) {
    let mut found: HashMap<(DependencyKind, DependencyTarget), Arc<str>> = HashMap::new();
    for dependency in flows.iter().flat_map(|flow| inspect(flow, None).dependencies) {
        found.insert((dependency.kind, dependency.target), dependency.name);
    }
    for ((kind, target), name) in found {
        match (kind, target) {
            (DependencyKind::Field, DependencyTarget::Key(key)) if fields.iter().all(|field| field.key != key) => {
                let name = if name.is_empty() { key.clone() } else { name };
                fields.push(Field { uuid: Uuid::nil(), key, name, kind: FieldType::Text });
            }
            (DependencyKind::Group, DependencyTarget::Uuid(uuid)) if groups.iter().all(|group| group.uuid != uuid) => {
                groups.push(GroupSource { uuid, name, query: "".into() });
            }
            _ => {}
        }
    }
    (fields, groups)
}

fn is_called(flow: &Json, wanted: &str) -> bool {
    let id = flow["uuid"].as_str().or_else(|| flow["metadata"]["uuid"].as_str()).unwrap_or_default();
    let name = flow["name"].as_str().or_else(|| flow["metadata"]["name"].as_str()).unwrap_or_default();
    id == wanted || name == wanted
}

fn group(json: &Json) -> Option<GroupSource> {
    Some(GroupSource {
        uuid: Uuid::parse_str(json["uuid"].as_str()?).ok()?,
        name: json["name"].as_str()?.into(),
        query: json["query"].as_str().unwrap_or_default().into(),
    })
}

fn list<T>(json: &Json, key: &str, read: &dyn Fn(&Json) -> Option<T>) -> Vec<T> {
    json[key].as_array().map(|items| items.iter().filter_map(read).collect()).unwrap_or_default()
}
