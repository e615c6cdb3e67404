//! What workers doubted, `/trust`.

use askama::Template;
use axum::{Router, http::StatusCode, response::Response, routing::get};
use jiff::Timestamp;
use mhero_core::{Right, timestamp};

use crate::{
    errors::{Fault, show},
    page::{Band, Here, Page},
    state::{Signed, State},
};

/// A code that is none of ours.
#[derive(Clone, Debug)]
pub struct DoubtedRow {
    /// The code as typed, or that there was none.
    pub code: String,
    /// Phones that asked.
    pub phones: i64,
    /// When the last one did.
    pub last: Timestamp,
}

/// `/trust`.
#[derive(Template)]
#[template(path = "trust/list.html")]
pub struct TrustPage {
    /// What every page knows.
    pub page: Page,
    /// Codes that are none of ours, the last one asked about first.
    pub rows: Vec<DoubtedRow>,
}

/// Its routes.
pub fn routes() -> Router<State> {
    Router::new().route("/trust", get(list))
}

async fn list(signed: Signed) -> Result<Response, Fault> {
    signed.must(Right::ReadMessages)?;
    let found = signed.app.trust_overview(&signed.caller).await?;
    let page = signed.page("trust-head", Here::Broadcasts);
    let row = |one: &mhero_app::rows::UnknownCode| DoubtedRow {
        code: if one.code.is_empty() { page.t("trust-no-code") } else { one.code.clone() },
        phones: one.phones,
        last: timestamp(one.last_at),
    };
    let rows = found.unknown.iter().map(row).collect();
    Ok(show(StatusCode::OK, &TrustPage { rows, page }))
}
