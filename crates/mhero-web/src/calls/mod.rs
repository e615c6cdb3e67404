//! What flows asked of other systems, `/calls`.

mod list;
mod one;
pub mod view;

use axum::{Router, routing::get};

use crate::state::State;

/// Its routes.
pub fn routes() -> Router<State> {
    Router::new().route("/calls", get(list::show_all)).route("/calls/{key}", get(one::open))
}
