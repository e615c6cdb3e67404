//! Files of people, `/people/import`: brought, looked through without writing anything, then imported.

mod ask;
mod draft;
mod show;
mod verdicts;
pub mod view;
mod whence;

use std::sync::Arc;

use axum::{Extension, Router, extract::DefaultBodyLimit, routing::get};
use mhero_app::ports::UploadShelf;
use mhero_core::limits::UPLOAD_BYTES_MAX;

pub use verdicts::shaded;
pub(crate) use whence::{kind, whence};

use crate::state::State;

/// Where a file lies while it is read, and what this process has seen in those that wait.
#[derive(Clone)]
struct Desk {
    shelf: Arc<dyn UploadShelf>,
    looks: draft::Looks,
}

/// Its routes; none where files can't be kept.
pub fn routes(shelf: Option<Arc<dyn UploadShelf>>) -> Router<State> {
    let Some(shelf) = shelf else { return Router::new() };
    let desk = Desk { shelf, looks: draft::Looks::default() };
    Router::new()
        .route("/people/import", get(ask::ask).post(ask::take))
        .route("/people/import/{key}", get(show::show).post(show::press))
        .route("/people/import/{key}/rejected", get(show::rejected))
        .route("/people/runs/{run}/rejected", get(show::rejected_of_run))
        .layer(Extension(desk))
        .layer(DefaultBodyLimit::max(UPLOAD_BYTES_MAX))
}
