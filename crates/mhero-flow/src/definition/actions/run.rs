//! Actions that change the run, and tickets.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::Body;
use crate::{
    definition::{
        Text, limits,
        read::{Object, longer},
        write::Out,
    },
    error::Rule,
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

impl Body for SetRunLocal {
    fn read(object: &mut Object<'_>) -> Self {
        let local = object.needed_label("local", "local variable name");
        let value = object.some_text("value", limits::TEXT_LENGTH_MAX);
        let word = object.needed_word("operation");
        let operation = LocalOperation::ALL.into_iter().find(|operation| operation.word() == word);
        if operation.is_none() && !word.is_empty() {
            object.fault("operation", Rule::Kind("operation"));
        }
        Self { local, value, operation: operation.unwrap_or(LocalOperation::Set) }
    }

    fn write(&self, out: &mut Out) {
        out.put("local", &*self.local);
        out.put_some_text("value", self.value.as_ref());
        out.put("operation", self.operation.word());
    }
}

impl Body for SetRunResult {
    fn read(object: &mut Object<'_>) -> Self {
        let name = object.needed_label("name", "result name");
        let value = object.text("value");
        let category = object.word("category");
        if longer(category, limits::CATEGORY_LENGTH_MAX) {
            object.fault("category", Rule::Kind("result category"));
        }
        Self { name, value, category: category.into() }
    }

    fn write(&self, out: &mut Out) {
        out.put("name", &*self.name);
        out.put_text("value", &self.value);
        out.put_word("category", &self.category);
    }
}

impl Body for OpenTicket {
    fn read(object: &mut Object<'_>) -> Self {
        let topic = object.some_reference("topic");
        let assignee = object.get("assignee").map(|json| {
            object.inner("assignee", json, |object| match object.some_text("email", limits::TEXT_LENGTH_MAX) {
                Some(email) => Assignee::Email(email),
                None => Assignee::User(object.as_reference(None)),
            })
        });
        Self { topic, assignee, note: object.text("note") }
    }

    fn write(&self, out: &mut Out) {
        out.put_as("topic", &self.topic);
        match &self.assignee {
            Some(Assignee::User(user)) => out.put_as("assignee", user),
            Some(Assignee::Email(email)) => out.put("assignee", serde_json::json!({ "email": email.source() })),
            None => {}
        }
        out.put_word("note", self.note.source());
    }
}
