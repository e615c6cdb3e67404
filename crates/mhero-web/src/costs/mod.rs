//! Cost: prices `/settings/channels/prices`, budgets `/settings/budgets`, and the daily comparison `/reconcile`.

pub(crate) mod answers;
pub(crate) mod bill;
pub(crate) mod budgets;
mod day;
pub(crate) mod held;
pub(crate) mod money;
mod prices;
pub mod view;

use axum::{
    Router,
    extract::DefaultBodyLimit,
    http::header,
    response::{IntoResponse, Response},
    routing::get,
};
use mhero_app::costs::BILL_BYTES_MAX;

use crate::state::State;

/// What a form with a file takes beside the file, in bytes.
const FORM_BYTES: usize = 64 * 1024;

/// Its routes.
pub fn routes() -> Router<State> {
    Router::new()
        .route("/settings/channels/prices", get(prices::open).post(prices::press))
        .route("/settings/budgets", get(budgets::open).post(budgets::press))
        .route("/reconcile/day.csv", get(day::csv))
        .route("/reconcile/{bill}", get(bill::open).post(bill::press))
        .route("/reconcile/{bill}/differences.csv", get(bill::csv))
}

/// Those that take files.
pub fn uploads() -> Router<State> {
    Router::new()
        .route("/reconcile", get(day::open).post(day::take))
        .layer(DefaultBodyLimit::max(BILL_BYTES_MAX + FORM_BYTES))
}

/// A table to be kept.
fn table(name: &str, bytes: Vec<u8>) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
    ];
    (headers, bytes).into_response()
}
