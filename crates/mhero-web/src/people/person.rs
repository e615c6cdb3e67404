//! One person: the conversation first, then the record. A number is shown on a press, and that is noted.

use std::collections::HashMap;

use axum::{
    extract::{Path, Query},
    http::StatusCode,
    response::Response,
};
use mhero_app::{
    AppError, people,
    rows::{MessageRow, PersonRecord},
};
use mhero_core::{GroupId, PersonId, Right, timestamp};
use mhero_text::Numbering;
use serde::Deserialize;
use uuid::Uuid;

use super::{
    origin, record,
    view::{PersonPage, PersonPhone},
    way,
};
use crate::{
    errors::{Fault, Refusal, show},
    href,
    links::{self, view::JoinedRecord},
    marks::Mark,
    page::Here,
    parts::{Choice, Editor, letters, lines},
    state::{Form, Signed, id},
};

/// Messages of a conversation shown at once.
const SHOWN: i64 = 50;

/// Which part of the conversation.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    before: Option<i64>,
}

/// Which number to show.
#[derive(Deserialize)]
pub(super) struct Number {
    phone: String,
}

/// A message to this person.
#[derive(Deserialize)]
pub(super) struct Message {
    #[serde(default)]
    text: String,
    #[serde(default)]
    once: String,
}

/// What a page of a person shows beside the record.
#[derive(Default)]
struct Beside {
    before: Option<i64>,
    /// The id of a number with the number in full.
    shown: Option<(Uuid, String)>,
    /// What was typed, and why it was not sent.
    refused: Option<(String, String)>,
}

