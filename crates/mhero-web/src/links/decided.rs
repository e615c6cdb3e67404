//! What was decided, `/links/decided`: looked over, and taken back.

use std::collections::HashMap;

use axum::{extract::Query, http::StatusCode, response::Response};
use mhero_app::{
    AppError,
    rows::{DecidedPair, PairState},
};
use mhero_core::{PersonId, Right, timestamp};
use serde::Deserialize;

use super::{
    DECIDED, filters,
    view::{DecidedLine, DecidedPage, Deciding},
};
use crate::{
    errors::{Fault, Refusal, show},
    href,
    marks::Mark,
    page::Here,
    state::{Form, Signed, id},
};

/// Rows of a page.
const ROWS: usize = 50;

/// After which pair.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    at: Option<i64>,
    left: String,
    right: String,
}

/// `GET /links/decided`.
pub(super) async fn list(signed: Signed, Query(asked): Query<Asked>) -> Result<Response, Fault> {
    signed.must(Right::ReadPeople)?;
    let after: Option<(i64, PersonId, PersonId)> = match asked.at {
        Some(at) => Some((at, id(&asked.left)?, id(&asked.right)?)),
        None => None,
    };
    let page = signed.page("nav-links", Here::Links);
    let waiting = signed.app.count_link_pairs(&signed.caller).await?;
    let limit = i64::try_from(ROWS + 1).unwrap_or(i64::MAX);
    let mut found = signed.app.decided_pairs(&signed.caller, after, limit).await?;
    let is_more = found.len() > ROWS;
    found.truncate(ROWS);
    let next = found.last().filter(|_| is_more).map(|last| {
        let (at, left, right) = (last.decided_at.to_string(), last.left.to_string(), last.right.to_string());
        href::with(DECIDED, &[("at", &at), ("left", &left), ("right", &right)])
    });
    let may_know = page.may(Right::ReadMessages) || page.may(Right::Audit);
    let names = if may_know { signed.app.user_names(&signed.caller).await? } else { HashMap::new() };
    let line = |pair: &DecidedPair| {
        let is_same = pair.state == PairState::Same;
        let by = pair.decided_by.and_then(|by| names.get(&by).cloned());
        let (deciding, which) = match (is_same, pair.link) {
            (true, Some(link)) => (Some(Deciding::Undo), link.to_string()),
            (true, None) => (None, String::new()),
            (false, _) => (Some(Deciding::Join), String::new()),
        };
        DecidedLine {
            left: (pair.names.0.clone(), format!("/people/{}", pair.left)),
            right: (pair.names.1.clone(), format!("/people/{}", pair.right)),
            mark: if is_same { Mark::Good } else { Mark::LeftOut },
            what: page.t(if is_same { "links-same" } else { "links-different" }),
            by: by.unwrap_or_else(|| page.t("links-by-rule")),
            at: page.stamp(&timestamp(pair.decided_at)),
            deciding,
            link: which,
            ids: (pair.left.to_string(), pair.right.to_string()),
        }
    };
    let shown = DecidedPage {
        filters: filters(&page, waiting, true),
        rows: found.iter().map(line).collect(),
        next,
        may_decide: page.may(Right::EditPeople),
        page,
    };
    Ok(show(StatusCode::OK, &shown))
}

/// What the form of a row sends.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Press {
    #[serde(rename = "do")]
    verb: String,
    link: String,
    left: String,
    right: String,
}

/// `POST /links/decided`: a merge is taken back, or two who were two are joined after all.
pub(super) async fn change(signed: Signed, Form(press): Form<Press>) -> Result<Response, Fault> {
    signed.must(Right::EditPeople)?;
    let (app, caller) = (&signed.app, &signed.caller);
    let done = match press.verb.as_str() {
        "undo" => app.undo_link(caller, id(&press.link)?).await.map(|()| "links-undone"),
        "same" => {
            let merged = app.merge_people(caller, id(&press.left)?, id(&press.right)?).await;
            merged.map(|_| "links-said-same")
        }
        _ => return Err(Refusal::Unreadable.into()),
    };
    match done {
        Ok(key) => signed.done(key, &[], DECIDED).await,
        Err(AppError::Invalid(reason)) => {
            signed.say(&signed.page.words.reason(&reason), None).await?;
            signed.done("", &[], DECIDED).await
        }
        Err(error) => Err(error.into()),
    }
}
