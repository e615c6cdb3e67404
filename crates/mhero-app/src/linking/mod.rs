//! One person from many records: finds people of several sources who are one, joins the clear ones, asks about the doubtful,
//! and takes a wrong merge back.
//!
//! A merge is a link and an alias. Records of the joined person stay theirs, and the person they count as is derived from the
//! records of both, so that taking the merge back gives each what they had.

mod decided;
mod desk;
mod known;
mod merge;
mod pass;
mod settings;
mod shown;
mod weights;

pub use desk::{PairDecision, PairView};
pub(crate) use known::Memory;
pub use mhero_linkage::{Explanation, Guard, Level, Odds, Part, Words as Sentence};
pub use settings::LinkingSettings;
pub use shown::{LinkView, Why};
pub use weights::LinkWeights;
