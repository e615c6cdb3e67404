//! One outside call with what was asked and answered.

use axum::{extract::Path, http::StatusCode, response::Response};
use mhero_core::{Right, timestamp};

use super::{list, view::CallPage};
use crate::{
    errors::{Fault, show},
    page::Here,
    state::Signed,
};

/// `GET /calls/{key}`.
pub(super) async fn open(signed: Signed, Path(key): Path<String>) -> Result<Response, Fault> {
    signed.must(Right::Flows)?;
    let found = signed.app.effect(&signed.caller, &key).await?;
    let flows = list::flows(&signed).await?;
    let page = signed.page.clone().titled(&found.row.peer, Here::Calls);
    let asked = match found.request.as_ref().map(serde_json::to_string_pretty) {
        Some(Ok(text)) => text,
        _ => page.t("call-sealed"),
    };
    let again = if found.row.repeatable { "call-repeatable" } else { "call-not-repeatable" };
    let shown = CallPage {
        call: list::line(&page, &found.row, &flows),
        again: page.t(again),
        made_at: found.row.called_at.map(timestamp),
        answered_at: found.row.answered_at.map(timestamp),
        failure: found.row.failure.clone().unwrap_or_default(),
        asked,
        answered: found.answer.unwrap_or_default(),
        page,
    };
    Ok(show(StatusCode::OK, &shown))
}
