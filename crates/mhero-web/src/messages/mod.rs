//! What stands behind one message, `/messages/{id}`.

mod show;
pub mod view;

use axum::{
    Router,
    extract::Path,
    http::{HeaderMap, StatusCode},
    response::Response,
    routing::get,
};
use mhero_core::{MessageId, timestamp};

use crate::{
    errors::{Fault, show as answer},
    page::Page,
    state::{Signed, State, id},
};

/// Its routes.
pub fn routes() -> Router<State> {
    Router::new().route("/messages/{id}", get(open))
}

/// Whether a person asks; a page that looks again by itself is no new look.
pub(crate) fn is_a_look(headers: &HeaderMap) -> bool {
    !headers.contains_key("hx-request")
}

/// A time with its day, also of today: what is kept or printed is read on another day.
pub(crate) fn when(page: &Page, at: i64) -> String {
    let at = timestamp(at);
    let (day, time) = (page.words.date(&page.clock, at), page.words.hour(&page.clock, at));
    page.t2("time-on-day", "day", day, "time", time)
}

async fn open(signed: Signed, headers: HeaderMap, Path(message): Path<String>) -> Result<Response, Fault> {
    let message: MessageId = id(&message)?;
    let behind = mhero_disclosure::message(&signed.app, &signed.caller, message).await?;
    if is_a_look(&headers) {
        mhero_disclosure::note_opened(&signed.app, &signed.caller, message).await?;
    }
    Ok(answer(StatusCode::OK, &show::page(&signed, &behind).await?))
}
