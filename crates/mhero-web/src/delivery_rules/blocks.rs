//! Numbers that operators block, `/settings/blocks`.

use axum::{
    extract::{FromRequest, Multipart, Request},
    http::StatusCode,
    response::Response,
};
use mhero_app::{AppError, delivery_rules::Blocked};
use mhero_core::{Right, timestamp};
use serde::Deserialize;
use uuid::Uuid;

use super::{
    pages,
    view::{BlockRow, BlocksPage},
};
use crate::{
    errors::{Fault, Refusal, show},
    page::{Here, Page},
    settings::tabs,
    state::{Form, Signed, State, id},
    words::Arg,
};

const HERE: &str = "/settings/blocks";
/// Most fields of the form.
const FIELDS_MAX: usize = 10;

/// A list as it was sent.
#[derive(Default)]
pub(super) struct Sent {
    name: String,
    file: Vec<u8>,
}

impl FromRequest<State> for Sent {
    type Rejection = Fault;

    async fn from_request(request: Request, state: &State) -> Result<Self, Fault> {
        let mut form = Multipart::from_request(request, state).await.map_err(|_| Refusal::Unreadable)?;
        let mut sent = Self::default();
        for _ in 0..FIELDS_MAX {
            let next = form.next_field().await.map_err(|_| Fault::Refused(Refusal::Unreadable))?;
            let Some(field) = next else { break };
            let name = field.name().unwrap_or_default().to_owned();
            let bytes = field.bytes().await.map_err(|_| Fault::Refused(Refusal::TooLarge))?;
            match name.as_str() {
                "file" => sent.file = bytes.to_vec(),
                "name" => sent.name = String::from_utf8_lossy(&bytes).into_owned(),
                _ => {}
            }
        }
        Ok(sent)
    }
}

/// `GET /settings/blocks`.
pub(super) async fn open(signed: Signed) -> Result<Response, Fault> {
    signed.must(Right::Settings)?;
    page(&signed, StatusCode::OK, String::new(), (None, None)).await
}

/// `POST /settings/blocks`.
pub(super) async fn take(signed: Signed, sent: Sent) -> Result<Response, Fault> {
    signed.must(Right::Settings)?;
    match signed.app.import_blocks(&signed.caller, &sent.name, &sent.file).await {
        Ok(blocked) => {
            let told = told(&signed.page, &blocked);
            page(&signed, StatusCode::OK, String::new(), (Some(told), None)).await
        }
        Err(AppError::Invalid(reason)) => {
            let fault = signed.page.words.reason(&reason);
            page(&signed, StatusCode::UNPROCESSABLE_ENTITY, sent.name, (None, Some(fault))).await
        }
        Err(error) => Err(error.into()),
    }
}

fn told(page: &Page, blocked: &Blocked) -> String {
    let count = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
    let done = page.t1("blocks-done", "n", count(blocked.numbers));
    if blocked.unreadable == 0 {
        return done;
    }
    let lines: Vec<String> = blocked.unreadable_lines.iter().map(|line| page.n(count(*line))).collect();
    let args = [("n", Arg::Count(count(blocked.unreadable))), ("lines", Arg::Text(lines.join(", ")))];
    format!("{done} {}", page.words.with("blocks-unreadable", &args))
}

/// Which list.
#[derive(Deserialize)]
pub(super) struct Which {
    list: String,
}

/// `POST /settings/blocks/undo`.
pub(super) async fn undo(signed: Signed, Form(which): Form<Which>) -> Result<Response, Fault> {
    signed.must(Right::Settings)?;
    signed.app.undo_blocks(&signed.caller, id::<Uuid>(&which.list)?).await?;
    signed.done("blocks-undone", &[], HERE).await
}

async fn page(
    signed: &Signed,
    status: StatusCode,
    name: String,
    (told, fault): (Option<String>, Option<String>),
) -> Result<Response, Fault> {
    let (lists, blocked) = signed.app.block_lists(&signed.caller).await?;
    let page = signed.page("blocks-title", Here::Settings);
    let rows = lists.into_iter().map(|list| BlockRow {
        id: list.id.to_string(),
        name: list.name,
        numbers: list.numbers,
        unreadable: list.unreadable,
        by: list.imported_by.unwrap_or_else(|| page.t("audit-system")),
        at: timestamp(list.imported_at),
        undone: list.undone_at.map(timestamp),
    });
    let rows = rows.collect();
    let shown =
        BlocksPage { tabs: tabs(&page, "delivery"), pages: pages(&page, HERE), blocked, rows, name, told, fault, page };
    Ok(show(status, &shown))
}
