//! Threads that wait for an answer, `/inbox`.

pub mod view;

use axum::Router;

use crate::state::State;

/// Its routes.
pub fn routes() -> Router<State> {
    Router::new()
}
