//! The health of numbers, `/numbers`: states from evidence, numbers of several people, reach by county and operator.

mod told;
pub mod view;

use axum::{
    Router,
    extract::{Path, Query},
    http::StatusCode,
    response::Response,
    routing::{get, post},
};
use mhero_app::numbers::NumberState;
use mhero_core::{PersonId, Right};
use serde::Deserialize;
use view::{NumbersPage, ReachPage, SharedLine, SharedPage};

use crate::{
    errors::{Fault, Refusal, show},
    href,
    page::Here,
    parts::Choice,
    state::{Form, Signed, State, id},
};

/// Rows of a page.
const ROWS: usize = 50;
/// Spans of days that reach is shown for.
const SPANS: [i64; 3] = [7, 30, 90];

/// Its routes.
pub fn routes() -> Router<State> {
    Router::new()
        .route("/numbers", get(list))
        .route("/numbers/shared", get(shared))
        .route("/numbers/reach", get(reach))
        .route("/numbers/{person}", post(press))
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Asked {
    state: String,
    name: String,
    after: String,
    days: Option<i64>,
}

async fn list(signed: Signed, Query(asked): Query<Asked>) -> Result<Response, Fault> {
    signed.must(Right::ReadPeople)?;
    let page = signed.page("nav-numbers", Here::Numbers);
    let state =
        if asked.state.is_empty() { None } else { Some(NumberState::of(&asked.state).ok_or(Refusal::NotFound)?) };
    let after = if asked.after.is_empty() {
        None
    } else {
        Some((asked.name.clone(), asked.after.parse().map_err(|_| Refusal::NotFound)?))
    };
    let health = signed.app.number_health(&signed.caller).await?;
    let mut rows = signed.app.numbers(&signed.caller, state, after.as_ref()).await?;
    let is_more = rows.len() > ROWS;
    rows.truncate(ROWS);
    let next = rows.last().filter(|_| is_more).map(|last| {
        let (name, row) = (&last.after.0, last.after.1.to_string());
        href::with("/numbers", &[("state", &asked.state), ("name", name), ("after", &row)])
    });
    let total: i64 = health.counts.values().sum();
    let choice = |state: Option<NumberState>, words: String, count: i64| Choice {
        value: href::with("/numbers", &[("state", state.map_or("", NumberState::word))]),
        words,
        people: Some(count),
        is_on: asked.state == state.map_or("", NumberState::word),
    };
    let mut filters = vec![choice(None, page.t("numbers-all"), total)];
    for state in NumberState::ALL {
        let count = health.counts.get(&state).copied().unwrap_or(0);
        if count > 0 || asked.state == state.word() {
            filters.push(choice(Some(state), page.t(told::state_key(state)), count));
        }
    }
    let may_ask = signed.page.may(Right::Send);
    let ask = state.filter(|_| may_ask && !rows.is_empty()).map(|state| {
        let query = format!("number_health = {}", state.word());
        (href::with("/send", &[("q", &query)]), health.counts.get(&state).copied().unwrap_or(0))
    });
    let may_edit = signed.page.may(Right::EditPeople);
    let numbering = signed.app.numbering_cached().await?;
    let shown = NumbersPage {
        filters,
        without: health.people_without,
        rows: rows.iter().map(|row| told::line(&page, &numbering, row)).collect(),
        next,
        ask,
        may_edit,
        page,
    };
    Ok(show(StatusCode::OK, &shown))
}

async fn shared(signed: Signed, Query(asked): Query<Asked>) -> Result<Response, Fault> {
    signed.must(Right::ReadPeople)?;
    let page = signed.page("numbers-shared", Here::Numbers);
    let found = signed.app.shared_numbers_list(&signed.caller, &asked.after).await?;
    let numbering = signed.app.numbering_cached().await?;
    let line = |number: &mhero_app::numbers::SharedNumber| SharedLine {
        number: numbering.masked(&number.path),
        people: number.people.iter().map(|(id, name)| (format!("/people/{id}"), name.clone())).collect(),
    };
    let shown = SharedPage { rows: found.iter().map(line).collect(), page };
    Ok(show(StatusCode::OK, &shown))
}

async fn reach(signed: Signed, Query(asked): Query<Asked>) -> Result<Response, Fault> {
    signed.must(Right::ReadPeople)?;
    let page = signed.page("numbers-reach", Here::Numbers);
    let days = asked.days.filter(|days| SPANS.contains(days)).unwrap_or(SPANS[1]);
    let (places, operators, by_day) = signed.app.reach(&signed.caller, days).await?;
    let span = |span: i64| Choice {
        value: href::with("/numbers/reach", &[("days", &span.to_string())]),
        words: page.t1("numbers-days", "n", span),
        people: None,
        is_on: span == days,
    };
    let shown = ReachPage {
        spans: SPANS.into_iter().map(span).collect(),
        places: told::places(&page, signed.caller.language, &places),
        operators: told::operators(&page, &operators),
        days: told::days(&page, &by_day),
        page,
    };
    Ok(show(StatusCode::OK, &shown))
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Press {
    #[serde(rename = "do")]
    verb: String,
}

/// `POST /numbers/{person}`: numbers of theirs that were marked are theirs again.
async fn press(signed: Signed, Path(person): Path<String>, Form(press): Form<Press>) -> Result<Response, Fault> {
    signed.must(Right::EditPeople)?;
    let person: PersonId = id(&person)?;
    if press.verb != "theirs" {
        return Err(Refusal::Unreadable.into());
    }
    signed.app.numbers_are_theirs(&signed.caller, person).await?;
    signed.done("numbers-given-back", &[], "/numbers?state=wrong").await
}