/// `GET /people/{id}`.
pub(super) async fn open(
    signed: Signed,
    Path(person): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Fault> {
    let person: PersonId = id(&person)?;
    let page = signed.app.person(&signed.caller, person).await?;
    signed.app.note_opened(&signed.caller, page.record.id).await?;
    show_person(&signed, page, StatusCode::OK, Beside { before: asked.before, ..Beside::default() }).await
}

/// `POST /people/{id}/number`.
pub(super) async fn show_number(
    signed: Signed,
    Path(person): Path<String>,
    Form(number): Form<Number>,
) -> Result<Response, Fault> {
    let (person, number): (PersonId, Uuid) = (id(&person)?, id(&number.phone)?);
    let full = signed.app.show_number(&signed.caller, person, number).await?;
    let page = signed.app.person(&signed.caller, person).await?;
    show_person(&signed, page, StatusCode::OK, Beside { shown: Some((number, full)), ..Beside::default() }).await
}

/// `POST /people/{id}/messages`.
pub(super) async fn write(
    signed: Signed,
    Path(person): Path<String>,
    Form(message): Form<Message>,
) -> Result<Response, Fault> {
    let person: PersonId = id(&person)?;
    let (text, _) = letters::cleaned(&message.text);
    if message.once.is_empty() {
        return Err(Refusal::Unreadable.into());
    }
    match signed.app.write_to(&signed.caller, person, &text, &message.once).await {
        Ok(_) => signed.done("person-message-sent", &[], &format!("/people/{person}")).await,
        Err(AppError::Invalid(reason)) => {
            let page = signed.app.person(&signed.caller, person).await?;
            let refused = Some((text, signed.page.words.reason(&reason)));
            let beside = Beside { refused, ..Beside::default() };
            show_person(&signed, page, StatusCode::UNPROCESSABLE_ENTITY, beside).await
        }
        Err(error) => Err(error.into()),
    }
}

async fn show_person(
    signed: &Signed,
    found: people::PersonPage,
    status: StatusCode,
    beside: Beside,
) -> Result<Response, Fault> {
    let (record, page) = (&found.record, &signed.page);
    let numbering = signed.app.numbering_cached().await?;
    let (talk, earlier) = conversation(signed, record.id, beside.before).await?;
    let thread =
        if page.may(Right::ReadMessages) { signed.app.open_thread_with(&signed.caller, record).await? } else { None };
    let first = record.given.split_whitespace().next().unwrap_or(&record.name).to_owned();
    let is_reachable = record.numbers.iter().any(|number| number.path.is_some());
    let is_simulated = page.may(Right::Settings) && page.ministry.is_demo && is_reachable;
    let (about, works_at) = record::work(signed, record);
    let (ways, way_said) = way::ways(signed, record.id).await?;
    let shown = PersonPage {
        page: page.clone().titled(&record.name, Here::People),
        id: record.id.to_string(),
        name: record.name.clone(),
        editor: (page.may(Right::Answer) && is_reachable).then(|| editor(signed, record, &first, &beside)),
        first,
        about,
        works_at,
        thread: thread.map(|thread| href::with("/inbox", &[("thread", &thread.to_string())])),
        talk,
        earlier,
        once: signed.app.new_correlation().to_string(),
        fault: beside.refused.as_ref().map(|(_, words)| words.clone()),
        origins: origin::origins(signed, record.id, &numbering).await?,
        phones: phones(signed, record, &numbering, beside.shown.as_ref()),
        reach: record::reach(page, record),
        ways,
        way_said,
        record: record::facts(signed, record),
        joined: joined(signed, record.id).await?,
        groups: found.groups.iter().map(|(group, name)| in_group(*group, name)).collect(),
        why: record::why(signed, record),
        may_take: mhero_disclosure::may_take(&signed.caller),
        may_tell: page.may(Right::Answer) && is_reachable,
        simulator: is_simulated.then(|| href::with("/simulator", &[("person", &record.id.to_string())])),
    };
    Ok(show(status, &shown))
}

/// Whose records were joined to theirs, and why.
async fn joined(signed: &Signed, person: PersonId) -> Result<Vec<JoinedRecord>, Fault> {
    let links = signed.app.links_of(&signed.caller, person).await?;
    let by_people = links.iter().any(|view| view.link.decided_by.is_some());
    let may_know = by_people && (signed.page.may(Right::ReadMessages) || signed.page.may(Right::Audit));
    let names = if may_know { signed.app.user_names(&signed.caller).await? } else { HashMap::new() };
    let may_undo = signed.page.may(Right::EditPeople);
    Ok(links.iter().map(|view| links::told::joined(&signed.page, &names, may_undo, view)).collect())
}

fn in_group(group: GroupId, name: &str) -> Choice {
    Choice { value: format!("/audiences/{group}"), words: name.to_owned(), people: None, is_on: false }
}

async fn conversation(
    signed: &Signed,
    person: PersonId,
    before: Option<i64>,
) -> Result<(Vec<crate::parts::Talk>, Option<String>), Fault> {
    if !signed.page.may(Right::ReadMessages) {
        return Ok((Vec::new(), None));
    }
    let before = before.unwrap_or(i64::MAX);
    let messages = signed.app.messages_with(&signed.caller, person, before, SHOWN).await?;
    let is_full = i64::try_from(messages.len()).is_ok_and(|shown| shown == SHOWN);
    let earlier = messages
        .first()
        .filter(|_| is_full)
        .map(|message| href::with(&format!("/people/{person}"), &[("before", &message.created_at.to_string())]));
    let names = lines::broadcasts_of(&signed.app, &signed.caller, &messages).await?;
    let may_answer = signed.page.may(Right::Answer);
    let release = |message: &MessageRow| {
        let thread = message.thread.filter(|_| may_answer)?;
        Some(format!("/inbox/{thread}/doubles/{}", message.id))
    };
    Ok((lines::talk(&signed.page, &messages, &names, release), earlier))
}

fn editor(signed: &Signed, record: &PersonRecord, first: &str, beside: &Beside) -> Editor {
    let lang = record.language.unwrap_or(signed.caller.language);
    let language = signed.page.words.language(lang);
    let label = signed.page.t2("person-message-label", "name", first, "language", language);
    let mut editor = Editor::blank("text", label, lang);
    if let Some((typed, _)) = &beside.refused {
        letters::weigh(&mut editor, typed);
    }
    editor
}

fn phones(
    signed: &Signed,
    record: &PersonRecord,
    numbering: &Numbering,
    shown: Option<&(Uuid, String)>,
) -> Vec<PersonPhone> {
    let page = &signed.page;
    let phone = |(place, number): (usize, &mhero_app::rows::NumberOf)| {
        let full = shown.filter(|(id, _)| *id == number.id).map(|(_, full)| full);
        let is_stopped = record.stops.iter().any(|stop| stop.number == number.id && stop.list.is_empty());
        let (mark, state) = match (&number.path, number.verified_at) {
            (None, _) => (Mark::Warning, page.t("number-bad")),
            _ if is_stopped => (Mark::LeftOut, page.t("number-stopped")),
            (_, Some(at)) => (Mark::Good, page.t1("number-verified", "day", page.date(&timestamp(at)))),
            (_, None) => (Mark::Delivered, page.t("number-ok")),
        };
        let others = record.shared.iter().filter(|shared| shared.number == number.id);
        let names: Vec<String> =
            others.filter_map(|other| other.person.as_ref().map(|(_, name)| name.clone())).collect();
        let owner = number.source.clone().unwrap_or_default();
        PersonPhone {
            label: match place {
                0 => page.t("person-first-number"),
                place => page.t1("person-other-number", "n", place + 1),
            },
            key: number.id.to_string(),
            number: match (full, &number.path) {
                (Some(full), Some(_)) => numbering.national(full),
                (Some(full), None) => full.clone(),
                (None, Some(path)) => numbering.masked(path),
                (None, None) => masked(&number.raw),
            },
            show: full.is_none().then(|| format!("/people/{}/number", record.id)),
            mark,
            state,
            aside: if names.is_empty() { owner } else { page.t1("person-shared-with", "who", names.join(", ")) },
        }
    };
    record.numbers.iter().enumerate().map(phone).collect()
}

/// A text that is no number may be nearly one: all but its first two signs are hidden.
fn masked(raw: &str) -> String {
    raw.chars().take(12).enumerate().map(|(place, sign)| if place < 2 { sign } else { '•' }).collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn what_is_nearly_a_number_is_hidden_too() {
        assert_eq!(super::masked("077O12E456"), "07••••••••");
        assert_eq!(super::masked(""), "");
    }
}
