//! What a client gets: JSON, or a page for people who look at an address.

use axum::{
    body::Body,
    http::{HeaderValue, Response, StatusCode, header},
};
use mhero_app::{App, Caller};
use mhero_rapidpro::{Answer, ApiError, ENDPOINTS};
use serde_json::{Value, json};

/// JSON exactly so, without a charset: some clients refuse any other.
const JSON: &str = "application/json";

/// An answer of JSON.
pub(crate) fn json_of(status: StatusCode, body: &Value) -> Response<Body> {
    let mut response = Response::new(Body::from(body.to_string()));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(JSON));
    response
}

/// A status with a sentence.
pub(crate) fn detail(status: StatusCode, said: &str) -> Response<Body> {
    json_of(status, &json!({ "detail": said }))
}

/// What was answered.
pub(crate) fn done(answer: &Answer) -> Response<Body> {
    let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::OK);
    match &answer.body {
        Some(body) => json_of(status, body),
        None => {
            let mut response = Response::new(Body::empty());
            *response.status_mut() = status;
            response
        }
    }
}

/// What was refused.
pub(crate) fn failed(app: &App, caller: Option<&Caller>, error: &ApiError) -> Response<Body> {
    let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    if status.is_server_error() {
        tracing::error!(%error, "a request of the RapidPro API could not be answered");
    }
    json_of(status, &error.told(app, caller))
}

/// Too many requests: after how many seconds there may be another.
pub(crate) fn throttled(seconds: i64) -> Response<Body> {
    let said = format!("Request was throttled. Expected available in {seconds} seconds.");
    let mut response = detail(StatusCode::TOO_MANY_REQUESTS, &said);
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    response
}

/// A page about one endpoint, or about all. It shows nothing of anybody, so that nobody need sign in for it.
pub(crate) fn about(base: &str, endpoint: Option<&str>) -> Response<Body> {
    let rows: String = ENDPOINTS
        .iter()
        .filter(|(name, methods)| !methods.is_empty() && endpoint.is_none_or(|one| one == *name))
        .map(|(name, methods)| {
            format!("<tr><th scope=\"row\"><a href=\"{name}\">{name}</a></th><td>{methods}</td><td><code>{name}.json</code></td></tr>")
        })
        .collect();
    let title = endpoint.unwrap_or("API v2");
    let base: String = base.chars().filter(|c| !matches!(c, '<' | '>' | '&' | '"' | '\'')).collect();
    let page = format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">\
         <title>{title}</title></head><body><main><h1>{title}</h1><p>Send <code>Authorization: Token …</code> with a token of \
         <code>mhero token create</code>.</p><p><code>{base}/</code></p><table><thead><tr><th scope=\"col\">Endpoint</th>\
         <th scope=\"col\">Methods</th><th scope=\"col\">Address</th></tr></thead><tbody>{rows}</tbody></table></main></body></html>"
    );
    let mut response = Response::new(Body::from(page));
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    response
}
