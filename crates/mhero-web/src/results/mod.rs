//! What came out of a flow, `/flows/{id}/results`: the way of people through it, answers with charts, words, rows, tables to
//! take away, reminders and thanks.

mod follow;
mod lists;
mod overview;
mod show;
mod take;
pub mod view;

use axum::{
    Router,
    routing::{get, post},
};
use mhero_app::flows::ResultsOf;
use serde::Deserialize;

use crate::{
    errors::Fault,
    href,
    state::{State, id},
};

/// Its routes.
pub fn routes() -> Router<State> {
    Router::new()
        .route("/flows/{id}/results", get(overview::open))
        .route("/flows/{id}/results/texts", get(lists::texts))
        .route("/flows/{id}/results/people", get(lists::people))
        .route("/flows/{id}/results/table.csv", get(take::csv))
        .route("/flows/{id}/results/table.xlsx", get(take::xlsx))
        .route("/flows/{id}/results/follow", post(follow::press))
}

/// Which results an address asks for.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Asked {
    /// A start; of all without one.
    start: String,
    /// The key of a question.
    q: String,
    /// After which row or instant the page begins.
    before: String,
}

impl Asked {
    fn of(&self, flow: &str) -> Result<ResultsOf, Fault> {
        let start = if self.start.is_empty() { None } else { Some(id(&self.start)?) };
        Ok(ResultsOf { flow: id(flow)?, start })
    }
}

/// An address below the results of a flow, of the same start.
fn address(of: ResultsOf, end: &str, pairs: &[(&str, &str)]) -> String {
    let start = of.start.map(|start| start.to_string()).unwrap_or_default();
    let path = href::with(&format!("/flows/{}/results{end}", of.flow), &[("start", &start)]);
    href::with(&path, pairs)
}
