//! What starts flows by itself, `/triggers`.

mod edit;
mod form;
mod list;
mod told;
pub mod view;

use axum::{Router, routing::get};

use crate::state::State;

/// Its routes.
pub fn routes() -> Router<State> {
    Router::new()
        .route("/triggers", get(list::all))
        .route("/flows/{id}/triggers", get(list::of_flow))
        .route("/triggers/new", get(edit::fresh).post(edit::make))
        .route("/triggers/{id}", get(edit::open).post(edit::change))
}
