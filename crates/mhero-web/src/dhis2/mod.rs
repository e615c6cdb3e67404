//! Reports to DHIS2, `/exchange/dhis2`: what was sent, what it objects to beside the SMS, and which results go where.

mod mapping;
mod show;
pub mod view;

use axum::{
    Router,
    extract::{Path, Query},
    http::StatusCode,
    response::Response,
    routing::{get, post},
};
use mhero_core::{Right, limits::PAGE_ROWS};
use mhero_exchange::dhis2::{Decision, Dhis2Error, Reports};
use serde::Deserialize;
use uuid::Uuid;

use crate::{
    errors::{Fault, Refusal, show},
    href,
    page::Here,
    parts::{Choice, Pager},
    state::{Form, Signed, State, id},
};
use view::ReportsPage;

/// The page.
const HREF: &str = "/exchange/dhis2";
/// States that can be chosen, in the order of what waits for somebody.
const STATES: [&str; 6] = ["approval", "conflict", "refused", "ready", "accepted", "superseded"];

/// Its routes.
pub fn routes() -> Router<State> {
    Router::new()
        .route("/exchange/dhis2", get(list))
        .route("/exchange/dhis2/reports/{id}", post(decide))
        .route("/exchange/dhis2/mappings/new", get(mapping::fresh).post(mapping::add))
        .route("/exchange/dhis2/mappings/{id}", get(mapping::open).post(mapping::change))
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Asked {
    state: String,
    at: Option<i64>,
    after: Option<String>,
}

fn reports(signed: &Signed) -> Reports {
    Reports::new(signed.app.clone())
}

/// What went wrong, as the console tells it.
fn fault(error: Dhis2Error) -> Fault {
    match error {
        Dhis2Error::App(error) => error.into(),
        _ => Refusal::Impossible.into(),
    }
}

async fn list(signed: Signed, Query(asked): Query<Asked>) -> Result<Response, Fault> {
    signed.must(Right::ReadPeople)?;
    let reports = reports(&signed);
    let state = STATES.into_iter().find(|own| *own == asked.state);
    let before = match (asked.at, &asked.after) {
        (Some(at), Some(after)) => Some((at, id::<Uuid>(after)?)),
        _ => None,
    };
    let rows = reports.list(&signed.caller, (state, None), before, PAGE_ROWS).await.map_err(fault)?;
    let counts = reports.counts(&signed.caller).await.map_err(fault)?;
    let page = signed.page("nav-dhis2", Here::Dhis2);
    let all = Choice {
        value: HREF.to_owned(),
        words: page.t("hmis-all"),
        people: Some(counts.iter().map(|(_, count)| count).sum()),
        is_on: state.is_none(),
    };
    let one = |own: &'static str| {
        let count = counts.iter().find(|(name, _)| name == own).map(|(_, count)| *count)?;
        let value = href::with(HREF, &[("state", own)]);
        Some(Choice {
            value,
            words: page.t(&format!("hmis-state-{own}")),
            people: Some(count),
            is_on: state == Some(own),
        })
    };
    let last = rows.last().filter(|_| i64::try_from(rows.len()).is_ok_and(|n| n == PAGE_ROWS));
    let next = last.map(|last| {
        let (at, after) = (last.reported_at.to_string(), last.id.to_string());
        href::with(HREF, &[("state", asked.state.as_str()), ("at", &at), ("after", &after)])
    });
    let may_map = signed.caller.scope.may(Right::Settings);
    let mappings = if may_map { reports.mappings(&signed.caller).await.map_err(fault)? } else { Vec::new() };
    let shown = ReportsPage {
        filters: std::iter::once(all).chain(STATES.into_iter().filter_map(one)).collect(),
        pager: Pager {
            first: i64::from(!rows.is_empty()),
            last: i64::try_from(rows.len()).unwrap_or(PAGE_ROWS),
            total: None,
            previous: before.map(|_| href::with(HREF, &[("state", asked.state.as_str())])),
            next,
        },
        reports: rows.iter().map(|row| show::block(&page, &signed.caller, row)).collect(),
        mappings: mappings.iter().map(|own| show::line(&page, own)).collect(),
        may_map,
        page,
    };
    Ok(show(StatusCode::OK, &shown))
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Pressed {
    #[serde(rename = "do")]
    verb: String,
    version: i64,
}

async fn decide(signed: Signed, Path(report): Path<String>, Form(pressed): Form<Pressed>) -> Result<Response, Fault> {
    let report: Uuid = id(&report)?;
    let (decision, said) = match pressed.verb.as_str() {
        "approve" => (Decision::Approve, "hmis-approved"),
        "refuse" => (Decision::Refuse, "hmis-sent-back"),
        "again" => (Decision::Again, "hmis-goes-again"),
        _ => return Err(Refusal::Unreadable.into()),
    };
    match reports(&signed).decide(&signed.caller, report, pressed.version, decision).await {
        Ok(()) => signed.done(said, &[], HREF).await,
        Err(Dhis2Error::Stale) => signed.done("hmis-changed-meanwhile", &[], HREF).await,
        Err(error) => Err(fault(error)),
    }
}
