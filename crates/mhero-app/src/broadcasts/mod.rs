//! Broadcasts: one text by language to one audience. Drafted, perhaps undone within a minute, released now, at a time or
//! again and again; the audience is evaluated at release and frozen.

mod chats;
mod control;
mod corrections;
mod draft;
mod drafts;
mod forecast;
mod freeze;
mod preview;
mod progress;
mod release;
mod show;
mod template;

pub use chats::SHORT_CHARS_MAX;
pub use corrections::{Correction, CorrectionLink};
pub(crate) use draft::next_firing;
pub use draft::{Draft, Release, UNDO_SECONDS};
pub use drafts::{LongestValues, SavedDraft};
pub use forecast::Forecast;
pub(crate) use freeze::reasons;
pub use preview::{Exclusion, LanguageShare, Preview, Sample};
pub use progress::{BroadcastEvent, Progress};
pub use show::{BroadcastPage, StateCount};
pub use template::{Placeholder, TextCheck};
pub(crate) use template::{Texts, check_texts};

/// Job and timer kinds of broadcasts.
pub(crate) mod kinds {
    /// Freezes the audience and fills the outbox.
    pub(crate) const RELEASE_JOB: &str = "broadcast-release";
    /// Takes back what has not left.
    pub(crate) const CANCEL_JOB: &str = "broadcast-cancel";
    /// The undo minute is over, or the set time has come.
    pub(crate) const RELEASE_TIMER: &str = "broadcast-release";
    /// The next firing of a recurring broadcast.
    pub(crate) const RECUR_TIMER: &str = "broadcast-recur";
}
