//! Reads nodes.

use super::{Object, Tree, router};
use crate::{
    definition::{Action, Exit, FlowKind, Node, limits},
    error::{DefinitionError, DefinitionFault, Part, Place, Rule},
};

/// Reads a node. Whether it fits its flow is checked later.
pub(super) fn read<'a>(place: usize, json: &'a Tree<'a>, kind: FlowKind) -> Result<Node, DefinitionError> {
    let mut at = Place { node: Some(place), part: Part::NodeForm, ..Place::default() };
    let mut object = Object::new(json);
    let uuid = object.uuid("uuid");
    let exits = object.list("exits", usize::MAX);
    if exits.is_empty() {
        object.fault("exits", Rule::AtLeast(1));
    }
    if exits.len() > limits::EXITS_MAX {
        at.part = Part::Node;
        at.node_uuid = Some(uuid);
        return Err(too_many(at, "exits", limits::EXITS_MAX, exits.len()));
    }
    let exits = object.each("exits", exits, |object| Exit {
        uuid: object.uuid("uuid"),
        destination_uuid: object.some_uuid("destination_uuid"),
        destination: None,
    });
    let actions = object.list("actions", usize::MAX);
    let router = object.get("router");
    object.finish().map_err(|fault| DefinitionError { place: Box::new(at.clone()), fault })?;
    at.node_uuid = Some(uuid);
    if actions.len() > limits::ACTIONS_MAX {
        at.part = Part::Node;
        return Err(too_many(at, "actions", limits::ACTIONS_MAX, actions.len()));
    }
    let mut read = Vec::with_capacity(actions.len());
    for (n, json) in actions.iter().enumerate() {
        read.push(Action::of_tree(json).map_err(|fault| {
            let action_uuid = json.get("uuid").and_then(Tree::as_str).and_then(super::fields::uuid_of);
            let place = Place { action: Some(n), action_uuid, part: Part::ActionForm, ..at.clone() };
            DefinitionError { place: Box::new(place), fault }
        })?);
    }
    let router = match router {
        None => None,
        Some(json) => Some(router::read(json, &exits, kind).map_err(|wrong| {
            let place = Place { case_uuid: wrong.case, part: wrong.part, ..at.clone() };
            DefinitionError { place: Box::new(place), fault: wrong.fault }
        })?),
    };
    Ok(Node { uuid, actions: read, router, exits })
}

fn too_many(place: Place, what: &'static str, max: usize, has: usize) -> DefinitionError {
    DefinitionError { place: Box::new(place), fault: DefinitionFault::TooManyInNode { what, max, has } }
}
