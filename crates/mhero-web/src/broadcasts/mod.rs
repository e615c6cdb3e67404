//! Broadcasts and their progress, `/broadcasts`.

pub mod counts;
mod routes;
mod show;
pub mod view;

pub use routes::routes;
pub use show::row;
