//! The engine by its own examples; the conformance pack has the published ones.

mod blob;
mod common;
mod loops;
mod suspended;
