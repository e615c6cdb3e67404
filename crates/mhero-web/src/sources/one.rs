//! One source: how it stands, its settings, its runs.

use std::collections::BTreeMap;

use axum::{extract::Path, http::StatusCode, response::Response};
use mhero_app::{
    rows::SyncRunRow,
    sync::{SourceStatus, read_reason},
};
use mhero_core::{Right, SourceId, timestamp};
use serde_json::{Map, Value};

use super::{
    backend, consent, fields,
    list::FILES,
    told,
    view::{OnePage, OwnField, RunRow},
};
use crate::{
    errors::{Fault, Refusal, show},
    page::{Here, Page},
    state::{Signed, id},
};

/// Runs listed.
const RUNS: i64 = 20;
/// Fields that every person has.
const OWN_FIELDS: [&str; 6] = ["name", "phone", "language", "sex", "birth", "active"];

/// What a page shows beside the source itself.
#[derive(Default)]
pub(super) struct Beside {
    pub(super) fault: Option<String>,
    /// Whether the fault is what a test found.
    pub(super) is_test: bool,
    /// What a test found that works.
    pub(super) tested: Option<Vec<String>>,
    /// Settings as typed.
    pub(super) typed: Vec<(String, String)>,
    pub(super) url: Option<String>,
}

/// How a source stands.
pub(super) async fn status(signed: &Signed, source: SourceId) -> Result<SourceStatus, Fault> {
    let statuses = signed.app.source_statuses(&signed.caller).await?;
    statuses.into_iter().find(|status| status.source.id == source).ok_or(Fault::Refused(Refusal::NotFound))
}

/// `GET /settings/sources/{id}`.
pub(super) async fn open(signed: Signed, Path(source): Path<String>) -> Result<Response, Fault> {
    signed.must(Right::Settings)?;
    let status = status(&signed, id(&source)?).await?;
    Ok(show(StatusCode::OK, &page(&signed, status, Beside::default()).await?))
}

/// The page.
pub(super) async fn page(signed: &Signed, status: SourceStatus, beside: Beside) -> Result<OnePage, Fault> {
    let page = signed.page.clone().titled(&status.source.name, Here::Settings);
    let source = &status.source;
    let mut values = settings_of(&source.config);
    values.extend(beside.typed);
    let owned = signed.app.ownership(&signed.caller).await?;
    let mut names: Vec<String> = OWN_FIELDS.iter().map(|&field| field.to_owned()).collect();
    names.extend(owned.iter().map(|owned| owned.field.clone()).filter(|field| !OWN_FIELDS.contains(&field.as_str())));
    let owners = names.into_iter().map(|field| {
        let sources = owned.iter().find(|owned| owned.field == field).map(|owned| owned.sources.clone());
        let sources = sources.unwrap_or_default();
        let others: Vec<&String> = sources.iter().filter(|name| **name != source.name).collect();
        OwnField {
            words: told::word(&page, "own", &field),
            is_on: sources.contains(&source.name),
            others: others.into_iter().cloned().collect::<Vec<_>>().join(", "),
            field,
        }
    });
    let is_registry = status.is_registry && source.kind != FILES;
    let (mark, state, why) = told::state(&page, &status);
    let runs = signed.app.sync_runs(&signed.caller, Some(source.id), RUNS).await?;
    let example = format!("source-kind-{}-example", source.kind);
    Ok(OnePage {
        href: format!("/settings/sources/{}", source.id),
        name: source.name.clone(),
        kind: told::kind(&page, &source.kind),
        url: beside.url.or_else(|| source.url.clone()).unwrap_or_default(),
        example: if page.words.has(&example) { page.t(&example) } else { String::new() },
        rank: source.rank,
        mark,
        state,
        why,
        asks: status.asks.as_ref().map(|(run, _)| format!("/settings/sources/runs/{run}")),
        succeeded: status.succeeded_at.map(timestamp),
        next: status.next_at.map(|at| page.stamp(&timestamp(at))).unwrap_or_default(),
        failures: status.failures,
        own: fields::own(&page, &signed.app, &source.kind, &values),
        common: if is_registry { fields::common(&page, &values) } else { Vec::new() },
        owners: owners.collect(),
        consent: consent::of(signed, source.id).await?,
        told: consent::told_by(signed, &page, source.id).await?,
        written: consent::written_to(signed, &page, source.id).await?,
        backend: backend::is_one(signed, source.id).await?.then(|| format!("/settings/sources/{}/backend", source.id)),
        runs: runs.iter().map(|run| row(&page, run)).collect(),
        notify: if is_registry { signed.app.notify_path(&signed.caller, source.id)? } else { String::new() },
        import: if is_registry {
            String::new()
        } else {
            crate::href::with("/people/import", &[("source", &source.name)])
        },
        is_registry,
        fault: beside.fault,
        is_test: beside.is_test,
        tested: beside.tested,
        page,
    })
}

/// The open settings of a source.
fn settings_of(config: &str) -> BTreeMap<String, String> {
    let config: Map<String, Value> = serde_json::from_str(config).unwrap_or_default();
    config.into_iter().filter_map(|(key, value)| Some((key, value.as_str()?.to_owned()))).collect()
}

/// A run in a list.
pub(super) fn row(page: &Page, run: &SyncRunRow) -> RunRow {
    RunRow {
        href: format!("/settings/sources/runs/{}", run.id),
        began: timestamp(run.began_at),
        kind: told::word(page, "run-kind", &run.kind),
        why: told::word(page, "run-why", &run.why),
        mark: told::mark(&run.state),
        state: told::word(page, "run-state", &run.state),
        counts: counts(page, &run.summary),
        reason: run.reason.as_deref().map(|kept| page.words.reason(&read_reason(kept))).unwrap_or_default(),
    }
}

/// "12 new, 3 changed".
fn counts(page: &Page, summary: &str) -> String {
    let summary: Map<String, Value> = serde_json::from_str(summary).unwrap_or_default();
    let of = |name: &str| summary.get(name).and_then(Value::as_i64).unwrap_or(0);
    let names = ["read", "created", "updated", "unchanged", "waiting", "removed", "rejected"];
    let said = names.iter().filter(|name| of(name) > 0).map(|name| page.t1(&format!("run-n-{name}"), "n", of(name)));
    said.collect::<Vec<_>>().join(", ")
}
