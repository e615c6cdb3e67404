//! Flows of the RapidPro specification: definitions, inspection, and an engine that is a pure function.

pub mod definition;
mod error;
mod moment;
pub mod refs;

pub use error::{DefinitionError, DefinitionFault, Place};
pub use moment::Moment;
