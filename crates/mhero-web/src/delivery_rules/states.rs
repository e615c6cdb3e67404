//! What each state of a message means, `/messages/states`.

use axum::{http::StatusCode, response::Response};
use mhero_core::{MessageState, Right};

use super::view::{StateLine, StatesPage};
use crate::{
    errors::{Fault, show},
    marks::Mark,
    page::Here,
    state::Signed,
};

/// Why a message waits or was left out, by the words of the store.
const REASONS: [(Mark, &str); 8] = [
    (Mark::Clock, "quiet-hours"),
    (Mark::Clock, "rest-day"),
    (Mark::Clock, "cap-day"),
    (Mark::Clock, "cap-week"),
    (Mark::Clock, "cap-programme-day"),
    (Mark::Clock, "cap-programme-week"),
    (Mark::LeftOut, "operator-block"),
    (Mark::LeftOut, "validity"),
];

/// `GET /messages/states`.
pub(super) async fn open(signed: Signed) -> Result<Response, Fault> {
    signed.must(Right::ReadMessages)?;
    let page = signed.page("states-title", Here::Broadcasts);
    let line = |mark, words: &str, means: &str| StateLine { mark, words: page.t(words), means: page.t(means) };
    let out = MessageState::ALL.iter().map(|state| {
        let words = if *state == MessageState::Submitting { "states-submitting" } else { &format!("state-{state}") };
        line(Mark::of(*state), words, &format!("states-means-{state}"))
    });
    let heard = [
        line(Mark::Answered, "states-handled", "states-means-handled"),
        line(Mark::Warning, "states-double", "states-means-double"),
        line(Mark::Clock, "states-late", "states-means-late"),
    ];
    let reasons =
        REASONS.iter().map(|(mark, word)| line(*mark, &format!("held-{word}"), &format!("held-means-{word}")));
    let (out, reasons) = (out.collect(), reasons.collect());
    Ok(show(StatusCode::OK, &StatesPage { out, heard: heard.into(), reasons, page }))
}
