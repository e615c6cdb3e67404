//! What would become of a file, row by row; then the decision, and what came of it.

use axum::{
    Extension,
    extract::{Path, Query},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};
use mhero_app::{
    AppError,
    people::{DraftState, ImportDraft},
};
use mhero_core::{ImportId, Right, limits::PAGE_ROWS, record::Rejection};
use serde::Deserialize;

use super::{
    Desk, ask,
    draft::{self, Look, Order, Seen, Stage},
    verdicts,
    view::{ColumnRow, ShowPage, WaitPage},
};
use crate::{
    errors::{Fault, Refusal, show as answer},
    href,
    page::{Here, Page},
    parts::{Choice, Pager},
    state::{Form, Signed, id},
};

/// Seconds after which a browser looks again whether the work is over.
const LOOK_AGAIN: HeaderValue = HeaderValue::from_static("2");
/// Refused records that one file holds.
const REJECTED_MAX: i64 = 100_000;
/// The system of the staff numbers of a table.
const STAFF: &str = "#staff";
/// Longest sample of a column, in characters.
const SAMPLE_CHARS_MAX: usize = 60;

/// Which rows.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    show: String,
    from: usize,
    r#as: String,
}

async fn found(signed: &Signed, key: &str) -> Result<ImportDraft, Fault> {
    ask::may(signed)?;
    Ok(signed.app.brought(&signed.caller, id(key)?).await?)
}

/// What this process knows of a file: what it has seen, else what it looks for now; `None` while another node imports it.
async fn look(signed: &Signed, desk: &Desk, draft: &ImportDraft) -> Result<Option<Look>, AppError> {
    let is_open = draft.state == DraftState::Open;
    // An import that broke off elsewhere is looked through anew; the same, when something else was said of the columns.
    let fits = |look: &Look| look.is_import || (is_open && look.said == draft.said);
    if let Some(known) = desk.looks.find(draft.id()).filter(fits) {
        return Ok(Some(known));
    }
    if !is_open {
        return Ok(None);
    }
    let opened = draft::open_draft(&signed.app, &signed.caller, &desk.shelf, draft).await?;
    let order = Order { source: draft.source.clone(), said: draft.said.clone(), import: None };
    let look = draft::begin(&signed.app, &signed.caller, opened, order);
    desk.looks.put(draft.id(), look.clone());
    Ok(Some(look))
}

