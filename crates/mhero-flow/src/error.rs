//! What can go wrong with a definition.

use mhero_flow_migrations::MigrationError;
use uuid::Uuid;

/// Why a definition can't be read: where, and what is wrong there. The wording is for whoever made the definition and names
/// ids and properties only, never what people wrote.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}{fault}", self.place)]
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
    /// The case of the router.
    pub case_uuid: Option<Uuid>,
    /// The language of the translations, as it stands there.
    pub translation: Option<String>,
    /// What the parts above belong to.
    pub part: Part,
}

/// Which part of a definition is wrong, and when that was seen.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Part {
    /// The flow itself.
    #[default]
    Flow,
    /// The form of a node.
    NodeForm,
    /// The form of an action.
    ActionForm,
    /// The form of a router.
    RouterForm,
    /// A node within its flow.
    Node,
    /// An action within its flow, with its type.
    Action(&'static str),
    /// A router within its node.
    Router,
    /// A case within its router.
    Case,
    /// The translations.
    Localization,
}

/// What is wrong with a definition.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DefinitionFault {
    /// It is no JSON, or nested deeper than any definition.
    #[error("definition isn't valid JSON: line {line}, column {column}")]
    NotJson {
        /// The line, from 1.
        line: usize,
        /// The place in the line, from 1.
        column: usize,
    },
    /// It is larger than whoever reads it takes.
    #[error("definition can't be larger than {max} bytes (has {bytes})")]
    TooLarge {
        /// The bytes it may have.
        max: usize,
        /// The bytes it has.
        bytes: usize,
    },
    /// It can't be brought to the current version.
    #[error(transparent)]
    Migration(#[from] MigrationError),
    /// Properties of one object are wrong; in the order of the specification, at least one.
    #[error("{}", listed(.0))]
    Properties(Vec<PropertyFault>),
    /// An action, router or wait of a type that is not there.
    #[error("unknown {what} type '{word}'")]
    UnknownType {
        /// What it is: `action`, `router`, `wait`.
        what: &'static str,
        /// The type, cut.
        word: String,
    },
    /// The flow has too many nodes.
    #[error("flow can't have more than {max} nodes (has {has})")]
    TooManyNodes {
        /// How many there may be.
        max: usize,
        /// How many there are.
        has: usize,
    },
    /// A node has too many actions or exits.
    #[error("node can't have more than {max} {what} (has {has})")]
    TooManyInNode {
        /// `actions` or `exits`.
        what: &'static str,
        /// How many there may be.
        max: usize,
        /// How many there are.
        has: usize,
    },
    /// A router has too many categories or cases.
    #[error("can't have more than {max} {what} (has {has})")]
    TooManyInRouter {
        /// `categories` or `cases`.
        what: &'static str,
        /// How many there may be.
        max: usize,
        /// How many there are.
        has: usize,
    },
    /// Two nodes have the same uuid.
    #[error("node UUID {0} isn't unique")]
    NodeNotUnique(Uuid),
    /// An exit leads to a node that is not there.
    #[error("destination {destination} of exit[uuid={exit}] isn't a known node")]
    UnknownDestination {
        /// The exit.
        exit: Uuid,
        /// Where it leads.
        destination: Uuid,
    },
    /// A category has an exit that its node does not have.
    #[error("exit {exit} of category {category} is not a valid exit")]
    UnknownExit {
        /// The category.
        category: Uuid,
        /// Its exit.
        exit: Uuid,
    },
    /// A default, timeout or case names a category that its router does not have.
    #[error("{what} {category} is not a valid category")]
    UnknownCategory {
        /// `default category`, `timeout category` or `category`.
        what: &'static str,
        /// The category.
        category: Uuid,
    },
    /// A case has a test that is not there.
    #[error("{0} is not a registered test function")]
    UnknownTest(String),
    /// A wait that may not stand in such a flow.
    #[error("wait type '{wait}' is not allowed in a flow of type '{flow}'")]
    WaitNotAllowed {
        /// The type of the wait.
        wait: &'static str,
        /// The type of the flow.
        flow: &'static str,
    },
    /// An action that may not stand in such a flow.
    #[error("action type '{action}' is not allowed in a flow of type '{flow}'")]
    ActionNotAllowed {
        /// The type of the action.
        action: &'static str,
        /// The type of the flow.
        flow: &'static str,
    },
    /// The name of a header that HTTP does not allow.
    #[error("header '{0}' is not a valid HTTP header")]
    InvalidHeader(String),
    /// An amount of airtime that is no number we know.
    #[error("number value is out of permitted range")]
    NumberRange,
    /// An amount of airtime below zero or too large.
    #[error("amount for '{currency}' is out of range")]
    AmountRange {
        /// The currency.
        currency: String,
    },
    /// Translations into something that is no language.
    #[error("invalid language code '{0}'")]
    InvalidLanguage(String),
    /// A translation of something that is no uuid.
    #[error("invalid item uuid '{0}'")]
    InvalidItem(String),
    /// A translation has a form that is not one of texts by property, or is too large.
    #[error("item {item}: {rule}")]
    InvalidTranslation {
        /// The item.
        item: Uuid,
        /// What is wrong.
        rule: PropertyFault,
    },
    /// The part of the editor is too large.
    #[error("UI section can't be larger than {max} bytes (has {bytes})")]
    UiTooLarge {
        /// The bytes it may have.
        max: usize,
        /// The bytes it has.
        bytes: usize,
    },
}

