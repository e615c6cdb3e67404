//! Rules of delivery: quiet hours by place, how much one person gets, how long messages are worth sending, what operators block, what
//! nobody knows; and what the states of a message mean.

mod blocks;
mod broadcast;
mod limits;
mod quiet;
mod states;
mod uncertain;
pub mod view;

use axum::{
    Router,
    extract::DefaultBodyLimit,
    routing::{get, post},
};
use mhero_app::delivery_rules::BLOCK_BYTES_MAX;

pub use broadcast::held;

use crate::{page::Page, parts::Choice, state::State};

/// Octets of a form around a file of numbers.
const FORM_BYTES: usize = 64 * 1024;

/// Its routes.
pub fn routes() -> Router<State> {
    Router::new()
        .route("/settings/delivery", get(limits::open).post(limits::save))
        .route("/settings/quiet-hours", get(quiet::open).post(quiet::save))
        .route("/settings/uncertain", get(uncertain::policies).post(uncertain::save_policies))
        .route("/settings/blocks/undo", post(blocks::undo))
        .route("/uncertain", get(uncertain::list).post(uncertain::decide))
        .route("/messages/states", get(states::open))
        .route("/broadcasts/{id}/held", get(broadcast::list))
        .route("/broadcasts/{id}/validity", post(broadcast::save_validity))
        .route("/flows/{id}/results/late", get(broadcast::late))
}

/// Routes that take files.
pub fn uploads() -> Router<State> {
    Router::new()
        .route("/settings/blocks", get(blocks::open).post(blocks::take))
        .layer(DefaultBodyLimit::max(BLOCK_BYTES_MAX + FORM_BYTES))
}

/// The pages of delivery, beside one another.
const PAGES: [(&str, &str); 4] = [
    ("/settings/delivery", "delivery-limits"),
    ("/settings/quiet-hours", "quiet-title"),
    ("/settings/uncertain", "uncertain-policies"),
    ("/settings/blocks", "blocks-title"),
];

fn pages(page: &Page, here: &str) -> Vec<Choice> {
    let choice = |(at, key): &(&str, &str)| Choice {
        value: (*at).to_owned(),
        words: page.t(key),
        people: None,
        is_on: *at == here,
    };
    PAGES.iter().map(choice).collect()
}

/// A whole number as typed, empty for none.
fn number(text: &str) -> Result<Option<i64>, mhero_app::AppError> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    text.parse().map(Some).map_err(|_| {
        let typed = text.chars().take(20).collect::<String>();
        mhero_app::AppError::invalid("delivery-no-number", [("typed", typed)])
    })
}
