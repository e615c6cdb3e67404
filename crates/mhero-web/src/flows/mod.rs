//! Flows: the list, the library, import and export, a flow with its picture, starts and revisions, and playing one.

mod drawing;
mod export;
mod import;
mod library;
mod list;
mod overview;
mod play;
mod play_show;
mod report;
mod revisions;
mod start;
mod told;
pub mod view;

use axum::{
    Router,
    extract::DefaultBodyLimit,
    routing::{get, post},
};
use mhero_core::{FlowId, limits::UPLOAD_BYTES_MAX};

pub use view::Tabs;

use crate::{page::Page, parts::Choice, state::State};

/// The pages of one flow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tab {
    /// The picture, the findings, who is in it.
    Overview,
    /// A conversation with a pretend person.
    Play,
    /// What came out.
    Results,
    /// What starts it by itself.
    Triggers,
    /// Every revision.
    Revisions,
}

const TABS: [(Tab, &str, &str); 5] = [
    (Tab::Overview, "flow-tab-overview", ""),
    (Tab::Play, "flow-tab-play", "/play"),
    (Tab::Results, "flow-tab-results", "/results"),
    (Tab::Triggers, "flow-tab-triggers", "/triggers"),
    (Tab::Revisions, "flow-tab-revisions", "/revisions"),
];

/// The routes.
pub fn routes() -> Router<State> {
    Router::new()
        .route("/flows", get(list::show))
        .route("/flows/library", get(library::list))
        .route("/flows/library/{key}", get(library::page).post(library::add))
        .route("/flows/export", get(export::download))
        .route("/flows/play", get(play::ask))
        .route("/flows/play/on", post(play::go_on))
        .route("/flows/{id}", get(overview::show).post(overview::press))
        .route("/flows/{id}/picture", get(overview::picture))
        .route("/flows/{id}/starts", post(overview::stop))
        .route("/flows/{id}/start", get(start::open).post(start::work))
        .route("/flows/{id}/revisions", get(revisions::show).post(revisions::press))
        .route("/flows/{id}/play", get(play::begin).post(play::go_on_stored))
}

/// The routes that take files.
pub fn uploads() -> Router<State> {
    Router::new()
        .route("/flows/import", get(import::ask).post(import::take))
        .route("/flows/play/file", post(play::begin_file))
        .layer(DefaultBodyLimit::max(UPLOAD_BYTES_MAX))
}

/// The tabs of a flow's pages.
pub fn tabs(page: &Page, flow: FlowId, here: Tab) -> Tabs {
    let choice = |(tab, key, end): &(Tab, &str, &str)| Choice {
        value: format!("/flows/{flow}{end}"),
        words: page.t(key),
        people: None,
        is_on: *tab == here,
    };
    Tabs(TABS.iter().map(choice).collect())
}
