//! The addresses.

use std::sync::Arc;

use axum::{
    Router,
    body::Body,
    extract::{DefaultBodyLimit, Path, Request, State},
    http::{HeaderMap, Method as HttpMethod, Response, StatusCode},
    routing::any,
};
use mhero_app::{App, Caller};
use mhero_core::Right;
use mhero_exchange::clients::{Rate, Reached};
use mhero_rapidpro::{ApiServer, Ask, Method};

use crate::{answer, asked, rate::bucket};

/// Octets of a body at most.
const BODY_MAX: usize = 1 << 20;
/// Longest key of a request that may come twice, in characters.
const ONCE_MAX: usize = 200;
/// What a bad or missing token is told. RapidPro says 403 here, and its clients know no other.
const INVALID: &str = "Invalid token";
/// The same where the token came as the password of Basic.
const INVALID_BASIC: &str = "Invalid token or email";

/// How the API is reached.
#[derive(Clone, Copy, Debug)]
pub struct RapidproOptions {
    /// Whether clients reach it by https.
    pub https: bool,
    /// Whether a proxy of ours stands in front, whose `X-Forwarded-Host` and `X-Forwarded-Proto` may be believed.
    pub behind_proxy: bool,
    /// Requests that a token may make in an hour, for each of the five kinds that are counted.
    pub requests_per_hour: u32,
}

#[derive(Clone)]
struct Front {
    app: App,
    options: RapidproOptions,
    rate: Arc<Rate>,
}

/// The API under `/api/v2`.
pub fn router(app: App, options: RapidproOptions) -> Router {
    let rate = Arc::new(Rate::new(options.requests_per_hour));
    Router::new()
        .route("/api/v2", any(root))
        .route("/api/v2/", any(root))
        .route("/api/v2.json", any(root))
        .route("/api/v2/{*path}", any(endpoint))
        // What is larger is refused in this interface's own words, by who reads it.
        .layer(DefaultBodyLimit::max(BODY_MAX))
        .with_state(Front { app, options, rate })
}

impl Front {
    /// The address under which this client reaches the API.
    fn base(&self, headers: &HeaderMap) -> String {
        let reached = Reached { https: self.options.https, behind_proxy: self.options.behind_proxy };
        reached.origin(|name| headers.get(name)?.to_str().ok()) + "/api/v2"
    }

    /// Who asks, by the token.
    async fn caller(&self, server: &ApiServer, headers: &HeaderMap) -> Result<Caller, Response<Body>> {
        let Some((token, is_basic)) = asked::token(headers) else {
            let said = "Authentication credentials were not provided.";
            return Err(answer::detail(StatusCode::FORBIDDEN, said));
        };
        let found = server.caller_of_token(&token).await.map_err(|error| answer::failed(&self.app, None, &error))?;
        let said = if is_basic { INVALID_BASIC } else { INVALID };
        let caller = found.ok_or_else(|| answer::detail(StatusCode::FORBIDDEN, said))?;
        caller.must(Right::Api).map_err(|error| answer::failed(&self.app, Some(&caller), &error.into()))?;
        Ok(caller)
    }
}

async fn root(State(front): State<Front>, request: Request) -> Response<Body> {
    let (parts, _) = request.into_parts();
    let base = front.base(&parts.headers);
    let query = asked::pairs(parts.uri.query().unwrap_or_default());
    let by_name = parts.uri.path().ends_with(".json");
    if !matches!(parts.method, HttpMethod::GET | HttpMethod::HEAD) {
        return answer::detail(StatusCode::METHOD_NOT_ALLOWED, &format!("Method \"{}\" not allowed.", parts.method));
    }
    if !by_name && !asked::named("", &query, &parts.headers).wants_json {
        return answer::about(&base, None);
    }
    answer::json_of(StatusCode::OK, &ApiServer::new(front.app, &base).root())
}

async fn endpoint(State(front): State<Front>, Path(path): Path<String>, request: Request) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let base = front.base(&parts.headers);
    let query = asked::pairs(parts.uri.query().unwrap_or_default());
    let named = asked::named(&path, &query, &parts.headers);
    if !ApiServer::has(&named.endpoint) {
        return answer::detail(StatusCode::NOT_FOUND, "Not found.");
    }
    let method = match parts.method {
        HttpMethod::GET | HttpMethod::HEAD => Method::Get,
        HttpMethod::POST => Method::Post,
        HttpMethod::DELETE => Method::Delete,
        other => {
            let said = format!("Method \"{other}\" not allowed.");
            return answer::detail(StatusCode::METHOD_NOT_ALLOWED, &said);
        }
    };
    if method == Method::Get && !named.wants_json {
        return answer::about(&base, Some(&named.endpoint));
    }
    let server = ApiServer::new(front.app.clone(), &base);
    let caller = match front.caller(&server, &parts.headers).await {
        Ok(caller) => caller,
        Err(refused) => return refused,
    };
    let principal = caller.scope.principal().unwrap_or_default();
    if let Err(seconds) = front.rate.take(principal, bucket(&named.endpoint), front.app.clock().now_micros()) {
        return answer::throttled(seconds);
    }
    let Ok(bytes) = axum::body::to_bytes(body, BODY_MAX).await else {
        return answer::detail(
            StatusCode::PAYLOAD_TOO_LARGE,
            &format!("A request has at most {} KiB.", BODY_MAX >> 10),
        );
    };
    let body = match asked::body(&bytes, &parts.headers) {
        Ok(body) => body,
        Err(said) => return answer::detail(StatusCode::BAD_REQUEST, &said),
    };
    let once = parts.headers.get("idempotency-key").and_then(|line| line.to_str().ok());
    let once = once.map(|key| key.trim().chars().take(ONCE_MAX).collect::<String>()).filter(|key| !key.is_empty());
    let ask = Ask { caller, method, endpoint: named.endpoint, query, body, once };
    match server.answer(&ask).await {
        Ok(done) => answer::done(&done),
        Err(error) => answer::failed(&front.app, Some(&ask.caller), &error),
    }
}
