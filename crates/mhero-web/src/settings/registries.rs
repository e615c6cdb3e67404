//! Registries: where people come from, and how the last import of each ended.

use axum::{http::StatusCode, response::Response};
use mhero_core::{Right, timestamp};
use serde_json::Value;

use super::{
    tabs,
    view::{RegistriesPage, RegistryRow},
};
use crate::{
    errors::{Fault, show},
    page::Here,
    state::Signed,
};

/// `GET /settings/registries`.
pub(super) async fn list(signed: Signed) -> Result<Response, Fault> {
    signed.must(Right::Settings)?;
    let page = &signed.page;
    let mut rows = Vec::new();
    for source in signed.app.sources(&signed.caller).await? {
        let last = signed.app.last_import(&signed.caller, source.id).await?;
        let counts: Value = last.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default();
        let of = |name: &str| counts[name].as_i64();
        rows.push(RegistryRow {
            name: source.name,
            kind: source.kind,
            since: timestamp(source.created_at),
            read: of("read"),
            created: of("created").unwrap_or(0),
            updated: of("updated").unwrap_or(0),
            unchanged: of("unchanged").unwrap_or(0),
            rejected: of("rejected").unwrap_or(0),
        });
    }
    let shown = RegistriesPage {
        tabs: tabs(page, "registries"),
        rows,
        page: signed.page("settings-registries", Here::Settings),
    };
    Ok(show(StatusCode::OK, &shown))
}
