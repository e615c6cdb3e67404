//! People and places: where they come from, who they are, and how they are found.

mod drafts;
pub(crate) mod import;
mod list;
mod places;
mod show;
mod sources;

pub(crate) use drafts::DRAFTS_KEPT;
pub use drafts::{DraftState, ImportDraft};
pub use import::{ImportOptions, ImportProblem, ImportReport, Progress, RowVerdict, Verdict};
pub use list::{PeopleAsked, PeopleCount, PersonRow, SourceOf};
pub use places::{PlacePage, PlaceRow};
pub use show::PersonPage;
pub use sources::NewSource;
pub(crate) use sources::behind_all;
