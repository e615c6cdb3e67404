//! By what somebody wants to be written to: SMS, or a chat in which they have an account.

use axum::{extract::Path, response::Response};
use mhero_app::AppError;
use mhero_core::{PersonId, Right, timestamp};
use serde::Deserialize;

use crate::{
    errors::Fault,
    parts::Choice,
    state::{Form, Signed, id},
};

/// What was chosen: the scheme of a chat, or empty for SMS.
#[derive(Deserialize)]
pub(super) struct Chosen {
    #[serde(default)]
    way: String,
}

/// `POST /people/{id}/way`.
pub(super) async fn choose(
    signed: Signed,
    Path(person): Path<String>,
    Form(chosen): Form<Chosen>,
) -> Result<Response, Fault> {
    let person: PersonId = id(&person)?;
    let scheme = Some(chosen.way.trim()).filter(|scheme| !scheme.is_empty());
    signed.app.choose_chat(&signed.caller, person, scheme).await?;
    signed.done("person-way-changed", &[], &format!("/people/{person}")).await
}

/// What there is to choose from, and who said so; nothing for somebody without a chat, or for a reader who may not change it.
pub(super) async fn ways(signed: &Signed, person: PersonId) -> Result<(Vec<Choice>, String), AppError> {
    let page = &signed.page;
    if !page.may(Right::Answer) {
        return Ok((Vec::new(), String::new()));
    }
    let (chats, chosen) = signed.app.chat_choice(&signed.caller, person).await?;
    if chats.is_empty() {
        return Ok((Vec::new(), String::new()));
    }
    let is_on = |scheme: &str| chosen.as_ref().map_or("", |way| way.scheme.as_str()) == scheme;
    let sms = Choice { value: String::new(), words: page.t("person-way-sms"), people: None, is_on: is_on("") };
    let chat = |scheme: &String| Choice {
        words: page.t1("person-way-chat", "name", name_of(scheme)),
        people: None,
        is_on: is_on(scheme),
        value: scheme.clone(),
    };
    let said = chosen.as_ref().map(|way| {
        let key = if way.by_user.is_some() { "person-way-noted" } else { "person-way-said" };
        page.t1(key, "day", page.date(&timestamp(way.said_at)))
    });
    Ok((std::iter::once(sms).chain(chats.iter().map(chat)).collect(), said.unwrap_or_default()))
}

/// A chat as people call it: its scheme with a capital.
fn name_of(scheme: &str) -> String {
    let mut letters = scheme.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
