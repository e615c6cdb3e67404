//! Numbers that live: what is known of each from evidence, who runs it, whose it is not, and how many are reached.

mod desk;
mod evidence;
mod operators;
mod wrong;

pub use desk::{NumberHealth, NumberState, ReachShare, SharedNumber};
pub use operators::{Operator, Operators};
pub(crate) use wrong::said_not_me;
