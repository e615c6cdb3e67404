//! The inbox, `/inbox`: what people wrote, and the answers.

mod routes;
mod show;
pub mod view;

pub use routes::routes;
