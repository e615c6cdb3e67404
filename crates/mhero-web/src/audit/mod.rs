//! What people decided, as sentences, `/audit`.

pub mod view;

use axum::Router;

use crate::state::State;

/// Its routes.
pub fn routes() -> Router<State> {
    Router::new()
}
