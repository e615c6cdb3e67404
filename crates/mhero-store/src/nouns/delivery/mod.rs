//! Rules of delivery: what holds a message back, what operators block, what nobody knows, and when texts were written.

/// Ids of a list in hexadecimal, as PostgreSQL says it.
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

mod blocks;
mod gate;
mod holds;
mod quiet;
mod said;
mod undecided;

pub use blocks::BlockList;
pub use gate::{AtGate, LeftLately};
pub use holds::{HeldPerson, HeldSum, Hold};
pub use quiet::{Placed, QuietRow};
pub use said::{LateAnswer, SaidTime};
pub use undecided::{UncertainKind, UncertainRow};

/// Every statement of these modules.
pub(crate) fn statements() -> impl Iterator<Item = &'static crate::Statement> {
    [blocks::ALL, gate::ALL, holds::ALL, quiet::ALL, said::ALL, undecided::ALL]
        .into_iter()
        .flat_map(|all| all.iter().copied())
}
