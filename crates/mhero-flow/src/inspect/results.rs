//! The results and local variables that a flow makes.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use mhero_flow_migrations::result_key;
use serde::Serialize;
use uuid::Uuid;

use crate::definition::{ActionKind, Flow};

/// The local in which an action that adds an address tells whether the contact has it.
pub const HAS_URN: &str = "_has_urn";
/// The local that holds the id of a new ticket.
pub const NEW_TICKET: &str = "_new_ticket";
/// The local that holds the id of a transfer of airtime.
pub const NEW_TRANSFER: &str = "_new_transfer";

/// A result that a flow makes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ResultSpec {
    /// The key by which expressions read it.
    pub key: Arc<str>,
    /// Its name, as the first node that makes it has it.
    pub name: Arc<str>,
    /// The categories that it can have, each once, in the order of the nodes.
    pub categories: Vec<Arc<str>>,
    /// The nodes that make it.
    pub node_uuids: Vec<Uuid>,
}

/// What one action or router makes of a result: its name and its categories.
pub(crate) type Made<'f> = (&'f Arc<str>, Vec<Arc<str>>);

/// The results of a flow, in the order of their first nodes.
pub(crate) fn results(flow: &Flow) -> Vec<ResultSpec> {
    let mut found: Vec<ResultSpec> = Vec::new();
    let mut places: HashMap<Arc<str>, usize> = HashMap::new();
    let mut seen: HashSet<(usize, Arc<str>)> = HashSet::new();
    for node in &flow.nodes {
        let actions = node.actions.iter().filter_map(|action| made_by_action(&action.kind));
        let router = node.router.iter().filter_map(|router| {
            let categories = router.categories.iter().map(|category| category.name.clone()).collect();
            Some((router.result_name.as_ref()?, categories))
        });
        for (name, categories) in actions.chain(router).filter(|(name, _)| !name.is_empty()) {
            let key: Arc<str> = result_key(name).into();
            let at = *places.entry(key.clone()).or_insert_with(|| {
                found.push(ResultSpec { key, name: name.clone(), categories: Vec::new(), node_uuids: Vec::new() });
                found.len() - 1
            });
            let result = &mut found[at];
            result.categories.extend(categories.into_iter().filter(|category| seen.insert((at, category.clone()))));
            // Nodes come one after the other, so that one which is there already is the last.
            if result.node_uuids.last() != Some(&node.uuid) {
                result.node_uuids.push(node.uuid);
            }
        }
    }
    found
}

/// The result that an action makes.
pub(crate) fn made_by_action(action: &ActionKind) -> Option<Made<'_>> {
    let fixed = |categories: &[&str]| categories.iter().map(|category| Arc::from(*category)).collect();
    match action {
        ActionKind::SetRunResult(it) => {
            Some((&it.name, Some(it.category.clone()).filter(|category| !category.is_empty()).into_iter().collect()))
        }
        ActionKind::CallWebhook(it) => Some((it.result_name.as_ref()?, fixed(&["Success", "Failure"]))),
        ActionKind::CallResthook(it) => Some((it.result_name.as_ref()?, fixed(&["Success", "Failure"]))),
        ActionKind::CallClassifier(it) => Some((&it.result_name, fixed(&["Success", "Skipped", "Failure"]))),
        _ => None,
    }
}

/// The local variables that a flow sets, in the order of the nodes.
pub(crate) fn locals(flow: &Flow) -> Vec<Arc<str>> {
    let mut seen = HashSet::new();
    let all = flow.nodes.iter().flat_map(|node| &node.actions).filter_map(|action| match &action.kind {
        ActionKind::AddContactUrn(_) => Some(HAS_URN.into()),
        ActionKind::CallLlm(it) => Some(it.output_local.clone()),
        ActionKind::OpenTicket(_) => Some(NEW_TICKET.into()),
        ActionKind::SetRunLocal(it) => Some(it.local.clone()),
        ActionKind::TransferAirtime(_) => Some(NEW_TRANSFER.into()),
        _ => None,
    });
    all.filter(|local: &Arc<str>| seen.insert(local.clone())).collect()
}
