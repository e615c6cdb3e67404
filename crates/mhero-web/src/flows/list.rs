//! `/flows`: all flows with who is in them.

use axum::{extract::Query, http::StatusCode, response::Response};
use mhero_core::timestamp;
use serde::Deserialize;

use super::{
    told,
    view::{FlowLine, FlowsPage},
};
use crate::{
    errors::{Fault, show as answer},
    page::Here,
    state::Signed,
};

#[derive(Deserialize)]
pub(super) struct Asked {
    /// Whether to show those that were put away.
    archived: Option<String>,
}

/// `GET /flows`.
pub(super) async fn show(signed: Signed, Query(asked): Query<Asked>) -> Result<Response, Fault> {
    let is_archive = asked.archived.is_some();
    let all = signed.app.flows(&signed.caller, true).await?;
    let archived = all.iter().filter(|flow| !flow.row.active).count();
    let page = signed.page("nav-flows", Here::Flows);
    let shown = all.into_iter().filter(|flow| flow.row.active != is_archive);
    let rows = shown.map(|flow| FlowLine {
        href: format!("/flows/{}", flow.row.id),
        id: flow.row.id.to_string(),
        kind: told::kind(&page, &flow.row.kind),
        revision: flow.row.revision,
        live: flow.live.iter().map(|(_, count)| count).sum(),
        changed: timestamp(flow.row.updated_at),
        origin: told::origin(&page, &flow.row.origin),
        name: flow.row.name,
    });
    let rows = rows.collect();
    Ok(answer(StatusCode::OK, &FlowsPage { page, rows, is_archive, archived }))
}
