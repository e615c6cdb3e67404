//! The phone simulator: a network that is a table, phones that a person holds, phones that answer by themselves.
//!
//! To everything else it is a channel like any other: what goes out comes as a submission, what comes back goes through
//! [`App::receive`](crate::App::receive) and [`App::report`](crate::App::report).

mod behaviour;
mod due;
mod holders;
mod network;
mod phones;

pub use behaviour::{Behaviour, Incoming, PhoneMode, Reaction};
pub use holders::Holder;
pub use phones::{PhoneSeen, SimulatedPhone, SimulatedSms, SimulatedText};

/// The KIND of the simulator's channels.
pub const KIND: &str = "simulator";
