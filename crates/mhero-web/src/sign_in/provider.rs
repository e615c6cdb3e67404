//! The ministry's own sign-in, `/sign-in/provider`: the browser goes there and comes back.

use axum::{
    extract::{Query, State as Extract},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};
use mhero_signin::{Answered, Provider, Refused};
use serde::Deserialize;

use super::{Beside, Shown, door, gone, inside, let_in};
use crate::{
    errors::{Fault, Refusal},
    session,
    state::{State, Visitor},
};

/// Longest name of a host, with its port.
const HOST_BYTES_MAX: usize = 260;

/// What the address says.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    next: String,
}

/// What the provider gives back.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Back {
    state: String,
    code: String,
    iss: Option<String>,
    error: Option<String>,
}

/// `GET /sign-in/provider`.
pub(super) async fn begin(
    Extract(state): Extract<State>,
    visitor: Visitor,
    headers: HeaderMap,
    Query(asked): Query<Asked>,
) -> Result<Response, Fault> {
    let provider = set_up(&state)?;
    let back = format!("{}/sign-in/provider/back", console(&state, provider, &headers)?);
    match provider.begin(&back, inside(&asked.next), visitor.page.words.lang()).await {
        Ok((to, pending)) => {
            session::leave_pending(&visitor.session, pending, state.app.clock().now()).await?;
            Ok(Redirect::to(&to).into_response())
        }
        Err(refused) => told(&state, visitor, refused, asked.next),
    }
}

/// `GET /sign-in/provider/back`.
pub(super) async fn back(
    Extract(state): Extract<State>,
    visitor: Visitor,
    Query(back): Query<Back>,
) -> Result<Response, Fault> {
    let provider = set_up(&state)?.clone();
    let pending = session::take_pending(&visitor.session, &back.state).await?;
    let next = pending.as_ref().map(|pending| pending.next.clone()).unwrap_or_default();
    let answered = Answered { code: back.code, iss: back.iss, error: back.error };
    match provider.finish(pending, &answered).await {
        Ok(arrival) => {
            let shown = Shown { user: arrival.user, way: "provider", has_second_factor: arrival.has_second_factor };
            let answer = let_in(&state, &visitor, shown, &next).await?;
            session::keep_id_token(&visitor.session, &arrival.id_token).await?;
            Ok(answer)
        }
        Err(refused) => told(&state, visitor, refused, next),
    }
}

/// After signing out here: the way to sign out at the provider too, where there is one.
pub(super) async fn farewell(
    state: &State,
    visitor: Visitor,
    headers: &HeaderMap,
    token: Option<String>,
) -> Result<Response, Fault> {
    if let (Some(token), Some(provider)) = (token, &state.options.provider)
        && let Ok(console) = console(state, provider, headers)
        && let Some(href) = provider.farewell(&token, &format!("{console}/sign-in")).await
    {
        return Ok(gone(visitor, provider.name(), href));
    }
    Ok(Redirect::to("/sign-in").into_response())
}

fn told(state: &State, visitor: Visitor, refused: Refused, next: String) -> Result<Response, Fault> {
    let status = match refused {
        Refused::App(error) => return Err(error.into()),
        Refused::ProviderDown { .. } => StatusCode::BAD_GATEWAY,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let fault = refused.reason().map(|reason| visitor.page.words.reason(&reason));
    Ok(door(state, visitor, status, Beside { next, fault, ..Beside::default() }))
}

fn set_up(state: &State) -> Result<&Provider, Fault> {
    state.options.provider.as_ref().ok_or(Fault::Refused(Refusal::NotFound))
}

/// The address under which the browser reaches the console. One that somebody else put into the request leads nowhere: the provider
/// leads only to addresses that it knows.
fn console(state: &State, provider: &Provider, headers: &HeaderMap) -> Result<String, Fault> {
    if let Some(console) = provider.console() {
        return Ok(console.to_owned());
    }
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let is_plain = host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-:[]".contains(&byte));
    if host.is_empty() || host.len() > HOST_BYTES_MAX || !is_plain {
        return Err(Fault::Refused(Refusal::Unreadable));
    }
    Ok(format!("{}://{host}", if state.options.https { "https" } else { "http" }))
}
