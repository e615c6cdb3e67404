//! The layers around every page: limits, the content policy, protection against other sites, errors in words.

use std::{
    any::Any,
    sync::Arc,
    time::{Duration, Instant},
};

use async_trait::async_trait;
use axum::{
    Router,
    body::Body,
    extract::{MatchedPath, Request, State},
    http::{HeaderName, HeaderValue, Method, StatusCode, header},
    middleware::{Next, from_fn, from_fn_with_state},
    response::{IntoResponse, Redirect, Response},
};
use mhero_core::{Lang, limits, record::Reason};
use tower_http::{
    catch_panic::CatchPanicLayer,
    compression::CompressionLayer,
    csrf::{CsrfLayer, ProtectionError},
    limit::RequestBodyLimitLayer,
    request_id::{MakeRequestUuid, PropagateRequestIdLayer, SetRequestIdLayer},
    timeout::TimeoutLayer,
};
use tower_sessions::{Session, SessionManagerLayer};

use crate::{
    errors::{ErrorPage, Refusal, show},
    language::{self, Reading},
    page::Page,
    session::Sessions,
};

/// Longest that one request may take, in seconds.
const REQUEST_SECONDS_MAX: u64 = 30;

/// Nothing from elsewhere, nothing inline: a text that slips into a page cannot run.
const CONTENT_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
    connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

const FIXED_HEADERS: &[(&str, &str)] = &[
    ("content-security-policy", CONTENT_POLICY),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "same-origin"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("permissions-policy", "camera=(), geolocation=(), microphone=()"),
];

/// Makes the page around an error.
#[async_trait]
pub trait Letterhead: Send + Sync + 'static {
    /// A page in a language, for a path, with the reader of a session where somebody has signed in.
    async fn page(&self, lang: Lang, path: String, session: Option<Session>) -> Page;
}

/// Puts the layers around the console's routes; a page without sessions (the gallery) brings none.
pub fn around(
    routes: Router,
    letterhead: Arc<dyn Letterhead>,
    sessions: Option<SessionManagerLayer<Sessions>>,
) -> Router {
    around_both(routes, Router::new(), letterhead, sessions)
}

/// The same for an installation where some routes take files, which may be larger than any form.
pub fn around_both(
    routes: Router,
    uploads: Router,
    letterhead: Arc<dyn Letterhead>,
    sessions: Option<SessionManagerLayer<Sessions>>,
) -> Router {
    let csrf = CsrfLayer::new().with_rejection_response(|_: ProtectionError| {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = StatusCode::FORBIDDEN;
        response.extensions_mut().insert(Refusal::Foreign);
        response
    });
    // The last one added is the outermost. Error pages are dressed inside the session, so that they know their reader.
    let uploads = uploads.layer(RequestBodyLimitLayer::new(limits::UPLOAD_BYTES_MAX));
    let dressed = routes
        .layer(RequestBodyLimitLayer::new(limits::REQUEST_BYTES_MAX))
        .merge(uploads)
        .layer(csrf)
        .layer(TimeoutLayer::with_status_code(
            StatusCode::SERVICE_UNAVAILABLE,
            Duration::from_secs(REQUEST_SECONDS_MAX),
        ))
        .layer(CatchPanicLayer::custom(broken))
        .layer(from_fn_with_state(letterhead, dress));
    let dressed = match sessions {
        Some(sessions) => dressed.layer(sessions),
        None => dressed,
    };
    dressed
        .layer(from_fn(language::choose))
        .layer(from_fn(note))
        .layer(from_fn(guard))
        .layer(PropagateRequestIdLayer::x_request_id())
        .layer(SetRequestIdLayer::x_request_id(MakeRequestUuid))
        .layer(CompressionLayer::new())
}

#[expect(clippy::needless_pass_by_value, reason = "the layer hands the panic over")]
fn broken(panic: Box<dyn Any + Send + 'static>) -> Response {
    let words = panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref::<&str>().copied());
    tracing::error!(panic = words.unwrap_or("without words"), "a page panicked");
    StatusCode::INTERNAL_SERVER_ERROR.into_response()
}

/// One line for each request. Only the pattern of the address is noted: a query may hold a name or a number.
async fn note(request: Request, next: Next) -> Response {
    let pattern = request.extensions().get::<MatchedPath>().map(|path| path.as_str().to_owned());
    let (method, began) = (request.method().clone(), Instant::now());
    let id = request.headers().get("x-request-id").and_then(|value| value.to_str().ok()).unwrap_or_default();
    let id = id.to_owned();
    let response = next.run(request).await;
    let took_ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
    let (page, status) = (pattern.as_deref().unwrap_or("-"), response.status().as_u16());
    tracing::info!(%method, page, status, took_ms, request = id, "request");
    response
}

/// Adds the fixed headers; pages are not kept by browsers that several people share.
async fn guard(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in FIXED_HEADERS {
        headers.entry(HeaderName::from_static(name)).or_insert(HeaderValue::from_static(value));
    }
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

/// The address one step up, with the same query.
fn above(path: &str) -> String {
    let (place, query) = path.split_at(path.find('?').unwrap_or(path.len()));
    let up = place.trim_end_matches('/').rsplit_once('/').map_or("", |(up, _)| up);
    format!("{}{query}", if up.starts_with("//") || up.is_empty() { "/" } else { up })
}

/// Gives words to an error that a layer or an extractor answered with a bare status.
async fn dress(State(letterhead): State<Arc<dyn Letterhead>>, request: Request, next: Next) -> Response {
    let lang = request.extensions().get::<Reading>().map_or(Lang::ENGLISH, |reading| reading.0);
    let path = request.uri().path_and_query().map_or_else(|| "/".to_owned(), ToString::to_string);
    let is_opened = request.method() == Method::GET;
    let id = request.headers().get("x-request-id").and_then(|value| value.to_str().ok()).unwrap_or_default();
    let number = id.get(..8).unwrap_or_default().to_owned();
    let session = request.extensions().get::<Session>().cloned();
    let response = next.run(request).await;
    // What answers a form has the address of the form, which nothing opens: who chooses another language there, or comes back to it,
    // is led to the page on which the form stands.
    if is_opened && response.status() == StatusCode::METHOD_NOT_ALLOWED {
        return Redirect::to(&above(&path)).into_response();
    }
    let is_page = response.headers().get(header::CONTENT_TYPE).is_some_and(|kind| {
        kind.to_str().is_ok_and(|kind| kind.starts_with("text/html") || kind.starts_with("application/json"))
    });
    let refusal = response.extensions().get::<Refusal>().copied().or_else(|| Refusal::of(response.status()));
    match refusal {
        Some(refusal) if !is_page => {
            let page = letterhead.page(lang, path, session).await;
            let page = match response.extensions().get::<Reason>() {
                Some(reason) => ErrorPage::told(page, refusal, reason, number),
                None => ErrorPage::of(page, refusal, number),
            };
            let mut dressed = show(refusal.status(), &page);
            for (name, value) in response.headers() {
                if *name == header::SET_COOKIE || *name == header::RETRY_AFTER {
                    dressed.headers_mut().append(name, value.clone());
                }
            }
            dressed
        }
        _ => response,
    }
}
