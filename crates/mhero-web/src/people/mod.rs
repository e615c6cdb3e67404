//! People and one person, `/people`.

mod list;
mod person;
mod record;
pub mod view;

use axum::{
    Router,
    routing::{get, post},
};

use crate::state::State;

/// Its routes.
pub fn routes() -> Router<State> {
    Router::new()
        .route("/people", get(list::list))
        .route("/people/find", get(list::back).post(list::find))
        .route("/people/{id}", get(person::open))
        .route("/people/{id}/number", post(person::show_number))
        .route("/people/{id}/messages", post(person::write))
}
