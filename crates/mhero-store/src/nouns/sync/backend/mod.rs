//! A RapidPro that a country keeps, as a back end: flows that run there, calls to it, and what was read back.

mod calls;
mod flows;
mod pulled;

use crate::Statement;

pub use calls::{BackendCall, BackendPerson, BackendPersonShown};
pub use flows::{BackendFlow, BackendFlowListed};
pub use pulled::{BackendList, BackendProblem, Elsewhere};

pub(crate) fn statements() -> impl Iterator<Item = &'static Statement> {
    [calls::ALL, flows::ALL, pulled::ALL].into_iter().flat_map(|all| all.iter().copied())
}
