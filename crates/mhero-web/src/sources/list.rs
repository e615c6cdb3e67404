//! The list of sources, and the form of a new one.

use std::collections::BTreeMap;

use axum::{extract::Query, http::StatusCode, response::Response};
use mhero_core::{Right, timestamp};
use serde::Deserialize;

use super::{
    fields, told,
    view::{Answers, KindRow, ListPage, NewPage, SourceRow, Typed},
};
use crate::{
    errors::{Fault, show},
    page::{Here, Page},
    settings,
    state::{Form, Signed},
};

/// The kind of sources that are sets of files.
pub(super) const FILES: &str = "files";

/// `GET /settings/sources`.
pub(super) async fn list(signed: Signed) -> Result<Response, Fault> {
    signed.must(Right::Settings)?;
    Ok(show(StatusCode::OK, &page(&signed, None).await?))
}

/// The list; with what was typed of the answers, and what is wrong with it.
async fn page(signed: &Signed, typed: Option<(String, String)>) -> Result<ListPage, Fault> {
    let page = signed.page("settings-sources", Here::Settings);
    let statuses = signed.app.source_statuses(&signed.caller).await?;
    let row = |status: &mhero_app::sync::SourceStatus| {
        let (mark, state, why) = told::state(&page, status);
        SourceRow {
            href: format!("/settings/sources/{}", status.source.id),
            name: status.source.name.clone(),
            kind: told::kind(&page, &status.source.kind),
            mark,
            state,
            why,
            succeeded: status.succeeded_at.map(timestamp),
            next: status.next_at.map(|at| page.stamp(&timestamp(at))).unwrap_or_default(),
        }
    };
    let mut rows: Vec<SourceRow> = statuses.iter().map(row).collect();
    // A set of files succeeds when somebody brings one.
    for (row, status) in rows.iter_mut().zip(&statuses).filter(|(_, status)| !status.is_registry) {
        let runs = signed.app.sync_runs(&signed.caller, Some(status.source.id), 1).await?;
        row.succeeded = runs.first().map(|run| timestamp(run.began_at));
    }
    let needs_two = signed.app.two_people_accept().await?;
    let said = match &typed {
        Some((said, _)) => said.clone(),
        None => signed.app.answers_taken(&signed.caller).await?,
    };
    let answers = Answers { said, fault: typed.map(|(_, fault)| fault) };
    Ok(ListPage { tabs: settings::tabs(&page, "sources"), rows, needs_two, answers, page })
}

/// Which answers of flows correct the register.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Said {
    answers: String,
}

/// `POST /settings/sources/answers`.
pub(super) async fn answers(signed: Signed, Form(form): Form<Said>) -> Result<Response, Fault> {
    match signed.app.set_answers_taken(&signed.caller, &form.answers).await {
        Ok(()) => signed.done("answers-saved", &[], "/settings/sources").await,
        Err(error) => {
            let fault = told::fault(&signed.page, error)?;
            let shown = page(&signed, Some((form.answers, fault))).await?;
            Ok(show(StatusCode::UNPROCESSABLE_ENTITY, &shown))
        }
    }
}

/// How many people accept a change.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Accepting {
    two: String,
}

/// `POST /settings/sources/accepting`.
pub(super) async fn accepting(signed: Signed, Form(form): Form<Accepting>) -> Result<Response, Fault> {
    let needs_two = form.two == "yes";
    signed.app.set_two_people_accept(&signed.caller, needs_two).await?;
    let key = if needs_two { "accept-saved-two" } else { "accept-saved-one" };
    signed.done(key, &[], "/settings/sources").await
}

/// Which kind.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    kind: String,
}

/// `GET /settings/sources/new`: which kind, then its fields.
pub(super) async fn new(signed: Signed, Query(asked): Query<Asked>) -> Result<Response, Fault> {
    signed.must(Right::Settings)?;
    let typed = Typed { kind: asked.kind, ..Typed::default() };
    Ok(show(StatusCode::OK, &form(&signed, typed, None)))
}

/// The kind of sources that nobody adds: clients of the FHIR server, which come with what they write first.
const MADE_BY_ITSELF: &str = "fhir-client";

/// The form of a new source, with what was typed.
pub(super) fn form(signed: &Signed, typed: Typed, fault: Option<String>) -> NewPage {
    let page = signed.page("sources-add", Here::Settings);
    let mut kinds: Vec<&str> =
        signed.app.connector_kinds().filter(|kind| ![FILES, MADE_BY_ITSELF].contains(kind)).collect();
    kinds.push(FILES);
    let is_known = kinds.contains(&typed.kind.as_str());
    let values: BTreeMap<String, String> = typed.config.iter().cloned().collect();
    let is_registry = is_known && typed.kind != FILES;
    NewPage {
        kinds: kinds.iter().map(|kind| kind_row(&page, kind)).collect(),
        chosen: is_known.then(|| kind_row(&page, &typed.kind)),
        own: if is_known { fields::own(&page, &signed.app, &typed.kind, &values) } else { Vec::new() },
        common: if is_registry { fields::common(&page, &values) } else { Vec::new() },
        is_registry,
        typed,
        fault,
        page,
    }
}

fn kind_row(page: &Page, kind: &str) -> KindRow {
    let text = |end: &str| {
        let key = format!("source-kind-{kind}-{end}");
        if page.words.has(&key) { page.t(&key) } else { String::new() }
    };
    KindRow { kind: kind.to_owned(), words: told::kind(page, kind), why: text("why"), example: text("example") }
}
