//! One module a noun: its statements and what reads and writes them.

pub mod audit;
pub mod changes;
pub mod jobs;
pub mod leases;
pub mod sequences;
pub mod settings;
pub mod timers;

use crate::Statement;

/// Every statement of every noun.
pub(crate) fn statements() -> impl Iterator<Item = &'static Statement> {
    [audit::ALL, changes::ALL, jobs::ALL, leases::ALL, sequences::ALL, settings::ALL, timers::ALL]
        .into_iter()
        .flat_map(|all| all.iter().copied())
}
