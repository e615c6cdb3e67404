//! `/flows/export`: an export as a file.

use axum::{
    extract::RawQuery,
    http::header,
    response::{IntoResponse, Response},
};
use mhero_core::{FlowId, Right};

use crate::{
    errors::Fault,
    state::{Signed, id},
};

/// Most flows that an address can name.
const NAMED_MAX: usize = 200;

/// `GET /flows/export`: all flows, or those that `flow=` names.
pub(super) async fn download(signed: Signed, RawQuery(query): RawQuery) -> Result<Response, Fault> {
    signed.must(Right::Flows)?;
    let query = query.unwrap_or_default();
    let named = query.split('&').filter_map(|pair| pair.strip_prefix("flow=")).take(NAMED_MAX);
    let named = named.map(id::<FlowId>).collect::<Result<Vec<_>, _>>()?;
    let export = signed.app.export_flows(&signed.caller, &named).await?;
    let bytes = serde_json::to_vec_pretty(&export).unwrap_or_default();
    let headers = [
        (header::CONTENT_TYPE, "application/json; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"mhero-flows.json\""),
    ];
    Ok((headers, bytes).into_response())
}
