//! What the names in an expression mean.

use std::sync::Arc;

use crate::value::{Object, Value};

/// The values behind the top-level names: `contact`, `fields`, `results`. Asked lazily, so that a context may load or build
/// a value only when a template names it.
pub trait Context {
    /// The value of a top-level name, which is given in small letters. `None` when there is no such name.
    fn property(&self, name: &str) -> Option<Value>;

    /// A warning to give when an expression reads a top-level name, which is given in small letters: `@legacy_extra is
    /// deprecated`.
    fn note(&self, name: &str) -> Option<Arc<str>> {
        let _ = name;
        None
    }
}

impl Context for Object {
    fn property(&self, name: &str) -> Option<Value> {
        self.get(name).cloned()
    }

    fn note(&self, name: &str) -> Option<Arc<str>> {
        Self::note(self, name).cloned()
    }
}

/// The names that start an expression after an `@`; any other `@word` is text, as in an e-mail address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TopLevels(Vec<String>);

impl TopLevels {
    /// The names of a running flow, as RapidPro has them.
    pub fn flow() -> Self {
        Self::new([
            "contact",
            "fields",
            "urns",
            "locals",
            "results",
            "input",
            "run",
            "child",
            "parent",
            "ticket",
            "webhook",
            "node",
            "globals",
            "trigger",
            "resume",
            "legacy_extra",
        ])
    }

    /// The names of a broadcast: only what is known of a person, and the globals of the installation.
    pub fn broadcast() -> Self {
        Self::new(["contact", "fields", "urns", "globals"])
    }

    /// Any names; letter case does not count.
    pub fn new<S: AsRef<str>>(names: impl IntoIterator<Item = S>) -> Self {
        Self(names.into_iter().map(|name| name.as_ref().to_lowercase()).collect())
    }

    /// Whether a name, in any letter case, is one of them.
    pub fn has(&self, name: &str) -> bool {
        let name = name.to_lowercase();
        self.0.contains(&name)
    }

    /// The names, in small letters.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }
}
