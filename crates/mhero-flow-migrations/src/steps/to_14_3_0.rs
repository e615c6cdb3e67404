//! 14.3.0: a node that opens a ticket or sends airtime no longer makes a result of its own. It leaves what it made in a local,
//! on which its router splits and of which it makes the result.

use serde_json::Value as Json;

use super::split::{operand, reroute, switches};
use crate::{
    result_key,
    shape::{Map, drop_translation, object_mut, objects_mut, text},
};

/// Actions that make something, and the local in which they leave its id.
const LOCALS: &[(&str, &str)] =
    &[("open_ticket", "@locals._new_ticket"), ("transfer_airtime", "@locals._new_transfer")];

pub(super) fn step(flow: &mut Map) {
    let mut stale = Vec::new();
    for node in switches(flow) {
        let split = operand(node).to_lowercase();
        let Some((name, local)) = objects_mut(node, "actions").find_map(|action| take_result(action, &split)) else {
            continue;
        };
        stale.extend(reroute(node, local, ("has_text", &[])));
        if let Some(router) = object_mut(node, "router").filter(|router| text(router, "result_name").is_empty()) {
            router.insert("result_name".to_owned(), name.into());
        }
    }
    stale.iter().for_each(|case| drop_translation(flow, case, "arguments"));
}

/// Takes the name of the result from an action whose result is the operand, or its category.
fn take_result(action: &mut Map, operand: &str) -> Option<(String, &'static str)> {
    let kind = text(action, "type");
    let (_, local) = LOCALS.iter().find(|(action, _)| *action == kind)?;
    let path = format!("@results.{}", result_key(text(action, "result_name")));
    let rest = operand.strip_prefix(&path)?;
    if !matches!(rest, "" | ".category") {
        return None;
    }
    match action.shift_remove("result_name") {
        Some(Json::String(name)) if !name.is_empty() => Some((name, local)),
        _ => None,
    }
}
