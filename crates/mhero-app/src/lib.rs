//! The verbs of the product: use cases, transactions and jobs, one module a capability.
//!
//! Edges call these and implement the ports in [`ports`]. Nothing here knows HTTP, sockets or templates.

mod app;
pub mod approvals;
pub mod audiences;
mod audit;
pub mod backup;
pub mod broadcasts;
mod caller;
pub mod campaigns;
mod consent;
pub mod costs;
pub mod delivery_rules;
pub mod demo;
mod error;
mod exchanges;
pub mod flows;
pub mod groups;
mod hex;
mod installation;
pub mod linking;
pub mod messaging;
mod names;
pub mod numbers;
pub mod people;
pub mod ports;
pub mod rows;
mod runners;
mod sandbox;
mod seal;
mod sessions;
pub mod simulator;
pub mod sync;
pub mod threads;
mod today;
mod tokens;
pub mod trust;
mod users;
mod vocabulary;
pub mod way_back;
mod writing;

pub use app::{App, Options};
pub use audiences::CheckedAudience;
pub use caller::Caller;
pub use consent::Consent;
pub use delivery_rules::{QuietHours, RestDays};
pub use error::{AppError, NUL_IN_TEXT};
pub use exchanges::{Bodies, ExchangePage, NewExchange};
pub use installation::Facts;
pub use seal::{format_seal_key, generate_seal_key, parse_seal_key};
pub use sessions::{SESSION_ABSOLUTE, SESSION_IDLE, SESSION_IDLE_NOBODY, Session};
pub use tokens::{NewToken, TokenWithGrants};
pub use users::{NewUser, PASSWORD_CHARS_MIN, SignInError, UserWithGrants};
pub use vocabulary::InstallationWords;
