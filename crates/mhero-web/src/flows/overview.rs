//! `/flows/{id}`: the picture, what the checks find, who is in it, its starts and settings.

use axum::{
    extract::{Path, Query},
    http::{StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};
use mhero_app::{
    AppError,
    flows::{FlowSettings, FlowShown},
};
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
    parts::{Choice, LeftOut},
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
    programme: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct Stopped {
    start: String,
}

/// With which step the words of a large flow begin.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    from: Option<usize>,
}

/// `GET /flows/{id}/picture`: the whole drawing as an image.
pub(super) async fn picture(signed: Signed, Path(flow): Path<String>) -> Result<Response, Fault> {
    let shown = signed.app.flow_shown(&signed.caller, id(&flow)?).await?;
    let highlights = Highlights { counts: shown.ways.clone(), ..Highlights::default() };
    let svg = drawing::whole(&signed.page, &shown.flow, &highlights);
    Ok(([(header::CONTENT_TYPE, "image/svg+xml")], svg).into_response())
}

/// `GET /flows/{id}`.
pub(super) async fn show(
    signed: Signed,
    Path(flow): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Fault> {
    let flow: FlowId = id(&flow)?;
    let shown = signed.app.flow_shown(&signed.caller, flow).await?;
    let page = signed.page.clone().titled(&shown.row.name, Here::Flows);
    let highlights = Highlights { counts: shown.ways.clone(), ..Highlights::default() };
    let place = drawing::Place { href: Some(format!("/flows/{flow}")), from: asked.from.unwrap_or(1) };
    let (drawing, order) = drawing::of(&page, &shown.flow, &highlights, &place);
    let mut findings = told::findings(&page, flow, &shown.findings, &order);
    let more_findings = findings.len().saturating_sub(FINDINGS);
    findings.truncate(FINDINGS);
    let (programmes, programme) = programmes(&signed, &shown).await?;
    let is_startable = matches!(shown.flow.kind, FlowKind::Messaging | FlowKind::MessagingBackground);
    let runs_at = shown.row.origin.strip_prefix("backend/").map(ToOwned::to_owned);
    let view = OverviewPage {
        tabs: match runs_at {
            Some(_) => tabs(&page, flow, Tab::Overview).without_play(),
            None => tabs(&page, flow, Tab::Overview),
        },
        runs_at,
        name: shown.row.name.clone(),
        lead: lead(&page, &shown),
        href: format!("/flows/{flow}"),
        export: format!("/flows/export?flow={flow}"),
        is_active: shown.row.active,
        is_startable: is_startable && shown.row.active && shown.may_start,
        is_own: shown.may_change,
        programmes,
        programme,
        live: shown.live(),
        standing: standing(flow, &shown, &order),
        findings,
        more_findings,
        starts: starts(&signed, &page, &shown).await?,
        interrupts: shown.settings.interrupts,
        ignores_keywords: shown.settings.ignores_keywords,
        drawing,
        page,
    };
    Ok(answer(StatusCode::OK, &view))
}

/// The programmes to choose from, for whoever is narrowed to none; and the name of the flow's own.
async fn programmes(signed: &Signed, shown: &FlowShown) -> Result<(Vec<Choice>, Option<String>), Fault> {
    let all = signed.app.programmes().await?;
    let name = |one: &mhero_app::rows::Programme| one.name.best(signed.caller.language).to_owned();
    let own = shown.row.programme;
    let programme = all.iter().find(|one| Some(one.id) == own).map(name);
    if !signed.caller.scope.all_programmes() {
        return Ok((Vec::new(), programme));
    }
    let choice = |one: &mhero_app::rows::Programme| Choice {
        value: one.id.to_string(),
        words: name(one),
        people: None,
        is_on: Some(one.id) == own,
    };
    Ok((all.iter().map(choice).collect(), programme))
}

fn lead(page: &Page, shown: &FlowShown) -> String {
    let kind = told::kind(page, &shown.row.kind);
    let origin = told::origin(page, &shown.row.origin);
    page.t3("flow-lead", "kind", kind, "n", shown.row.revision, "origin", origin)
}

fn standing(flow: FlowId, shown: &FlowShown, order: &[Uuid]) -> Vec<Standing> {
    let at = |(node, people): (&Uuid, &i64)| {
        let (step, href) = drawing::step(flow, *node, order)?;
        Some(Standing { step, href, people: *people })
    };
    let mut all: Vec<Standing> = shown.standing.iter().filter_map(at).collect();
    all.sort_by_key(|standing| (std::cmp::Reverse(standing.people), standing.step));
    all
}

async fn starts(signed: &Signed, page: &Page, shown_flow: &FlowShown) -> Result<Vec<StartRow>, Fault> {
    let mut rows = Vec::new();
    for start in signed.app.starts_of(&signed.caller, shown_flow.row.id).await?.into_iter().take(STARTS) {
        let shown = signed.app.start_page(&signed.caller, start.id).await?;
        let (mark, key) = match start.status.as_str() {
            "started" => (Mark::Good, "flow-start-started"),
            "cancelled" => (Mark::LeftOut, "flow-start-cancelled"),
            "approval" => (Mark::Clock, "approve-state-waiting"),
            _ => (Mark::Clock, "flow-start-starting"),
        };
        let waits = start.status == "approval";
        let runs = (waits || start.status == "starting") && shown_flow.may_start;
        let code = signed.app.trust_code_of(&signed.caller, start.id.uuid()).await?;
        let code = code.map(|code| crate::broadcasts::trusted(page, code));
        rows.push(StartRow {
            stops: runs.then(|| start.id.to_string()),
            number: start.number,
            at: timestamp(start.created_at),
            mark,
            state: page.t(key),
            targeted: shown.funnel.targeted,
            started: shown.funnel.started,
            replied: shown.funnel.replied,
            complete: shown.funnel.complete,
            approve: waits.then(|| format!("/broadcasts/{}/approve", start.id)),
            code,
            left_out: shown.left_out.iter().map(|(reason, n)| (page.t(LeftOut::key(reason)), *n)).collect(),
        });
    }
    Ok(rows)
}

/// `POST /flows/{id}/starts`: stops a start.
pub(super) async fn stop(
    signed: Signed,
    Path(flow): Path<String>,
    Form(stopped): Form<Stopped>,
) -> Result<Response, Fault> {
    signed.must(Right::Send)?;
    let flow: FlowId = id(&flow)?;
    let here = format!("/flows/{flow}");
    match signed.app.stop_start(&signed.caller, id(&stopped.start)?).await {
        Err(error @ AppError::Invalid(_)) => {
            signed.say(&told::error(&signed.page, &error), None).await?;
            Ok(Redirect::to(&here).into_response())
        }
        other => {
            other?;
            signed.done("flow-start-stop-done", &[], &here).await
        }
    }
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
            if let Some(programme) = &pressed.programme {
                let programme = if programme.is_empty() { None } else { Some(id(programme)?) };
                if app.find_flow(caller, &flow.to_string()).await?.programme != programme {
                    app.set_flow_programme(caller, flow, programme).await?;
                }
            }
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
