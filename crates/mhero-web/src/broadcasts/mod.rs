//! Broadcasts and their progress, `/broadcasts`.

pub mod counts;
mod put_right;
mod routes;
mod short;
mod show;
pub mod view;

pub use routes::routes;
pub use show::row;
pub(crate) use show::trusted;
