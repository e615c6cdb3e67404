//! Keys of one letter that act on a page: whoever speaks to the computer, or brushes a key, can switch them off (WCAG 2.1.4).
//! The choice belongs to the browser at which somebody sits, and is kept there for a year.

use axum::{
    Router,
    http::{HeaderMap, HeaderValue, header},
    response::Response,
    routing::post,
};
use serde::Deserialize;

use crate::{
    errors::{Fault, Refusal},
    language::{YEAR_SECONDS, cookie},
    state::{Form, Signed, State},
};

/// The cookie that keeps the choice.
const COOKIE: &str = "keys";
/// What it says when the keys are off.
const OFF: &str = "off";
/// Pages that the choice leads back to: those with such keys, and the account.
const PAGES: [&str; 4] = ["/account", "/changes", "/inbox", "/links"];

/// Its route.
pub(crate) fn routes() -> Router<State> {
    Router::new().route("/account/keys", post(switch))
}

/// Whether the keys are on.
pub(crate) fn are_on(headers: &HeaderMap) -> bool {
    cookie(headers, COOKIE) != Some(OFF)
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Choice {
    keys: String,
    back: String,
}

/// `POST /account/keys`.
async fn switch(signed: Signed, Form(choice): Form<Choice>) -> Result<Response, Fault> {
    let (value, key) = match choice.keys.as_str() {
        "on" => ("on", "keys-now-on"),
        "off" => (OFF, "keys-now-off"),
        _ => return Err(Refusal::Unreadable.into()),
    };
    let back = PAGES.into_iter().find(|page| *page == choice.back).unwrap_or(PAGES[0]);
    let mut response = signed.done(key, &[], back).await?;
    let cookie = format!("{COOKIE}={value}; Path=/; Max-Age={YEAR_SECONDS}; SameSite=Lax; HttpOnly");
    if let Ok(cookie) = HeaderValue::from_str(&cookie) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    Ok(response)
}
