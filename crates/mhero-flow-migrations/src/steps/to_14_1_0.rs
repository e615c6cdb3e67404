//! 14.1.0: a node that calls a web service and splits on the category of its result splits on the status of the call instead.

use super::split::{STATUS_TEST, operand, reroute, switches, webhooks};
use crate::{
    result_key,
    shape::{Map, drop_translation, text},
};

pub(super) fn step(flow: &mut Map) {
    let mut stale = Vec::new();
    for node in switches(flow) {
        let split = operand(node).to_lowercase();
        let own = webhooks(node)
            .map(|action| text(action, "result_name"))
            .filter(|name| !name.is_empty())
            .any(|name| split == format!("@results.{}.category", result_key(name)));
        if own {
            stale.extend(reroute(node, "@webhook.status", STATUS_TEST));
        }
    }
    stale.iter().for_each(|case| drop_translation(flow, case, "arguments"));
}
