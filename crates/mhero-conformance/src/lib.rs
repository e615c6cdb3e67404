//! Runs the conformance pack of the flow specification: any folder laid out like `conformance/flow` of the shared folder.

mod families;
mod pack;
pub mod prng;
mod table;
mod typed;

pub use pack::{Report, Tally, run};
