//! Flows: definitions and their revisions, what starts them, sessions of people with them, and what came out.

mod access;
mod begin;
mod calls;
mod contact;
mod definitions;
mod effects;
mod elsewhere;
mod exports;
mod follow;
mod go_on;
pub mod library;
mod move_on;
mod play;
mod resthooks;
mod results;
mod settings;
mod shelf;
mod shown;
mod sprint;
mod stack;
mod starts;
mod stop_start;
mod timers;
mod trigger_desk;
mod triggers;
mod upkeep;
mod world;

pub(crate) use access::Programmes;
pub(crate) use begin::{Beginning, Begun, Cause, HeardText};
pub use definitions::{FlowListed, SavedFlow};
pub use effects::EffectPage;
pub(crate) use elsewhere::Decided;
pub use elsewhere::LeadsNowhere;
pub use exports::{ExportReport, Imported, ImportedKind, ImportedOutcome};
pub(crate) use go_on::Answered;
pub use mhero_store::EffectRow as EffectListed;
pub use move_on::{Moved, Moving};
pub use play::{PRETEND_NUMBER, Play, PlayLine, PlayNext, PlayPerson, PlayPush, PlaySource, PlayState};
pub use resthooks::{RESTHOOK_ASSET, resthook_asset};
pub use results::{FlowResults, FollowUp, Followed, Question, ResultRow, ResultTable, ResultsOf};
pub use settings::FlowSettings;
pub(crate) use shelf::{Around, Shelf};
pub use shown::{FlowShown, RevisionListed};
pub(crate) use sprint::sprint_key;
pub use starts::{NewStart, StartPage, StartPreview};
pub use trigger_desk::NewTrigger;
pub use triggers::{KeywordPlace, Trigger, TriggerTerms};
pub(crate) use triggers::{Pulled, pulled, pulled_by_text};
pub use upkeep::CATCH_ALLS_A_DAY;

/// Job and timer kinds of flows.
pub(crate) mod kinds {
    /// Freezes the audience of a start and begins its sessions.
    pub(crate) const START_JOB: &str = "flow-start";
    /// Moves people who wait to the current revision.
    pub(crate) const MOVE_JOB: &str = "flow-move";
    /// A wait's own time is over.
    pub(crate) const TIMEOUT_TIMER: &str = "flow-timeout";
    /// Nobody answered for as long as the flow waits.
    pub(crate) const EXPIRY_TIMER: &str = "flow-expiry";
    /// A scheduled trigger.
    pub(crate) const SCHEDULE_TIMER: &str = "flow-schedule";
    /// A session begins, or tries again to.
    pub(crate) const BEGIN_TIMER: &str = "flow-begin";
    /// A flow wants others started, or written to.
    pub(crate) const FOLLOW_TIMER: &str = "flow-follow";
}
