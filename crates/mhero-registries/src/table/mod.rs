//! Tables of people: which column means what, and what a row says.
//!
//! Columns are found by their names in English and French, whatever their case, accents and punctuation. A column with any
//! other name becomes a field of that name, so nothing of a staff list is lost.

mod absence;
mod cell;
mod columns;
mod day;
mod fold;
mod header;
mod mapping;
mod names;
mod row;

pub use cell::Cell;
pub use columns::{Column, column};
pub use fold::fold;
pub use header::{Header, SAMPLE_ROWS};
pub use mapping::{COLUMN_SETTING, MEANINGS, Mapping, MappingError};
pub use row::Table;

/// The beginning of the names of columns that mHero itself adds to a table of refused rows; they are skipped on reading.
pub const OWN_COLUMN: &str = "mHero: ";
