//! Synchronisation with registries: what is read from where and when, what each run changed, and what an official decides about
//! it.
//!
//! A source has a connector, settings and a watermark. A run pulls what changed since the watermark into the import, page by
//! page; what the source no longer has is taken away at the end, unless it is so much that an official must be asked first. Each
//! change keeps what stood there before, so that a run can be undone and replayed. Only one run of a source is under way at a
//! time, and what is due is found by timers.

mod guard;
mod lease;
mod notify;
mod overview;
mod ownership;
mod provenance;
mod pull;
mod questions;
mod reasons;
mod replay;
mod schedule;
mod settings;
mod silence;
mod sink;
mod sources;
mod subscribe;
mod undo;
mod write_out;

pub use overview::{ListedRecord, RunPage, SourceStatus};
pub use ownership::Owned;
pub use provenance::{Provenance, ValueOrigin};
pub use pull::{SyncEnd, SyncOptions, SyncOutcome};
pub(crate) use reasons::reason_of;
pub use reasons::{keep_reason, read_reason};
pub(crate) use schedule::{DUE_TIMER, SILENCE_TIMER};
pub use settings::COMMON_KEYS;
pub use sources::SourceChange;
pub(crate) use subscribe::SUBSCRIBE_TIMER;
pub use subscribe::SubscriptionStatus;
pub use undo::UndoReport;
pub use write_out::{PeopleOut, PersonThere, WriteOutOptions, WriteOutReport};
