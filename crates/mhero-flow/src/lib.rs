//! Flows of the RapidPro specification: definitions, inspection, and an engine that is a pure function.

mod moment;

pub use moment::Moment;
