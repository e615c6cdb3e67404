//! The layer around all fronts: who asks is recognised, every request goes into the exchange log, and one that carries a key is done
//! once.

use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    sync::{Arc, OnceLock},
    time::Instant,
};

use async_trait::async_trait;
use axum::{
    Router,
    body::{Body, Bytes, HttpBody},
    extract::{ConnectInfo, Request, State},
    http::{HeaderMap, HeaderValue, Method, Response, StatusCode, header},
    middleware::{Next, from_fn_with_state},
};
use mhero_app::{ports::Journey, rows::ExchangeDetails};
use mhero_core::{Direction, ExchangeId};
use mhero_exchange::{
    clients::{Admitted, Certificate, Clients, KnownClient, Narrowed, Presented, Turned},
    journal::{Again, Claim, Entry, Envelope, GivenAgain, Journal, KeepBodies, Replay, clean_path},
    openhim::{Calls, Mediator, wrapped},
};
use serde_json::json;
use tower::ServiceExt;
use uuid::Uuid;

use crate::under_way::{UnderWay, may_begin_again};

/// Octets of a request that are kept at most; of a larger one only the length is noted.
const REQUEST_KEPT_MAX: u64 = 256 * 1024;
/// Octets of an answer that are kept at most.
const RESPONSE_KEPT_MAX: u64 = 64 * 1024;
/// Octets of a body that is read whole for a key, or to be wrapped for OpenHIM.
const WHOLE_MAX: usize = 32 << 20;
/// Headers of a request that change what it does, and are kept for doing it again.
const KEPT_HEADERS: [&str; 6] = ["accept", "if-match", "if-none-exist", "if-none-match", "prefer", "x-mhero-lang"];
/// The header in which an answer says under which number its exchange is found in the log.
const CORRELATION: &str = "x-correlation-id";

/// What the layer works with.
#[derive(Clone, Debug)]
pub struct Watch {
    /// The log.
    pub journal: Journal,
    /// Who may ask.
    pub clients: Clients,
    /// OpenHIM, where this installation is registered with it.
    pub mediator: Option<Mediator>,
    /// Whether a proxy of ours stands in front, whose `X-Forwarded-For` may be believed.
    pub behind_proxy: bool,
}

/// A request that is made again.
#[derive(Clone, Debug)]
struct Repeated {
    once: String,
    correlation: Uuid,
    rerun_of: ExchangeId,
}

/// Puts the layer around the fronts, and lets requests be made again through it.
pub fn watched(fronts: Router, watch: Watch) -> Router {
    let replayer = Arc::new(Replayer(OnceLock::new()));
    watch.journal.set_replay(Arc::clone(&replayer) as Arc<dyn Replay>);
    let fronts = fronts.layer(from_fn_with_state(watch, note));
    replayer.0.get_or_init(|| fronts.clone());
    fronts
}

struct Replayer(OnceLock<Router>);

#[async_trait]
impl Replay for Replayer {
    async fn again(&self, again: Again) -> u16 {
        let Some(fronts) = self.0.get() else { return 503 };
        let mut request = Request::builder().method(again.envelope.method.as_str()).uri(&again.envelope.path);
        for (name, value) in &again.envelope.headers {
            request = request.header(name, value);
        }
        if !again.envelope.form.is_empty() {
            request = request.header(header::CONTENT_TYPE, &again.envelope.form);
        }
        let Ok(mut request) = request.body(Body::from(again.body)) else { return 400 };
        let extensions = request.extensions_mut();
        extensions.insert(Repeated { once: again.once, correlation: again.correlation, rerun_of: again.rerun_of });
        extensions.insert(again.client);
        match fronts.clone().oneshot(request).await {
            Ok(response) => response.status().as_u16(),
            Err(never) => match never {},
        }
    }
}

/// What is known of a request before it is answered.
struct Begun {
    began: Instant,
    started_at: jiff::Timestamp,
    client: Option<KnownClient>,
    correlation: Uuid,
    details: ExchangeDetails,
    envelope: Envelope,
    what: String,
    protocol: String,
    changes: bool,
    /// Whether OpenHIM itself asks.
    is_mediated: bool,
}

