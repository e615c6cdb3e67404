//! The phone simulator, `/simulator`.

mod routes;
mod show;
pub mod view;

pub use routes::routes;
