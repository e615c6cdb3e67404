//! Reads assets with their flows.

use std::{path::Path, sync::Arc};

use mhero_flow::{
    assets::{Assets, LoadedFlows, StaticAssets},
    definition::{Flow, ReadOptions},
    refs::FlowRef,
};
use serde_json::Value as Json;

use super::universe::{Pcg, SEED};
use crate::pack::read;

/// The assets of a file's JSON. Flows that can't be read are there all the same.
pub(crate) fn assets(json: &Json) -> Result<Assets, String> {
    let mut ids = Pcg::new(SEED);
    let mut flows = LoadedFlows::default();
    for definition in json["flows"].as_array().into_iter().flatten() {
        let metadata = if definition["uuid"].is_string() { definition } else { &definition["metadata"] };
        let Some(uuid) = metadata["uuid"].as_str().and_then(|uuid| uuid.parse().ok()) else { continue };
        let reference = FlowRef::new(uuid, metadata["name"].as_str().unwrap_or_default());
        let flow = Flow::read(definition.clone(), &ReadOptions::default(), &mut || ids.uuid_v4());
        flows.add(&reference, flow.map(Arc::new));
    }
    let source = StaticAssets::read(json).map_err(|error| error.to_string())?;
    Ok(Assets::new(source, Arc::new(flows)))
}

/// The assets that a case names, relative to the pack, and its flow.
pub(crate) fn assets_of(dir: &Path, case: &Json) -> Result<(Assets, Arc<Flow>), String> {
    let file = dir.parent().unwrap_or(dir).join(case["assets"].as_str().unwrap_or_default());
    let assets = assets(&read(&file)?)?;
    let uuid = case["flow_uuid"].as_str().unwrap_or_default();
    let uuid = uuid.parse().map_err(|error| format!("{uuid}: {error}"))?;
    let flow = assets.flow(uuid).map_err(|error| error.to_string())?;
    Ok((assets, flow))
}

/// A flow in a file of assets, as it stands there.
pub(crate) fn flow_in(assets: &Json, uuid: &str) -> Result<Json, String> {
    let flows = assets["flows"].as_array().into_iter().flatten();
    let found = flows.clone().find(|flow| flow["uuid"] == uuid).or_else(|| flows.clone().next());
    found.cloned().ok_or_else(|| "the file has no flows".to_owned())
}
