//! Checks what only shows once all nodes are read.

use std::collections::HashSet;

use crate::{
    definition::{Action, Flow, FlowKind, Node},
    error::{DefinitionError, DefinitionFault, Part, Place},
};

/// Checks nodes against each other and actions against the kind of flow.
pub(super) fn check(flow: &Flow) -> Result<(), DefinitionError> {
    let mut known = HashSet::with_capacity(flow.nodes.len());
    for node in &flow.nodes {
        if !known.insert(node.uuid) {
            return Err(DefinitionError::of_flow(DefinitionFault::NodeNotUnique(node.uuid)));
        }
    }
    for (place, node) in flow.nodes.iter().enumerate() {
        let at = Place { node: Some(place), node_uuid: Some(node.uuid), part: Part::Node, ..Place::default() };
        check_actions(node, flow.kind, &at)?;
        for exit in &node.exits {
            if let Some(destination) = exit.destination_uuid.filter(|uuid| !known.contains(uuid)) {
                let fault = DefinitionFault::UnknownDestination { exit: exit.uuid, destination };
                return Err(DefinitionError { place: Box::new(at), fault });
            }
        }
    }
    Ok(())
}

fn check_actions(node: &Node, kind: FlowKind, at: &Place) -> Result<(), DefinitionError> {
    for (n, action) in node.actions.iter().enumerate() {
        check_action(action, kind).map_err(|fault| {
            let part = Part::Action(action.kind.word());
            let place = Place { action: Some(n), action_uuid: Some(action.uuid), part, ..at.clone() };
            DefinitionError { place: Box::new(place), fault }
        })?;
    }
    Ok(())
}

fn check_action(action: &Action, kind: FlowKind) -> Result<(), DefinitionFault> {
    if !action.kind.class().allowed_in(kind) {
        return Err(DefinitionFault::ActionNotAllowed { action: action.kind.word(), flow: kind.word() });
    }
    action.kind.check()
}
