//! 14.4.1: nodes that call a web service and tell success from failure do so by its status, whatever case they had.
//!
//! Such nodes came out of older steps with `@webhook.json.status` for an operand, where the answer seldom has one.

use super::split::{STATUS_TEST, operand, reroute, switches, webhooks};
use crate::shape::{Map, drop_translation, objects, text, texts};

const OPERANDS: &[&str] = &["@webhook.status", "@webhook.json.status"];

pub(super) fn step(flow: &mut Map) {
    let mut stale = Vec::new();
    for node in switches(flow) {
        let split = operand(node).to_lowercase();
        if OPERANDS.contains(&split.as_str()) && webhooks(node).next().is_some() && is_success_or_failure(node) {
            stale.extend(reroute(node, "@webhook.status", STATUS_TEST));
        }
    }
    stale.iter().for_each(|case| drop_translation(flow, case, "arguments"));
}

/// Whether the router has two categories of which the default is failure, and does not yet test as it should. A split into
/// other categories is about what the service answers.
fn is_success_or_failure(node: &Map) -> bool {
    let Some(router) = node.get("router").and_then(serde_json::Value::as_object) else { return false };
    let names: Vec<_> = objects(router, "categories").map(|category| text(category, "name").to_lowercase()).collect();
    let mut cases = objects(router, "cases");
    let done = match (cases.next(), cases.next()) {
        (Some(case), None) => {
            text(case, "type") == STATUS_TEST.0
                && texts(case, "arguments").eq(STATUS_TEST.1.iter().copied())
                && operand(node) == "@webhook.status"
        }
        _ => false,
    };
    !done
        && names.len() == 2
        && names.iter().any(|name| name == "success")
        && names.iter().any(|name| name == "failure")
}
