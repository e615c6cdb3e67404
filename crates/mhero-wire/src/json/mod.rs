//! JSON taken apart without holding it whole: a file of 50 MB goes through a window of one record.

mod member;
mod splitter;

pub use member::{member, with_member};
pub use splitter::{NESTING_MAX, Piece, Position, SplitError, Splitter};
