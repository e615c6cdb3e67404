//! The part of FHIRPath that search parameters are written in: steps, `where`, `extension`, `as`, `ofType`, `is`, `exists`, and `|`.

mod parse;
mod walk;

pub use walk::Node;

/// A path that can be walked over any number of resources.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Path {
    alternatives: Vec<Term>,
}

/// Steps, one after another.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Term {
    steps: Vec<Step>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Step {
    /// A member; the first may name the kind of resource.
    Member(String),
    /// `(a | b)`, at the beginning of a term.
    Group(Path),
    /// Those of a type: `as`, `ofType`.
    OfType(String),
    /// Extensions of an address.
    Extension(String),
    /// Those for which a path leads to a text.
    WhereIs(Path, String),
    /// Those for which a path leads to something.
    WhereExists(Path),
    /// References to a kind: `where(resolve() is Patient)`.
    WhereTo(String),
    /// Whether there is any.
    Exists,
    /// The first.
    First,
}

/// Why a text is no path that is understood here.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("“{text}” is not understood from character {at} on: {expected} is expected")]
pub struct PathError {
    /// The whole.
    pub text: String,
    /// Where.
    pub at: usize,
    /// What could stand there.
    pub expected: &'static str,
}

#[cfg(test)]
mod tests;