async fn note(State(watch): State<Watch>, request: Request, next: Next) -> Response<Body> {
    let (mut parts, body) = request.into_parts();
    let address = address(&parts, watch.behind_proxy);
    let repeated = parts.extensions.get::<Repeated>().cloned();
    let admitted = match admit(&watch, &parts, address).await {
        Ok(admitted) => admitted,
        Err(response) => return *response,
    };
    let mut begun = begin(&watch, &parts, address, repeated);
    let (client, turned) = match admitted {
        Ok(admitted) => {
            if let Some(value) = admitted.authorization.and_then(|value| HeaderValue::try_from(value).ok()) {
                parts.headers.insert(header::AUTHORIZATION, value);
            }
            if admitted.is_narrowed {
                parts.extensions.insert(Narrowed);
            }
            (admitted.client, None)
        }
        Err((turned, client)) => (client, Some(turned)),
    };
    begun.details.client = client.as_ref().map(|client| client.id.uuid());
    begun.is_mediated = watch.mediator.as_ref().is_some_and(|mediator| mediator.is_client(client.as_ref()));
    begun.client = client;
    let said = |name: &str| parts.headers.get(name).and_then(|value| value.to_str().ok());
    let transaction = said("x-openhim-transactionid").filter(|_| begun.is_mediated).map(ToOwned::to_owned);
    let parent = said("parentid").map(ToOwned::to_owned);
    if let Some(turned) = turned {
        let response = refusal(&begun.envelope.path, turned);
        return finish(&watch, begun, (None, None), response).await;
    }
    if let Err(response) = key(&watch, &mut begun, (transaction, parent), &parts.headers).await {
        return *response;
    }
    // What is done once is compared octet by octet; else only what is small is read before the front reads it.
    let length = parts.headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
    let has_key = begun.changes && begun.details.once.is_some() && begun.client.is_some();
    let (body, read) = if has_key || (begun.changes && length.is_some_and(|length| length <= REQUEST_KEPT_MAX)) {
        match axum::body::to_bytes(body, WHOLE_MAX).await {
            Ok(bytes) => (Body::from(bytes.clone()), Some(bytes)),
            Err(_) => {
                let response = plain(StatusCode::PAYLOAD_TOO_LARGE, &begun.envelope.path, "the body is too large");
                return finish(&watch, begun, (None, length), response).await;
            }
        }
    } else {
        (body, None)
    };
    let request = Request::from_parts(parts, body);
    if has_key {
        return once(&watch, begun, (request, read.unwrap_or_default()), next).await;
    }
    let response = ask(&watch, &begun, request, next).await;
    finish(&watch, begun, (read, length), response).await
}

/// Recognises who asks; a request that is made again is its account's.
async fn admit(
    watch: &Watch,
    parts: &axum::http::request::Parts,
    address: IpAddr,
) -> Result<Result<Admitted, (Turned, Option<KnownClient>)>, Box<Response<Body>>> {
    let presented = Presented {
        authorization: parts.headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()),
        certificate: parts.extensions.get::<Certificate>(),
        address,
        method: parts.method.as_str(),
        path: parts.uri.path(),
        query: parts.uri.query().unwrap_or_default(),
    };
    let admitted = match parts.extensions.get::<mhero_core::TokenId>() {
        Some(client) => watch.clients.admit_again(*client, &presented).await,
        None => watch.clients.admit(&presented).await,
    };
    admitted.map_err(|error| {
        tracing::error!(%error, "who asks could not be looked up");
        Box::new(plain(StatusCode::SERVICE_UNAVAILABLE, parts.uri.path(), "the store does not answer"))
    })
}

fn begin(watch: &Watch, parts: &axum::http::request::Parts, address: IpAddr, repeated: Option<Repeated>) -> Begun {
    let app = watch.journal.app();
    let path = parts.uri.path();
    let header = |name: &str| parts.headers.get(name).and_then(|value| value.to_str().ok()).map(ToOwned::to_owned);
    let correlation = repeated.as_ref().map(|repeated| repeated.correlation);
    let correlation = correlation.or_else(|| header("traceparent").as_deref().and_then(of_trace));
    let changes = !matches!(parts.method, Method::GET | Method::HEAD | Method::OPTIONS) && !path.ends_with("/_search");
    let kept = KEPT_HEADERS.iter().filter_map(|name| Some(((*name).to_owned(), header(name)?)));
    Begun {
        began: Instant::now(),
        started_at: app.clock().now(),
        client: None,
        correlation: correlation.unwrap_or_else(|| app.new_correlation()),
        details: ExchangeDetails {
            address: Some(address.to_string()),
            once: repeated.as_ref().map(|repeated| repeated.once.clone()),
            rerun_of: repeated.map(|repeated| repeated.rerun_of),
            ..ExchangeDetails::default()
        },
        envelope: Envelope {
            method: parts.method.to_string(),
            path: parts.uri.path_and_query().map_or_else(|| path.to_owned(), ToString::to_string),
            form: header("content-type").unwrap_or_default(),
            headers: kept.collect(),
            is_whole: true,
        },
        what: format!("{} {}", parts.method, clean_path(path, parts.uri.query())),
        protocol: path.split('/').nth(1).unwrap_or_default().to_owned(),
        changes,
        is_mediated: false,
    }
}

