//! The way back: what people say of their own records becomes a proposal, an official decides, and the registry that owns the
//! value is told, never over what somebody else changed meanwhile.
//!
//! A proposal holds the old value, the new one and the message in which it was said. Accepted ones wait a moment, so that the
//! decision can be taken back, then they are written; what nobody knows the end of is read first. The health worker is told by
//! SMS and can object for seven days. What staff say of their facility goes the same way (`facility`). Who stands in no registry and asks to be known is a candidate until a supervisor says yes.

mod answers;
mod candidates;
mod contradictions;
mod create;
mod facility;
mod fields;
mod file;
mod joined;
mod places;
mod propose;
mod queue;
mod take_back;
mod target;
mod told;
mod watch;
mod words;
mod write;

pub use candidates::APPROVERS;
pub(crate) use contradictions::CONTRADICTIONS_JOB;
pub use file::CorrectionFile;
pub use queue::{Decided, Decision, QueueRow, Shelf};
pub(crate) use watch::ANSWERED_RUN;
