//! For tests only: where the shared test data lies, a private PostgreSQL, a private Kannel, a web server that answers as told,
//! and the program itself as a child.
//!
//! Nothing here knows the product's tables or pages. A peer that cannot be had is skipped with a line on
//! standard error; where `CI` is `true` it is a failure instead, so that no run passes by leaving a half out.

mod cable;
mod certificates;
mod dhis2;
mod dhis2_reports;
mod faults;
mod fhir;
mod gateway;
mod kannel;
mod ledger;
mod openhim;
mod openid;
mod operator;
mod peers;
mod postgres;
mod program;
mod rapidpro;
mod shared;
mod site;
mod smsc;
mod target;
mod telegram;

pub use cable::{Cable, Weather};
pub use certificates::{Authority, Issued, Wanted};
pub use dhis2::{Country, DHIS2_TOKEN, Dhis2Server};
pub use dhis2_reports::{DATA_SET, ELEMENTS, PROGRAM};
pub use faults::Fault;
pub use fhir::{Helios, Medplum, ihris_transactions};
pub use gateway::{CALL_SECRET, Gateway, GatewayCall, Manners, Tongue};
pub use kannel::{Answer, KANNEL_PASSWORD, KANNEL_STATUS_PASSWORD, KANNEL_USER, Kannel, Mt};
pub use ledger::{Accepted, Ledger, Stopped, Took, Wrote};
pub use openhim::{OPENHIM_PASSWORD, OPENHIM_USER, OpenHim};
pub use openid::{OPENID_CLIENT, OPENID_SECRET, OpenIdProvider};
pub use operator::Operator;
pub use peers::{Peer, in_ci, require};
pub use postgres::{Postgres, TestDatabase};
pub use program::{Finished, Program};
pub use rapidpro::{Dialect, RAPIDPRO_TOKEN, RapidProServer};
pub use shared::{fixture, shared_dir};
pub use site::{Asked, Reply, Site};
pub use smsc::{Conduct, Ids, SMSC_PASSWORD, SMSC_SYSTEM_ID, Smsc, Taken, from_phone};
pub use telegram::{BotApi, BotFault, TOKEN as BOT_TOKEN};
