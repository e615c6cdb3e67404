//! The list of channels, and the form of a new one.

use axum::{extract::Query, http::StatusCode, response::Response};
use mhero_core::Right;
use serde::Deserialize;

use super::{
    fields::{self, Values},
    told,
    view::{ListPage, NewPage},
};
use crate::{
    errors::{Fault, show},
    page::Here,
    settings,
    state::Signed,
};

/// The kinds in the order in which most look for them; the others follow.
const ORDER: [&str; 10] =
    ["smpp", "kannel", "africastalking", "twilio", "external", "android", "ussd", "telegram", "email", "simulator"];

/// Where further kinds stand: with the gateways.
const GATEWAYS: usize = 4;

/// `GET /settings/channels`.
pub(super) async fn list(signed: Signed) -> Result<Response, Fault> {
    signed.must(Right::Settings)?;
    let page = signed.page("settings-channels", Here::Settings);
    let traffic = signed.app.channel_traffic(&signed.caller).await?;
    let mut rows = Vec::new();
    for channel in signed.app.channels().await? {
        rows.push(told::row(&signed, &channel, &traffic).await?);
    }
    Ok(show(StatusCode::OK, &ListPage { tabs: settings::tabs(&page, "channels"), rows, page }))
}

/// Which kind.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    kind: String,
}

/// `GET /settings/channels/new`: which kind, then its settings.
pub(super) async fn new(signed: Signed, Query(asked): Query<Asked>) -> Result<Response, Fault> {
    signed.must(Right::Settings)?;
    Ok(show(StatusCode::OK, &form(&signed, (&asked.kind, ""), &Values::default())))
}

/// The form of a new channel, with what was typed.
pub(super) fn form(signed: &Signed, (kind, name): (&str, &str), values: &Values) -> NewPage {
    let page = signed.page("settings-add-channel", Here::Settings);
    let mut kinds: Vec<&str> = signed.app.driver_kinds().collect();
    kinds.sort_by_key(|kind| (ORDER.iter().position(|known| known == kind).unwrap_or(GATEWAYS), *kind));
    let is_known = kinds.contains(&kind);
    let fields = if is_known { fields::of(&page, &signed.app, kind, values) } else { Vec::new() };
    NewPage {
        kinds: kinds.iter().map(|kind| told::kind_row(&page, kind)).collect(),
        chosen: is_known.then(|| told::kind_row(&page, kind)),
        has_more: fields.iter().any(|field| !field.is_first),
        name: name.to_owned(),
        fault: values.wrong.as_ref().map(|reason| page.words.reason(reason)),
        wrong: values.wrong_key(&fields).unwrap_or_default(),
        fields,
        page,
    }
}
