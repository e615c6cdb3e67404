//! The verbs of the product: use cases, transactions and jobs, one module a capability.
//!
//! Edges call these and implement the ports in [`ports`]. Nothing here knows HTTP, sockets or templates.

mod app;
pub mod audiences;
pub mod broadcasts;
mod caller;
mod error;
mod installation;
pub mod messaging;
pub mod ports;
mod runners;
pub mod simulator;
pub mod threads;
mod vocabulary;

pub use app::{App, Options};
pub use audiences::CheckedAudience;
pub use caller::Caller;
pub use error::AppError;
pub use installation::{Facts, QuietHours};
pub use vocabulary::InstallationWords;
