//! The audience query language: parse, check, say as a sentence, evaluate, lower to a predicate.

mod fold;
mod predicate;

pub use fold::{NAME_TOKEN_CHARS, fold, key, name_key, name_tokens};
pub use predicate::{Comparison, FieldTest, InstantRange, Leaf, Predicate, Reached};
