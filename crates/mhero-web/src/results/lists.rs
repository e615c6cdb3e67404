//! Results row by row: answers in words, and one row a person.

use axum::{
    extract::{Path, Query},
    http::StatusCode,
    response::Response,
};
use mhero_app::flows::{Question, ResultRow};
use mhero_core::{PersonId, Right, RunId, limits::PAGE_ROWS, timestamp};

use super::{
    Asked, address, show,
    view::{RunLine, RunsPage, TextLine, TextsPage},
};
use crate::{
    errors::{Fault, Refusal, show as answer},
    page::{Here, Page},
    parts::{Choice, Pager},
    state::{Signed, id},
};

/// `GET /flows/{id}/results/texts`.
pub(super) async fn texts(
    signed: Signed,
    Path(flow): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Fault> {
    let of = asked.of(&flow)?;
    let results = signed.app.flow_results(&signed.caller, of).await?;
    let question = results.questions.iter().find(|question| question.key == asked.q).ok_or(Refusal::NotFound)?;
    let before = if asked.before.is_empty() { i64::MAX } else { id(&asked.before)? };
    let mut found = signed.app.result_texts(&signed.caller, of, &asked.q, (before, PAGE_ROWS + 1)).await?;
    let has_more = cut(&mut found);
    let here = address(of, "/texts", &[("q", &asked.q)]);
    let next = found.last().filter(|_| has_more).map(|last| last.at.to_string());
    let next = next.map(|at| address(of, "/texts", &[("q", &asked.q), ("before", &at)]));
    let page = signed.page.clone().titled(&question.name, Here::Flows);
    let other = |other: &Question| Choice {
        value: address(of, "/texts", &[("q", &other.key)]),
        words: other.name.clone(),
        people: None,
        is_on: other.key == asked.q,
    };
    let rows = found.into_iter().map(|text| TextLine {
        name: text.person_name,
        href: person(&page, text.person),
        text: text.value,
        category: text.category,
        at: timestamp(text.at),
    });
    let rows: Vec<_> = rows.collect();
    let shown = TextsPage {
        name: results.flow.name.clone(),
        href: address(of, "", &[]),
        question: question.name.clone(),
        questions: results.questions.iter().map(other).collect(),
        pager: pager(rows.len(), (!asked.before.is_empty()).then_some(here), next),
        rows,
        page,
    };
    Ok(answer(StatusCode::OK, &shown))
}

/// `GET /flows/{id}/results/people`.
pub(super) async fn people(
    signed: Signed,
    Path(flow): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Fault> {
    let of = asked.of(&flow)?;
    let results = signed.app.flow_results(&signed.caller, of).await?;
    let before: Option<RunId> = if asked.before.is_empty() { None } else { Some(id(&asked.before)?) };
    let mut found = signed.app.result_rows(&signed.caller, of, before, PAGE_ROWS + 1).await?;
    let has_more = cut(&mut found);
    let next = found.last().filter(|_| has_more).map(|last| last.run.id.to_string());
    let page = signed.page("results-rows", Here::Flows);
    let rows: Vec<_> = found.iter().map(|row| line(&page, &results.questions, row)).collect();
    let shown = RunsPage {
        name: results.flow.name,
        href: address(of, "", &[]),
        questions: results.questions.into_iter().map(|question| question.name).collect(),
        csv: address(of, "/table.csv", &[]),
        xlsx: address(of, "/table.xlsx", &[]),
        pager: pager(
            rows.len(),
            before.map(|_| address(of, "/people", &[])),
            next.map(|run| address(of, "/people", &[("before", &run)])),
        ),
        rows,
        page,
    };
    Ok(answer(StatusCode::OK, &shown))
}

fn line(page: &Page, questions: &[Question], row: &ResultRow) -> RunLine {
    let cell = |question: &Question| match row.result(&question.key) {
        None => String::new(),
        Some(result) if question.is_open() || result.category.is_empty() => result.value.clone(),
        Some(result) if result.value.is_empty() || result.value == result.category => result.category.clone(),
        Some(result) => format!("{} ({})", result.category, result.value),
    };
    RunLine {
        name: row.run.person_name.clone(),
        href: person(page, row.run.person),
        mark: show::mark(&row.run.status),
        status: show::status(page, &row.run.status),
        at: timestamp(row.run.started_at),
        cells: questions.iter().map(cell).collect(),
    }
}

fn person(page: &Page, person: PersonId) -> String {
    if page.may(Right::ReadPeople) { format!("/people/{person}") } else { String::new() }
}

/// Leaves the rows of one page. True when there were more.
fn cut<T>(rows: &mut Vec<T>) -> bool {
    let most = usize::try_from(PAGE_ROWS).unwrap_or(usize::MAX);
    let has_more = rows.len() > most;
    rows.truncate(most);
    has_more
}

fn pager(rows: usize, previous: Option<String>, next: Option<String>) -> Pager {
    Pager { first: i64::from(rows > 0), last: i64::try_from(rows).unwrap_or(i64::MAX), total: None, previous, next }
}
