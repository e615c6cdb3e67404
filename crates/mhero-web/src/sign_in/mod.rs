//! The way in and out, `/sign-in` and `/sign-out`.

mod code;
mod provider;
pub mod view;

use axum::{
    Router,
    extract::{Query, State as Extract},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use mhero_app::SignInError;
use mhero_core::{UserId, micros};
use mhero_signin::Factors;
use serde::Deserialize;
use view::{SignInPage, SignedOutPage};

use crate::{
    errors::{Fault, show},
    page::Here,
    session::{self, Half},
    state::{Form, Signed, State, Visitor},
};

/// Its routes.
pub fn routes() -> Router<State> {
    Router::new()
        .route("/sign-in", get(open).post(enter))
        .route("/sign-in/code", get(code::open).post(code::enter))
        .route("/sign-in/provider", get(provider::begin))
        .route("/sign-in/provider/back", get(provider::back))
        .route("/sign-out", post(leave))
        .route("/sign-out/everywhere", post(leave_everywhere))
}

#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    next: String,
}

#[derive(Deserialize)]
struct Typed {
    #[serde(default)]
    id: String,
    #[serde(default)]
    pw: String,
    #[serde(default)]
    next: String,
}

/// Longest path to go on to, in octets: sessions keep it, those of strangers too.
const NEXT_BYTES_MAX: usize = 2_000;

/// What stands on the door beside its form.
#[derive(Default)]
struct Beside {
    id: String,
    next: String,
    fault: Option<String>,
}

/// How somebody showed who they are.
struct Shown {
    user: UserId,
    /// `password`, `provider`.
    way: &'static str,
    /// Whether that took more than a password.
    has_second_factor: bool,
}

async fn open(Extract(state): Extract<State>, visitor: Visitor, Query(asked): Query<Asked>) -> Result<Response, Fault> {
    if let Some(user) = session::user(&visitor.session).await?
        && state.app.caller_of_user(user).await?.is_some()
    {
        return Ok(Redirect::to(inside(&asked.next)).into_response());
    }
    Ok(door(&state, visitor, StatusCode::OK, Beside { next: asked.next, ..Beside::default() }))
}

async fn enter(Extract(state): Extract<State>, visitor: Visitor, Form(typed): Form<Typed>) -> Result<Response, Fault> {
    match state.app.check_password(&typed.id, &typed.pw, visitor.from).await {
        Ok(user) => {
            let_in(&state, &visitor, Shown { user, way: "password", has_second_factor: false }, &typed.next).await
        }
        Err(SignInError::App(error)) => Err(error.into()),
        Err(refused) => {
            let status = match refused {
                SignInError::TooManyTries { .. } => StatusCode::TOO_MANY_REQUESTS,
                _ => StatusCode::UNPROCESSABLE_ENTITY,
            };
            let fault = refused.reason().map(|reason| visitor.page.words.reason(&reason));
            Ok(door(&state, visitor, status, Beside { id: typed.id, next: typed.next, fault }))
        }
    }
}

/// Lets somebody in, or asks for the code of their second factor first.
async fn let_in(state: &State, visitor: &Visitor, shown: Shown, next: &str) -> Result<Response, Fault> {
    let now = state.app.clock().now();
    if !shown.has_second_factor && Factors::new(state.app.clone()).is_on(shown.user).await? {
        let half = Half { user: shown.user, at: micros(now), wrong: 0, next: inside(next).to_owned() };
        session::sign_in_half(&visitor.session, &half).await?;
        return Ok(Redirect::to("/sign-in/code").into_response());
    }
    state.app.note_sign_in(shown.user, visitor.from, shown.way).await?;
    session::sign_in(&visitor.session, shown.user, shown.has_second_factor.then_some(now)).await?;
    Ok(Redirect::to(inside(next)).into_response())
}

async fn leave(Extract(state): Extract<State>, visitor: Visitor, headers: HeaderMap) -> Result<Response, Fault> {
    let token = session::id_token(&visitor.session).await?;
    session::sign_out(&visitor.session).await?;
    provider::farewell(&state, visitor, &headers, token).await
}

async fn leave_everywhere(
    Extract(state): Extract<State>,
    visitor: Visitor,
    signed: Signed,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    let token = session::id_token(&visitor.session).await?;
    signed.app.sign_out_everywhere(&signed.caller, signed.user.id).await?;
    session::sign_out(&signed.session).await?;
    provider::farewell(&state, visitor, &headers, token).await
}

fn door(state: &State, visitor: Visitor, status: StatusCode, beside: Beside) -> Response {
    let title = visitor.page.t("sign-in");
    let Beside { id, next, fault } = beside;
    let provider = state.options.provider.as_ref().map(|provider| provider.name().to_owned());
    let onward = form_urlencoded(&next);
    show(status, &SignInPage { page: visitor.page.titled(title, Here::Elsewhere), id, next, onward, fault, provider })
}

fn gone(visitor: Visitor, provider: &str, href: String) -> Response {
    let title = visitor.page.t("provider-out");
    let name = provider.to_owned();
    show(StatusCode::OK, &SignedOutPage { page: visitor.page.titled(title, Here::Elsewhere), name, href })
}

/// A value for a query, in which a path of ours stays readable.
fn form_urlencoded(text: &str) -> String {
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"/-_.~".contains(byte);
    text.bytes().map(|byte| if plain(&byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}

/// A path of ours to go on to; anything that could lead to another site leads home.
fn inside(next: &str) -> &str {
    let is_path = next.starts_with('/') && !next.starts_with("//") && !next.starts_with("/sign-");
    let is_plain = next.len() <= NEXT_BYTES_MAX && next.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    if is_path && is_plain { next } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_led_to_another_site() {
        assert_eq!(inside("/people?q=a+b"), "/people?q=a+b");
        for elsewhere in ["", "people", "//elsewhere.example", "/\\elsewhere.example", "https://x.example", "/a\r\nb"] {
            assert_eq!(inside(elsewhere), "/", "{elsewhere:?}");
        }
        assert_eq!(inside("/sign-in?next=/sign-in"), "/");
        assert_eq!(inside(&format!("/people?q={}", "a".repeat(NEXT_BYTES_MAX))), "/", "nobody fills a disk by it");
    }
}
