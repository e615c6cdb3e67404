//! Results as a table to take away.

use axum::{
    body::Body,
    extract::{Path, Query},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use futures::{StreamExt, stream};
use mhero_app::{App, AppError, flows::ResultTable};
use mhero_core::RunId;

use super::{Asked, overview};
use crate::{
    errors::{Fault, show},
    state::Signed,
};

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
/// Most letters of a file's name.
const NAME_CHARS_MAX: usize = 60;

/// Where in the table a download stands.
enum At {
    Head,
    Page(Option<RunId>),
    End,
}

/// `GET /flows/{id}/results/table.csv`: page by page, however long it is.
pub(super) async fn csv(
    signed: Signed,
    Path(flow): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Fault> {
    let table = signed.app.take_results(&signed.caller, asked.of(&flow)?, "csv").await?;
    let name = file_name(&table, "csv");
    let words = signed.page.words.clone();
    let lines = stream::try_unfold((At::Head, table), move |(at, table)| {
        let (app, caller, words) = (signed.app.clone(), signed.caller.clone(), words.clone());
        async move {
            let say = |key: &str| words.t(key);
            match at {
                At::Head => {
                    let head = App::results_csv_head(&table, say);
                    Ok::<_, AppError>(Some((head, (At::Page(None), table))))
                }
                At::Page(before) => {
                    let (lines, next) = app.results_csv_page(&caller, &table, before, say).await?;
                    let at = next.map_or(At::End, |next| At::Page(Some(next)));
                    Ok(Some((lines, (at, table))))
                }
                At::End => Ok(None),
            }
        }
    });
    // A download that breaks off is seen by the browser; the log says why.
    let lines = lines.inspect(|piece| {
        if let Err(error) = piece {
            tracing::error!(%error, "a table of results broke off");
        }
    });
    Ok(file(Body::from_stream(lines), "text/csv; charset=utf-8", &name))
}

/// `GET /flows/{id}/results/table.xlsx`.
pub(super) async fn xlsx(
    signed: Signed,
    Path(flow): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Fault> {
    let of = asked.of(&flow)?;
    let table = signed.app.take_results(&signed.caller, of, "xlsx").await?;
    let words = signed.page.words.clone();
    match signed.app.results_xlsx(&signed.caller, &table, |key| words.t(key)).await {
        Ok(bytes) => Ok(file(Body::from(bytes), XLSX, &file_name(&table, "xlsx"))),
        Err(AppError::Invalid(reason)) => {
            let fault = signed.page.words.reason(&reason);
            let page = overview::page(&signed, of, Some(fault)).await?;
            Ok(show(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
        Err(error) => Err(error.into()),
    }
}

fn file(body: Body, kind: &'static str, name: &str) -> Response {
    let saved = HeaderValue::from_str(&format!("attachment; filename=\"{name}\""));
    let saved = saved.unwrap_or_else(|_| HeaderValue::from_static("attachment"));
    ([(header::CONTENT_TYPE, HeaderValue::from_static(kind)), (header::CONTENT_DISPOSITION, saved)], body)
        .into_response()
}

/// The name of the flow in letters that every system takes.
fn file_name(table: &ResultTable, end: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' };
    let name: String = table.name.chars().take(NAME_CHARS_MAX).map(plain).collect();
    let name = name.split('-').filter(|part| !part.is_empty()).collect::<Vec<_>>().join("-");
    let name = if name.is_empty() { "results" } else { &name };
    format!("{name}.{end}")
}
