//! All SQL and migrations, on SQLite and PostgreSQL.
//!
//! Reads take a [`mhero_core::Scope`]; a write is a [`Unit`] with guards, decided again where one fails, see [`Store::decide`].

mod clock;
mod disk;
mod error;
mod handovers;
mod mint;
pub mod nouns;
mod postgres;
mod schema;
mod sqlite;
mod statement;
mod store;
mod unit;
mod value;

pub use clock::{Clock, Hand};
pub use disk::DiskFault;
pub use error::StoreError;
pub use mint::Mint;
pub use nouns::{
    alerts::*,
    approvals::*,
    audience::*,
    audit::*,
    backup::*,
    bills::*,
    broadcasts::*,
    changes::*,
    channels::*,
    chats::*,
    consent::*,
    costs::*,
    delivery::*,
    directory::*,
    drafts::*,
    exchange::*,
    fhir::{
        FhirResource, FhirVersion, Found as FhirFound, GoldenGroup, GoldenNumber, GoldenPerson, GoldenPlace,
        GoldenPosition, GoldenRecord, GoldenTitle, GoldenValue, HistoryOf, KnownAs, NewFhir, Page as FhirPage,
        SaidVersion,
    },
    flows::*,
    groups::*,
    health::*,
    hmis::*,
    intake::*,
    jobs::*,
    leases::*,
    lines::*,
    linking::*,
    messages::*,
    notices::*,
    numbers::*,
    outbox::*,
    people::*,
    places::*,
    rapidpro::*,
    registry::*,
    relayers::*,
    routes::*,
    sessions::*,
    shown::*,
    simulator::*,
    sync::*,
    threads::*,
    timers::*,
    tokens::*,
    trust::*,
    users::*,
    ussd::*,
    way_back::*,
};
pub use schema::{Change as SchemaChange, VERSION as SCHEMA_VERSION};
pub use statement::{Statement, registry};
pub use store::{DecideAgain, Engine, Location, Queue, Snapshot, Store};
pub use unit::{Done, Guard, Unit};
pub use value::{FromValue, Row, Value};
