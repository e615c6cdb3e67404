//! Broadcasts that wait for a second person, `/approvals` and `/broadcasts/{id}/approve`; from which size on, `/settings/approvals`.

mod routes;
mod settings;
mod show;
pub mod view;

pub use routes::routes;
pub(crate) use show::todo;
