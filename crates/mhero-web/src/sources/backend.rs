//! `/settings/sources/{id}/backend`: a source in which flows run for us: how far it was read, what waits, what to look at.

use askama::Template;
use axum::{extract::Path, http::StatusCode, response::Response};
use jiff::Timestamp;
use mhero_backend::{Backends, BackendsError, CallShown, Decision, Overview};
use mhero_core::{Right, SourceId, timestamp};
use uuid::Uuid;

use super::patiently;
use crate::{
    errors::{Fault, Refusal, show},
    marks::Mark,
    page::{Band, Here, Page},
    state::{Form, Signed, id},
};

/// Flows that are listed.
const FLOWS: usize = 200;

/// A list that is read.
#[derive(Clone, Debug)]
pub struct ListRow {
    /// "Messages".
    pub words: String,
    /// Mark of its state.
    pub mark: Mark,
    /// "Read".
    pub state: String,
    /// Why it was not read, with what to do.
    pub why: String,
    /// When it was last read to its end.
    pub pulled: Option<Timestamp>,
    /// How much came.
    pub items: i64,
}

/// A call that is not done.
#[derive(Clone, Debug)]
pub struct CallRow {
    /// Its id.
    pub id: Uuid,
    /// Version that was seen.
    pub version: i64,
    /// "Start 12: Stock on hand".
    pub words: String,
    /// Mark of its state.
    pub mark: Mark,
    /// "Refused".
    pub state: String,
    /// Why.
    pub why: String,
    /// When something is due.
    pub next: Option<Timestamp>,
}

/// What somebody has to look at.
#[derive(Clone, Debug)]
pub struct ProblemRow {
    /// "The contact has the numbers of several people here".
    pub words: String,
    /// What to do.
    pub remedy: String,
    /// "contact 0f3a…".
    pub subject: String,
    /// The page of the person, trigger or campaign, where one is known.
    pub href: Option<String>,
}

/// The page.
#[derive(Template)]
#[template(path = "sources/backend.html")]
pub struct BackendPage {
    /// What every page knows.
    pub page: Page,
    /// Its address.
    pub href: String,
    /// The page of the source.
    pub source_href: String,
    /// The source.
    pub name: String,
    /// "3 waiting, 1 refused".
    pub calls: String,
    /// "120 messages, 40 runs".
    pub items: String,
    /// How far each list was read.
    pub lists: Vec<ListRow>,
    /// Calls that are not done.
    pub open: Vec<CallRow>,
    /// What to look at.
    pub problems: Vec<ProblemRow>,
    /// Flows that run there: name and page.
    pub flows: Vec<(String, String)>,
    /// What is wrong.
    pub fault: Option<String>,
}

/// What was pressed.
#[derive(Default, serde::Deserialize)]
#[serde(default)]
pub(super) struct Pressed {
    #[serde(rename = "do")]
    verb: String,
    call: Option<Uuid>,
    version: i64,
}

fn refused(error: BackendsError) -> Fault {
    match error {
        BackendsError::App(error) => error.into(),
        BackendsError::NotOne { .. } => Refusal::NotFound.into(),
        BackendsError::Busy { .. } | BackendsError::Stale => Refusal::Impossible.into(),
    }
}

/// Whether flows run at a source for us, for the link on its page.
pub(super) async fn is_one(signed: &Signed, source: SourceId) -> Result<bool, Fault> {
    let all = Backends::new(signed.app.clone()).all(&signed.caller).await.map_err(refused)?;
    Ok(all.iter().any(|own| own.id == source))
}

/// `GET /settings/sources/{id}/backend`.
pub(super) async fn open(signed: Signed, Path(source): Path<String>) -> Result<Response, Fault> {
    signed.must(Right::Settings)?;
    let view = page(&signed, id(&source)?, None).await?;
    Ok(show(StatusCode::OK, &view))
}

