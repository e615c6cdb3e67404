//! The send page: who, what, check. `/send`, `/send/{draft}`.

pub mod view;

use axum::Router;

use crate::state::State;

/// Its routes.
pub fn routes() -> Router<State> {
    Router::new()
}
