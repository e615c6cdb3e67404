//! A RapidPro that a country keeps, as a back end: flows start there, texts are sent through it, and runs, messages and contacts are
//! read back.
//!
//! A flow there stands here as one of ours, so that whoever may start flows starts it: audience, approval and STOP are decided here,
//! the audience is frozen, and each slice of it is one call, a row before it leaves. An answer that was lost is looked up
//! before anything is asked again. What is read back is kept as runs and messages of the person here, those that workers
//! began among them.

mod calls;
mod desk;
mod error;
mod ids;
mod mirror;
mod read;
mod runner;
mod take_in;
mod texts;
mod who;

pub use desk::{CallShown, Decision, Overview, ProblemShown};
pub use error::BackendsError;
pub use mhero_store::BackendList as ListRow;
pub use runner::{Backends, Passed};
pub use texts::{CHARS_MAX as TEXT_CHARS_MAX, params as text_params};
