//! One channel: how it stands, its settings, what its carrier is to call.

use axum::{extract::Path, http::StatusCode, response::Response};
use mhero_app::messaging::Channel;
use mhero_core::{ChannelId, Right, timestamp};

use super::{
    fields::{self, Values},
    told,
    view::{AddressRow, OnePage, PhoneView},
};
use crate::{
    errors::{Fault, Refusal, show},
    page::Here,
    state::{Signed, id},
};

/// The kind of channels that a phone carries.
pub(super) const PHONE: &str = "android";

/// What a page shows beside the channel itself.
#[derive(Default)]
pub(super) struct Beside {
    pub(super) fault: Option<String>,
    /// Whether the fault is what a test found.
    pub(super) is_test: bool,
    /// What a test found that works.
    pub(super) tested: Option<Vec<String>>,
    /// Settings as typed, and why they were not taken.
    pub(super) typed: Values,
    /// The code of a phone as typed, and why it was not taken.
    pub(super) code: Option<(String, String)>,
}

/// A channel by what stands in an address.
pub(super) async fn channel(signed: &Signed, text: &str) -> Result<Channel, Fault> {
    let channel: ChannelId = id(text)?;
    let known = signed.app.channels().await?.into_iter().find(|known| known.id == channel);
    known.ok_or(Fault::Refused(Refusal::NotFound))
}

/// `GET /settings/channels/{id}`.
pub(super) async fn open(signed: Signed, Path(text): Path<String>) -> Result<Response, Fault> {
    signed.must(Right::Settings)?;
    let channel = channel(&signed, &text).await?;
    Ok(show(StatusCode::OK, &page(&signed, &channel, Beside::default()).await?))
}

/// The page.
pub(super) async fn page(signed: &Signed, channel: &Channel, beside: Beside) -> Result<OnePage, Fault> {
    let page = signed.page.clone().titled(&channel.name, Here::Settings);
    let traffic = signed.app.channel_traffic(&signed.caller).await?;
    let row = told::row(signed, channel, &traffic).await?;
    // What can't be read is said where the channel stands; the form then begins empty.
    let (open, secrets) = signed.app.channel_settings(&signed.caller, channel.id).await.unwrap_or_default();
    let mut values = Values { open, secrets, wrong: beside.typed.wrong };
    values.open.extend(beside.typed.open);
    let fields = fields::of(&page, &signed.app, &channel.kind, &values);
    let addresses = signed.app.channel_addresses(&signed.caller, channel.id).await.unwrap_or_default();
    let facts = signed.app.channel_facts(channel.id).await.unwrap_or_default();
    let is_default = signed.app.is_default_channel(channel.id).await?;
    let phone = if channel.kind == PHONE { Some(phone(signed, channel, beside.code).await?) } else { None };
    Ok(OnePage {
        href: row.href.clone(),
        waiting_since: traffic.get(&channel.id).and_then(|lately| lately.waiting_since).map(timestamp),
        is_default,
        facts: facts.iter().map(|fact| page.words.reason(fact)).collect(),
        phone,
        has_more: fields.iter().any(|field| !field.is_first),
        addresses: addresses.into_iter().map(|(name, url)| AddressRow { name: name.to_owned(), url }).collect(),
        fault: beside.fault.or_else(|| values.wrong.as_ref().map(|reason| page.words.reason(reason))),
        wrong: values.wrong_key(&fields).unwrap_or_default(),
        is_test: beside.is_test,
        tested: beside.tested,
        fields,
        row,
        page,
    })
}

async fn phone(signed: &Signed, channel: &Channel, typed: Option<(String, String)>) -> Result<PhoneView, Fault> {
    let is_there = signed.app.relayer_of(channel.id).await?.is_some();
    let (code, fault) = typed.map_or((String::new(), None), |(code, fault)| (code, Some(fault)));
    Ok(PhoneView { is_there, code, fault, server: signed.page.t("channels-phone-server") })
}
