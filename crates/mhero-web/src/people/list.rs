//! Lists of people: a sentence, or the search of the letterhead.

use axum::{
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use axum_extra::extract::Query;
use mhero_app::{
    people::{PeopleAsked, PeopleCount},
    rows::PeopleOrder,
};
use mhero_core::{Right, limits::QUERY_CHARS_MAX};
use serde::Deserialize;

use super::view::{FoundPage, FoundPlace, PeoplePage};
use crate::{
    errors::{Fault, Refusal, show},
    href,
    page::Here,
    parts::{
        builder::{self, Built, Filled, Outcome},
        register,
    },
    state::{Form, Signed},
};

/// The list: which people, in which order, which page.
const PATH: &str = "/people";
/// Most places that a search shows.
const PLACES_MAX: i64 = 8;

/// What the address of the list carries; the form of an open blank adds to it.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    q: String,
    find: String,
    sort: String,
    edit: Option<String>,
    page: Option<i64>,
    #[serde(rename = "do")]
    verb: String,
    blank: String,
    pick: Vec<String>,
    typed: String,
    audience: String,
}

/// What was typed into the search of the letterhead.
#[derive(Deserialize)]
pub(super) struct Search {
    #[serde(default)]
    find: String,
}

/// `GET /people`.
pub(super) async fn list(signed: Signed, Query(asked): Query<Asked>) -> Result<Response, Fault> {
    signed.must(Right::ReadPeople)?;
    if asked.q.chars().count() > QUERY_CHARS_MAX {
        return Err(Refusal::TooLarge.into());
    }
    if !asked.find.trim().is_empty() {
        return found(&signed, &asked.find, asked.page.unwrap_or(1)).await;
    }
    if asked.verb.is_empty() { people(&signed, &asked, None).await } else { filled(&signed, &asked).await }
}

/// The form of the sentence: works out the new query and goes there.
async fn filled(signed: &Signed, asked: &Asked) -> Result<Response, Fault> {
    let who = (&signed.app, &signed.caller, &signed.page);
    let to = |query: &str, edit: &str| {
        let address = href::with(PATH, &[("q", query), ("sort", &asked.sort), ("edit", edit)]);
        let address = if edit.is_empty() { address } else { format!("{address}#open") };
        Ok(Redirect::to(&address).into_response())
    };
    let blank = Filled { blank: asked.blank.clone(), picks: asked.pick.clone(), typed: asked.typed.clone() };
    match asked.verb.as_str() {
        "use" => match builder::fill(who, &asked.q, &blank).await? {
            Outcome::Query(query) => to(&query, ""),
            Outcome::Open(edit) => to(&asked.q, &edit),
            Outcome::Fault(words) => people(signed, asked, Some(words)).await,
        },
        "drop" => to(&builder::without((who.0, who.1), &asked.q, &asked.blank).await?, ""),
        "saved" if !asked.audience.is_empty() => to(&builder::of_group(&asked.audience), ""),
        _ => to(&asked.q, ""),
    }
}

