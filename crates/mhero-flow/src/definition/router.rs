//! Routers, what they wait for and how they choose.

use std::sync::Arc;

use uuid::Uuid;

use super::{FlowKind, Text};

/// Seconds that a dial wait lets the phone ring where the definition says nothing.
pub const DIAL_LIMIT_DEFAULT: u32 = 60;
/// Seconds that a forwarded call may last where the definition says nothing.
pub const CALL_LIMIT_DEFAULT: u32 = 7200;

/// How a node chooses its way on.
#[derive(Clone, Debug)]
pub struct Router {
    /// By cases or by chance.
    pub kind: RouterKind,
    /// What it waits for first.
    pub wait: Option<Wait>,
    /// The name of the result that it saves.
    pub result_name: Option<Arc<str>>,
    /// The categories, each with its exit; at least one.
    pub categories: Vec<Category>,
}

/// The two kinds of routers.
#[derive(Clone, Debug)]
pub enum RouterKind {
    /// The first case that matches decides.
    Switch {
        /// What the cases look at.
        operand: Text,
        /// The cases, in order.
        cases: Vec<Case>,
        /// The place in [`Router::categories`] where nothing matches; without one the router fails.
        default_category: Option<usize>,
    },
    /// Chance decides, each category being as likely.
    Random,
}

/// A case of a switch.
#[derive(Clone, Debug)]
pub struct Case {
    /// Which case; its arguments are translated by it.
    pub uuid: Uuid,
    /// The router test, e.g. `has_any_word`.
    pub test: Arc<str>,
    /// What the test gets after the operand.
    pub arguments: Vec<Text>,
    /// The place in [`Router::categories`] where the test matches.
    pub category: usize,
}

/// What a router can decide for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Category {
    /// Which category; its name is translated by it.
    pub uuid: Uuid,
    /// Its name, which the result holds.
    pub name: Arc<str>,
    /// Its exit.
    pub exit_uuid: Uuid,
    /// The place of that exit in the node's exits.
    pub exit: usize,
}

/// What a router waits for.
#[derive(Clone, Debug)]
pub enum Wait {
    /// A message.
    Msg(MsgWait),
    /// The end of a call to somebody else.
    Dial(DialWait),
}

/// A wait for a message.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MsgWait {
    /// What kind of message is expected.
    pub hint: Option<Hint>,
    /// How long at most.
    pub timeout: Option<Timeout>,
}

/// A wait for a call to somebody else.
#[derive(Clone, Debug)]
pub struct DialWait {
    /// The number to call.
    pub phone: Text,
    /// Seconds to let it ring; see [`DIAL_LIMIT_DEFAULT`].
    pub dial_limit_seconds: Option<u32>,
    /// Seconds that the call may last; see [`CALL_LIMIT_DEFAULT`].
    pub call_limit_seconds: Option<u32>,
}

/// What happens when nothing came in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timeout {
    /// After how many seconds.
    pub seconds: u32,
    /// The place in [`Router::categories`] of the way on.
    pub category: usize,
}

/// What kind of message is expected, for whoever shows an input.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Hint {
    /// A recording.
    Audio,
    /// Keys of a phone.
    Digits {
        /// How many, where that is known.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        count: Option<u32>,
        /// The key that ends the input.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        terminated_by: Option<Arc<str>>,
    },
    /// A picture.
    Image,
    /// A place.
    Location,
    /// A film.
    Video,
}

impl Wait {
    /// The word of the specification: `msg` or `dial`.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Msg(_) => "msg",
            Self::Dial(_) => "dial",
        }
    }

    /// Whether such a wait may stand in such a flow.
    pub const fn allowed_in(&self, kind: FlowKind) -> bool {
        match self {
            Self::Msg(_) => kind.allows_msg_wait(),
            Self::Dial(_) => kind.allows_dial_wait(),
        }
    }
}

impl Router {
    /// The word of the specification: `switch` or `random`.
    pub const fn word(&self) -> &'static str {
        match self.kind {
            RouterKind::Switch { .. } => "switch",
            RouterKind::Random => "random",
        }
    }

    /// Where the run goes on when nothing came in time: seconds and category.
    pub fn timeout(&self) -> Option<(u32, &Category)> {
        match &self.wait {
            Some(Wait::Msg(MsgWait { timeout: Some(timeout), .. })) => {
                Some((timeout.seconds, self.categories.get(timeout.category)?))
            }
            _ => None,
        }
    }
}