/// A property that is not what it must be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("field '{property}' {rule}")]
pub struct PropertyFault {
    /// The property with its way from the object, e.g. `groups[0].uuid`.
    pub property: String,
    /// What it must be.
    pub rule: Rule,
}

/// What a property must be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Rule {
    /// There, and not empty.
    #[error("is required")]
    Required,
    /// A uuid.
    #[error("must be a valid UUID")]
    Uuid,
    /// At most so many characters of a text, so many items of a list, or so large a number.
    #[error("must be less than or equal to {0}")]
    AtMost(usize),
    /// At least so many items.
    #[error("must have a minimum of {0} items")]
    AtLeast(usize),
    /// Of another JSON type.
    #[error("must be {0}")]
    Type(&'static str),
    /// A word or name of a certain kind, such as `flow type` or `result name`.
    #[error("is not a valid {0}")]
    Kind(&'static str),
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let node = self.node_uuid.unwrap_or_default();
        let action = self.action_uuid.unwrap_or_default();
        match self.part {
            Part::Flow => Ok(()),
            Part::NodeForm => f.write_str("unable to read node: "),
            Part::ActionForm => write!(f, "unable to read action[{}]: ", self.action.unwrap_or_default()),
            Part::RouterForm => f.write_str("unable to read router: "),
            Part::Node => write!(f, "invalid node[uuid={node}]: "),
            Part::Action(word) => {
                write!(f, "invalid node[uuid={node}]: invalid action[uuid={action}, type={word}]: ")
            }
            Part::Router => write!(f, "invalid node[uuid={node}]: invalid router: "),
            Part::Case => {
                let case = self.case_uuid.unwrap_or_default();
                write!(f, "invalid node[uuid={node}]: invalid router: invalid case[uuid={case}]: ")
            }
            Part::Localization => match &self.translation {
                Some(language) => write!(f, "invalid localization: invalid translation for '{language}': "),
                None => f.write_str("invalid localization: "),
            },
        }
    }
}

impl DefinitionError {
    /// A fault of the flow as a whole.
    pub fn of_flow(fault: DefinitionFault) -> Self {
        Self { place: Box::default(), fault }
    }

    /// The first property that is wrong, where it is a property: `groups[0].uuid`.
    pub fn property(&self) -> Option<&str> {
        match &self.fault {
            DefinitionFault::Properties(faults) => faults.first().map(|fault| fault.property.as_str()),
            DefinitionFault::InvalidTranslation { rule, .. } => Some(&rule.property),
            _ => None,
        }
    }
}

fn listed(faults: &[PropertyFault]) -> String {
    faults.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}
