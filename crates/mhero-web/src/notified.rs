//! Where registries tell of changes: `/registry/SOURCE/SECRET`, and whatever a FHIR subscription writes behind it.
//!
//! No session, no pages. Nothing of what is told is believed or kept: a run of the source is queued, which asks the registry
//! itself. No part of the address is logged, as the secret stands in it.

use std::time::Duration;

use axum::{
    Router,
    body::Bytes,
    extract::{DefaultBodyLimit, Path, State as Shared},
    http::{Method, StatusCode, header},
    response::{IntoResponse, Response},
    routing::any,
};
use mhero_app::{App, AppError};
use mhero_core::SourceId;
use tower_http::{catch_panic::CatchPanicLayer, timeout::TimeoutLayer};

/// Largest notification, in bytes: a subscription may send the whole resource along.
const BODY_BYTES_MAX: usize = 1024 * 1024;
/// Longest that one notification may take, in seconds.
const SECONDS_MAX: u64 = 30;

/// The routes that registries call.
pub fn router(app: App) -> Router {
    Router::new()
        .route("/registry/{source}/{secret}", any(exactly))
        .route("/registry/{source}/{secret}/{*rest}", any(below))
        .layer(DefaultBodyLimit::max(BODY_BYTES_MAX))
        .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, Duration::from_secs(SECONDS_MAX)))
        .layer(CatchPanicLayer::new())
        .with_state(app)
}

async fn exactly(
    Shared(app): Shared<App>,
    Path((source, secret)): Path<(String, String)>,
    method: Method,
    _body: Bytes,
) -> Response {
    take(&app, &source, &secret, &method).await
}

async fn below(
    Shared(app): Shared<App>,
    Path((source, secret, _)): Path<(String, String, String)>,
    method: Method,
    _body: Bytes,
) -> Response {
    take(&app, &source, &secret, &method).await
}

async fn take(app: &App, source: &str, secret: &str, method: &Method) -> Response {
    if !matches!(*method, Method::PUT | Method::POST | Method::DELETE) {
        return (StatusCode::METHOD_NOT_ALLOWED, [(header::ALLOW, "PUT, POST, DELETE")]).into_response();
    }
    let Ok(source) = source.parse::<SourceId>() else { return StatusCode::NOT_FOUND.into_response() };
    let status = match app.notified(source, secret).await {
        Ok(()) => StatusCode::OK,
        Err(AppError::NotFound { .. }) => StatusCode::NOT_FOUND,
        Err(error) => {
            tracing::error!(%source, %error, "a notification could not be taken");
            StatusCode::SERVICE_UNAVAILABLE
        }
    };
    (status, [(header::CACHE_CONTROL, "no-store")]).into_response()
}