async fn people(signed: &Signed, asked: &Asked, fault: Option<String>) -> Result<Response, Fault> {
    let who = (&signed.app, &signed.caller, &signed.page);
    let open = if fault.is_some() { Some(asked.blank.as_str()) } else { asked.edit.as_deref() };
    let Built { mut sentence, checked } = builder::build(who, &asked.q, "say-show", open).await?;
    if let Some(pop) = &mut sentence.pop
        && fault.is_some()
    {
        (pop.fault, pop.typed) = (fault, Some(asked.typed.clone()));
    }
    let order = if asked.sort == "heard" { PeopleOrder::Heard } else { PeopleOrder::Name };
    let number = asked.page.unwrap_or(1);
    let readable = checked.is_some() || asked.q.trim().is_empty();
    let query = PeopleAsked { query: &asked.q, order, skip: register::skipped(number), ..PeopleAsked::default() };
    let (count, rows) = if readable {
        (signed.app.count_people(&signed.caller, &query).await?, register::rows(who, &query).await?)
    } else {
        (PeopleCount { matched: 0, with_number: 0 }, Vec::new())
    };
    let status = if sentence.fault.is_some() || sentence.pop.as_ref().is_some_and(|pop| pop.fault.is_some()) {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    let path = href::with(PATH, &[("q", &asked.q), ("sort", &asked.sort)]);
    // Everybody is an audience only when it is said.
    let audience = if asked.q.trim().is_empty() { "*" } else { asked.q.as_str() };
    let page = signed.page("nav-people", Here::People);
    let shown = PeoplePage {
        lead: lead(signed).await?,
        path: if path.contains('?') { format!("{path}&") } else { format!("{path}?") },
        matched: count.matched,
        reachable: readable.then_some(count.with_number),
        pager: register::pager(&path, number, rows.len(), count.matched),
        none_why: page.t(match (readable, asked.q.trim().is_empty()) {
            (false, _) => "query-fault",
            (true, true) => "places-empty-why",
            (true, false) => "people-none-drop",
        }),
        save_href: href::with("/audiences/new", &[("q", &asked.q)]),
        send_href: href::with("/send", &[("q", audience)]),
        rows,
        sentence,
        page,
    };
    Ok(show(status, &shown))
}

async fn lead(signed: &Signed) -> Result<String, Fault> {
    let all = signed.app.count_people(&signed.caller, &PeopleAsked::default()).await?;
    let people = signed.page.t1("people-lead", "n", all.matched);
    let seen = if signed.caller.scope.all_places() {
        signed.page.t("people-lead-country")
    } else {
        let places = signed.app.places(&signed.caller, None).await?;
        let names: Vec<&str> = places.iter().map(|row| row.place.name.best(signed.caller.language)).collect();
        signed.page.t1("people-lead-place", "place", names.join(", "))
    };
    Ok(format!("{people} {seen}"))
}

/// `GET /people/find`: the language was switched on the page of a search.
pub(super) async fn back() -> Redirect {
    Redirect::to(PATH)
}

/// `POST /people/find`: the search of the letterhead. A name goes on to an address that can be kept; a number stays out of
/// addresses, which others may read.
pub(super) async fn find(signed: Signed, Form(search): Form<Search>) -> Result<Response, Fault> {
    signed.must(Right::ReadPeople)?;
    let text = search.find.trim();
    let has_digits = text.chars().filter(char::is_ascii_digit).count() >= 3;
    match (text.is_empty(), has_digits) {
        (true, _) => Ok(Redirect::to(PATH).into_response()),
        (false, false) => Ok(Redirect::to(&href::with(PATH, &[("find", text)])).into_response()),
        (false, true) => match signed.app.find_person(&signed.caller, text).await {
            Ok(person) => Ok(Redirect::to(&format!("{PATH}/{person}")).into_response()),
            Err(_) => found(&signed, text, 1).await,
        },
    }
}

async fn found(signed: &Signed, find: &str, number: i64) -> Result<Response, Fault> {
    let who = (&signed.app, &signed.caller, &signed.page);
    let asked = PeopleAsked { find, skip: register::skipped(number), ..PeopleAsked::default() };
    let matched = signed.app.count_people(&signed.caller, &asked).await?.matched;
    let rows = register::rows(who, &asked).await?;
    let places = signed.app.search_places(&signed.caller, find, PLACES_MAX).await?.into_iter().map(|row| FoundPlace {
        name: row.place.name.best(signed.caller.language).to_owned(),
        about: row.path,
        href: format!("/places/{}", row.place.id),
    });
    let mut pager = register::pager(&href::with(PATH, &[("find", find)]), number, rows.len(), matched);
    if signed.page.path.starts_with("/people/find") {
        // A number was searched: it stays out of addresses.
        (pager.previous, pager.next) = (None, None);
    }
    let shown = FoundPage {
        page: signed.page("nav-people", Here::People),
        find: find.to_owned(),
        matched,
        rows,
        places: places.collect(),
        pager,
    };
    Ok(show(StatusCode::OK, &shown))
}
