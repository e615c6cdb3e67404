//! FHIR R4 as data, for a server of it: what each resource may hold ([`schema`]), whether one holds it ([`check()`]), what it is
//! found by ([`search`]), and the same resource as XML ([`xml`]).
//!
//! Pure: JSON values and bytes come in, values and issues go out. What a resource means for health workers and places stands in
//! `mhero_wire::fhir`; here it is only a tree with rules.

pub mod bundle;
pub mod check;
pub mod issue;
pub mod narrative;
pub mod patch;
pub mod path;
pub mod primitive;
pub mod schema;
pub mod search;
pub mod shape;
pub mod xml;

pub use check::{Limits, check};
pub use issue::{Code, Issue, Severity};
