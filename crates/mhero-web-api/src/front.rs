//! Who asks: the token, the language, how often; and the layer that tells what is wrong.

use std::sync::Arc;

use axum::{
    Router,
    body::Body,
    extract::{FromRequestParts, Request, State},
    http::{HeaderMap, Response, StatusCode, header, request::Parts},
    middleware::{Next, from_fn_with_state},
};
use mhero_api::Reader;
use mhero_app::{App, Caller};
use mhero_core::{Lang, Right};
use mhero_exchange::clients::{Rate, Reached, token_of};
use uuid::Uuid;

use crate::problem::{FORM, Fault};

/// Longest key of a request that may come twice, in characters.
const ONCE_MAX: usize = 255;
/// Under which name the requests of an account are counted.
const BUCKET: &str = "v1";
/// Languages in which problems are told.
const LANGUAGES: [(&str, Lang); 4] =
    [("en", Lang::ENGLISH), ("fr", Lang::FRENCH), ("pt", Lang::PORTUGUESE), ("ar", Lang::ARABIC)];

/// What every handler works with.
#[derive(Clone)]
pub(crate) struct Front {
    pub(crate) app: App,
    pub(crate) reached: Reached,
    pub(crate) rate: Arc<Rate>,
}

/// A request whose caller is known: any handler that takes this is behind the door.
#[derive(Clone)]
pub(crate) struct Asking {
    /// The application.
    pub(crate) app: App,
    /// Who asks, with the language of their answer.
    pub(crate) caller: Caller,
    /// By which scheme and host they reach the server, for links.
    pub(crate) origin: String,
    /// What makes it the same request when it comes twice.
    once: Option<String>,
}

impl Asking {
    /// Whether this is in the sandbox.
    pub(crate) fn is_in_sandbox(&self) -> bool {
        self.caller.scope.is_in_sandbox()
    }

    /// Whoever asks, by id.
    pub(crate) fn principal(&self) -> Uuid {
        self.caller.scope.principal().unwrap_or_default()
    }

    /// The key under which what is asked is done once: the same whenever the same account sends the same `Idempotency-Key`, so that
    /// even a server that ended between doing and answering does nothing twice.
    pub(crate) fn once_key(&self) -> Option<String> {
        Some(format!("api/{}/{}", self.principal(), self.once.as_ref()?))
    }

    /// What is read for whoever asks.
    pub(crate) fn reader(&self) -> Reader {
        Reader::new(self.app.clone())
    }

    /// Refuses whoever lacks a right.
    pub(crate) fn must(&self, right: Right) -> Result<(), Fault> {
        Ok(self.caller.must(right)?)
    }
}

impl FromRequestParts<Front> for Asking {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, front: &Front) -> Result<Self, Fault> {
        let app = front.app.clone();
        let said = parts.headers.get(header::AUTHORIZATION).and_then(|line| line.to_str().ok());
        let unknown = |code| Fault::new(StatusCode::UNAUTHORIZED, code);
        let token = said.and_then(token_of).ok_or_else(|| unknown("no-token"))?;
        let caller = app.caller_of_any_token(&token).await?.ok_or_else(|| unknown("unknown-token"))?;
        let caller = Caller { language: language(&parts.headers), ..caller };
        caller.must(Right::Api)?;
        let principal = caller.scope.principal().unwrap_or_default();
        if let Err(seconds) = front.rate.take(principal, BUCKET, app.clock().now_micros()) {
            let often = Fault::new(StatusCode::TOO_MANY_REQUESTS, "too-often");
            return Err(often.arg("seconds", seconds.to_string()).after(seconds));
        }
        let once = match parts.headers.get("idempotency-key") {
            None => None,
            Some(key) => {
                let key = key.to_str().unwrap_or_default().trim();
                if key.is_empty() || key.chars().count() > ONCE_MAX {
                    return Err(Fault::bad("key").field("Idempotency-Key").arg("max", ONCE_MAX.to_string()));
                }
                Some(key.to_owned())
            }
        };
        let origin = front.reached.origin(|name| parts.headers.get(name)?.to_str().ok());
        Ok(Self { app, caller, origin, once })
    }
}

