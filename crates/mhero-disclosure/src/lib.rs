//! What stands behind one message, and what is held of one person: for auditors, and for whoever asks what we hold about them.

mod message;
mod person;
mod refused;

pub use message::{Agreed, Author, Behind, Cause, GroupRule, Rule, View, message, note_opened, note_thread_opened};
pub use mhero_store::{HeldAnswer, HeldChange, HeldProposal, RecordHeld, RecordThen, SubmissionShown};
pub use person::{Held, held, may_take, tell};
pub use refused::{names_one, note_call_refused, note_refused};
