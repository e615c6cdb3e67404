//! What can go wrong with a definition.

use uuid::Uuid;

/// Why a definition can't be read. The wording is the one of the conformance pack where that has one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.wording())]
pub struct DefinitionError {
    /// Where it stands.
    pub place: Box<Place>,
    /// What is wrong.
    pub fault: DefinitionFault,
}

/// Where in a definition something is wrong.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Place {
    /// The node's place in the list.
    pub node: Option<usize>,
    /// The node, where its uuid could be read.
    pub node_uuid: Option<Uuid>,
    /// The action's place in the node.
    pub action: Option<usize>,
    /// The action, where its uuid could be read.
    pub action_uuid: Option<Uuid>,
    /// The property, e.g. `groups[0].uuid` or `router.categories[2].name`.
    pub property: Option<String>,
}

/// What is wrong with a definition.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DefinitionFault {
    /// It is no JSON.
    #[error("definition isn't valid JSON")]
    NotJson,
}

impl DefinitionError {
    fn wording(&self) -> String {
        self.fault.to_string()
    }
}
