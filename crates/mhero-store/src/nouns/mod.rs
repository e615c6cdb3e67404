//! One module a noun: its statements and what reads and writes them.

pub mod audit;
pub mod broadcasts;
pub mod changes;
pub mod channels;
pub mod intake;
pub mod jobs;
pub mod leases;
pub mod messages;
pub mod numbers;
pub mod outbox;
pub mod sequences;
pub mod settings;
pub mod threads;
pub mod timers;

use crate::Statement;

/// Every statement of every noun.
pub(crate) fn statements() -> impl Iterator<Item = &'static Statement> {
    [
        audit::ALL,
        broadcasts::ALL,
        changes::ALL,
        channels::ALL,
        intake::ALL,
        jobs::ALL,
        leases::ALL,
        messages::ALL,
        numbers::ALL,
        outbox::ALL,
        sequences::ALL,
        settings::ALL,
        threads::ALL,
        timers::ALL,
    ]
    .into_iter()
    .flat_map(|all| all.iter().copied())
}