/// Tells faults, and whatever else went wrong on the way, as problems.
pub(crate) async fn told(State(front): State<Front>, request: Request, next: Next) -> Response<Body> {
    let language = language(request.headers());
    let mut response = next.run(request).await;
    if let Some(fault) = response.extensions_mut().remove::<Fault>() {
        return over(&response, fault.answer(&front.app, language));
    }
    if !is_untold(&response) {
        return response;
    }
    let status = response.status();
    let code = match status.as_u16() {
        404 => "no-address",
        405 => "method",
        413 => "too-large",
        415 => "media-type",
        400..500 => "request",
        _ => "internal",
    };
    over(&response, Fault::new(status, code).answer(&front.app, language))
}

/// Lets what the layers around this API refuse at its addresses be told as it tells its own: the exchange log, which looks at
/// networks, kinds and keys before any front is asked.
pub fn told_everywhere(fronts: Router, app: App) -> Router {
    fronts.layer(from_fn_with_state(app, refused_before))
}

async fn refused_before(State(app): State<App>, request: Request, next: Next) -> Response<Body> {
    let is_own = request.uri().path().starts_with("/api/v1");
    let language = language(request.headers());
    let response = next.run(request).await;
    if !is_own || !is_untold(&response) {
        return response;
    }
    let status = response.status();
    let code = match status.as_u16() {
        401 => "unknown-token",
        403 => "turned-away",
        409 => "key-open",
        422 => "key-used",
        413 => "too-large",
        429 => "too-many-wrong",
        // The one thing that it reads beside.
        400 => "key",
        402..500 => "request",
        _ => "internal",
    };
    let fault = Fault::new(status, code).arg("max", ONCE_MAX.to_string());
    over(&response, fault.answer(&app, language))
}

/// Whether something went wrong, and nobody has told it in the shape of this API.
fn is_untold(response: &Response<Body>) -> bool {
    let went_wrong = response.status().is_client_error() || response.status().is_server_error();
    went_wrong && response.headers().get(header::CONTENT_TYPE).is_none_or(|form| form != FORM)
}

/// An answer with the headers of another that it does not have itself: `Allow`.
fn over(old: &Response<Body>, mut new: Response<Body>) -> Response<Body> {
    for (name, value) in old.headers() {
        let is_own = new.headers().contains_key(name) || name == header::CONTENT_LENGTH;
        if !is_own {
            new.headers_mut().insert(name, value.clone());
        }
    }
    new
}

/// The language that `Accept-Language` asks for, of those that there are; English otherwise.
pub(crate) fn language(headers: &HeaderMap) -> Lang {
    let said = headers.get(header::ACCEPT_LANGUAGE).and_then(|line| line.to_str().ok()).unwrap_or_default();
    let mut best = (0.0, Lang::ENGLISH);
    for part in said.split(',').take(20) {
        let (tag, rest) = part.trim().split_once(';').unwrap_or((part.trim(), ""));
        let weight = rest.trim().strip_prefix("q=").map_or(Some(1.0), |q| q.parse::<f64>().ok()).unwrap_or(0.0);
        let main = tag.split('-').next().unwrap_or_default().to_ascii_lowercase();
        let known = LANGUAGES.iter().find(|(code, _)| *code == main);
        if let Some((_, language)) = known
            && weight > best.0
        {
            best = (weight, *language);
        }
    }
    best.1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_language_wanted_most_is_spoken() {
        for (said, wanted) in [
            ("", Lang::ENGLISH),
            ("fr-CD, en;q=0.8", Lang::FRENCH),
            ("de, fr;q=0.5, en;q=0.7", Lang::ENGLISH),
            ("*;q=x, ;;, fr;q=0.1", Lang::FRENCH),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT_LANGUAGE, said.parse().expect("a header"));
            assert_eq!(language(&headers), wanted, "{said}");
        }
    }
}
