//! The addresses.

use std::sync::Arc;

use axum::{
    Json, Router,
    extract::DefaultBodyLimit,
    http::StatusCode,
    middleware::from_fn_with_state,
    routing::{get, post},
};
use mhero_app::App;
use mhero_exchange::clients::{Rate, Reached};
use tower_http::limit::RequestBodyLimitLayer;

use crate::{
    body::BODY_MAX,
    broadcasts, channels, floip, flows,
    front::{Front, told},
    groups, me, messages, openapi, people, places,
    problem::Fault,
    runs, sandbox, webhooks,
};

/// How the API is reached.
#[derive(Clone, Copy, Debug)]
pub struct ApiOptions {
    /// By which scheme and behind what.
    pub reached: Reached,
    /// Requests that a token may make in an hour.
    pub requests_per_hour: u32,
}

/// The API under `/api/v1`.
pub fn router(app: App, options: ApiOptions) -> Router {
    let front = Front { app, reached: options.reached, rate: Arc::new(Rate::new(options.requests_per_hour)) };
    Router::new()
        .merge(webhooks::router())
        .merge(floip::router())
        .route("/api/v1/openapi.json", get(contract))
        .route("/api/v1/me", get(me::get_me))
        .route("/api/v1/people", get(people::list_people))
        .route("/api/v1/people/{person}", get(people::get_person).patch(people::change_person))
        .route("/api/v1/places", get(places::list_places))
        .route("/api/v1/places/{id}", get(places::get_place))
        .route("/api/v1/groups", get(groups::list_groups))
        .route("/api/v1/groups/{id}", get(groups::get_group))
        .route("/api/v1/broadcasts", get(broadcasts::list).post(broadcasts::send))
        .route("/api/v1/broadcasts/preview", post(broadcasts::preview))
        .route("/api/v1/broadcasts/{id}", get(broadcasts::get_one))
        .route("/api/v1/broadcasts/{id}/people", get(broadcasts::recipients))
        .route("/api/v1/broadcasts/{id}/cancel", post(broadcasts::cancel))
        .route("/api/v1/messages", get(messages::list).post(messages::send))
        .route("/api/v1/messages/{id}", get(messages::get_one))
        .route("/api/v1/flows", get(flows::list))
        .route("/api/v1/flows/{id}", get(flows::get_one))
        .route("/api/v1/flows/{id}/starts", post(flows::start))
        .route("/api/v1/starts", get(flows::starts))
        .route("/api/v1/starts/{id}", get(flows::get_start))
        .route("/api/v1/runs", get(runs::list))
        .route("/api/v1/runs/{id}", get(runs::get_one))
        .route("/api/v1/channels", get(channels::list))
        .route("/api/v1/sources", get(channels::sources))
        .route("/api/v1/sandbox/texts", post(sandbox::write))
        .route("/api/v1/{*path}", get(nowhere).post(nowhere).put(nowhere).patch(nowhere).delete(nowhere))
        .layer(DefaultBodyLimit::disable())
        .layer(RequestBodyLimitLayer::new(BODY_MAX))
        .layer(from_fn_with_state(front.clone(), told))
        .with_state(front)
}

/// What the API offers, as OpenAPI 3.1. It shows nothing of anybody, so that nobody need sign in for it.
async fn contract() -> Json<utoipa::openapi::OpenApi> {
    Json(openapi::document())
}

async fn nowhere() -> Fault {
    Fault::new(StatusCode::NOT_FOUND, "no-address")
}
