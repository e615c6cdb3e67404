//! A run: what it changed, what it could not take, what it asks; undo and replay.

use axum::{
    extract::{Path, Query},
    http::StatusCode,
    response::Response,
};
use mhero_app::{AppError, rows::RecordChange, sync::ListedRecord};
use mhero_core::{ImportId, Right, timestamp};
use serde::Deserialize;
use uuid::Uuid;

use super::{
    diff, one, patiently, told,
    view::{ChangeRow, ListedRow, RunShowPage},
};
use crate::{
    errors::{Fault, Refusal, show},
    href,
    imports::{kind, shaded, whence},
    page::{Here, Page},
    state::{Form, Signed, id},
    words::Arg,
};

/// Changes on one page: each may have a dozen lines.
const CHANGES: i64 = 25;
/// Refused records that are listed.
const REJECTED: i64 = 20;
/// Runs in these states can be undone.
const UNDOABLE: [&str; 4] = ["done", "failed", "asks", "refused"];

/// From where.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    after: String,
}

/// What was pressed.
#[derive(Deserialize)]
pub(super) struct Pressed {
    #[serde(rename = "do", default)]
    verb: String,
}

/// `GET /settings/sources/runs/{run}`.
pub(super) async fn open(
    signed: Signed,
    Path(run): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Fault> {
    let after = if asked.after.is_empty() { None } else { Some(id::<Uuid>(&asked.after)?) };
    let shown = page(&signed, id(&run)?, after, (None, false)).await?;
    Ok(show(StatusCode::OK, &shown))
}

async fn page(
    signed: &Signed,
    run: ImportId,
    after: Option<Uuid>,
    (fault, asks_undo): (Option<String>, bool),
) -> Result<RunShowPage, Fault> {
    let found = signed.app.sync_run(&signed.caller, run, after, CHANGES).await?;
    let rejections = signed.app.rejections_of(&signed.caller, run, REJECTED).await?;
    let removals = if found.run.state == "asks" || found.run.state == "refused" {
        signed.app.removals_asked(&signed.caller, run).await?
    } else {
        Vec::new()
    };
    let waiting = signed.app.waiting_of(&signed.caller, run).await?;
    let page = signed.page("run-head", Here::Settings);
    let path = format!("/settings/sources/runs/{run}");
    let may = page.may(Right::EditPeople);
    let next = found.changes.last().filter(|_| i64::try_from(found.changes.len()).is_ok_and(|n| n == CHANGES));
    let problem = |origin: &str, problem: &mhero_core::record::Problem| {
        let reason = page.words.reason(&problem.reason);
        let said = if problem.element.is_empty() { reason } else { format!("{}: {reason}", problem.element) };
        (whence(&page, origin), shaded(&said))
    };
    Ok(RunShowPage {
        source: found.run.source_name.clone(),
        source_href: if page.may(Right::Settings) {
            format!("/settings/sources/{}", found.run.source)
        } else {
            String::new()
        },
        ended: found.run.ended_at.map(timestamp),
        of: found.run.run_of.map(|of| format!("/settings/sources/runs/{of}")),
        reason: found.reason.as_ref().map(|reason| page.words.reason(reason)).unwrap_or_default(),
        asks: found.run.state == "asks" && may,
        is_undoable: may && UNDOABLE.contains(&found.run.state.as_str()),
        asks_undo,
        is_replayable: may && found.run.state != "running",
        removals: removals.iter().map(|one| listed(&page, one)).collect(),
        waiting: waiting.iter().map(|one| listed(&page, one)).collect(),
        remarks: found.remarks.iter().map(|remark| page.words.reason(remark)).collect(),
        warnings: found.warnings.iter().map(|(origin, one)| problem(origin, one)).collect(),
        rejected: rejections.iter().map(|one| problem(&one.origin, &one.problem)).collect(),
        rejected_href: if may && !rejections.is_empty() {
            format!("/people/runs/{run}/rejected")
        } else {
            String::new()
        },
        next: next.map(|last| href::with(&path, &[("after", &last.id.to_string())]) + "#changes"),
        is_first: after.is_none(),
        changes: found.changes.iter().map(|change| change_row(&page, change)).collect(),
        row: one::row(&page, &found.run),
        href: path,
        fault,
        page,
    })
}

fn listed(page: &Page, one: &ListedRecord) -> ListedRow {
    ListedRow {
        name: one.name.clone(),
        href: match one.of {
            Some(("place", place)) => format!("/places/{place}"),
            Some((_, person)) => format!("/people/{person}"),
            None => String::new(),
        },
        record: format!("{} {}", kind(page, &one.kind), shaded(&one.id)),
    }
}

fn change_row(page: &Page, change: &RecordChange) -> ChangeRow {
    let after = change.after_digest.as_ref().map(|_| change.after_raw.as_str());
    let (lines, more) = diff::lines(change.before_raw.as_deref(), after);
    let href = match (change.entity_kind.as_deref(), change.entity) {
        (Some("person"), Some(entity)) => Some(format!("/people/{entity}")),
        (Some("place"), Some(entity)) => Some(format!("/places/{entity}")),
        _ => None,
    };
    ChangeRow {
        mark: told_mark(&change.verdict),
        verdict: told::word(page, "verdict", &change.verdict),
        record: format!("{} {}", kind(page, &change.kind), shaded(&change.ext_id)),
        href,
        origin: whence(page, &change.origin),
        by: change.matched_by.as_deref().map(|by| page.t1("verdict-by", "by", shaded(by))).unwrap_or_default(),
        lines,
        more: i64::try_from(more).unwrap_or(i64::MAX),
    }
}

fn told_mark(verdict: &str) -> crate::marks::Mark {
    use crate::marks::Mark;
    match verdict {
        "new" => Mark::Good,
        "matched" => Mark::Delivered,
        "changed" => Mark::Sent,
        "rejected" => Mark::Failed,
        _ => Mark::LeftOut,
    }
}

/// `POST /settings/sources/runs/{run}`.
pub(super) async fn press(
    signed: Signed,
    Path(run): Path<String>,
    Form(pressed): Form<Pressed>,
) -> Result<Response, Fault> {
    signed.must(Right::EditPeople)?;
    let run: ImportId = id(&run)?;
    let path = format!("/settings/sources/runs/{run}");
    let (app, caller) = (signed.app.clone(), signed.caller.clone());
    let count = |n: u64| Arg::Count(i64::try_from(n).unwrap_or(i64::MAX));
    let done = match pressed.verb.as_str() {
        "undo-ask" => {
            let shown = page(&signed, run, None, (None, true)).await?;
            return Ok(show(StatusCode::OK, &shown));
        }
        "undo" => patiently(async move { Ok(app.undo_run(&caller, run).await) }).await?.map(|done| {
            done.map(|done| {
                ("run-undone", vec![("restored", count(done.restored)), ("kept", count(done.kept))], done.run)
            })
        }),
        "replay" => patiently(async move { Ok(app.replay_run(&caller, run).await) }).await?.map(|done| {
            done.map(|done| {
                let again = done.run.unwrap_or(run);
                ("run-replayed", vec![("read", count(done.read)), ("updated", count(done.updated))], again)
            })
        }),
        "confirm" => Some(app.confirm_removals(&caller, run).await.map(|()| ("run-confirmed", vec![], run))),
        "refuse" => Some(app.refuse_removals(&caller, run).await.map(|()| ("run-refused", vec![], run))),
        _ => return Err(Refusal::Unreadable.into()),
    };
    match done {
        None => signed.done("sources-going-on", &[], &path).await,
        Some(Ok((key, args, to))) => signed.done(key, &args, &format!("/settings/sources/runs/{to}")).await,
        Some(Err(AppError::Invalid(reason))) => {
            let fault = Some(signed.page.words.reason(&reason));
            Ok(show(StatusCode::UNPROCESSABLE_ENTITY, &page(&signed, run, None, (fault, false)).await?))
        }
        Some(Err(error)) => Err(error.into()),
    }
}
