//! Where phones with the Android app ask: `/relayers/relayer/…`, the paths of RapidPro, so that an app moves here with a changed
//! server only. An answer may be held back for a while.

use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    time::Duration,
};

use axum::{
    Extension, Router,
    body::Bytes,
    extract::{ConnectInfo, DefaultBodyLimit, Path, RawQuery, State as Shared},
    http::{HeaderMap, Method, StatusCode, header},
    response::{IntoResponse, Response},
    routing::any,
};
use mhero_app::ports::{Call, GREETING_SECONDS_MAX};
use tower_http::timeout::TimeoutLayer;

use super::{Door, refused};
use crate::state::forwarded;

/// The kind of the channels that phones carry.
const KIND: &str = "android";
/// Largest question, in bytes: what a phone heard that was away for a week.
const BODY_BYTES_MAX: usize = 1024 * 1024;
/// A question may be held so long, and then still be answered, in seconds.
const CALL_SECONDS_MAX: u64 = GREETING_SECONDS_MAX + 15;

/// The routes that phones call.
pub(super) fn router() -> Router<Door> {
    Router::new()
        .route("/relayers/relayer/{*path}", any(call))
        .layer(DefaultBodyLimit::max(BODY_BYTES_MAX))
        .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, Duration::from_secs(CALL_SECONDS_MAX)))
}

async fn call(
    Shared(door): Shared<Door>,
    Path(path): Path<String>,
    peer: Option<Extension<ConnectInfo<SocketAddr>>>,
    RawQuery(query): RawQuery,
    method: Method,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let told = if door.behind_proxy { forwarded(&headers) } else { None };
    let peer = peer.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |Extension(ConnectInfo(peer))| peer.ip());
    let query = query.unwrap_or_default();
    let call = Call {
        action: "",
        from: told.unwrap_or(peer),
        method: method.as_str(),
        query: &query,
        body: &body,
        headers: &[],
    };
    let Some(driver) = door.app.driver(KIND) else { return StatusCode::NOT_FOUND.into_response() };
    match driver.greeted(&door.app, &path, &call).await {
        Ok(greeting) => {
            let status = StatusCode::from_u16(greeting.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            (status, [(header::CONTENT_TYPE, "application/json")], greeting.body).into_response()
        }
        Err(why) => refused(&why),
    }
}
