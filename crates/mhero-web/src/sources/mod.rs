//! Registries, `/settings/sources`: how each stands, its settings, its runs and what an official decides about them.

mod backend;
mod change;
mod consent;
mod diff;
mod fields;
mod list;
mod one;
mod run;
mod told;
pub mod view;

use std::{future::Future, time::Duration};

use axum::{
    Router,
    response::Redirect,
    routing::{get, post},
};
use mhero_app::AppError;

pub(crate) use told::state;

use crate::{
    errors::{Fault, Refusal},
    state::State,
};

/// How long a page waits for work that goes on without it.
const PATIENCE: Duration = Duration::from_secs(20);

/// Its routes.
pub fn routes() -> Router<State> {
    Router::new()
        .route("/settings/registries", get(|| async { Redirect::permanent("/settings/sources") }))
        .route("/settings/sources", get(list::list).post(change::add))
        .route("/settings/sources/accepting", post(list::accepting))
        .route("/settings/sources/answers", post(list::answers))
        .route("/settings/sources/new", get(list::new))
        .route("/settings/sources/{id}", get(one::open).post(change::press))
        .route("/settings/sources/{id}/settings", post(change::save))
        .route("/settings/sources/{id}/owners", post(change::own))
        .route("/settings/sources/{id}/consent", post(consent::save))
        .route("/settings/sources/{id}/backend", get(backend::open).post(backend::press))
        .route("/settings/sources/runs/{run}", get(run::open).post(run::press))
}

/// Does something that goes on even when nobody waits any more; `None` while it does.
async fn patiently<T: Send + 'static>(
    work: impl Future<Output = Result<T, AppError>> + Send + 'static,
) -> Result<Option<T>, Fault> {
    match tokio::time::timeout(PATIENCE, tokio::spawn(work)).await {
        Err(_) => Ok(None),
        Ok(Err(_)) => Err(Refusal::Broken.into()),
        Ok(Ok(done)) => Ok(Some(done?)),
    }
}
