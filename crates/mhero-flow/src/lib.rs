//! Flows of the RapidPro specification: definitions, inspection, and an engine that is a pure function.

pub mod actions;
pub mod assets;
pub mod checks;
pub mod contact;
mod context;
pub mod definition;
pub mod effects;
pub mod engine;
pub mod environment;
mod error;
pub mod events;
pub mod inspect;
mod json;
pub mod limits;
pub mod modifiers;
mod moment;
pub mod picture;
pub mod refs;
pub mod resumes;
mod routers;
pub mod session;
pub mod triggers;
pub mod world;

pub use error::{DefinitionError, DefinitionFault, Part, Place, PropertyFault, Rule};
pub use moment::Moment;

/// The examples of the README, run as tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
pub struct Readme;
