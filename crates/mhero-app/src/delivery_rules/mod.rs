//! Rules of delivery: hours and days in which nothing but alerts and answers leaves, how much one person gets, how long a message is
//! worth sending, what operators block, and what becomes of a message of which nobody knows whether it left.
//!
//! All of them are asked just before a message leaves (`gate.rs`), so that a rule that is changed holds at once for what waits.

mod blocks;
mod caps;
mod gate;
mod hours;
mod policy;
mod rules;
mod said;
mod shown;
mod validity;

pub use blocks::{BLOCK_BYTES_MAX, Blocked};
pub use caps::{Caps, Over};
pub use hours::{PlaceHours, QuietHours, RestDays};
pub use policy::{Policy, UncertainRules};
pub(crate) use rules::Rules;
pub(crate) use said::said;
pub use shown::{HeldBack, MessageNote, Undecided};
pub use validity::Validity;
pub(crate) use validity::check_validity;

/// Why a message waits or was left out, as it stands in the store and in `locales/`.
pub mod reasons {
    /// Quiet hours.
    pub const QUIET_HOURS: &str = "quiet-hours";
    /// A day of rest.
    pub const REST_DAY: &str = "rest-day";
    /// So many messages in a day.
    pub const CAP_DAY: &str = "cap-day";
    /// So many messages in seven days.
    pub const CAP_WEEK: &str = "cap-week";
    /// So many messages of one programme in a day.
    pub const CAP_PROGRAMME_DAY: &str = "cap-programme-day";
    /// So many messages of one programme in seven days.
    pub const CAP_PROGRAMME_WEEK: &str = "cap-programme-week";
    /// It was no longer worth sending.
    pub const VALIDITY: &str = "validity";
    /// The operator blocks the number.
    pub const OPERATOR_BLOCK: &str = "operator-block";
}
