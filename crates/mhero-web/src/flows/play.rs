//! Playing a flow: `/flows/{id}/play` for a stored one, `/flows/play` for a file. Each press carries the whole conversation.

use axum::{
    extract::{Path, Query},
    http::StatusCode,
    response::Response,
};
use mhero_app::{
    AppError,
    flows::{Play, PlayPerson, PlayPush, PlaySource},
};
use mhero_core::{FlowId, Lang, Right, limits::INBOUND_CHARS_MAX};
use serde::Deserialize;

use super::{
    import::Uploaded,
    play_show::{self, Where},
    told,
    view::PlayFilePage,
};
use crate::{
    errors::{Fault, show as answer},
    page::{Band, Here},
    state::{Form, Signed, id},
};

/// Most groups and fields of a pretend person.
const FACTS_MAX: usize = 50;
/// Most characters of the pretend answer of an outside call.
const ANSWER_CHARS_MAX: usize = 20_000;

/// The pretend person as typed.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    pub(super) name: String,
    pub(super) language: String,
    pub(super) groups: String,
    pub(super) fields: String,
}

/// A press on the page.
#[derive(Deserialize)]
pub(super) struct Pressed {
    state: String,
    #[serde(rename = "do", default)]
    verb: String,
    #[serde(default)]
    text: String,
    #[serde(default)]
    status: String,
    #[serde(default)]
    body: String,
    #[serde(flatten)]
    asked: Asked,
}

impl Asked {
    fn person(&self) -> PlayPerson {
        let pair = |line: &str| {
            let (key, value) = line.split_once(['=', ':'])?;
            Some((key.trim().to_owned(), value.trim().to_owned()))
        };
        let name = |name: &str| Some(name.trim().to_owned()).filter(|name| !name.is_empty());
        PlayPerson {
            name: self.name.trim().to_owned(),
            language: self.language.parse::<Lang>().ok(),
            phone: String::new(),
            fields: self.fields.lines().filter_map(pair).take(FACTS_MAX).collect(),
            groups: self.groups.split(',').filter_map(name).take(FACTS_MAX).collect(),
        }
    }
}

impl Pressed {
    fn push(&self) -> Option<PlayPush> {
        Some(match self.verb.as_str() {
            "timeout" => PlayPush::Timeout,
            "expiry" => PlayPush::Expiry,
            "answer" => PlayPush::Answer {
                status: self.status.trim().parse().ok().filter(|status| (100..600).contains(status)),
                body: self.body.chars().take(ANSWER_CHARS_MAX).collect(),
            },
            "lost" => PlayPush::Answer { status: None, body: String::new() },
            verb => {
                let text = verb.strip_prefix("reply:").unwrap_or(&self.text);
                let text: String = text.chars().take(INBOUND_CHARS_MAX).collect();
                return Some(PlayPush::Text(text)).filter(|_| !text_is_empty(verb, &self.text));
            }
        })
    }
}

fn text_is_empty(verb: &str, text: &str) -> bool {
    !verb.starts_with("reply:") && text.trim().is_empty()
}

/// `GET /flows/{id}/play`: a fresh conversation.
pub(super) async fn begin(
    signed: Signed,
    Path(flow): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Fault> {
    let flow: FlowId = id(&flow)?;
    let played = signed.app.play_start(&signed.caller, PlaySource::Flow(flow), &asked.person()).await?;
    shown(&signed, Where::Stored(flow), &asked, &played, false).await
}

/// `POST /flows/{id}/play`: it goes on.
pub(super) async fn go_on_stored(
    signed: Signed,
    Path(flow): Path<String>,
    Form(pressed): Form<Pressed>,
) -> Result<Response, Fault> {
    let flow: FlowId = id(&flow)?;
    pushed(&signed, Where::Stored(flow), &pressed).await
}

/// `GET /flows/play`: which file.
pub(super) async fn ask(signed: Signed) -> Result<Response, Fault> {
    signed.must(Right::Flows)?;
    asking(&signed, StatusCode::OK, &Asked::default(), None).await
}

/// `POST /flows/play/file`: a fresh conversation with a flow that nobody saved.
pub(super) async fn begin_file(signed: Signed, uploaded: Uploaded) -> Result<Response, Fault> {
    signed.must(Right::Flows)?;
    let field = |name| uploaded.field(name).to_owned();
    let asked =
        Asked { name: field("name"), language: field("language"), groups: field("groups"), fields: field("fields") };
    let refused = StatusCode::UNPROCESSABLE_ENTITY;
    if uploaded.file.is_empty() {
        return asking(&signed, refused, &asked, Some(signed.page.t("flows-import-no-file"))).await;
    }
    let source = PlaySource::File { bytes: &uploaded.file, flow: uploaded.field("flow").trim() };
    match signed.app.play_start(&signed.caller, source, &asked.person()).await {
        Ok(played) => shown(&signed, Where::File, &asked, &played, false).await,
        Err(error @ (AppError::Invalid(_) | AppError::NotFound { .. })) => {
            asking(&signed, refused, &asked, Some(told::error(&signed.page, &error))).await
        }
        Err(error) => Err(error.into()),
    }
}

/// `POST /flows/play/on`: it goes on.
pub(super) async fn go_on(signed: Signed, Form(pressed): Form<Pressed>) -> Result<Response, Fault> {
    signed.must(Right::Flows)?;
    pushed(&signed, Where::File, &pressed).await
}

async fn pushed(signed: &Signed, place: Where, pressed: &Pressed) -> Result<Response, Fault> {
    let state = signed.app.unseal_play(&signed.caller, &pressed.state)?;
    let flow = match place {
        Where::Stored(flow) => Some(flow),
        Where::File => None,
    };
    if !state.is_of(flow) {
        return Err(AppError::invalid("flow-play-unreadable", []).into());
    }
    let played = match pressed.push() {
        Some(push) => signed.app.play_push(&signed.caller, state, &push).await?,
        None => signed.app.play_shown(&signed.caller, state).await?,
    };
    shown(signed, place, &pressed.asked, &played, true).await
}

async fn shown(signed: &Signed, place: Where, asked: &Asked, played: &Play, is_on: bool) -> Result<Response, Fault> {
    let page = play_show::page(signed, place, asked, played, is_on).await?;
    Ok(answer(StatusCode::OK, &page))
}

async fn asking(signed: &Signed, status: StatusCode, asked: &Asked, fault: Option<String>) -> Result<Response, Fault> {
    let mut page = signed.page("flows-play-file", Here::Flows);
    page.band = Some(Band::Unreal { word: page.t("band-simulator"), sentence: page.t("band-simulator-sentence") });
    let person = play_show::person(signed, asked).await?;
    Ok(answer(status, &PlayFilePage { page, fault, person }))
}
