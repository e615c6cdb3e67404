//! Outside calls by state.

use axum::{extract::Query, http::StatusCode, response::Response};
use mhero_app::flows::{EffectListed, FlowListed};
use mhero_core::{Right, limits::PAGE_ROWS, timestamp};
use serde::Deserialize;

use super::view::{CallLine, CallsPage};
use crate::{
    errors::{Fault, show},
    href,
    marks::Mark,
    page::{Here, Page},
    parts::{Choice, Pager},
    state::Signed,
};

/// States, as they stand in addresses.
const STATES: [&str; 7] = ["ready", "calling", "answered", "failed", "refused", "dropped", "uncertain"];

/// Which calls.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    state: String,
    before: Option<i64>,
}

/// `GET /calls`.
pub(super) async fn show_all(signed: Signed, Query(asked): Query<Asked>) -> Result<Response, Fault> {
    signed.must(Right::Flows)?;
    let state = if STATES.contains(&asked.state.as_str()) { asked.state.as_str() } else { "" };
    let page = signed.page("nav-calls", Here::Calls);
    let before = asked.before.unwrap_or(i64::MAX);
    let mut found = signed.app.effects(&signed.caller, state, (before, PAGE_ROWS + 1)).await?;
    let most = usize::try_from(PAGE_ROWS).unwrap_or(usize::MAX);
    let has_more = found.len() > most;
    found.truncate(most);
    let next = found.last().filter(|_| has_more).map(|last| last.created_at.to_string());
    let flows = flows(&signed).await?;
    let rows: Vec<_> = found.iter().map(|row| line(&page, row, &flows)).collect();
    let choice = |word: &str, key: String| Choice {
        value: href::with("/calls", &[("state", word)]),
        words: page.t(&key),
        people: None,
        is_on: state == word,
    };
    let mut filters = vec![choice("", "calls-all".to_owned())];
    filters.extend(STATES.iter().map(|word| choice(word, format!("call-state-{word}"))));
    let shown = CallsPage {
        filters,
        pager: Pager {
            first: i64::from(!rows.is_empty()),
            last: i64::try_from(rows.len()).unwrap_or(i64::MAX),
            total: None,
            previous: asked.before.map(|_| href::with("/calls", &[("state", state)])),
            next: next.map(|before| href::with("/calls", &[("state", state), ("before", &before)])),
        },
        rows,
        page,
    };
    Ok(show(StatusCode::OK, &shown))
}

/// Flows, for their names; none for a reader who may not list them.
pub(super) async fn flows(signed: &Signed) -> Result<Vec<FlowListed>, Fault> {
    if !signed.caller.scope.may(Right::ReadMessages) {
        return Ok(Vec::new());
    }
    Ok(signed.app.flows(&signed.caller, true).await?)
}

/// A call as pages show it.
pub(super) fn line(page: &Page, row: &EffectListed, flows: &[FlowListed]) -> CallLine {
    let mark = match row.state.as_str() {
        "answered" => Mark::Good,
        "failed" | "refused" => Mark::Failed,
        "dropped" => Mark::LeftOut,
        "uncertain" => Mark::Uncertain,
        _ => Mark::Waiting,
    };
    let known = |key: String, word: &str| if page.words.has(&key) { page.t(&key) } else { word.to_owned() };
    let state = known(format!("call-state-{}", row.state), &row.state);
    let flow = flows.iter().find(|flow| flow.row.id == row.flow);
    CallLine {
        at: timestamp(row.created_at),
        peer: row.peer.clone(),
        kind: known(format!("call-kind-{}", row.kind), &row.kind),
        href: href::with(&format!("/calls/{}", row.key), &[]),
        flow: flow.map(|flow| flow.row.name.clone()).unwrap_or_default(),
        flow_href: format!("/flows/{}", row.flow),
        mark,
        state: match row.status {
            Some(status) => page.t2("call-state-status", "state", state, "status", status.to_string()),
            None => state,
        },
        attempts: row.attempt,
    }
}
