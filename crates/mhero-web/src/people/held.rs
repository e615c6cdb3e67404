//! All that is held of one person, as a file: to be printed and handed over, or for programs.

use axum::{
    body::Body,
    extract::Path,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use mhero_app::AppError;
use mhero_core::{Direction, PersonId};
use mhero_disclosure::{Held, HeldAnswer};
use serde::Deserialize;

use super::{
    record,
    view::{Fact, HeldLine, HeldPage, HeldPart},
};
use crate::{
    errors::{Fault, Refusal},
    messages::when,
    page::{Here, Page},
    state::{Form, Signed, id},
    words::Arg,
};

#[derive(Deserialize)]
pub(super) struct Pressed {
    #[serde(rename = "do", default)]
    verb: String,
}

/// `POST /people/{id}/held`: the file, the same for programs, or an SMS that it is ready.
pub(super) async fn press(
    signed: Signed,
    Path(person): Path<String>,
    Form(pressed): Form<Pressed>,
) -> Result<Response, Fault> {
    let person: PersonId = id(&person)?;
    match pressed.verb.as_str() {
        "file" => {
            let held = mhero_disclosure::held(&signed.app, &signed.caller, person).await?;
            let page = written(&signed, &held).await?;
            let html = askama::Template::render(&page).map_err(|_| Refusal::Broken)?;
            Ok(file(html, "text/html; charset=utf-8", &held, "html"))
        }
        "json" => {
            let held = mhero_disclosure::held(&signed.app, &signed.caller, person).await?;
            Ok(file(held.to_json(&signed.caller).to_string(), "application/json", &held, "json"))
        }
        "tell" => {
            let here = format!("/people/{person}");
            match mhero_disclosure::tell(&signed.app, &signed.caller, person).await {
                Ok(_) => signed.done("held-told", &[], &here).await,
                Err(AppError::Invalid(reason)) => signed.done(reason.key, &[], &here).await,
                Err(error) => Err(error.into()),
            }
        }
        _ => Err(Refusal::Unreadable.into()),
    }
}

fn file(text: String, kind: &'static str, held: &Held, end: &str) -> Response {
    let saved = HeaderValue::from_str(&format!("attachment; filename=\"{}.{end}\"", held.reference()));
    let saved = saved.unwrap_or_else(|_| HeaderValue::from_static("attachment"));
    ([(header::CONTENT_TYPE, HeaderValue::from_static(kind)), (header::CONTENT_DISPOSITION, saved)], Body::from(text))
        .into_response()
}

/// The file in words, in the reader's language.
async fn written(signed: &Signed, held: &Held) -> Result<HeldPage, Fault> {
    let page = &signed.page;
    let person = &held.page.record;
    let names = signed.app.user_names(&signed.caller).await?;
    let stamp = |micros: i64| when(page, micros);
    let numbers = person.numbers.iter().map(|number| Fact {
        name: page.t("held-numbers"),
        value: number.path.clone().unwrap_or_else(|| number.raw.clone()),
        href: None,
        owner: number.source.clone().unwrap_or_default(),
    });
    let facts = numbers.chain(record::reach(page, person)).chain(record::facts(signed, person));
    let messages = held.messages.iter().map(|message| {
        let key = if message.direction == Direction::In { "held-from-them" } else { "held-to-them" };
        let state = format!("state-{}", message.state);
        let state = if page.words.has(&state) { format!(", {}", page.t(&state)) } else { String::new() };
        let words = message.text.clone().unwrap_or_else(|| page.t("talk-erased"));
        line(stamp(message.created_at), format!("{}{state}", page.t(key)), words)
    });
    let records = held.records.iter().map(|record| {
        line(
            stamp(record.changed_at),
            format!("{} {}/{}", record.source, record.kind, record.ext_id),
            record.raw.clone(),
        )
    });
    let changes = held.changes.iter().map(|change| {
        line(stamp(change.at), format!("{} {}/{}", change.source, change.kind, change.ext_id), change.verdict.clone())
    });
    let answers = held.answers.iter().map(|answer| answered(page, answer));
    let corrections = held.proposals.iter().map(|said| {
        let words = format!("{} → {}", said.old.as_deref().unwrap_or("–"), said.new);
        line(stamp(said.created_at), format!("{}, {}", said.field, said.state), words)
    });
    let decisions = held.decisions.iter().map(|entry| {
        let known = entry.actor.and_then(|actor| names.get(&actor).cloned());
        let who = known.unwrap_or_else(|| page.t(&format!("actor-{}", entry.actor_kind.replace(' ', "-"))));
        let key = format!("did-{}", entry.action);
        let whom = page.t("audit-somebody");
        let did = page.words.maybe(&key, &[("whom", Arg::Text(whom))]).unwrap_or_else(|| entry.action.clone());
        line(stamp(mhero_core::micros(entry.at)), who, did)
    });
    let part = |key: &str, lines: Vec<HeldLine>| HeldPart { heading: page.t(key), lines };
    Ok(HeldPage {
        title: page.t1("held-file-title", "name", &person.name),
        reference: page.t2("held-reference", "reference", held.reference(), "at", stamp(held.at)),
        is_whole: held.is_whole,
        facts: facts.collect(),
        parts: vec![
            part("held-messages", messages.collect()),
            part("held-answers", answers.collect()),
            part("held-changes", changes.collect()),
            part("held-corrections", corrections.collect()),
            part("held-records", records.collect()),
            part("held-audit", decisions.collect()),
        ],
        page: page.clone().titled(held.reference(), Here::People),
    })
}

fn line(at: String, what: String, words: String) -> HeldLine {
    HeldLine { at, what, words }
}

fn answered(page: &Page, answer: &HeldAnswer) -> HeldLine {
    let at = when(page, answer.at.unwrap_or(answer.started_at));
    let what = match &answer.name {
        Some(name) => format!("{}, {name}", answer.flow),
        None => answer.flow.clone(),
    };
    let value = answer.value.clone().unwrap_or_default();
    let words = match answer.category.as_deref().filter(|category| !category.is_empty() && *category != value) {
        Some(category) if value.is_empty() => category.to_owned(),
        Some(category) => format!("{value} ({category})"),
        None => value,
    };
    line(at, what, words)
}