/// Under which key a request is done once: its own, or that of the transaction of OpenHIM that it is or repeats.
async fn key(
    watch: &Watch,
    begun: &mut Begun,
    (transaction, parent): (Option<String>, Option<String>),
    headers: &HeaderMap,
) -> Result<(), Box<Response<Body>>> {
    if let Some(transaction) = transaction {
        begun.correlation = Uuid::new_v5(&Uuid::NAMESPACE_OID, transaction.as_bytes());
        if begun.changes && begun.details.once.is_none() {
            let key = watch.journal.key_of_transaction(&transaction, parent.as_deref()).await;
            begun.details.once = Some(key.map_err(|error| {
                tracing::error!(%error, "the key of a transaction could not be looked up");
                Box::new(plain(StatusCode::SERVICE_UNAVAILABLE, &begun.envelope.path, "the store does not answer"))
            })?);
        }
        begun.details.transaction = Some(transaction);
    }
    let given = headers.get("idempotency-key").and_then(|key| key.to_str().ok());
    if let Some(given) = given.filter(|_| begun.changes && begun.details.once.is_none()) {
        begun.details.once = Some(given.to_owned());
    }
    Ok(())
}

/// Does a request that carries a key, unless it was done.
async fn once(watch: &Watch, mut begun: Begun, (mut request, body): (Request, Bytes), next: Next) -> Response<Body> {
    let (Some(client), Some(key)) = (begun.client.clone(), begun.details.once.clone()) else {
        let response = ask(watch, &begun, request, next).await;
        return finish(watch, begun, (Some(body), None), response).await;
    };
    let of = client.id.uuid();
    let parts = [begun.envelope.method.as_bytes(), begun.envelope.path.as_bytes(), &body];
    let path = begun.envelope.path.clone();
    let told = |status, words| plain(status, &path, words);
    if let Ok(key) = HeaderValue::try_from(&key) {
        // One that is made again from the log has the key of the first, too.
        request.headers_mut().insert("idempotency-key", key);
    }
    let under_way = UnderWay::begin(of, &key);
    let claim = watch.journal.claim_once(of, &key, &parts).await;
    let begins = match &claim {
        Ok(Claim::Mine) => true,
        Ok(Claim::Open) => under_way.is_some() && may_begin_again(&path),
        _ => false,
    };
    let response = match claim {
        _ if begins => {
            let response = ask(watch, &begun, request, next).await;
            settle(watch, (of, &key), response).await
        }
        Ok(Claim::Done(given)) => {
            begun.details.reason = Some("exchange-done-before".to_owned());
            again(given)
        }
        Ok(Claim::Other) => {
            told(StatusCode::UNPROCESSABLE_ENTITY, "another request was made under this Idempotency-Key")
        }
        Ok(Claim::Mine | Claim::Open) => told(
            StatusCode::CONFLICT,
            "a request with this key is being worked on, or broke off: look whether it was done, then use another key",
        ),
        Ok(Claim::NoKey) => told(StatusCode::BAD_REQUEST, "an Idempotency-Key has 1 to 255 characters"),
        Err(error) => {
            tracing::error!(%error, "a key could not be claimed");
            told(StatusCode::SERVICE_UNAVAILABLE, "the store does not answer")
        }
    };
    finish(watch, begun, (Some(body), None), response).await
}

/// Keeps what was answered, or gives the key back where nothing was done.
async fn settle(watch: &Watch, (client, key): (Uuid, &str), response: Response<Body>) -> Response<Body> {
    let (parts, body) = response.into_parts();
    let Ok(bytes) = axum::body::to_bytes(body, WHOLE_MAX).await else {
        return plain(StatusCode::INTERNAL_SERVER_ERROR, "", "the answer is too large to be kept under a key");
    };
    let text = |name: &header::HeaderName| parts.headers.get(name)?.to_str().ok().map(ToOwned::to_owned);
    let given = GivenAgain {
        status: parts.status.as_u16(),
        form: text(&header::CONTENT_TYPE).unwrap_or_default(),
        location: text(&header::LOCATION),
        etag: text(&header::ETAG),
        body: bytes.to_vec(),
    };
    let done = match parts.status.as_u16() {
        // It may have been done: the key stays taken, and whoever asks again is told so.
        503 | 504 => Ok(()),
        200..=399 => watch.journal.answered_once(client, key, &given).await,
        _ => watch.journal.give_back_once(client, key).await,
    };
    if let Err(error) = done {
        tracing::error!(%error, "what was answered under a key could not be kept");
    }
    Response::from_parts(parts, Body::from(bytes))
}

