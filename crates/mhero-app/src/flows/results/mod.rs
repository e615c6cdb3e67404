//! What came out of flows: how far people got, what they answered, one row a person, tables to take away, and who is to be
//! reminded or thanked.

mod follow_up;
mod overview;
mod rows;
mod table;

pub use follow_up::{FollowUp, Followed};
pub use overview::{FlowResults, Question, ResultsOf};
pub use rows::ResultRow;
pub use table::ResultTable;
