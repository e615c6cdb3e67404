//! 14.4.1: nodes that call a web service and tell success from failure do so by its status, whatever case they had.
//!
//! Such nodes came out of older steps with `@webhook.json.status` for an operand, where the answer seldom has one.

use serde_json::Value as Json;

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

/// Whether the router does nothing but tell success from failure, and not yet as it should. A split on what else the service
/// answers, or on certain numbers, is somebody's own.
fn is_success_or_failure(node: &Map) -> bool {
    let Some(router) = node.get("router").and_then(Json::as_object) else { return false };
    let names: Vec<_> = objects(router, "categories").map(|category| text(category, "name").to_lowercase()).collect();
    let cases: Vec<_> = objects(router, "cases").collect();
    let done = cases.len() == 1 && is_status_test(cases[0]) && operand(node) == "@webhook.status";
    let named = names.iter().any(|name| name == "success") && names.iter().any(|name| name == "failure");
    let plain = |case: &&Map| text(case, "type") == "has_text" && texts(case, "arguments").next().is_none();
    let tells = |case: &&Map| is_status_test(case) || is_worded(case);
    !done
        && names.len() == 2
        && cases.iter().all(|case| tells(case) || plain(case))
        && (named || cases.iter().any(tells))
}

fn is_status_test(case: &Map) -> bool {
    text(case, "type") == STATUS_TEST.0 && texts(case, "arguments").eq(STATUS_TEST.1.iter().copied())
}

/// Whether a case looks for the word of success or failure.
fn is_worded(case: &Map) -> bool {
    let word = texts(case, "arguments").next().unwrap_or_default().to_lowercase();
    ["success", "failure"].contains(&word.as_str())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_splits_into_success_and_failure_are_changed() {
        let split = |operand: &str, names: [&str; 2], case: (&str, &[&str])| {
            let Json::Object(mut flow) = json!({"nodes": [{
                "actions": [{"type": "call_webhook"}],
                "router": {
                    "type": "switch", "operand": operand, "default_category_uuid": "b",
                    "cases": [{"uuid": "c", "type": case.0, "arguments": case.1, "category_uuid": "a"}],
                    "categories": [{"uuid": "a", "name": names[0]}, {"uuid": "b", "name": names[1]}],
                },
            }]}) else {
                unreachable!("it is an object")
            };
            step(&mut flow);
            flow["nodes"][0]["router"]["operand"] != operand || flow["nodes"][0]["router"]["cases"][0]["type"] != case.0
        };
        let own = ["Success", "Failure"];
        assert!(split("@webhook.json.status", own, ("has_text", &[])));
        assert!(split("@webhook.json.status", ["Bien", "Mal"], STATUS_TEST));
        assert!(split("@webhook.status", own, ("has_only_text", &["Success"])));
        assert!(!split("@webhook.status", own, STATUS_TEST));
        assert!(!split("@webhook.status", own, ("has_number_eq", &["200"])));
        assert!(!split("@webhook.json.status", ["Active", "Other"], ("has_only_text", &["active"])));
        assert!(!split("@webhook.json.state", own, ("has_text", &[])));
    }
}
