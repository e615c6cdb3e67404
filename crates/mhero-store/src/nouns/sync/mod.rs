//! Synchronisation with registries: runs, what each changed, what is due, who owns which field, and who is away.

mod absences;
mod backend;
mod changes;
mod given;
mod ownership;
mod removals;
mod runs;
mod state;
mod stops;
mod subscriptions;
mod undone;
mod written_out;

pub use absences::AbsenceRow;
pub use backend::{
    BackendCall, BackendFlow, BackendFlowListed, BackendList, BackendPerson, BackendPersonShown, BackendProblem,
    Elsewhere,
};
pub use changes::{KeptProblem, NewChange, NewProblem, RecordChange};
pub use given::MadeGroup;
pub use ownership::{Origin, OwnerRow};
pub use removals::RecordOf;
pub use runs::{NewSyncRun, SyncRunRow};
pub use state::SyncState;
pub use stops::SourceStop;
pub use subscriptions::SubscriptionRow;
pub use written_out::{PersonsRecord, WrittenOut};

use crate::Statement;

/// Every statement below.
pub(crate) fn statements() -> impl Iterator<Item = &'static Statement> {
    [
        absences::ALL,
        changes::ALL,
        given::ALL,
        ownership::ALL,
        removals::ALL,
        runs::ALL,
        state::ALL,
        stops::ALL,
        subscriptions::ALL,
        undone::ALL,
        written_out::ALL,
    ]
    .into_iter()
    .flat_map(|all| all.iter().copied())
    .chain(backend::statements())
}
