//! Results of flows as Flow Results packages (FLOIP), in JSON:API.

use axum::{
    Router,
    body::Body,
    extract::Path,
    http::{HeaderValue, Response, StatusCode, Uri, header},
    routing::get,
};
use mhero_exchange::floip::{FlowResultsDesk, PAGE_MAX, RowsAsked};
use serde_json::Value;
use utoipa::IntoParams;

use crate::{
    front::{Asking, Front},
    params::{Params, id_in},
    problem::Fault,
};

/// The type of answers.
const TYPE: &str = "application/vnd.api+json";
/// Where the packages stand.
const PACKAGES: &str = "/api/v1/flow-results/packages";

/// Which rows.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "it only describes the parameters that the handler reads")]
pub(crate) struct RowsParams {
    /// Given after this instant (RFC 3339).
    #[param(rename = "filter[start-timestamp]")]
    start: Option<String>,
    /// Given at this instant at the latest.
    #[param(rename = "filter[end-timestamp]")]
    end: Option<String>,
    /// On the version of the package of this `modified`, or a later one.
    #[param(rename = "filter[min-version]")]
    min_version: Option<String>,
    /// On the version of the package of this `modified`, or an earlier one.
    #[param(rename = "filter[max-version]")]
    max_version: Option<String>,
    /// Rows of a page, 1 to 5000; 500 where nothing is said.
    #[param(rename = "page[size]")]
    size: Option<i64>,
    /// Behind the row of this id.
    #[param(rename = "page[afterCursor]")]
    after: Option<String>,
    /// Before the row of this id.
    #[param(rename = "page[beforeCursor]")]
    before: Option<String>,
}

/// The addresses of this file.
pub(crate) fn router() -> Router<Front> {
    Router::new()
        .route(PACKAGES, get(packages))
        .route("/api/v1/flow-results/packages/{id}", get(package))
        .route("/api/v1/flow-results/packages/{id}/responses", get(responses))
        // Some clients put a stroke at the end.
        .route("/api/v1/flow-results/packages/{id}/responses/", get(responses))
}

fn desk(asking: &Asking) -> FlowResultsDesk {
    FlowResultsDesk::new(&asking.app, &format!("{}{PACKAGES}", asking.origin))
}

fn told(value: &Value) -> Response<Body> {
    let mut response = Response::new(Body::from(value.to_string()));
    *response.status_mut() = StatusCode::OK;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(TYPE));
    response
}

/// Every flow as a package of Flow Results.
#[utoipa::path(get, path = "/api/v1/flow-results/packages", tag = "flow results", operation_id = "list_packages",
    responses((status = 200, description = "The packages, as JSON:API", body = Object, content_type = "application/vnd.api+json")))]
pub(crate) async fn packages(asking: Asking, params: Params) -> Result<Response<Body>, Fault> {
    params.only(&[])?;
    Ok(told(&desk(&asking).packages(&asking.caller).await?))
}

/// The descriptor of a package: its questions, and where the answers are.
#[utoipa::path(get, path = "/api/v1/flow-results/packages/{id}", tag = "flow results", operation_id = "get_package",
    params(("id" = String, Path, format = Uuid, description = "The id of the flow")),
    responses((status = 200, description = "The descriptor, as JSON:API", body = Object, content_type = "application/vnd.api+json")))]
pub(crate) async fn package(asking: Asking, Path(id): Path<String>, params: Params) -> Result<Response<Body>, Fault> {
    params.only(&[])?;
    Ok(told(&desk(&asking).package(&asking.caller, id_in(&id)?).await?))
}

/// Answers as rows, in the order in which they were given: instant, row, contact, session, question, answer, what belongs to it.
#[utoipa::path(get, path = "/api/v1/flow-results/packages/{id}/responses", tag = "flow results", operation_id = "list_responses",
    params(("id" = String, Path, format = Uuid, description = "The id of the flow"), RowsParams),
    responses((status = 200, description = "A page of rows, as JSON:API", body = Object, content_type = "application/vnd.api+json")))]
pub(crate) async fn responses(
    asking: Asking,
    Path(id): Path<String>,
    uri: Uri,
    params: Params,
) -> Result<Response<Body>, Fault> {
    let known = [
        "filter[start-timestamp]",
        "filter[end-timestamp]",
        "filter[min-version]",
        "filter[max-version]",
        "page[size]",
        "page[afterCursor]",
        "page[beforeCursor]",
    ];
    let params = params.only(&known)?;
    let instant = |name: &str| -> Result<Option<jiff::Timestamp>, Fault> {
        let Some(text) = params.text(name) else { return Ok(None) };
        // Clients write a space for the T, and a plus that became a space.
        let text = text.trim().replacen(' ', "T", 1).replace(' ', "+");
        let read = text.parse::<jiff::Timestamp>().or_else(|_| format!("{text}Z").parse());
        read.map(Some).map_err(|_| Fault::bad("no-instant").field(name).value(&text))
    };
    let size = match params.text("page[size]") {
        None => None,
        Some(text) => {
            let size = text.parse::<i64>().ok().filter(|size| (1..=PAGE_MAX).contains(size));
            let wrong = || Fault::bad("limit").field("page[size]").value(text).arg("max", PAGE_MAX.to_string());
            Some(size.ok_or_else(wrong)?)
        }
    };
    let asked = RowsAsked {
        after: instant("filter[start-timestamp]")?,
        until: instant("filter[end-timestamp]")?,
        min_version: instant("filter[min-version]")?,
        max_version: instant("filter[max-version]")?,
        size,
        after_row: params.text("page[afterCursor]").map(str::to_owned),
        before_row: params.text("page[beforeCursor]").map(str::to_owned),
    };
    let (desk, id) = (desk(&asking), id_in(&id)?);
    let rows = desk.rows(&asking.caller, id, &asked).await?;
    let query: Vec<(String, String)> =
        form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes()).into_owned().collect();
    Ok(told(&desk.rows_json(id, &rows, &query)))
}
