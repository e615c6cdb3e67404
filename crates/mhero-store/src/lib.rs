//! All SQL and migrations, on SQLite and PostgreSQL.
//!
//! Reads run on a snapshot and take a [`mhero_core::Scope`] where they touch people, messages or results. A write is a
//! [`Unit`]: statements with guards, no waiting inside. On SQLite one writer thread runs many units in one commit and
//! answers each only after that commit; on PostgreSQL a unit is one transaction. A failed guard means: read again and
//! decide again, see [`Store::decide`].

mod clock;
mod error;
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
pub use error::StoreError;
pub use mint::Mint;
pub use nouns::{
    audience::*, audit::*, backup::*, broadcasts::*, changes::*, channels::*, exchanges::*, flows::*, groups::*,
    intake::*, jobs::*, leases::*, messages::*, numbers::*, outbox::*, people::*, places::*, registry::*, sessions::*,
    simulator::*, threads::*, timers::*, tokens::*, users::*,
};
pub use schema::{Change as SchemaChange, VERSION as SCHEMA_VERSION};
pub use statement::{Statement, registry};
pub use store::{DecideAgain, Engine, Location, Queue, Snapshot, Store};
pub use unit::{Done, Guard, Unit};
pub use value::{FromValue, Row, Value};
