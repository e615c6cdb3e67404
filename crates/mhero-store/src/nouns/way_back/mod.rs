//! The way back: corrections on their way to the registries that own them, and people whom no registry knows.

mod brought;
mod candidates;
mod facilities;
mod proposals;
mod rounds;
mod sayings;
mod targets;

pub use brought::BroughtRecord;
pub use candidates::JoinCandidate;
pub use facilities::{FacilityAnswer, PlaceValue, RunAnswer, SaidOfPlace};
pub use proposals::{Proposal, ProposalRow};
pub use rounds::{AskedColleague, FacilityRound};
pub use sayings::{PersonText, Saying};
pub use targets::TargetRecord;

use crate::Statement;

/// Every statement below.
pub(crate) fn statements() -> impl Iterator<Item = &'static Statement> {
    [brought::ALL, candidates::ALL, facilities::ALL, proposals::ALL, rounds::ALL, sayings::ALL, targets::ALL]
        .into_iter()
        .flat_map(|all| all.iter().copied())
}
