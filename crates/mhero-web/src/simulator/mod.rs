//! Two pretend phones on a pretend network, `/simulator`.

pub mod view;

use axum::Router;

use crate::state::State;

/// Its routes.
pub fn routes() -> Router<State> {
    Router::new()
}
