//! Users, how they sign in, programmes, and words; channels and registries have pages of their own, `/settings/…`.

mod door;
mod programmes;
mod users;
pub mod view;
mod words;

use axum::{
    Router,
    response::Redirect,
    routing::{get, post},
};

pub(crate) use users::place;

use crate::{page::Page, parts::Choice, state::State};

/// The pages of Settings, as they stand in addresses.
const TABS: &[&str] =
    &["channels", "users", "sign-in", "programmes", "words", "approvals", "delivery", "budgets", "sources"];

/// Its routes.
pub fn routes() -> Router<State> {
    Router::new()
        .route("/settings", get(|| async { Redirect::to("/settings/channels") }))
        .route("/settings/users", get(users::list).post(users::add))
        .route("/settings/users/{id}", get(users::open).post(users::change))
        .route("/settings/sign-in", get(door::open).post(door::save))
        .route("/settings/programmes", get(programmes::list).post(programmes::press))
        .route("/settings/words", get(words::open).post(words::save))
        .route("/settings/words/phones", post(words::save_phones))
}

/// The tabs of Settings.
pub(crate) fn tabs(page: &Page, here: &str) -> Vec<Choice> {
    let tab = |name: &&str| Choice {
        value: format!("/settings/{name}"),
        words: page.t(&format!("settings-{name}")),
        people: None,
        is_on: *name == here,
    };
    TABS.iter().map(tab).collect()
}
