//! Calls that must arrive: those that wait, and those that were given up.

use axum::{extract::Query, http::StatusCode, response::Response};
use mhero_core::{ExchangeId, Right, limits::PAGE_ROWS, micros, timestamp};
use mhero_exchange::journal::LetterFilter;
use serde::Deserialize;

use super::{
    beside, tabs,
    view::{LetterRow, LettersPage},
};
use crate::{
    errors::{Fault, show},
    href,
    page::Here,
    parts::{Choice, Pager},
    state::{Form, Signed, State, id},
    words::Arg,
};

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    waiting: bool,
    at: Option<i64>,
    after: Option<String>,
}

/// `GET /exchange/dead`.
pub(super) async fn show_all(
    axum::extract::State(state): axum::extract::State<State>,
    signed: Signed,
    Query(asked): Query<Asked>,
) -> Result<Response, Fault> {
    signed.must(Right::Audit)?;
    let journal = &beside(&state)?.journal;
    let before = match (asked.at, &asked.after) {
        (Some(at), Some(after)) => Some((timestamp(at), id::<ExchangeId>(after)?)),
        _ => None,
    };
    let filter = LetterFilter { dead: !asked.waiting, before };
    let found = journal.letters(&signed.caller, filter, PAGE_ROWS).await?;
    let (waiting, dead) = journal.letter_counts(&signed.caller).await?;
    let page = signed.page("exchange-letters", Here::Exchanges);
    let own = if asked.waiting { "/exchange/dead?waiting=true" } else { "/exchange/dead" };
    let is_full = i64::try_from(found.len()).is_ok_and(|shown| shown == PAGE_ROWS);
    let next = found.last().filter(|_| is_full).map(|last| {
        let (at, after) = (micros(last.created_at).to_string(), last.id.to_string());
        let mut pairs = vec![("at", at.as_str()), ("after", after.as_str())];
        if asked.waiting {
            pairs.push(("waiting", "true"));
        }
        href::with("/exchange/dead", &pairs)
    });
    let may_set = signed.caller.scope.may(Right::Settings);
    let choice = |value: &str, words: String, is_on| Choice { value: value.to_owned(), words, people: None, is_on };
    let shown = LettersPage {
        tabs: tabs(&page, "/exchange/dead", &signed.caller.scope),
        states: vec![
            choice("/exchange/dead", page.t1("exchange-dead-count", "n", dead), !asked.waiting),
            choice("/exchange/dead?waiting=true", page.t1("exchange-waiting-count", "n", waiting), asked.waiting),
        ],
        is_dead: !asked.waiting,
        may_revive: may_set && !asked.waiting && !found.is_empty(),
        pager: Pager {
            first: i64::from(!found.is_empty()),
            last: i64::try_from(found.len()).unwrap_or(PAGE_ROWS),
            total: None,
            previous: before.map(|_| own.to_owned()),
            next,
        },
        rows: found
            .iter()
            .map(|letter| LetterRow {
                id: letter.id.to_string(),
                at: letter.created_at,
                peer: letter.peer.clone(),
                what: letter.what.clone(),
                why: why(&page, letter.status, letter.reason.as_deref()),
                attempts: letter.attempts,
                next_at: letter.next_at,
            })
            .collect(),
        page,
    };
    Ok(show(StatusCode::OK, &shown))
}

fn why(page: &crate::page::Page, status: Option<i64>, reason: Option<&str>) -> String {
    match (status, reason) {
        (Some(status), _) => page.t1("exchange-why-status", "status", status.to_string()),
        (None, Some(reason)) => {
            let key = reason.rsplit(": ").next().unwrap_or(reason);
            if page.words.has(key) { page.t(key) } else { reason.to_owned() }
        }
        (None, None) => page.t("exchange-why-none"),
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Pressed {
    id: Vec<String>,
    all: bool,
}

/// `POST /exchange/dead`: tries dead ones again.
pub(super) async fn press(
    axum::extract::State(state): axum::extract::State<State>,
    signed: Signed,
    Form(pressed): Form<Pressed>,
) -> Result<Response, Fault> {
    let ids = pressed.id.iter().map(|text| id::<ExchangeId>(text)).collect::<Result<Vec<_>, _>>()?;
    if ids.is_empty() && !pressed.all {
        return signed.done("exchange-rerun-none", &[], "/exchange/dead").await;
    }
    let chosen = if pressed.all { &[] } else { ids.as_slice() };
    let revived = beside(&state)?.journal.revive(&signed.caller, chosen).await?;
    let count = Arg::Count(i64::try_from(revived).unwrap_or(i64::MAX));
    signed.done("exchange-revived", &[("n", count)], "/exchange/dead").await
}
