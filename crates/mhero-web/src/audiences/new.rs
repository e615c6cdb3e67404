//! A new audience: a name, a sentence, and whether it follows the register.

use axum::{extract::Query, http::StatusCode, response::Response};
use mhero_app::{
    AppError,
    groups::KeptBy,
    people::{PeopleAsked, PeopleCount, PersonRow},
};
use mhero_core::{Right, limits::QUERY_CHARS_MAX};
use serde::Deserialize;

use super::view::NewAudiencePage;
use crate::{
    errors::{Fault, Refusal, show},
    href,
    page::Here,
    parts::{
        Counted, LeftOut, Remedy, Sample,
        builder::{self, Built, Filled, Outcome},
    },
    state::{Form, Signed},
};

/// People shown as examples.
const SAMPLE: i64 = 5;

/// The sentence with which the page opens.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    q: String,
}

/// The form, whatever button was pressed.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Typed {
    name: String,
    kind: String,
    q: String,
    #[serde(rename = "do")]
    verb: String,
    blank: String,
    pick: Vec<String>,
    typed: String,
    audience: String,
}

/// `GET /audiences/new`.
pub(super) async fn open(signed: Signed, Query(asked): Query<Asked>) -> Result<Response, Fault> {
    signed.must(Right::EditAudiences)?;
    let typed = Typed { q: asked.q, ..Typed::default() };
    page(&signed, &typed, None, (None, None)).await
}

/// `POST /audiences/new`.
pub(super) async fn work(signed: Signed, Form(mut typed): Form<Typed>) -> Result<Response, Fault> {
    signed.must(Right::EditAudiences)?;
    if typed.q.chars().count() > QUERY_CHARS_MAX {
        return Err(Refusal::TooLarge.into());
    }
    typed.q = typed.q.replace("\r\n", " ").trim().to_owned();
    let who = (&signed.app, &signed.caller, &signed.page);
    if let Some(edit) = typed.verb.strip_prefix("edit:") {
        let edit = edit.to_owned();
        return page(&signed, &typed, Some(&edit), (None, None)).await;
    }
    match typed.verb.as_str() {
        "save" => return save(&signed, &typed).await,
        "use" => {
            let blank = Filled { blank: typed.blank.clone(), picks: typed.pick.clone(), typed: typed.typed.clone() };
            match builder::fill(who, &typed.q, &blank).await? {
                Outcome::Query(query) => typed.q = query,
                Outcome::Open(edit) => return page(&signed, &typed, Some(&edit), (None, None)).await,
                Outcome::Fault(words) => {
                    let edit = typed.blank.clone();
                    return page(&signed, &typed, Some(&edit), (None, Some(words))).await;
                }
            }
        }
        "drop" => typed.q = builder::without((who.0, who.1), &typed.q, &typed.blank).await?,
        "saved" if !typed.audience.is_empty() => typed.q = builder::of_group(&typed.audience),
        _ => {}
    }
    page(&signed, &typed, None, (None, None)).await
}

async fn save(signed: &Signed, typed: &Typed) -> Result<Response, Fault> {
    let kept = if typed.kind == "static" { KeptBy::Hand(Some(&typed.q)) } else { KeptBy::Query(&typed.q) };
    match signed.app.create_group(&signed.caller, &typed.name, kept).await {
        Ok(group) => signed.done("audiences-saved", &[], &format!("/audiences/{group}")).await,
        Err(AppError::Invalid(reason)) => {
            let words = signed.page.words.reason(&reason);
            page(signed, typed, None, (Some(words), None)).await
        }
        // The page marks the place in the text.
        Err(AppError::Query(error)) => {
            let words = typed.q.is_empty().then(|| signed.page.words.reason(&error.reason()));
            page(signed, typed, None, (words, None)).await
        }
        Err(error) => Err(error.into()),
    }
}

async fn page(
    signed: &Signed,
    typed: &Typed,
    open: Option<&str>,
    (fault, blank_fault): (Option<String>, Option<String>),
) -> Result<Response, Fault> {
    let who = (&signed.app, &signed.caller, &signed.page);
    let Built { mut sentence, checked } = builder::build(who, &typed.q, "say-audience", open).await?;
    let is_refused = fault.is_some() || blank_fault.is_some() || sentence.fault.is_some();
    if let Some(pop) = &mut sentence.pop
        && blank_fault.is_some()
    {
        (pop.fault, pop.typed) = (blank_fault, Some(typed.typed.clone()));
    }
    let asked = PeopleAsked { query: &typed.q, ..PeopleAsked::default() };
    let (count, sample) = match checked {
        Some(_) => (
            signed.app.count_people(&signed.caller, &asked).await?,
            signed.app.people(&signed.caller, &asked, SAMPLE).await?,
        ),
        None => (PeopleCount { matched: 0, with_number: 0 }, Vec::new()),
    };
    let shown = NewAudiencePage {
        page: signed.page("audiences-new", Here::Audiences),
        name: typed.name.clone(),
        fault,
        is_static: typed.kind == "static",
        sentence,
        counted: counted(signed, count, &typed.q),
        sample: sample.into_iter().map(example).collect(),
    };
    Ok(show(if is_refused { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK }, &shown))
}

/// How many, and how many of them have no number.
pub(super) fn counted(signed: &Signed, count: PeopleCount, query: &str) -> Counted {
    let href = href::with("/people", &[("q", query)]);
    let without = count.matched - count.with_number;
    let row = LeftOut {
        words: signed.page.t("number-none"),
        people: without,
        href: href::with("/people", &[("q", &format!("({query}) AND phone = \"\""))]),
        remedy: Remedy::Link { words: signed.page.t("broadcast-failed-verb"), href: href.clone() },
    };
    Counted {
        matched: count.matched,
        matched_href: href,
        left_out: if without > 0 { vec![row] } else { Vec::new() },
        ..Counted::default()
    }
}

fn example(person: PersonRow) -> Sample {
    let about = [person.cadre.or(person.title), person.facility.or(person.place)];
    Sample {
        name: person.name,
        about: about.into_iter().flatten().collect::<Vec<_>>().join(", "),
        href: format!("/people/{}", person.id),
    }
}
