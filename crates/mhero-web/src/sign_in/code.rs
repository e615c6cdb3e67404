//! The code of the second factor, `/sign-in/code`: after the password, and again before something that wants a fresh one.

use axum::{
    extract::{Query, State as Extract},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use mhero_core::UserId;
use mhero_signin::{Factors, Refused};
use serde::Deserialize;

use super::{Beside, door, inside, view::CodePage};
use crate::{
    errors::{Fault, show},
    page::Here,
    session::{self, Half},
    state::{Form, State, Visitor},
};

/// Wrong codes after which the password is asked again.
const WRONG_MAX: u32 = 5;

/// What the address says.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    next: String,
    /// Anything here asks for a recovery code.
    paper: String,
}

/// What was typed.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Typed {
    code: String,
    next: String,
    paper: String,
}

/// Who types a code here.
enum Who {
    /// Somebody who has shown a password.
    Half(Half),
    /// Somebody inside, of whom a fresh one is asked.
    Inside(UserId),
}

/// `GET /sign-in/code`.
pub(super) async fn open(
    Extract(state): Extract<State>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Response, Fault> {
    match who(&state, &visitor).await? {
        None => Ok(Redirect::to("/sign-in").into_response()),
        Some(_) => Ok(page(
            visitor,
            StatusCode::OK,
            &Typed { next: asked.next, paper: asked.paper, code: String::new() },
            None,
        )),
    }
}

/// `POST /sign-in/code`.
pub(super) async fn enter(
    Extract(state): Extract<State>,
    visitor: Visitor,
    Form(typed): Form<Typed>,
) -> Result<Response, Fault> {
    let Some(who) = who(&state, &visitor).await? else { return Ok(Redirect::to("/sign-in").into_response()) };
    let user = match &who {
        Who::Half(half) => half.user,
        Who::Inside(user) => *user,
    };
    match Factors::new(state.app.clone()).prove(user, &typed.code).await {
        Ok(()) => {
            let next = match &who {
                Who::Half(half) => {
                    state.app.note_sign_in(user, visitor.from, "code").await?;
                    half.next.clone()
                }
                Who::Inside(_) => typed.next,
            };
            session::sign_in(&visitor.session, user, Some(state.app.clock().now())).await?;
            Ok(Redirect::to(inside(&next)).into_response())
        }
        Err(Refused::App(error)) => Err(error.into()),
        Err(refused) => {
            let fault = refused.reason().map(|reason| visitor.page.words.reason(&reason));
            let status = match refused {
                Refused::Wait { .. } => StatusCode::TOO_MANY_REQUESTS,
                _ => StatusCode::UNPROCESSABLE_ENTITY,
            };
            if let (Who::Half(half), Refused::WrongCode) = (who, &refused) {
                let half = Half { wrong: half.wrong + 1, ..half };
                if half.wrong >= WRONG_MAX {
                    session::sign_out(&visitor.session).await?;
                    let fault = Some(visitor.page.t("factor-again"));
                    return Ok(door(&state, visitor, status, Beside { next: half.next, fault, ..Beside::default() }));
                }
                session::keep_half(&visitor.session, &half).await?;
            }
            Ok(page(visitor, status, &typed, fault))
        }
    }
}

async fn who(state: &State, visitor: &Visitor) -> Result<Option<Who>, Fault> {
    let (user, is_half) = match session::user(&visitor.session).await? {
        Some(user) => (user, None),
        None => match session::half(&visitor.session, state.app.clock().now()).await? {
            Some(half) => (half.user, Some(half)),
            None => return Ok(None),
        },
    };
    // Shut out in the meantime.
    if state.app.caller_of_user(user).await?.is_none() {
        return Ok(None);
    }
    Ok(Some(is_half.map_or(Who::Inside(user), Who::Half)))
}

fn page(visitor: Visitor, status: StatusCode, typed: &Typed, fault: Option<String>) -> Response {
    let is_paper = !typed.paper.is_empty();
    let title = visitor.page.t(if is_paper { "factor-paper" } else { "factor-code" });
    let shown = CodePage {
        page: visitor.page.titled(title, Here::Elsewhere),
        onward: super::form_urlencoded(&typed.next),
        next: typed.next.clone(),
        is_paper,
        fault,
    };
    show(status, &shown)
}
