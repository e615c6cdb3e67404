//! Where carriers call us: `/c/KIND/CHANNEL/ACTION`, the paths of RapidPro, so that gateways move here with a changed host only.
//!
//! No session, no pages, none of the console's layers: a gateway brings thousands of calls a second. Each is on disk before it hears
//! 200. Nothing of what it brings, and no part of its address, is logged.

use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    time::Duration,
};

use axum::{
    Extension, Router,
    body::Bytes,
    extract::{ConnectInfo, DefaultBodyLimit, Path, RawQuery, Request, State as Shared},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    middleware::{Next, from_fn},
    response::{IntoResponse, Response},
    routing::any,
};
use mhero_app::{
    App,
    ports::{Call, CallRefused},
};
use mhero_core::ChannelId;
use tower_http::{catch_panic::CatchPanicLayer, timeout::TimeoutLayer};

use crate::{WebOptions, state::forwarded};

/// Largest form that a carrier may send, in bytes: a text of ten parts in the worst escapes is a tenth of it.
const FORM_BYTES_MAX: usize = 64 * 1024;
/// Longest query, in bytes.
const QUERY_BYTES_MAX: usize = 16 * 1024;
/// Longest that one call may take, in seconds.
const CALL_SECONDS_MAX: u64 = 30;

#[derive(Clone)]
struct Door {
    app: App,
    behind_proxy: bool,
}

/// The routes that carriers call.
pub fn router(app: App, options: WebOptions) -> Router {
    let door = Door { app, behind_proxy: options.behind_proxy };
    Router::new()
        .route("/c/{kind}/{channel}/{action}", any(call))
        .layer(DefaultBodyLimit::max(FORM_BYTES_MAX))
        .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, Duration::from_secs(CALL_SECONDS_MAX)))
        .layer(CatchPanicLayer::new())
        .layer(from_fn(guard))
        .with_state(door)
}

async fn call(
    Shared(door): Shared<Door>,
    Path((kind, channel, action)): Path<(String, String, String)>,
    peer: Option<Extension<ConnectInfo<SocketAddr>>>,
    RawQuery(query): RawQuery,
    method: Method,
    headers: HeaderMap,
    form: Bytes,
) -> Response {
    if !matches!(method, Method::GET | Method::POST) {
        return (StatusCode::METHOD_NOT_ALLOWED, [(header::ALLOW, "GET, POST")]).into_response();
    }
    let Ok(channel) = channel.parse::<ChannelId>() else { return refused(&CallRefused::Unknown) };
    let query = query.unwrap_or_default();
    if query.len() > QUERY_BYTES_MAX {
        return refused(&CallRefused::Unreadable("the query is longer than 16 KiB: send a form"));
    }
    let told = if door.behind_proxy { forwarded(&headers) } else { None };
    let peer = peer.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |Extension(ConnectInfo(peer))| peer.ip());
    let from = told.unwrap_or(peer);
    let call = Call { action: &action, from, query: &query, form: if is_form(&headers) { &form } else { b"" } };
    match door.app.called(&kind, channel, &call).await {
        Ok(taken) => ([(header::CONTENT_TYPE, taken.content_type)], taken.body).into_response(),
        Err(why) => {
            tracing::debug!(%channel, %why, "a carrier's call was refused");
            refused(&why)
        }
    }
}

/// Whether the body is a form. Without a type it counts as one: simple gateways say none.
fn is_form(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    kind.is_empty() || kind.to_ascii_lowercase().starts_with("application/x-www-form-urlencoded")
}

/// An error as carriers' developers know it from RapidPro.
fn refused(why: &CallRefused) -> Response {
    let status = match why {
        CallRefused::Unknown => StatusCode::NOT_FOUND,
        CallRefused::Forbidden => StatusCode::FORBIDDEN,
        CallRefused::Unreadable(_) => StatusCode::BAD_REQUEST,
        CallRefused::Later => StatusCode::SERVICE_UNAVAILABLE,
    };
    let body = serde_json::json!({ "message": "Error", "data": [{ "type": "error", "error": why.to_string() }] });
    (status, axum::Json(body)).into_response()
}

async fn guard(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}
