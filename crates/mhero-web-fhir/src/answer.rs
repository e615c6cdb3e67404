//! What a client gets: a resource with its headers, or an `OperationOutcome`.

use axum::{
    body::Body,
    http::{HeaderValue, Response, StatusCode, header},
};
use jiff::{Timestamp, tz::TimeZone};
use mhero_exchange::fhir::{FhirError, Version};
use mhero_fhir::{Issue, issue::outcome};
use serde_json::Value;

use crate::{
    ask::{Asking, Prefers},
    format::{Format, Unwritten},
};

/// An answer of text in a format.
pub(crate) fn text(status: StatusCode, format: Format, body: String) -> Response<Body> {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(format.media_type()));
    response
}

/// A tree as an answer.
pub(crate) fn tree(status: StatusCode, asking: &Asking, resource: &Value) -> Response<Body> {
    text(status, asking.format, asking.format.write(resource, asking.is_pretty))
}

/// An answer with nothing in it.
pub(crate) fn empty(status: StatusCode) -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    response
}

/// One version of a resource, in the size that was asked for.
pub(crate) fn version(status: StatusCode, asking: &Asking, version: &Version) -> Response<Body> {
    let mut response = if asking.format == Format::Json && asking.is_whole() {
        text(status, Format::Json, version.body.clone())
    } else {
        tree(status, asking, &asking.shaped(&version.body))
    };
    stamped(&mut response, version);
    response
}

/// `ETag` and `Last-Modified`.
fn stamped(response: &mut Response<Body>, version: &Version) {
    let mut put = |name, value: String| {
        if let Ok(value) = HeaderValue::from_str(&value) {
            response.headers_mut().insert(name, value);
        }
    };
    put(header::ETAG, etag(version.version));
    put(header::LAST_MODIFIED, http_date(version.at));
}

/// What was written: the resource, an outcome, or nothing, as the client prefers.
pub(crate) fn written(status: u16, asking: &Asking, stands: &Version, warnings: &[Issue]) -> Response<Body> {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::OK);
    let mut response = match asking.prefers {
        Prefers::Minimal => empty(status),
        Prefers::Outcome => tree(status, asking, &outcome(warnings)),
        Prefers::Representation => version(status, asking, stands),
    };
    stamped(&mut response, stands);
    let location = format!("{}/{}/{}/_history/{}", asking.base, stands.kind, stands.id, stands.version);
    if let Ok(location) = HeaderValue::from_str(&location) {
        response.headers_mut().insert(header::LOCATION, location);
    }
    response
}

/// An error as FHIR tells it; where something stands under another name, with its address.
pub(crate) fn failed_at(asking: &Asking, error: &FhirError) -> Response<Body> {
    let mut response = failed(asking.format, error);
    if let FhirError::Moved(name) = error
        && let Ok(location) = HeaderValue::from_str(&format!("{}/{name}", asking.base))
    {
        response.headers_mut().insert(header::LOCATION, location);
    }
    response
}

/// An error as FHIR tells it.
pub(crate) fn failed(format: Format, error: &FhirError) -> Response<Body> {
    let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    if status.is_server_error() {
        tracing::error!(%error, "a request of FHIR could not be answered");
    }
    text(status, format, format.write(&outcome(&error.issues()), false))
}

/// A status with one thing that is wrong.
pub(crate) fn told(status: StatusCode, format: Format, issue: Issue) -> Response<Body> {
    text(status, format, format.write(&outcome(&[issue]), false))
}

/// A format that is not written here: 400 where the address asks for it, as mCSD says, 406 where the header does.
pub(crate) fn unwritten(unwritten: &Unwritten) -> Response<Body> {
    let (status, said) = match unwritten {
        Unwritten::Asked(name) => (StatusCode::BAD_REQUEST, name),
        Unwritten::Accepted(name) => (StatusCode::NOT_ACCEPTABLE, name),
    };
    let shown: String = said.chars().take(100).collect();
    let why = format!("“{shown}” is not written here: ask for application/fhir+json or application/fhir+xml");
    told(status, Format::Json, Issue::error(mhero_fhir::Code::NotSupported, "", why))
}

/// `W/"3"`.
pub(crate) fn etag(version: i64) -> String {
    format!("W/\"{version}\"")
}

/// `Thu, 14 May 2026 16:00:00 GMT`.
pub(crate) fn http_date(at: Timestamp) -> String {
    at.to_zoned(TimeZone::UTC).strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
}
