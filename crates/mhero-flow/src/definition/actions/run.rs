//! Actions that change the run, and tickets.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::{
    definition::Text,
    refs::{TopicRef, UserRef},
};

/// `set_run_local`.
#[derive(Clone, Debug)]
pub struct SetRunLocal {
    /// The variable.
    pub local: Arc<str>,
    /// Its value; none where it is cleared.
    pub value: Option<Text>,
    /// What happens to it.
    pub operation: LocalOperation,
}

/// What happens to a local variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LocalOperation {
    /// It gets the value.
    Set,
    /// The value is added to it.
    Increment,
    /// It goes away.
    Clear,
}

impl LocalOperation {
    /// Every operation.
    pub const ALL: [Self; 3] = [Self::Set, Self::Increment, Self::Clear];

    /// The word of the specification.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Set => "set",
            Self::Increment => "increment",
            Self::Clear => "clear",
        }
    }
}

/// `set_run_result`.
#[derive(Clone, Debug)]
pub struct SetRunResult {
    /// The name of the result.
    pub name: Arc<str>,
    /// Its value.
    pub value: Text,
    /// Its category, translated by the action's uuid; may be empty.
    pub category: Arc<str>,
}

/// `open_ticket`.
#[derive(Clone, Debug)]
pub struct OpenTicket {
    /// The topic; without one the first there is.
    pub topic: Option<TopicRef>,
    /// Who is to answer.
    pub assignee: Option<Assignee>,
    /// What stands in it; may be empty.
    pub note: Text,
}

/// Who is to answer a ticket.
#[derive(Clone, Debug)]
pub enum Assignee {
    /// A known user.
    User(UserRef),
    /// The user with the address that a template gives.
    Email(Text),
}
