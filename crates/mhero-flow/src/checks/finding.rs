//! A finding: what is wrong, where, and what would mend it.

use std::sync::Arc;

use mhero_core::Lang;
use mhero_expr::Problem;
use uuid::Uuid;

use crate::inspect::Dependency;

/// Something that a check found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The node; none means the whole flow.
    pub node_uuid: Option<Uuid>,
    /// The action; none means the router or the node.
    pub action_uuid: Option<Uuid>,
    /// The language of the text; none means the flow's own.
    pub language: Option<Lang>,
    /// What was found.
    pub kind: FindingKind,
}

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Worth knowing; may be meant.
    Hint,
    /// Some people will get no answer, or not what was meant.
    Warning,
    /// It can't work as it is written.
    Error,
}

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FindingKind {
    /// Whoever gives this reply hears nothing more.
    DeadEnd {
        /// The category of the reply.
        category: Arc<str>,
        /// The exit that leads nowhere.
        exit: Uuid,
    },
    /// After a reply the flow ends here, and nothing was said since.
    SilentEnd,
    /// No way leads here.
    Unreachable,
    /// Nodes that can follow each other in a circle with no wait between them.
    Loop {
        /// How many nodes.
        nodes: usize,
        /// Whether a way leads out of the circle.
        has_way_out: bool,
    },
    /// A text without its translation.
    MissingTranslation {
        /// What it belongs to: an action, a case or a category.
        item: Uuid,
        /// The property, e.g. `text`.
        property: &'static str,
        /// The text, cut.
        text: Arc<str>,
    },
    /// A message that takes more parts than it may.
    LongText {
        /// Parts that it takes at least; expressions count as nothing.
        segments: usize,
        /// Units that it takes.
        units: usize,
        /// Units that one part holds.
        room: usize,
    },
    /// Letters that make a message dear, because the short alphabet of SMS lacks them.
    CostlyLetters {
        /// The letters, each once.
        letters: Arc<str>,
        /// The text without them, where something may stand for each.
        substitute: Option<Arc<str>>,
    },
    /// An expression that can give no value.
    BadExpression {
        /// The expression and what is wrong.
        problem: Problem,
    },
    /// A word after `@` that is no known name and is sent as it stands.
    DoubtfulMention {
        /// The word with its sign.
        word: Arc<str>,
    },
    /// An expression reads something that its subject does not have.
    UnknownProperty {
        /// The path up to what is not there.
        path: Arc<str>,
    },
    /// An expression reads a result that no node makes.
    ResultNeverMade {
        /// The key.
        key: Arc<str>,
    },
    /// An expression reads a result that on some way is not made yet.
    ResultNotYetMade {
        /// The key.
        key: Arc<str>,
    },
    /// An expression reads a local variable that nothing sets.
    LocalNeverSet {
        /// The variable.
        name: Arc<str>,
    },
    /// Something that the flow refers to is not there.
    Missing {
        /// What it is.
        dependency: Dependency,
    },
    /// Results with different names and one key: the later writes over the earlier.
    SameResultKey {
        /// The key.
        key: Arc<str>,
        /// The name here.
        name: Arc<str>,
        /// The name elsewhere.
        other: Arc<str>,
    },
    /// Two categories of a router have one name.
    SameCategory {
        /// The name.
        name: Arc<str>,
    },
    /// Two cases of a router look for the same words; the later never gets them.
    SameWords {
        /// The words.
        words: Arc<str>,
        /// The category that gets them.
        category: Arc<str>,
        /// The category that does not.
        other: Arc<str>,
    },
    /// A pattern that can't be read.
    BadPattern {
        /// The pattern.
        pattern: Arc<str>,
    },
}

/// What would mend it, for a page that offers to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Remedy {
    /// Lead this exit to a node, e.g. one that thanks.
    ConnectExit(Uuid),
    /// Say something in this node.
    AddMessage(Uuid),
    /// Lead a way to this node, or remove it.
    ConnectOrRemove(Uuid),
    /// Put a wait into the circle.
    AddWait,
    /// Translate the property of an item.
    Translate(Uuid, &'static str),
    /// Say it shorter.
    Shorten,
    /// Use this text.
    Replace(Arc<str>),
    /// Correct the expression or pattern.
    Correct,
    /// Make the result or set the variable before.
    MakeBefore(Arc<str>),
    /// Create a field or group of this name, or choose one that is there.
    CreateOrMap(Dependency),
    /// Choose another that is there.
    Choose(Dependency),
    /// Give another name.
    Rename,
    /// Take the words out of one of the cases.
    RemoveWords,
}

impl Finding {
    pub(super) const fn at(node: Uuid, kind: FindingKind) -> Self {
        Self { node_uuid: Some(node), action_uuid: None, language: None, kind }
    }

    /// How bad it is.
    pub const fn severity(&self) -> Severity {
        match &self.kind {
            FindingKind::Loop { has_way_out: false, .. }
            | FindingKind::BadExpression { .. }
            | FindingKind::BadPattern { .. }
            | FindingKind::ResultNeverMade { .. }
            | FindingKind::LocalNeverSet { .. }
            | FindingKind::Missing { .. } => Severity::Error,
            FindingKind::DeadEnd { .. }
            | FindingKind::SilentEnd
            | FindingKind::Unreachable
            | FindingKind::Loop { .. }
            | FindingKind::MissingTranslation { .. }
            | FindingKind::UnknownProperty { .. }
            | FindingKind::DoubtfulMention { .. }
            | FindingKind::SameResultKey { .. }
            | FindingKind::SameCategory { .. }
            | FindingKind::SameWords { .. } => Severity::Warning,
            FindingKind::LongText { .. } | FindingKind::CostlyLetters { .. } | FindingKind::ResultNotYetMade { .. } => {
                Severity::Hint
            }
        }
    }

    /// What would mend it.
    pub fn remedy(&self) -> Remedy {
        use crate::inspect::DependencyKind::{Field, Group};
        let node = self.node_uuid.unwrap_or_default();
        match &self.kind {
            FindingKind::DeadEnd { exit, .. } => Remedy::ConnectExit(*exit),
            FindingKind::SilentEnd => Remedy::AddMessage(node),
            FindingKind::Unreachable => Remedy::ConnectOrRemove(node),
            FindingKind::Loop { .. } => Remedy::AddWait,
            FindingKind::MissingTranslation { item, property, .. } => Remedy::Translate(*item, property),
            FindingKind::CostlyLetters { substitute: Some(text), .. } => Remedy::Replace(text.clone()),
            FindingKind::LongText { .. } | FindingKind::CostlyLetters { .. } => Remedy::Shorten,
            FindingKind::BadExpression { .. }
            | FindingKind::BadPattern { .. }
            | FindingKind::DoubtfulMention { .. }
            | FindingKind::UnknownProperty { .. } => Remedy::Correct,
            FindingKind::ResultNeverMade { key } | FindingKind::ResultNotYetMade { key } => {
                Remedy::MakeBefore(key.clone())
            }
            FindingKind::LocalNeverSet { name } => Remedy::MakeBefore(name.clone()),
            FindingKind::Missing { dependency } if matches!(dependency.kind, Field | Group) => {
                Remedy::CreateOrMap(dependency.clone())
            }
            FindingKind::Missing { dependency } => Remedy::Choose(dependency.clone()),
            FindingKind::SameResultKey { .. } | FindingKind::SameCategory { .. } => Remedy::Rename,
            FindingKind::SameWords { .. } => Remedy::RemoveWords,
        }
    }
}
