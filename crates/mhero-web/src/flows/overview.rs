//! `/flows/{id}`: the picture, what the checks find, who is in it, its starts and settings.

use axum::{
    extract::Path,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use mhero_app::flows::{FlowSettings, FlowShown};
use mhero_core::{FlowId, Right, timestamp};
use mhero_flow::{definition::FlowKind, picture::Highlights};
use serde::Deserialize;
use uuid::Uuid;

use super::{
    Tab, drawing, tabs, told,
    view::{OverviewPage, Standing, StartRow},
};
use crate::{
    errors::{Fault, show as answer},
    marks::Mark,
    page::{Here, Page},
    state::{Form, Signed, id},
};

/// Findings that the page shows.
const FINDINGS: usize = 40;
/// Starts that the page shows.
const STARTS: usize = 8;

#[derive(Deserialize)]
pub(super) struct Pressed {
    #[serde(rename = "do")]
    verb: String,
    interrupts: Option<String>,
    ignores_keywords: Option<String>,
}

/// `GET /flows/{id}`.
pub(super) async fn show(signed: Signed, Path(flow): Path<String>) -> Result<Response, Fault> {
    let flow: FlowId = id(&flow)?;
    let shown = signed.app.flow_shown(&signed.caller, flow).await?;
    let page = signed.page.clone().titled(&shown.row.name, Here::Flows);
    let highlights = Highlights { counts: shown.ways.clone(), ..Highlights::default() };
    let (drawing, order) = drawing::of(&page, &shown.flow, &highlights);
    let mut findings = told::findings(&page, flow, &shown.findings, &order);
    let more_findings = findings.len().saturating_sub(FINDINGS);
    findings.truncate(FINDINGS);
    let is_startable = matches!(shown.flow.kind, FlowKind::Messaging | FlowKind::MessagingBackground);
    let view = OverviewPage {
        tabs: tabs(&page, flow, Tab::Overview),
        name: shown.row.name.clone(),
        lead: lead(&page, &shown),
        href: format!("/flows/{flow}"),
        export: format!("/flows/export?flow={flow}"),
        is_active: shown.row.active,
        is_startable: is_startable && shown.row.active,
        live: shown.live(),
        standing: standing(flow, &shown, &order),
        findings,
        more_findings,
        starts: starts(&signed, &page, flow).await?,
        interrupts: shown.settings.interrupts,
        ignores_keywords: shown.settings.ignores_keywords,
        drawing,
        page,
    };
    Ok(answer(StatusCode::OK, &view))
}

fn lead(page: &Page, shown: &FlowShown) -> String {
    let kind = told::kind(page, &shown.row.kind);
    let origin = told::origin(page, &shown.row.origin);
    page.t3("flow-lead", "kind", kind, "n", shown.row.revision, "origin", origin)
}

fn standing(flow: FlowId, shown: &FlowShown, order: &[Uuid]) -> Vec<Standing> {
    let at = |(node, people): (&Uuid, &i64)| {
        let step = order.iter().position(|known| known == node)? + 1;
        Some(Standing { step, href: format!("/flows/{flow}#node-{node}"), people: *people })
    };
    let mut all: Vec<Standing> = shown.standing.iter().filter_map(at).collect();
    all.sort_by_key(|standing| (std::cmp::Reverse(standing.people), standing.step));
    all
}

async fn starts(signed: &Signed, page: &Page, flow: FlowId) -> Result<Vec<StartRow>, Fault> {
    let mut rows = Vec::new();
    for start in signed.app.starts_of(&signed.caller, flow).await?.into_iter().take(STARTS) {
        let shown = signed.app.start_page(&signed.caller, start.id).await?;
        let (mark, key) = match start.status.as_str() {
            "started" => (Mark::Good, "flow-start-started"),
            "cancelled" => (Mark::LeftOut, "flow-start-cancelled"),
            _ => (Mark::Clock, "flow-start-starting"),
        };
        rows.push(StartRow {
            number: start.number,
            at: timestamp(start.created_at),
            mark,
            state: page.t(key),
            targeted: shown.funnel.targeted,
            started: shown.funnel.started,
            replied: shown.funnel.replied,
            complete: shown.funnel.complete,
        });
    }
    Ok(rows)
}

/// `POST /flows/{id}`.
pub(super) async fn press(
    signed: Signed,
    Path(flow): Path<String>,
    Form(pressed): Form<Pressed>,
) -> Result<Response, Fault> {
    signed.must(Right::Flows)?;
    let flow: FlowId = id(&flow)?;
    let here = format!("/flows/{flow}");
    let (app, caller) = (&signed.app, &signed.caller);
    match pressed.verb.as_str() {
        "settings" => {
            let settings = FlowSettings {
                interrupts: pressed.interrupts.is_some(),
                ignores_keywords: pressed.ignores_keywords.is_some(),
            };
            app.set_flow_settings(caller, flow, settings).await?;
            signed.done("flow-settings-saved", &[], &here).await
        }
        "archive" => {
            app.archive_flow(caller, flow, true).await?;
            signed.say(&signed.page.t("flow-archived"), None).await?;
            Ok(Redirect::to("/flows").into_response())
        }
        "restore" => {
            app.archive_flow(caller, flow, false).await?;
            signed.done("flow-restored", &[], &here).await
        }
        _ => Ok(Redirect::to(&here).into_response()),
    }
}