/// The first answer, given again.
fn again(given: GivenAgain) -> Response<Body> {
    let mut response = Response::new(Body::from(given.body));
    *response.status_mut() = StatusCode::from_u16(given.status).unwrap_or(StatusCode::OK);
    let texts = [
        (header::CONTENT_TYPE, Some(given.form).filter(|form| !form.is_empty())),
        (header::LOCATION, given.location),
        (header::ETAG, given.etag),
    ];
    for (name, value) in texts {
        if let Some(value) = value.and_then(|value| HeaderValue::try_from(value).ok()) {
            response.headers_mut().insert(name, value);
        }
    }
    response.headers_mut().insert("idempotent-replayed", HeaderValue::from_static("true"));
    response
}

/// Lets the front answer, on a journey of its own; for OpenHIM what was called meanwhile stands in the answer.
async fn ask(watch: &Watch, begun: &Begun, request: Request, next: Next) -> Response<Body> {
    let mediator = watch.mediator.as_ref().filter(|mediator| begun.is_mediated && mediator.wraps());
    let Some(mediator) = mediator else {
        return Journey::new(begun.correlation, watch.journal.witness()).during(next.run(request)).await;
    };
    let calls = Arc::new(Calls::beside(watch.journal.witness()));
    let response = Journey::new(begun.correlation, Arc::clone(&calls) as _).during(next.run(request)).await;
    let (parts, body) = response.into_parts();
    let is_wrapped = parts.headers.get(header::CONTENT_TYPE).is_some_and(|form| form == mhero_exchange::openhim::FORM);
    if is_wrapped {
        return Response::from_parts(parts, body);
    }
    let Ok(bytes) = axum::body::to_bytes(body, WHOLE_MAX).await else {
        return plain(StatusCode::INTERNAL_SERVER_ERROR, "", "the answer is too large for OpenHIM");
    };
    let shown = parts
        .headers
        .iter()
        .filter_map(|(name, value)| Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned())));
    let answer = wrapped(
        mediator,
        (parts.status.as_u16(), shown.collect(), &String::from_utf8_lossy(&bytes)),
        &calls.made(),
        watch.journal.app().clock().now(),
    );
    let mut response = Response::new(Body::from(answer.to_string()));
    // OpenHIM looks at the status inside; this one is for whoever reads the log.
    *response.status_mut() = parts.status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(mhero_exchange::openhim::FORM));
    response
}

/// Notes the request and gives the answer on.
async fn finish(
    watch: &Watch,
    mut begun: Begun,
    (request, length): (Option<Bytes>, Option<u64>),
    response: Response<Body>,
) -> Response<Body> {
    let status = response.status().as_u16();
    let outcome = match status {
        ..400 => "ok",
        400..500 => "refused",
        _ => "failed",
    };
    let wants = match watch.journal.bodies() {
        KeepBodies::Off => false,
        KeepBodies::Changes => begun.changes || outcome != "ok",
        KeepBodies::All => true,
    };
    // Whom nobody knows could fill the disk with them.
    let keeps = wants && begun.client.is_some();
    let is_secret = tells_secrets(&begun.envelope.path);
    let size = response.body().size_hint().exact();
    let (mut parts, body) = response.into_parts();
    let (body, answered) = match size {
        Some(size) if keeps && !is_secret && size <= RESPONSE_KEPT_MAX => {
            match axum::body::to_bytes(body, WHOLE_MAX).await {
                Ok(bytes) => (Body::from(bytes.clone()), Some(bytes)),
                Err(_) => (Body::empty(), None),
            }
        }
        _ => (body, None),
    };
    let counted = |octets: u64| i64::try_from(octets).unwrap_or(i64::MAX);
    begun.details.sent = request.as_ref().map(|body| body.len() as u64).or(length).map(counted);
    begun.details.received = size.map(counted);
    begun.envelope.is_whole =
        !is_secret && (!begun.changes || request.as_ref().is_some_and(|body| body.len() as u64 <= REQUEST_KEPT_MAX));
    if outcome != "ok"
        && let Some(client) = &begun.client
        && let Err(error) = watch.clients.failed(client).await
    {
        tracing::error!(%error, "nobody could be told that an account fails");
    }
    let head = begun.envelope;
    watch.journal.note(Entry {
        correlation: begun.correlation,
        direction: Direction::In,
        peer: begun.client.map_or_else(|| "?".to_owned(), |client| client.name),
        protocol: begun.protocol,
        what: begun.what,
        outcome,
        status: Some(i64::from(status)),
        started_at: begun.started_at,
        took_micros: i64::try_from(begun.began.elapsed().as_micros()).unwrap_or(i64::MAX),
        details: begun.details,
        request: keeps.then(|| {
            let whole: &[u8] = request.as_deref().unwrap_or_default();
            head.around(if head.is_whole { whole } else { &[] })
        }),
        response: answered.filter(|body| !body.is_empty()).map(|body| body.to_vec()),
        folds: !begun.changes && outcome == "ok",
    });
    if let Ok(value) = HeaderValue::try_from(begun.correlation.to_string()) {
        parts.headers.insert(CORRELATION, value);
    }
    Response::from_parts(parts, body)
}

