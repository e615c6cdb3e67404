//! The exchange log, calls that are made until they are answered, requests that are done once, and rules of accounts.

mod clients;
mod log;
mod once;
mod outgoing;

pub use clients::ClientRule;
pub use log::{Exchange, ExchangeDetails, ExchangeFilter, ExchangeTally, PeerOutcome, SealedBodies};
pub use once::{Once, OnceAnswer};
pub use outgoing::{OutState, OutgoingCall};

use crate::Statement;

/// Every statement of these nouns.
pub(super) fn statements() -> impl Iterator<Item = &'static Statement> {
    [clients::ALL, log::ALL, once::ALL, outgoing::ALL].into_iter().flat_map(|all| all.iter().copied())
}
