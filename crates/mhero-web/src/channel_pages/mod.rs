//! Channels, `/settings/channels`: how each stands, its settings, what its carrier is to call, and the phone that carries it.

mod change;
mod fields;
mod list;
mod one;
mod routes;
mod told;
pub mod view;

use std::{future::Future, time::Duration};

use axum::{
    Router,
    routing::{get, post},
};
use mhero_app::AppError;

use crate::{
    errors::{Fault, Refusal},
    state::State,
};

/// How long a page waits for a carrier that is looked at.
const PATIENCE: Duration = Duration::from_secs(20);

/// Its routes.
pub fn routes() -> Router<State> {
    Router::new()
        .route("/settings/channels", get(list::list).post(change::add))
        .route("/settings/channels/new", get(list::new))
        .route("/settings/channels/routes", get(routes::open).post(routes::save))
        .route("/settings/channels/{id}", get(one::open).post(change::press))
        .route("/settings/channels/{id}/settings", post(change::save))
        .route("/settings/channels/{id}/phone", post(change::phone))
}

/// Does something that goes on even when nobody waits any more; `None` while it does.
async fn patiently<T: Send + 'static>(
    work: impl Future<Output = Result<T, AppError>> + Send + 'static,
) -> Result<Option<Result<T, AppError>>, Fault> {
    match tokio::time::timeout(PATIENCE, tokio::spawn(work)).await {
        Err(_) => Ok(None),
        Ok(Err(_)) => Err(Refusal::Broken.into()),
        Ok(Ok(done)) => Ok(Some(done)),
    }
}
