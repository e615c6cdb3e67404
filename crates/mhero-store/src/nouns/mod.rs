//! One module a noun: its statements and what reads and writes them.

pub mod aftermath;
pub mod alerts;
pub mod approvals;
pub mod audience;
pub mod audit;
pub mod backup;
pub mod bills;
pub mod broadcasts;
pub mod changes;
pub mod channels;
pub mod chats;
pub mod consent;
pub mod corrections;
pub mod costs;
pub mod delivery;
pub mod directory;
pub mod drafts;
pub mod exchange;
pub mod fhir;
pub mod flows;
pub mod groups;
pub mod health;
pub mod hmis;
pub mod intake;
pub mod jobs;
pub mod leases;
pub mod lines;
pub mod linking;
pub mod messages;
pub mod notices;
pub mod numbers;
pub mod outbox;
pub mod people;
pub mod places;
pub mod rapidpro;
pub mod registry;
pub mod relayers;
pub mod routes;
pub mod second_factor;
pub mod sequences;
pub mod sessions;
pub mod settings;
pub mod shown;
pub mod simulator;
pub mod sync;
pub mod threads;
pub mod timers;
pub mod tokens;
pub mod trust;
pub mod users;
pub mod ussd;
pub mod way_back;

use crate::Statement;

/// Every statement of every noun.
pub(crate) fn statements() -> impl Iterator<Item = &'static Statement> {
    [
        aftermath::ALL,
        alerts::ALL,
        approvals::ALL,
        audience::FACTS,
        audience::NAMES,
        audit::ALL,
        backup::ALL,
        bills::ALL,
        broadcasts::ALL,
        changes::ALL,
        channels::ALL,
        chats::ALL,
        consent::ALL,
        corrections::ALL,
        costs::ALL,
        directory::ALL,
        drafts::ALL,
        groups::ALL,
        health::ALL,
        hmis::ALL,
        intake::ALL,
        jobs::ALL,
        leases::ALL,
        lines::ALL,
        messages::ALL,
        notices::ALL,
        notices::HOOKS,
        numbers::ALL,
        outbox::ALL,
        people::DISCLOSED,
        people::LISTS,
        people::PAGE,
        places::ALL,
        relayers::ALL,
        routes::ALL,
        second_factor::ALL,
        sequences::ALL,
        sessions::ALL,
        settings::ALL,
        shown::ALL,
        simulator::ALL,
        threads::ALL,
        timers::ALL,
        tokens::ALL,
        trust::ALL,
        users::ALL,
        ussd::ALL,
    ]
    .into_iter()
    .flat_map(|all| all.iter().copied())
    .chain(exchange::statements())
    .chain(registry::statements())
    .chain(sync::statements())
    .chain(linking::statements())
    .chain(fhir::statements())
    .chain(flows::statements())
    .chain(way_back::statements())
    .chain(delivery::statements())
    .chain(rapidpro::statements())
}
