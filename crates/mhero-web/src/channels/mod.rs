//! Where carriers call us: `/c/KIND/CHANNEL/ACTION`, the paths of RapidPro, so that gateways move here with a changed host only.
//!
//! No session, no pages, none of the console's layers: a gateway brings thousands of calls a second. Each is on disk before it hears
//! 200. Nothing of what it brings, and no part of its address, is logged.

mod relayers;

use std::{
    collections::HashMap,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    sync::{Arc, Mutex, PoisonError},
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
use jiff::{SignedDuration, Timestamp};
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

/// How long one channel's refused calls make one entry of the audit: whoever forges them shall not fill it.
const NOTED_EVERY: SignedDuration = SignedDuration::from_mins(1);

#[derive(Clone)]
struct Door {
    app: App,
    behind_proxy: bool,
    /// When a refused call of a channel was noted last.
    noted: Arc<Mutex<HashMap<ChannelId, Timestamp>>>,
}

impl Door {
    /// Notes a refused call in the audit, where none of this channel was noted a moment ago.
    async fn note_refused(&self, channel: ChannelId, why: &CallRefused) {
        let now = self.app.clock().now();
        {
            let mut noted = self.noted.lock().unwrap_or_else(PoisonError::into_inner);
            if noted.get(&channel).is_some_and(|last| now.duration_since(*last) < NOTED_EVERY) {
                return;
            }
            noted.insert(channel, now);
        }
        let is_forged = matches!(why, CallRefused::Forged);
        if let Err(error) = mhero_disclosure::note_call_refused(&self.app, channel, is_forged).await {
            tracing::error!(%error, "a refused call could not be noted");
        }
    }
}

/// The routes that carriers call.
pub fn router(app: App, options: &WebOptions) -> Router {
    let door = Door { app, behind_proxy: options.behind_proxy, noted: Arc::default() };
    Router::new()
        .route("/c/{kind}/{channel}/{action}", any(call))
        .layer(DefaultBodyLimit::max(FORM_BYTES_MAX))
        .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, Duration::from_secs(CALL_SECONDS_MAX)))
        .merge(relayers::router())
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
    body: Bytes,
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
    let named = headers.iter().filter_map(|(name, value)| Some((name.as_str(), value.to_str().ok()?)));
    let named = named.collect::<Vec<_>>();
    let call = Call { action: &action, from, method: method.as_str(), query: &query, body: &body, headers: &named };
    match door.app.called(&kind, channel, &call).await {
        Ok(taken) => ([(header::CONTENT_TYPE, taken.content_type)], taken.body).into_response(),
        Err(why) => {
            match why {
                CallRefused::Forbidden | CallRefused::Forged => {
                    tracing::warn!(%channel, %from, %why, "a carrier's call was refused");
                    door.note_refused(channel, &why).await;
                }
                _ => tracing::debug!(%channel, %why, "a carrier's call was refused"),
            }
            refused(&why)
        }
    }
}

/// An error as carriers' developers know it from RapidPro.
fn refused(why: &CallRefused) -> Response {
    let status = match why {
        CallRefused::Unknown => StatusCode::NOT_FOUND,
        CallRefused::Forbidden | CallRefused::Forged => StatusCode::FORBIDDEN,
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
