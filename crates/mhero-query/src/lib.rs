//! The audience query language: parse, check, say as a sentence, evaluate, lower to a predicate.

mod audience;
mod check;
mod directory;
mod edit;
mod environment;
mod error;
mod evaluate;
mod fold;
mod languages;
mod lexer;
mod limits_of;
mod names;
mod parser;
mod predicate;
mod print;
mod profile;
mod property;
mod query;
mod reference;
mod sentence;

pub use audience::{Audience, Branch, Test, Topic, Value, lower};
pub use check::check;
pub use directory::{Candidate, Catalogue, Directory, Entry, EntryKind};
pub use environment::{DateOrder, Day, Environment, Numbers, PlusNumbers, Relative, Unit};
pub use error::{Expected, Problem, QueryError, ValueKind};
pub use evaluate::{Attended, FieldValue, Position, Subject, evaluate};
pub use fold::{NAME_TOKEN_CHARS, fold, key, name_key, name_tokens};
pub use limits_of::Limit;
pub use parser::{parse, parse_in};
pub use predicate::{Comparison, FieldTest, InstantRange, Leaf, Predicate, Reached};
pub use profile::Profile;
pub use property::{Attribute, Property};
pub use query::{Condition, Node, Operator, Query, Span};
pub use reference::{Reference, ReferenceKind};
pub use sentence::{Blank, BlankKind, blanks, sentence};
