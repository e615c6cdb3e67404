//! People and places: where they come from, who they are, and how they are found.

mod import;
mod list;
mod places;
mod show;
mod sources;

pub use import::{ImportOptions, ImportProblem, ImportReport, Progress};
pub use list::{PeopleAsked, PeopleCount, PersonRow, SourceOf};
pub use places::{PlacePage, PlaceRow};
pub use show::PersonPage;
pub use sources::NewSource;
