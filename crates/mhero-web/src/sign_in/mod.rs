//! The way in and out, `/sign-in` and `/sign-out`.

pub mod view;

use axum::{
    Router,
    extract::{Query, State as Extract},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use mhero_app::SignInError;
use serde::Deserialize;
use view::SignInPage;

use crate::{
    errors::{Fault, show},
    page::Here,
    session,
    state::{Form, Signed, State, Visitor},
};

/// Its routes.
pub fn routes() -> Router<State> {
    Router::new()
        .route("/sign-in", get(open).post(enter))
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

async fn open(Extract(state): Extract<State>, visitor: Visitor, Query(asked): Query<Asked>) -> Result<Response, Fault> {
    if let Some(user) = session::user(&visitor.session).await?
        && state.app.caller_of_user(user).await?.is_some()
    {
        return Ok(Redirect::to(inside(&asked.next)).into_response());
    }
    Ok(door(visitor, StatusCode::OK, String::new(), asked.next, None))
}

async fn enter(Extract(state): Extract<State>, visitor: Visitor, Form(typed): Form<Typed>) -> Result<Response, Fault> {
    match state.app.sign_in(&typed.id, &typed.pw, visitor.from).await {
        Ok(user) => {
            session::sign_in(&visitor.session, user).await?;
            Ok(Redirect::to(inside(&typed.next)).into_response())
        }
        Err(SignInError::App(error)) => Err(error.into()),
        Err(refused) => {
            let status = match refused {
                SignInError::TooManyTries { .. } => StatusCode::TOO_MANY_REQUESTS,
                _ => StatusCode::UNPROCESSABLE_ENTITY,
            };
            let fault = refused.reason().map(|reason| visitor.page.words.reason(&reason));
            Ok(door(visitor, status, typed.id, typed.next, fault))
        }
    }
}

async fn leave(visitor: Visitor) -> Result<Response, Fault> {
    session::sign_out(&visitor.session).await?;
    Ok(Redirect::to("/sign-in").into_response())
}

async fn leave_everywhere(signed: Signed) -> Result<Response, Fault> {
    signed.app.sign_out_everywhere(&signed.caller, signed.user.id).await?;
    session::sign_out(&signed.session).await?;
    Ok(Redirect::to("/sign-in").into_response())
}

fn door(visitor: Visitor, status: StatusCode, id: String, next: String, fault: Option<String>) -> Response {
    let title = visitor.page.t("sign-in");
    show(status, &SignInPage { page: visitor.page.titled(title, Here::Elsewhere), id, next, fault })
}

/// A path of ours to go on to; anything that could lead to another site leads home.
fn inside(next: &str) -> &str {
    let is_path = next.starts_with('/') && !next.starts_with("//") && !next.starts_with("/sign-");
    let is_plain = next.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
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
    }
}
