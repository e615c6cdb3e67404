//! One module a noun: its statements and what reads and writes them.

pub mod aftermath;
pub mod audience;
pub mod audit;
pub mod backup;
pub mod broadcasts;
pub mod changes;
pub mod channels;
pub mod exchanges;
pub mod flows;
pub mod groups;
pub mod intake;
pub mod jobs;
pub mod leases;
pub mod messages;
pub mod numbers;
pub mod outbox;
pub mod people;
pub mod places;
pub mod registry;
pub mod sequences;
pub mod sessions;
pub mod settings;
pub mod simulator;
pub mod threads;
pub mod timers;
pub mod tokens;
pub mod users;

use crate::Statement;

/// Every statement of every noun.
pub(crate) fn statements() -> impl Iterator<Item = &'static Statement> {
    [
        aftermath::ALL,
        audience::FACTS,
        audience::NAMES,
        audit::ALL,
        backup::ALL,
        broadcasts::ALL,
        changes::ALL,
        channels::ALL,
        exchanges::ALL,
        groups::ALL,
        intake::ALL,
        jobs::ALL,
        leases::ALL,
        messages::ALL,
        numbers::ALL,
        outbox::ALL,
        people::LISTS,
        people::PAGE,
        places::ALL,
        sequences::ALL,
        sessions::ALL,
        settings::ALL,
        simulator::ALL,
        threads::ALL,
        timers::ALL,
        tokens::ALL,
        users::ALL,
    ]
    .into_iter()
    .flat_map(|all| all.iter().copied())
    .chain(registry::statements())
    .chain(flows::statements())
}
