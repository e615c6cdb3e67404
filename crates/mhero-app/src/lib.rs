//! The verbs of the product: use cases, transactions and jobs, one module a capability.
//!
//! Edges call these and implement the ports in [`ports`]. Nothing here knows HTTP, sockets or templates.

mod app;
mod caller;
mod error;
mod installation;
pub mod ports;

pub use app::{App, Options};
pub use caller::Caller;
pub use error::AppError;
pub use installation::{Facts, QuietHours};
