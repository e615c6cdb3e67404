//! Which file, and from which source.

use axum::{
    Extension,
    extract::Query,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use mhero_app::{AppError, rows::Source};
use mhero_core::{Right, limits::UPLOAD_BYTES_MAX};
use serde::Deserialize;

use super::{
    Desk,
    draft::{self, Order},
    view::AskPage,
};
use crate::{
    brought::Brought,
    errors::{Fault, show as answer},
    page::Here,
    parts::Choice,
    state::Signed,
};

/// The kind of sources that are sets of files.
const FILES: &str = "files";

/// Which source is chosen already.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    source: String,
}

/// People of the whole country are changed by an import.
pub(super) fn may(signed: &Signed) -> Result<(), Fault> {
    signed.must(Right::EditPeople)?;
    if signed.caller.scope.all_places() {
        return Ok(());
    }
    Err(AppError::NotAllowed { right: Right::EditPeople }.into())
}

/// `GET /people/import`.
pub(super) async fn ask(signed: Signed, Query(asked): Query<Asked>) -> Result<Response, Fault> {
    may(&signed)?;
    page(&signed, StatusCode::OK, &asked.source, None).await
}

/// `POST /people/import`: the file is kept and looked through; nothing of it is written.
pub(super) async fn take(
    signed: Signed,
    Extension(desk): Extension<Desk>,
    brought: Brought,
) -> Result<Response, Fault> {
    may(&signed)?;
    let new = brought.field("new");
    let source = if new.is_empty() { brought.field("source").to_owned() } else { new.to_owned() };
    let source = if source.is_empty() { FILES.to_owned() } else { source };
    let refuse = StatusCode::UNPROCESSABLE_ENTITY;
    if brought.file.is_empty() {
        let fault = signed.page.t("imports-no-file");
        return page(&signed, refuse, &source, Some(fault)).await;
    }
    let known = signed.app.sources(&signed.caller).await?.into_iter().find(|known| known.name == source);
    if let Some(registry) =
        known.as_ref().filter(|known| !is_of_files(signed.app.connector(&known.kind).is_some(), known))
    {
        let fault = signed.page.t1("imports-no-files", "name", &registry.name);
        return page(&signed, refuse, "", Some(fault)).await;
    }
    let settings = known.map(|known| draft::columns_of(&known)).unwrap_or_default();
    let Brought { name, file, .. } = brought;
    let opened = match draft::open(&desk.shelf, name.clone(), file.clone(), settings).await {
        Ok(opened) => opened,
        Err(AppError::Invalid(reason)) => {
            let fault = signed.page.words.reason(&reason);
            return page(&signed, refuse, &source, Some(fault)).await;
        }
        Err(error) => return Err(error.into()),
    };
    let key = signed.app.keep_brought(&signed.caller, &name, &source, &file).await?;
    let order = Order { source, said: Vec::new(), import: None };
    desk.looks.put(key, draft::begin(&signed.app, &signed.caller, opened, order));
    Ok(Redirect::to(&format!("/people/import/{key}")).into_response())
}

/// Whether files are brought to a source, rather than that it is read by itself: sets of files, and what has no address any more.
fn is_of_files(has_connector: bool, source: &Source) -> bool {
    source.kind == FILES || !has_connector || source.url.is_none()
}

async fn page(signed: &Signed, status: StatusCode, source: &str, fault: Option<String>) -> Result<Response, Fault> {
    let sources = signed.app.sources(&signed.caller).await?;
    let of_files = |source: &Source| is_of_files(signed.app.connector(&source.kind).is_some(), source);
    let mut names: Vec<String> = sources.into_iter().filter(of_files).map(|source| source.name).collect();
    if !names.iter().any(|name| name == FILES) {
        names.push(FILES.to_owned());
    }
    let choice = |name: String| Choice { is_on: name == source, words: name.clone(), value: name, people: None };
    let max = i64::try_from(UPLOAD_BYTES_MAX / 1024 / 1024).unwrap_or(i64::MAX);
    let page = signed.page("imports-head", Here::People);
    Ok(answer(status, &AskPage { page, fault, max, sources: names.into_iter().map(choice).collect() }))
}
