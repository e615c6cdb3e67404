//! The queue of changes, `/changes`: what workers told us, decided one by one or together; and people who ask to join.

mod act;
mod joins;
mod told;
pub mod view;

pub(crate) use told::{field, place_value};

use std::collections::BTreeMap;

use axum::{
    Router,
    extract::Query,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use mhero_app::{App, AppError, Caller, way_back::Shelf};
use mhero_core::Right;
use serde::Deserialize;
use uuid::Uuid;
use view::{ChangesPage, FileOfChanges};

use crate::{
    errors::{Fault, Refusal, show},
    href,
    page::Here,
    parts::Choice,
    state::{Signed, State, id},
};

/// The page.
const HERE: &str = "/changes";
/// Rows of a page.
const ROWS: usize = 50;
/// Changes on their way that are looked through for those of files.
const WAY_MAX: i64 = 200;
/// The kind of sources that are sets of files.
const FILES: &str = "files";

/// Fields of a person that the console corrects; facilities are named, and a language is its code.
pub(crate) const CORRECTED: [&str; 5] = ["phone", "facility", "job", "name", "language"];

/// Its routes.
pub fn routes() -> Router<State> {
    Router::new()
        .route("/changes", get(list).post(act::decide))
        .route("/changes/file", get(file))
        .route("/people/{id}/changes", post(act::correct))
        .route("/changes/joins", get(joins::list))
        .route("/changes/joins/{id}", post(joins::decide))
}

/// How many changes wait, for the navigation.
///
/// # Errors
/// Whatever the application reports.
pub(crate) async fn waiting(app: &App, caller: &Caller) -> Result<i64, AppError> {
    Ok(app.proposal_counts(caller).await?.get(Shelf::All.word()).copied().unwrap_or(0))
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Asked {
    s: String,
    at: Option<i64>,
    after: String,
}

fn words_of(shelf: Shelf) -> &'static str {
    match shelf {
        Shelf::All => "changes-all",
        Shelf::Sure => "changes-sure",
        Shelf::Eye => "changes-eye",
        Shelf::Conflict => "changes-conflict",
        Shelf::Way => "changes-way",
        Shelf::Done => "changes-done",
    }
}

/// The page of a shelf.
fn address(shelf: Shelf) -> String {
    href::with(HERE, &[("s", if shelf == Shelf::All { "" } else { shelf.word() })])
}

async fn list(signed: Signed, Query(asked): Query<Asked>) -> Result<Response, Fault> {
    signed.must(Right::ReadPeople)?;
    let shelf = if asked.s.is_empty() { Shelf::All } else { Shelf::of(&asked.s).ok_or(Refusal::NotFound)? };
    let after: Option<(i64, Uuid)> = match asked.at {
        Some(at) => Some((at, id(&asked.after)?)),
        None => None,
    };
    let page = signed.page("nav-changes", Here::Changes);
    let counts = signed.app.proposal_counts(&signed.caller).await?;
    let count = |shelf: Shelf| counts.get(shelf.word()).copied().unwrap_or(0);
    let limit = i64::try_from(ROWS + 1).unwrap_or(i64::MAX);
    let mut rows = signed.app.proposals(&signed.caller, shelf, after, limit).await?;
    let is_more = rows.len() > ROWS;
    rows.truncate(ROWS);
    let next = rows.last().filter(|_| is_more).map(|last| {
        let (at, id) = (last.row.proposal.created_at.to_string(), last.row.proposal.id.to_string());
        href::with(&address(shelf), &[("at", &at), ("after", &id)])
    });
    let choice = |one: Shelf| Choice {
        value: address(one),
        words: page.t(words_of(one)),
        people: (one != Shelf::Done).then(|| count(one)),
        is_on: one == shelf,
    };
    let numbering = signed.app.numbering_cached().await?;
    let language = signed.caller.language;
    let reading = told::Reading { page: &page, numbering: &numbering, me: signed.user.id.uuid(), language };
    let may_decide = page.may(Right::EditPeople);
    let shown = ChangesPage {
        waiting: count(Shelf::All),
        filters: Shelf::ALL.into_iter().map(choice).collect(),
        shelf: shelf.word().to_owned(),
        joins: joins::waiting(&signed).await?,
        just: act::just_done(&signed).await?,
        files: files(&signed).await?,
        rows: rows.iter().map(|row| told::row(&reading, row)).collect(),
        next,
        may_decide,
        page,
    };
    Ok(show(StatusCode::OK, &shown))
}

/// Files that the reader can fetch: one for each source that is a set of files and has accepted changes.
async fn files(signed: &Signed) -> Result<Vec<FileOfChanges>, Fault> {
    if !signed.page.may(Right::EditPeople) || !signed.caller.scope.all_places() {
        return Ok(Vec::new());
    }
    let mut counts: BTreeMap<String, i64> = BTreeMap::new();
    for shown in signed.app.proposals(&signed.caller, Shelf::Way, None, WAY_MAX).await? {
        if let Some((name, kind)) = shown.row.source
            && kind == FILES
        {
            *counts.entry(name).or_default() += 1;
        }
    }
    let file = |(source, n): (String, i64)| FileOfChanges {
        href: href::with("/changes/file", &[("source", &source)]),
        words: signed.page.t2("changes-file", "n", n, "source", source),
    };
    Ok(counts.into_iter().map(file).collect())
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Wanted {
    source: String,
}

/// `GET /changes/file?source=`: what is accepted for a set of files, as a file.
async fn file(signed: Signed, Query(wanted): Query<Wanted>) -> Result<Response, Fault> {
    let found = signed.app.correction_file(&signed.caller, &wanted.source).await?;
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"corrections.csv\""),
    ];
    Ok((headers, found.csv).into_response())
}