/// Whether bodies at an address hold what is shown once or never: the key of a web hook, the headers of a subscription.
fn tells_secrets(path: &str) -> bool {
    let path = path.split('?').next().unwrap_or_default();
    path.starts_with("/api/v1/webhooks") || path.split('/').any(|step| step == "Subscription")
}

fn refusal(path: &str, turned: Turned) -> Response<Body> {
    let status = StatusCode::from_u16(turned.status()).unwrap_or(StatusCode::FORBIDDEN);
    let mut response = plain(status, path, &turned.to_string());
    if status == StatusCode::UNAUTHORIZED {
        response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"mHero\""));
    }
    response
}

/// An error in the shape that the front of an address has.
fn plain(status: StatusCode, path: &str, words: &str) -> Response<Body> {
    let is_fhir = path.starts_with("/fhir");
    let (form, body) = if is_fhir {
        let code = match status.as_u16() {
            401 => "login",
            403 => "forbidden",
            409 => "conflict",
            429 => "throttled",
            413 => "too-long",
            500.. => "exception",
            _ => "invalid",
        };
        let issue = json!({ "severity": "error", "code": code, "diagnostics": words });
        ("application/fhir+json", json!({ "resourceType": "OperationOutcome", "issue": [issue] }))
    } else {
        ("application/json", json!({ "detail": words }))
    };
    let mut response = Response::new(Body::from(body.to_string()));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(form));
    response
}

/// The trace of a `traceparent` (W3C Trace Context, 3.2): 00-TRACE-PARENT-FLAGS.
fn of_trace(header: &str) -> Option<Uuid> {
    let mut parts = header.split('-');
    let (version, trace) = (parts.next()?, parts.next()?);
    let is_one = version.len() == 2 && trace.len() == 32 && version != "ff";
    let id = Uuid::try_parse(trace).ok().filter(|_| is_one)?;
    (!id.is_nil()).then_some(id)
}

/// Where a request comes from: our own proxy tells in the last entry of its header.
fn address(parts: &axum::http::request::Parts, behind_proxy: bool) -> IpAddr {
    let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
    let told = || {
        let line = parts.headers.get_all("x-forwarded-for").iter().next_back()?;
        line.to_str().ok()?.rsplit(',').next()?.trim().parse().ok()
    };
    let told = if behind_proxy { told() } else { None };
    told.or(peer).unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_told_at_few_addresses() {
        for path in
            ["/api/v1/webhooks", "/api/v1/webhooks/1/rotate?x=y", "/fhir/Subscription/1", "/emNutt/fhir/Subscription"]
        {
            assert!(tells_secrets(path), "{path}");
        }
        assert!(!tells_secrets("/api/v1/people") && !tells_secrets("/fhir/Practitioner?x=/Subscription"));
    }

    #[test]
    fn a_trace_is_taken_over_and_nonsense_is_not() {
        let id = of_trace("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01").expect("it is one");
        assert_eq!(id.simple().to_string(), "4bf92f3577b34da6a3ce929d0e0e4736");
        for wrong in ["", "00-4bf9-00-01", "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"] {
            assert_eq!(of_trace(wrong), None, "{wrong}");
        }
        assert_eq!(of_trace(&format!("00-{}-00f067aa0ba902b7-01", "0".repeat(32))), None);
    }
}
