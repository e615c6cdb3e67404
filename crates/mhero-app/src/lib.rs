//! The verbs of the product: use cases, transactions and jobs, one module a capability.
//!
//! Edges call these and implement the ports in [`ports`]. Nothing here knows HTTP, sockets or templates.

mod app;
pub mod audiences;
mod audit;
pub mod backup;
pub mod broadcasts;
mod caller;
pub mod campaigns;
pub mod demo;
mod error;
mod exchanges;
pub mod flows;
pub mod groups;
mod hex;
mod installation;
pub mod messaging;
mod names;
pub mod people;
pub mod ports;
pub mod rows;
mod runners;
mod seal;
mod sessions;
pub mod simulator;
pub mod threads;
mod today;
mod tokens;
mod users;
mod vocabulary;
mod writing;

pub use app::{App, Options};
pub use audiences::CheckedAudience;
pub use caller::Caller;
pub use error::AppError;
pub use exchanges::{Bodies, NewExchange};
pub use installation::{Facts, QuietHours};
pub use seal::{format_seal_key, generate_seal_key, parse_seal_key};
pub use sessions::{SESSION_ABSOLUTE, SESSION_IDLE, Session};
pub use tokens::{NewToken, TokenWithGrants};
pub use users::{NewUser, PASSWORD_CHARS_MIN, SignInError, UserWithGrants};
pub use vocabulary::InstallationWords;
