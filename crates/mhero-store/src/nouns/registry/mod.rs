//! What an import writes, and what it must know to decide: sources and their records, places, people, positions, cadres,
//! titles and fields. Everything it reads about names and ids is read whole, once a run.

mod coined;
mod people;
mod places;
mod positions;
mod records;
mod runs;
mod sources;

pub use coined::{CadreRow, TitleRow};
pub use people::{IdentifierRow, PersonRow, PersonState, UrnRow, ValueRow};
pub use places::{PlaceIdentifier, PlaceRow};
pub use positions::{PositionRow, TrainingRow};
pub use records::{HeldRecord, KeptContent, RecordMark};
pub use sources::Source;

use crate::Statement;

/// Every statement below.
pub(crate) fn statements() -> impl Iterator<Item = &'static Statement> {
    [coined::ALL, people::ALL, places::ALL, positions::ALL, records::ALL, runs::ALL, sources::ALL]
        .into_iter()
        .flat_map(|all| all.iter().copied())
}
