//! Messages and flows at times relative to a date of each person, `/campaigns`.

mod form;
mod list;
mod one;
mod told;
pub mod view;

use axum::{Router, routing::get};

use crate::state::State;

/// Its routes.
pub fn routes() -> Router<State> {
    Router::new()
        .route("/campaigns", get(list::show_all))
        .route("/campaigns/new", get(list::fresh).post(list::make))
        .route("/campaigns/{id}", get(one::open).post(one::press))
}
