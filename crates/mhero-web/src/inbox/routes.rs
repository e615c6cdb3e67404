//! Requests of the inbox.

use axum::{
    Router,
    extract::{Path, Query},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use mhero_app::AppError;
use mhero_core::{MessageId, Right, ThreadId};
use serde::Deserialize;

use super::show::{self, List, Refused};
use crate::{
    errors::{Fault, show as answer},
    messages::is_a_look,
    parts::letters::cleaned,
    state::{Form, Signed, State, id},
};

/// The routes.
pub fn routes() -> Router<State> {
    Router::new()
        .route("/inbox", get(list))
        .route("/inbox/{id}", get(open).post(press))
        .route("/inbox/{id}/owner", post(own))
        .route("/inbox/{id}/doubles/{message}", post(release))
}

#[derive(Deserialize)]
struct Asked {
    owner: Option<String>,
    state: Option<String>,
    before: Option<i64>,
}

impl Asked {
    fn list(&self) -> List {
        List::of(self.owner.as_deref(), self.state.as_deref())
    }
}

#[derive(Deserialize)]
struct Pressed {
    #[serde(rename = "do", default)]
    verb: String,
    #[serde(default)]
    once: String,
    #[serde(default)]
    answer: String,
    #[serde(default)]
    label: String,
}

#[derive(Deserialize)]
struct Owner {
    owner: String,
}

async fn list(signed: Signed, Query(asked): Query<Asked>) -> Result<Response, Fault> {
    let before = asked.before.unwrap_or(i64::MAX);
    Ok(answer(StatusCode::OK, &show::page(&signed, asked.list(), before, None, None).await?))
}

async fn open(
    signed: Signed,
    headers: HeaderMap,
    Path(thread): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Fault> {
    let before = asked.before.unwrap_or(i64::MAX);
    let thread: ThreadId = id(&thread)?;
    let page = show::page(&signed, asked.list(), before, Some(thread), None).await?;
    if is_a_look(&headers) {
        mhero_disclosure::note_thread_opened(&signed.app, &signed.caller, thread).await?;
    }
    Ok(answer(StatusCode::OK, &page))
}

async fn press(signed: Signed, Path(thread): Path<String>, Form(pressed): Form<Pressed>) -> Result<Response, Fault> {
    signed.must(Right::Answer)?;
    let thread: ThreadId = id(&thread)?;
    let here = format!("/inbox/{thread}");
    let (text, _) = cleaned(&pressed.answer);
    let (app, caller) = (&signed.app, &signed.caller);
    let done = match pressed.verb.as_str() {
        "close" => app.close_thread(caller, thread, &pressed.label).await.map(|()| ("inbox-was-closed", "/inbox")),
        "send-close" => match app.answer(caller, thread, &text, &pressed.once).await {
            Ok(()) => app.close_thread(caller, thread, &pressed.label).await.map(|()| ("inbox-sent", "/inbox")),
            Err(error) => Err(error),
        },
        _ => app.answer(caller, thread, &text, &pressed.once).await.map(|()| ("inbox-sent", here.as_str())),
    };
    match done {
        Ok((key, to)) => signed.done(key, &[], to).await,
        Err(AppError::Invalid(reason)) => {
            let refused = Refused { text, fault: signed.page.words.reason(&reason) };
            let page = show::page(&signed, List::Waiting, i64::MAX, Some(thread), Some(refused)).await?;
            Ok(answer(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
        Err(error) => Err(error.into()),
    }
}

async fn own(signed: Signed, Path(thread): Path<String>, Form(owner): Form<Owner>) -> Result<Response, Fault> {
    let thread: ThreadId = id(&thread)?;
    if owner.owner != "other" {
        signed.app.own_thread(&signed.caller, thread, owner.owner == "me").await?;
    }
    Ok(Redirect::to(&format!("/inbox/{thread}")).into_response())
}

async fn release(signed: Signed, Path((thread, message)): Path<(String, String)>) -> Result<Response, Fault> {
    let (thread, message): (ThreadId, MessageId) = (id(&thread)?, id(&message)?);
    match signed.app.release_double(&signed.caller, message, thread).await {
        // Pressed twice: it counts already.
        Ok(()) | Err(AppError::Invalid(_)) => Ok(Redirect::to(&format!("/inbox/{thread}")).into_response()),
        Err(error) => Err(error.into()),
    }
}
