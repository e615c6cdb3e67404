//! 14.4.2: a node whose call was never made, e.g. for want of an address, has no status; its router sees zero, which is failure.

use super::split::{operand, switches, webhooks};
use crate::shape::{Map, object_mut};

pub(super) fn step(flow: &mut Map) {
    for node in switches(flow) {
        if matches!(operand(node), "@webhook.status" | "@(webhook.status)") && webhooks(node).next().is_some() {
            object_mut(node, "router")
                .into_iter()
                .for_each(|router| drop(router.insert("operand".to_owned(), "@(default(webhook.status, 0))".into())));
        }
    }
}
