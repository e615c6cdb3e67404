//! Triggers by flow.

use std::collections::HashMap;

use axum::{
    extract::{Path, Query},
    http::StatusCode,
    response::Response,
};
use mhero_app::flows::{FlowListed, Trigger};
use mhero_core::{FlowId, GroupId, Right};
use serde::Deserialize;

use super::{
    told,
    view::{TriggerLine, TriggersPage},
};
use crate::{
    errors::{Fault, Refusal, show},
    flows::{Tab, Tabs, tabs},
    href,
    marks::Mark,
    page::{Here, Page},
    parts::Choice,
    state::{Signed, id},
};

/// Which triggers.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    kind: String,
}

/// `GET /triggers`.
pub(super) async fn all(signed: Signed, Query(asked): Query<Asked>) -> Result<Response, Fault> {
    page(&signed, None, &asked.kind).await
}

/// `GET /flows/{id}/triggers`.
pub(super) async fn of_flow(
    signed: Signed,
    Path(flow): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Fault> {
    page(&signed, Some(id(&flow)?), &asked.kind).await
}

async fn page(signed: &Signed, flow: Option<FlowId>, kind: &str) -> Result<Response, Fault> {
    let triggers = signed.app.triggers(&signed.caller).await?;
    let flows = signed.app.flows(&signed.caller, true).await?;
    let (groups, elsewhere) = (groups(signed).await?, signed.app.flows_elsewhere().await?);
    let mut page = signed.page("nav-triggers", Here::Triggers);
    let own = match flow {
        None => None,
        Some(id) => Some(flows.iter().find(|flow| flow.row.id == id).ok_or(Refusal::NotFound)?),
    };
    if let Some(own) = own {
        page = page.titled(&own.row.name, Here::Flows);
    }
    let here = flow.map_or_else(|| "/triggers".to_owned(), |flow| format!("/flows/{flow}/triggers"));
    let is_meant = |trigger: &&Trigger| {
        flow.is_none_or(|flow| trigger.flow == flow) && (kind.is_empty() || told::kind(&trigger.terms) == kind)
    };
    let mut rows: Vec<TriggerLine> =
        triggers.iter().filter(is_meant).map(|trigger| line(signed, &page, trigger, &flows, &groups)).collect();
    for (row, trigger) in rows.iter_mut().zip(triggers.iter().filter(is_meant)) {
        if trigger.terms.is_pulled_here() && elsewhere.contains(&trigger.flow) {
            row.idle = page.t("backend-remedy-trigger-not-here");
        }
    }
    rows.sort_by(|one, two| (&one.flow, &one.what).cmp(&(&two.flow, &two.what)));
    let choice = |word: &str, key: String| Choice {
        value: href::with(&here, &[("kind", word)]),
        words: page.t(&key),
        people: None,
        is_on: kind == word,
    };
    let mut filters = vec![choice("", "triggers-all".to_owned())];
    filters.extend(told::KINDS.iter().map(|word| choice(word, format!("trigger-kind-{word}"))));
    let shown = TriggersPage {
        tabs: flow.map_or_else(Tabs::default, |flow| tabs(&page, flow, Tab::Triggers)),
        flow: own.map(|own| own.row.name.clone()),
        filters,
        new_href: href::with("/triggers/new", &[("flow", &flow.map(|flow| flow.to_string()).unwrap_or_default())]),
        rows,
        page,
    };
    Ok(show(StatusCode::OK, &shown))
}

fn line(
    signed: &Signed,
    page: &Page,
    trigger: &Trigger,
    flows: &[FlowListed],
    groups: &HashMap<GroupId, String>,
) -> TriggerLine {
    let flow = flows.iter().find(|flow| flow.row.id == trigger.flow);
    let names = |ids: &[GroupId]| {
        let name = |id: &GroupId| groups.get(id).cloned().unwrap_or_else(|| page.t("trigger-group-gone"));
        ids.iter().map(name).collect::<Vec<_>>().join(", ")
    };
    let whom = match (trigger.groups.is_empty(), trigger.exclude.is_empty()) {
        (true, true) => page.t("trigger-whom-all"),
        (false, true) => names(&trigger.groups),
        (true, false) => page.t1("trigger-whom-without", "groups", names(&trigger.exclude)),
        (false, false) => {
            page.t2("trigger-whom-both", "groups", names(&trigger.groups), "without", names(&trigger.exclude))
        }
    };
    TriggerLine {
        what: told::what(page, &trigger.terms),
        how: told::how(page, &trigger.terms),
        href: if page.may(Right::Flows) { format!("/triggers/{}", trigger.id) } else { String::new() },
        flow: flow.map(|flow| flow.row.name.clone()).unwrap_or_default(),
        flow_href: format!("/flows/{}", trigger.flow),
        whom,
        next: told::next(&signed.app, page, &trigger.terms).into_iter().next().unwrap_or_default(),
        idle: String::new(),
        urgent: trigger.urgent.then_some(Mark::Alarm),
    }
}

/// Names of groups, as far as the reader may see them.
pub(super) async fn groups(signed: &Signed) -> Result<HashMap<GroupId, String>, Fault> {
    if !signed.caller.scope.may(Right::ReadPeople) {
        return Ok(HashMap::new());
    }
    let groups = signed.app.list_groups(&signed.caller).await?;
    Ok(groups.into_iter().map(|row| (row.group.id, row.name)).collect())
}
