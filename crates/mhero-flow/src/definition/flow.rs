//! A flow, its nodes and exits.

use std::{collections::HashMap, sync::Arc};

use mhero_core::Lang;
use serde_json::Value as Json;
use uuid::Uuid;

use super::{Action, Category, FlowKind, Localization, Router};

/// Minutes after which a waiting run expires where the definition says nothing: never.
const NEVER: u32 = 0;

/// A definition that was read and checked. Never changes; share it in an `Arc`.
#[derive(Clone, Debug)]
pub struct Flow {
    /// Which flow.
    pub uuid: Uuid,
    /// Its name, which may be empty.
    pub name: Arc<str>,
    /// The language its texts are written in; `und` where nobody said.
    pub language: Lang,
    /// What kind it is.
    pub kind: FlowKind,
    /// Which revision, 0 where nobody counts.
    pub revision: u64,
    /// Minutes after which a waiting run expires; 0 for never or the server's default.
    pub expire_after_minutes: u32,
    /// The translations.
    pub localization: Localization,
    /// The nodes, of which the first is where a run starts.
    pub nodes: Vec<Node>,
    /// What an editor keeps for itself, as it came.
    pub ui: Option<Arc<Json>>,
    pub(super) node_indexes: HashMap<Uuid, usize>,
    /// The node and its exit by the exit's uuid.
    pub(super) exit_indexes: HashMap<Uuid, (usize, usize)>,
}

/// A node: actions, then a router or its only exit.
#[derive(Clone, Debug)]
pub struct Node {
    /// Which node.
    pub uuid: Uuid,
    /// What happens, in order.
    pub actions: Vec<Action>,
    /// How the way on is chosen; without one it is the first exit.
    pub router: Option<Router>,
    /// The ways on, at least one.
    pub exits: Vec<Exit>,
}

/// A way out of a node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exit {
    /// Which exit.
    pub uuid: Uuid,
    /// The node it leads to; without one the run ends.
    pub destination_uuid: Option<Uuid>,
    /// The place of that node in [`Flow::nodes`].
    pub destination: Option<usize>,
}

impl Flow {
    /// The node with this uuid.
    pub fn node(&self, uuid: Uuid) -> Option<&Node> {
        self.nodes.get(self.node_index(uuid)?)
    }

    /// The place of a node in [`Flow::nodes`].
    pub fn node_index(&self, uuid: Uuid) -> Option<usize> {
        self.node_indexes.get(&uuid).copied()
    }

    /// The node that an exit belongs to and the exit, by their places.
    pub fn exit_index(&self, uuid: Uuid) -> Option<(usize, usize)> {
        self.exit_indexes.get(&uuid).copied()
    }

    /// Seconds after which a waiting run expires; `None` where the definition sets nothing.
    pub fn expire_after(&self) -> Option<u64> {
        (self.expire_after_minutes != NEVER).then(|| u64::from(self.expire_after_minutes) * 60)
    }

    /// A reference to this flow.
    pub fn reference(&self) -> crate::refs::FlowRef {
        crate::refs::FlowRef { uuid: self.uuid, name: self.name.clone() }
    }
}

impl Node {
    /// The exit of a category.
    pub fn exit_of(&self, category: &Category) -> Option<&Exit> {
        self.exits.get(category.exit)
    }

    /// The place of an exit of this node.
    pub fn exit_index(&self, uuid: Uuid) -> Option<usize> {
        self.exits.iter().position(|exit| exit.uuid == uuid)
    }
}
