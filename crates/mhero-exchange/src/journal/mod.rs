//! The exchange log: every call in and out, except the messages themselves.
//!
//! What was called is told to a [`Journal`], which never waits: a bounded queue takes it and a task writes many rows together. Where
//! the queue is full the row is lost, counted, and the log itself says how many. Calls that must reach somebody stand in the store
//! until they were answered ([`Post`]); requests that carry a key are done once ([`Claim`]).

mod clean;
mod entry;
mod once;
mod outgoing;
mod rerun;
mod strangers;
mod tidy;
mod writer;

pub use clean::{clean_path, clean_url};
pub use entry::{Entry, Envelope, KeepBodies};
pub use once::{Claim, GivenAgain};
pub use outgoing::{LetterFilter, Line, LineAnswer, LineFailure, Post, Sendable};
pub use rerun::{Again, Replay, Rerun};
pub use writer::{Journal, JournalSettings};
