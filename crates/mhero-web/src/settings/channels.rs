//! Channels: listed, added, switched, checked.

use std::collections::BTreeMap;

use axum::{extract::Path, http::StatusCode, response::Response};
use mhero_app::{AppError, messaging::NewChannel};
use mhero_core::{ChannelId, Right};
use serde::Deserialize;

use super::{
    tabs,
    view::{ChannelRow, ChannelsPage},
};
use crate::{
    errors::{Fault, Refusal, show},
    marks::Mark,
    page::Here,
    parts::Choice,
    state::{Form, Signed, id},
    words::Arg,
};

/// A channel to add.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Typed {
    kind: String,
    name: String,
}

/// What was pressed.
#[derive(Deserialize)]
pub(super) struct Pressed {
    #[serde(rename = "do")]
    verb: String,
}

/// `GET /settings/channels`.
pub(super) async fn list(signed: Signed) -> Result<Response, Fault> {
    page(&signed, StatusCode::OK, None).await
}

/// `POST /settings/channels`.
pub(super) async fn add(signed: Signed, Form(typed): Form<Typed>) -> Result<Response, Fault> {
    let new = NewChannel { kind: typed.kind, name: typed.name, config: BTreeMap::new() };
    match signed.app.add_channel(&signed.caller, &new).await {
        Ok(_) => signed.done("settings-channel-added", &[], "/settings/channels").await,
        Err(AppError::Invalid(reason)) => {
            let fault = signed.page.words.reason(&reason);
            page(&signed, StatusCode::UNPROCESSABLE_ENTITY, Some(fault)).await
        }
        Err(error) => Err(error.into()),
    }
}

/// `POST /settings/channels/{id}`.
pub(super) async fn switch(
    signed: Signed,
    Path(channel): Path<String>,
    Form(pressed): Form<Pressed>,
) -> Result<Response, Fault> {
    signed.must(Right::Settings)?;
    let channel: ChannelId = id(&channel)?;
    let known = signed.app.channels().await?.into_iter().find(|known| known.id == channel).ok_or(Refusal::NotFound)?;
    let name = [("name", Arg::Text(known.name))];
    let key = match pressed.verb.as_str() {
        "pause" => {
            signed.app.switch_channel(&signed.caller, channel, false).await?;
            "settings-channel-paused"
        }
        "resume" => {
            signed.app.switch_channel(&signed.caller, channel, true).await?;
            "settings-channel-resumed"
        }
        "check" => match signed.app.check_channel(channel).await {
            Ok(()) => "settings-channel-whole",
            Err(AppError::Invalid(reason)) => {
                let fault = signed.page.words.reason(&reason);
                return page(&signed, StatusCode::UNPROCESSABLE_ENTITY, Some(fault)).await;
            }
            Err(error) => return Err(error.into()),
        },
        _ => return Err(Refusal::Unreadable.into()),
    };
    signed.done(key, &name, "/settings/channels").await
}

async fn page(signed: &Signed, status: StatusCode, fault: Option<String>) -> Result<Response, Fault> {
    signed.must(Right::Settings)?;
    let page = &signed.page;
    let waiting: i64 = signed.app.queue(&signed.caller).await?.iter().map(|(_, waiting, _)| waiting).sum();
    let mut rows = Vec::new();
    for (place, channel) in signed.app.channels().await?.into_iter().enumerate() {
        let (mark, state) = match (channel.active, signed.app.check_channel(channel.id).await) {
            (false, _) => (Mark::Clock, page.t("settings-paused")),
            (true, Ok(())) => (Mark::Good, page.t("settings-ready")),
            // What is wrong with a gateway, or with the settings, in words.
            (true, Err(AppError::Invalid(reason))) => (Mark::Alarm, page.words.reason(&reason)),
            (true, Err(_)) => (Mark::Alarm, page.t("settings-incomplete")),
        };
        rows.push(ChannelRow {
            id: channel.id.to_string(),
            name: channel.name,
            kind: kind(signed, &channel.kind),
            mark,
            state,
            #[expect(clippy::cast_possible_truncation, reason = "a rate is a small number")]
            per_second: channel.parts_per_second.round() as i64,
            // What has no channel of its own leaves by the first one.
            waiting: if place == 0 { waiting } else { 0 },
            is_paused: !channel.active,
        });
    }
    let kinds = signed.app.driver_kinds();
    let kinds = kinds.map(|known| Choice {
        value: known.to_owned(),
        words: kind(signed, known),
        people: None,
        is_on: known == "simulator",
    });
    let shown = ChannelsPage {
        tabs: tabs(page, "channels"),
        kinds: kinds.collect(),
        rows,
        fault,
        page: signed.page("settings-channels", Here::Settings),
    };
    Ok(show(status, &shown))
}

fn kind(signed: &Signed, kind: &str) -> String {
    let key = format!("settings-channel-{kind}");
    if signed.page.words.has(&key) { signed.page.t(&key) } else { kind.to_owned() }
}