/// `POST /settings/sources/{id}/backend`: read now, make a call again, leave it.
pub(super) async fn press(
    signed: Signed,
    Path(source): Path<String>,
    Form(pressed): Form<Pressed>,
) -> Result<Response, Fault> {
    signed.must(Right::Settings)?;
    let source: SourceId = id(&source)?;
    let backends = Backends::new(signed.app.clone());
    let overview = backends.overview(&signed.caller, source).await.map_err(refused)?;
    let name = overview.ok_or(Fault::Refused(Refusal::NotFound))?.source.name;
    let back = format!("/settings/sources/{source}/backend");
    let decision = match (pressed.verb.as_str(), pressed.call) {
        ("again", Some(call)) => Some((call, Decision::Again)),
        ("leave", Some(call)) => Some((call, Decision::Leave)),
        _ => None,
    };
    if let Some((call, decision)) = decision {
        return match backends.decide(&signed.caller, call, pressed.version, decision).await {
            Ok(()) => signed.done("backend-decided", &[], &back).await,
            Err(BackendsError::Stale) => failed(&signed, source, signed.page.t("backend-stale")).await,
            Err(error) => Err(refused(error)),
        };
    }
    let (caller, asked) = (signed.caller.clone(), name.clone());
    let pulled = patiently(async move { Ok(backends.pull_now(&caller, &asked).await) }).await?;
    match pulled {
        // It goes on without this page.
        None => signed.done("backend-pulls", &[], &back).await,
        Some(Ok(passed)) => match passed.failed {
            None => signed.done("backend-pulled", &[], &back).await,
            Some(why) => failed(&signed, source, signed.page.words.reason(&why)).await,
        },
        Some(Err(BackendsError::Busy { .. })) => {
            failed(&signed, source, signed.page.t1("backend-busy", "source", name)).await
        }
        Some(Err(error)) => Err(refused(error)),
    }
}

async fn failed(signed: &Signed, source: SourceId, fault: String) -> Result<Response, Fault> {
    let view = page(signed, source, Some(fault)).await?;
    Ok(show(StatusCode::UNPROCESSABLE_ENTITY, &view))
}

async fn page(signed: &Signed, source: SourceId, fault: Option<String>) -> Result<BackendPage, Fault> {
    let backends = Backends::new(signed.app.clone());
    let shown = backends.overview(&signed.caller, source).await.map_err(refused)?;
    let shown = shown.ok_or(Fault::Refused(Refusal::NotFound))?;
    let page = signed.page.clone().titled(signed.page.t1("backend-head", "name", &shown.source.name), Here::Settings);
    let said = |prefix: &str, counts: &[(String, i64)]| {
        let one = |(state, n): &(String, i64)| page.t1(&format!("{prefix}-{state}"), "n", *n);
        counts.iter().map(one).collect::<Vec<_>>().join(", ")
    };
    Ok(BackendPage {
        href: format!("/settings/sources/{source}/backend"),
        source_href: format!("/settings/sources/{source}"),
        name: shown.source.name.clone(),
        calls: said("backend-calls", &shown.calls),
        items: said("backend-items", &shown.items),
        lists: lists(&page, &shown),
        open: shown.open.iter().map(|call| call_row(&page, call)).collect(),
        problems: problems(&page, &shown),
        flows: shown
            .flows
            .iter()
            .filter(|flow| flow.active)
            .take(FLOWS)
            .map(|flow| (flow.name.clone(), format!("/flows/{}", flow.flow.flow)))
            .collect(),
        fault,
        page,
    })
}

fn lists(page: &Page, shown: &Overview) -> Vec<ListRow> {
    let row = |(list, why): &(mhero_backend::ListRow, Option<mhero_core::record::Reason>)| {
        let (mark, state) = match (why, list.pulled_at) {
            (Some(_), _) => (Mark::Failed, "failed"),
            (None, Some(_)) => (Mark::Good, "read"),
            (None, None) => (Mark::Clock, "wait"),
        };
        ListRow {
            words: page.t(&format!("backend-list-{}", list.list)),
            mark,
            state: page.t(&format!("backend-list-is-{state}")),
            why: why.as_ref().map(|why| page.words.reason(why)).unwrap_or_default(),
            pulled: list.pulled_at.map(timestamp),
            items: list.items,
        }
    };
    shown.lists.iter().map(row).collect()
}

fn call_row(page: &Page, call: &CallShown) -> CallRow {
    let mark = match call.state.as_str() {
        "refused" => Mark::Failed,
        "uncertain" => Mark::Uncertain,
        _ => Mark::Clock,
    };
    CallRow {
        id: call.id,
        version: call.version,
        words: page.t2("backend-call", "number", call.start, "flow", &call.flow),
        mark,
        state: page.t(&format!("backend-call-{}", call.state)),
        why: call.reason.as_ref().map(|why| page.words.reason(why)).unwrap_or_default(),
        next: call.next_at.map(timestamp),
    }
}

fn problems(page: &Page, shown: &Overview) -> Vec<ProblemRow> {
    let href = |own: &mhero_backend::ProblemShown| {
        let person = own.person.map(|person| format!("/people/{person}"));
        let trigger = || own.trigger.map(|trigger| format!("/triggers/{trigger}"));
        person.or_else(trigger).or_else(|| own.campaign.map(|campaign| format!("/campaigns/{campaign}")))
    };
    let row = |own: &mhero_backend::ProblemShown| ProblemRow {
        words: page.t(&format!("backend-problem-{}", own.kind)),
        remedy: page.t(&format!("backend-remedy-{}", own.kind)),
        subject: own.subject.clone(),
        href: href(own),
    };
    shown.problems.iter().map(row).collect()
}
