//! Searching: which parameters each kind has ([`Parameters`]), what a resource says under each ([`keys`]), and what a request asks
//! ([`Query`]). Where the keys are kept and looked up is the store's.

mod ask;
mod clause;
mod instant;
mod keys;
mod near;
mod parameters;

pub use ask::{Asked, Include, Query, Sort, Summary, Total};
pub use clause::{Clause, Comparison, Condition, How, Modifier, Reference, Refused, Token};
pub use instant::Span;
pub use keys::{Key, KeyValue, keys};
pub use near::Near;
pub use parameters::{Kind, Parameter, Parameters};

#[cfg(test)]
mod tests;
