//! Two-person release: a broadcast, or the start of a flow, above a size waits until somebody other than its author has agreed, on the console or by SMS with a
//! one-time code. What they agree to is bound by a digest: another text, audience, lane or time, and it no longer counts.

mod ask;
mod by_sms;
mod code;
mod decide;
mod digest;
mod page;
mod settings;
mod starts;

pub(crate) use code::PLACE;
pub use decide::{Decision, SENT_BACK_CHARS_MAX};
pub(crate) use digest::Plan;
pub use page::{ApprovalListed, ApprovalPage};
pub use settings::ApprovalSettings;

/// Digits of a one-time code.
pub(crate) const CODE_DIGITS: usize = 4;
/// The status of a broadcast that waits for a second person.
pub(crate) const STATUS: &str = "approval";
/// What can wait.
pub(crate) mod subjects {
    /// A broadcast.
    pub(crate) const BROADCAST: &str = "broadcast";
    /// The start of a flow.
    pub(crate) const START: &str = "start";
}
/// States of an approval, as the store keeps them.
pub(crate) mod states {
    /// Nobody has decided.
    pub(crate) const WAITING: &str = "waiting";
    /// Somebody agreed.
    pub(crate) const APPROVED: &str = "approved";
    /// Somebody sent it back.
    pub(crate) const REFUSED: &str = "refused";
}
