//! One person from many records: merges, the pairs that somebody must look at, and what is compared.

/// A list of ids as a table of one column, from a parameter that [`hex_list`](crate::nouns::audience::hex_list) wrote: as
/// PostgreSQL says it.
macro_rules! ids_there {
    ($list:literal) => {
        concat!("SELECT decode(unnest(string_to_array(", $list, ", ',')), 'hex') AS id")
    };
}

/// The same as SQLite says it.
macro_rules! ids_here {
    ($list:literal) => {
        concat!("SELECT unhex(value) AS id FROM json_each('[\"' || replace(", $list, ", ',', '\",\"') || '\"]')")
    };
}

mod compared;
mod decided;
mod merges;
mod model;
mod pairs;

pub use compared::{ComparedPerson, ComparedPlace};
pub use decided::DecidedPair;
pub use merges::{Carried, LinkRow, LiveOf, NewLink, WorkHome};
pub use model::LinkModel;
pub use pairs::{LinkPair, PairState};

use crate::Statement;

/// Every statement below.
pub(crate) fn statements() -> impl Iterator<Item = &'static Statement> {
    [compared::ALL, decided::ALL, merges::ALL, model::ALL, pairs::ALL].into_iter().flat_map(|all| all.iter().copied())
}
