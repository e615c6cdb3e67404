//! For tests only: where the shared test data lies, a private PostgreSQL, a private Kannel, and the program itself as a child.
//!
//! Nothing here knows the product's tables or pages. A peer that cannot be had is skipped with a line on
//! standard error; where `CI` is `true` it is a failure instead, so that no run passes by leaving a half out.

mod kannel;
mod peers;
mod postgres;
mod program;
mod shared;

pub use kannel::{KANNEL_PASSWORD, KANNEL_STATUS_PASSWORD, KANNEL_USER, Kannel, Mt};
pub use peers::{Peer, in_ci, require};
pub use postgres::{Postgres, TestDatabase};
pub use program::{Finished, Program};
pub use shared::{fixture, shared_dir};
