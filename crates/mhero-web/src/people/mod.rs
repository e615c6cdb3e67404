//! People and one person, `/people`.

mod held;
mod list;
mod origin;
mod person;
mod record;
pub mod view;
mod way;

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
        .route("/people/{id}/way", post(way::choose))
        .route("/people/{id}/held", post(held::press))
}
