//! Reminding who has not answered, and thanking who has.

use axum::{extract::Path, http::StatusCode, response::Response};
use mhero_app::{AppError, flows::Followed};
use mhero_core::{BroadcastId, Right};
use serde::Deserialize;

use super::{Asked, overview};
use crate::{
    errors::{Fault, Refusal, show},
    state::{Form, Signed, id},
};

/// What was pressed.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Pressed {
    #[serde(rename = "do")]
    verb: String,
    start: String,
    which: String,
    hours: String,
    flow: String,
    once: String,
}

/// `POST /flows/{id}/results/follow`.
pub(super) async fn press(
    signed: Signed,
    Path(flow): Path<String>,
    Form(pressed): Form<Pressed>,
) -> Result<Response, Fault> {
    signed.must(Right::Send)?;
    let of = Asked { start: pressed.start.clone(), ..Asked::default() }.of(&flow)?;
    let which = Followed::of(&pressed.which).ok_or(Refusal::Unreadable)?;
    let done = match pressed.verb.as_str() {
        "write" | "later" => {
            let results = signed.app.flow_results(&signed.caller, of).await?;
            let name = signed.page.t1(&format!("results-{}-name", which.as_str()), "name", &results.flow.name);
            let wait = (pressed.verb == "later").then(|| pressed.hours.trim().parse().unwrap_or(0));
            let draft: BroadcastId = id(&pressed.once)?;
            let drafted = signed.app.draft_follow_up(&signed.caller, of, which, (&name, wait), draft).await;
            let said = if wait.is_some() { "results-later-done" } else { "results-write-done" };
            drafted.map(|()| (said, format!("/send/{draft}")))
        }
        "flow" => {
            let next = (id(&pressed.flow)?, pressed.once.as_str());
            let started = signed.app.start_follow_up(&signed.caller, of, which, next).await;
            started.map(|start| ("results-flow-done", format!("/flows/{}/results?start={start}", pressed.flow)))
        }
        _ => return Err(Refusal::Unreadable.into()),
    };
    match done {
        Ok((said, to)) => signed.done(said, &[], &to).await,
        Err(AppError::Invalid(reason)) => {
            let page = overview::page(&signed, of, Some(signed.page.words.reason(&reason))).await?;
            Ok(show(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
        Err(error) => Err(error.into()),
    }
}
