//! `/flows/{id}/revisions`: every revision, and moving those who wait to the current one.

use axum::{extract::Path, http::StatusCode, response::Response};
use mhero_app::flows::{Moved, Moving};
use mhero_core::{FlowId, Right, timestamp};
use serde::Deserialize;

use super::{
    Tab, tabs,
    view::{RevisionRow, RevisionsPage},
};
use crate::{
    errors::{Fault, show as answer},
    page::{Here, count},
    state::{Form, Signed, id},
};

#[derive(Deserialize)]
pub(super) struct Pressed {
    /// What the reader saw when they were asked.
    sure: Option<String>,
}

/// `GET /flows/{id}/revisions`.
pub(super) async fn show(signed: Signed, Path(flow): Path<String>) -> Result<Response, Fault> {
    page(&signed, id(&flow)?, false, None).await
}

/// `POST /flows/{id}/revisions`: asks first, then moves.
pub(super) async fn press(
    signed: Signed,
    Path(flow): Path<String>,
    Form(pressed): Form<Pressed>,
) -> Result<Response, Fault> {
    signed.must(Right::Flows)?;
    let flow: FlowId = id(&flow)?;
    if pressed.sure.is_none() {
        return page(&signed, flow, true, None).await;
    }
    let said = said(&signed, signed.app.move_waiting(&signed.caller, flow).await?);
    page(&signed, flow, false, Some(said)).await
}

/// How a move went, or how far it is.
fn said(signed: &Signed, moving: Moving) -> String {
    let number = |n: u64| count(i64::try_from(n).unwrap_or(i64::MAX));
    let counts = |moved: Moved| {
        [("moved", number(moved.moved)), ("stranded", number(moved.stranded)), ("busy", number(moved.busy))]
    };
    match moving {
        Moving::Done(moved) => signed.page.words.with("flow-moved", &counts(moved)),
        Moving::UnderWay(total, moved) => {
            let [one, two, three] = counts(moved);
            let args = [one, two, three, ("total", number(total)), ("done", number(moved.all()))];
            signed.page.words.with("flow-moving", &args)
        }
    }
}

async fn page(signed: &Signed, flow: FlowId, is_asked: bool, moved: Option<String>) -> Result<Response, Fault> {
    let shown = signed.app.flow_shown(&signed.caller, flow).await?;
    let names = signed.app.user_names(&signed.caller).await?;
    let under_way = signed.app.moving(&signed.caller, flow).await?;
    let moved = moved.or_else(|| under_way.map(|moving| said(signed, moving)));
    let page = signed.page.clone().titled(&shown.row.name, Here::Flows);
    let rows = shown.revisions.iter().map(|revision| RevisionRow {
        revision: revision.revision,
        at: timestamp(revision.at),
        by: revision.by.and_then(|by| names.get(&by).cloned()).unwrap_or_else(|| page.t("actor-system")),
        live: revision.live,
        is_current: revision.revision == shown.row.revision,
    });
    let view = RevisionsPage {
        tabs: tabs(&page, flow, Tab::Revisions),
        name: shown.row.name.clone(),
        href: format!("/flows/{flow}/revisions"),
        current: shown.row.revision,
        older: shown.live_in_older(),
        is_own: shown.may_change && under_way.is_none(),
        is_asked: is_asked && shown.live_in_older() > 0,
        moved,
        rows: rows.collect(),
        page,
    };
    Ok(answer(StatusCode::OK, &view))
}