/// `GET /people/import/{key}`.
pub(super) async fn show(
    signed: Signed,
    Extension(desk): Extension<Desk>,
    Path(key): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Fault> {
    let draft = found(&signed, &key).await?;
    let look = match look(&signed, &desk, &draft).await {
        Ok(look) => look,
        Err(AppError::Invalid(reason)) => {
            let fault = signed.page.words.reason(&reason);
            return Ok(answer(StatusCode::UNPROCESSABLE_ENTITY, &failed(&signed, &desk, (&draft, &[]), fault)));
        }
        Err(error) => return Err(error.into()),
    };
    let Some(look) = look else {
        return Ok(match draft.state {
            DraftState::Importing(read, total) => wait(&signed, &draft, true, (read, total)),
            DraftState::Done(Some(run)) => Redirect::to(&format!("/settings/sources/runs/{run}")).into_response(),
            _ => Redirect::to("/people/import").into_response(),
        });
    };
    Ok(match draft::stage(&look.hear).await {
        Stage::UnderWay(read, total) => wait(&signed, &draft, look.is_import, (read, total)),
        Stage::Done(seen) => answer(StatusCode::OK, &shown(&signed, &desk, (&draft, &look), &seen, &asked)),
        Stage::Failed(reason) => {
            // What broke off is looked through anew the next time.
            desk.looks.forget(draft.id());
            let fault = signed.page.words.reason(&reason);
            answer(StatusCode::UNPROCESSABLE_ENTITY, &failed(&signed, &desk, (&draft, &look.columns), fault))
        }
    })
}

fn path(draft: &ImportDraft) -> String {
    format!("/people/import/{}", draft.id())
}

fn wait(signed: &Signed, draft: &ImportDraft, is_import: bool, (read, total): (u64, Option<u64>)) -> Response {
    let page = signed.page("imports-head", Here::People);
    let doing = page.t(if is_import { "imports-importing" } else { "imports-looking" });
    let far = match total {
        Some(total) => page.t2("imports-far-of", "n", count(read), "total", count(total)),
        None => page.t1("imports-far", "n", count(read)),
    };
    let shown = WaitPage { page, file: draft.file.clone(), doing, far, href: path(draft) };
    let mut response = answer(StatusCode::OK, &shown);
    response.headers_mut().insert(header::REFRESH, LOOK_AGAIN);
    response
}

fn count(n: u64) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

fn shown(signed: &Signed, desk: &Desk, (draft, look): (&ImportDraft, &Look), seen: &Seen, asked: &Asked) -> ShowPage {
    let page = signed.page("imports-head", Here::People);
    let (path, report) = (path(draft), &seen.report);
    let all = verdicts::rows(&page, seen, &asked.show);
    let size = usize::try_from(PAGE_ROWS).unwrap_or(usize::MAX);
    let to = |from: usize| href::with(&path, &[("show", &asked.show), ("from", &from.to_string())]) + "#rows";
    let total = all.len();
    let rows: Vec<_> = all.into_iter().skip(asked.from).take(size).collect();
    let pager = Pager {
        first: count(asked.from as u64) + i64::from(!rows.is_empty()),
        last: count((asked.from + rows.len()) as u64),
        total: Some(count(total as u64)),
        previous: (asked.from > 0).then(|| to(asked.from.saturating_sub(size))),
        next: (asked.from + size < total).then(|| to(asked.from + size)),
    };
    ShowPage {
        counts: verdicts::counts(&page, report, &path, &asked.show),
        columns: if look.is_import { Vec::new() } else { columns(&page, desk, &look.columns, Some(seen)) },
        rows,
        pager,
        href: path,
        file: draft.file.clone(),
        source: draft.source.clone(),
        is_done: look.is_import,
        fault: None,
        notices: look.notices.iter().map(|notice| page.words.reason(notice)).collect(),
        read: count(report.read),
        changing: verdicts::changing(report),
        has_rejected: !report.rejections.is_empty(),
        run: report.run.map(|run| run.to_string()),
        page,
    }
}

fn failed(signed: &Signed, desk: &Desk, (draft, said): (&ImportDraft, &[(String, String)]), fault: String) -> ShowPage {
    let page = signed.page("imports-head", Here::People);
    ShowPage {
        columns: columns(&page, desk, said, None),
        href: path(draft),
        file: draft.file.clone(),
        source: draft.source.clone(),
        is_done: false,
        fault: Some(fault),
        notices: Vec::new(),
        read: 0,
        changing: 0,
        counts: Vec::new(),
        rows: Vec::new(),
        pager: Pager { first: 0, last: 0, total: Some(0), previous: None, next: None },
        has_rejected: false,
        run: None,
        page,
    }
}

/// The columns with what each can mean.
fn columns(page: &Page, desk: &Desk, said: &[(String, String)], seen: Option<&Seen>) -> Vec<ColumnRow> {
    let meanings = desk.shelf.meanings();
    let word = |meaning: &str| {
        let key = format!("column-{}", meaning.replace(' ', "-"));
        match meaning.split_once(':') {
            Some(("field", field)) => page.t1("column-field", "field", field),
            Some((_, STAFF)) => page.t("column-staff-number"),
            Some((_, system)) => page.t1("column-number-of", "system", system),
            None if page.words.has(&key) => page.t(&key),
            None => meaning.to_owned(),
        }
    };
    let row = |(at, (name, meaning)): (usize, &(String, String))| {
        let own = format!("field:{name}");
        let mut offered: Vec<&str> = meanings.clone();
        if !offered.contains(&meaning.as_str()) {
            offered.insert(0, meaning);
        }
        if !meaning.starts_with("field:") {
            offered.push(&own);
        }
        let choice =
            |value: &str| Choice { value: value.to_owned(), words: word(value), people: None, is_on: value == meaning };
        let cells = seen.into_iter().flat_map(|seen| &seen.samples).filter_map(|row| row.get(name)?.as_str());
        let sample = cells.collect::<Vec<_>>().join(", ");
        ColumnRow {
            id: format!("c{at}"),
            name: name.clone(),
            sample: verdicts::shaded(&sample).chars().take(SAMPLE_CHARS_MAX).collect(),
            choices: offered.into_iter().map(choice).collect(),
        }
    };
    said.iter().enumerate().map(row).collect()
}

/// `POST /people/import/{key}`: other meanings, the decision, or none of it.
pub(super) async fn press(
    signed: Signed,
    Extension(desk): Extension<Desk>,
    Path(key): Path<String>,
    Form(form): Form<Vec<(String, String)>>,
) -> Result<Response, Fault> {
    let draft = found(&signed, &key).await?;
    let verb = form.iter().find(|(name, _)| name == "do").map_or("", |(_, verb)| verb.as_str());
    let back = Redirect::to(&path(&draft)).into_response();
    if draft.state != DraftState::Open {
        return Ok(back);
    }
    let done = match verb {
        "discard" => {
            desk.looks.forget(draft.id());
            signed.app.discard_brought(&draft).await?;
            return signed.done("imports-discarded", &[], "/people/import").await;
        }
        "map" => {
            let columns = desk.looks.find(draft.id()).map(|look| look.columns).unwrap_or_default();
            signed.app.say_of_brought(&draft, said(&draft, &columns, &form)).await
        }
        "confirm" => confirm(&signed, &desk, &draft).await,
        _ => Ok(()),
    };
    match done {
        Ok(()) => Ok(back),
        Err(AppError::Invalid(reason)) => {
            let fault = signed.page.words.reason(&reason);
            let columns = desk.looks.find(draft.id()).map(|look| look.columns).unwrap_or_default();
            Ok(answer(StatusCode::UNPROCESSABLE_ENTITY, &failed(&signed, &desk, (&draft, &columns), fault)))
        }
        Err(error) => Err(error.into()),
    }
}

/// What was said of the columns, now and before.
fn said(draft: &ImportDraft, columns: &[(String, String)], form: &[(String, String)]) -> Vec<(String, String)> {
    let mut all = draft.said.clone();
    for (at, (name, meaning)) in columns.iter().enumerate() {
        let now = form.iter().find(|(field, _)| *field == format!("c{at}")).map(|(_, said)| said);
        if let Some(now) = now.filter(|now| *now != meaning) {
            let setting = format!("column.{name}");
            all.retain(|(known, _)| *known != setting);
            all.push((setting, now.clone()));
        }
    }
    all
}

/// Begins the import.
async fn confirm(signed: &Signed, desk: &Desk, draft: &ImportDraft) -> Result<(), AppError> {
    let opened = draft::open_draft(&signed.app, &signed.caller, &desk.shelf, draft).await?;
    let begun = signed.app.begin_brought(draft).await?;
    let order = Order { source: draft.source.clone(), said: draft.said.clone(), import: Some(begun) };
    desk.looks.put(draft.id(), draft::begin(&signed.app, &signed.caller, opened, order));
    Ok(())
}

/// `GET /people/import/{key}/rejected`: refused rows with their reasons, to be mended and brought again.
pub(super) async fn rejected(
    signed: Signed,
    Extension(desk): Extension<Desk>,
    Path(key): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Fault> {
    let draft = found(&signed, &key).await?;
    let Some(look) = look(&signed, &desk, &draft).await? else { return Err(Refusal::NotFound.into()) };
    match draft::stage(&look.hear).await {
        Stage::Done(seen) => table(&signed, &desk, &seen.report.rejections, &asked.r#as),
        _ => Err(Refusal::NotFound.into()),
    }
}

/// `GET /people/runs/{run}/rejected`: the same of a run that was.
pub(super) async fn rejected_of_run(
    signed: Signed,
    Extension(desk): Extension<Desk>,
    Path(run): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Fault> {
    signed.must(Right::EditPeople)?;
    let run: ImportId = id(&run)?;
    let rejections = signed.app.rejections_of(&signed.caller, run, REJECTED_MAX).await?;
    table(&signed, &desk, &rejections, &asked.r#as)
}

fn table(signed: &Signed, desk: &Desk, rejections: &[Rejection], kind: &str) -> Result<Response, Fault> {
    let page = &signed.page;
    let (origin, reason, record) =
        (page.t("imports-title-where"), page.t("imports-title-why"), page.t("imports-title-what"));
    let say = |reason: &mhero_core::record::Reason| page.words.reason(reason);
    let is_workbook = kind == "xlsx";
    let bytes = desk.shelf.rejected(rejections, [&origin, &reason, &record], &say, is_workbook)?;
    let headers = if is_workbook {
        [
            (header::CONTENT_TYPE, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
            (header::CONTENT_DISPOSITION, "attachment; filename=\"to-mend.xlsx\""),
        ]
    } else {
        [
            (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
            (header::CONTENT_DISPOSITION, "attachment; filename=\"to-mend.csv\""),
        ]
    };
    Ok((headers, bytes).into_response())
}
