//! How a channel stands, in words.

use std::collections::HashMap;

use mhero_app::{AppError, messaging::Channel, rows::ChannelTraffic};
use mhero_core::{ChannelId, timestamp};

use super::view::{ChannelRow, KindRow};
use crate::{errors::Fault, marks::Mark, page::Page, state::Signed};

/// A channel with its state and what it did lately.
pub(super) async fn row(
    signed: &Signed,
    channel: &Channel,
    traffic: &HashMap<ChannelId, ChannelTraffic>,
) -> Result<ChannelRow, Fault> {
    let page = &signed.page;
    let (mark, state, why) = match (channel.active, signed.app.check_channel(channel.id).await) {
        (true, Ok(())) => (Mark::Good, page.t("settings-ready"), String::new()),
        (false, Ok(())) => (Mark::Clock, page.t("settings-paused"), String::new()),
        (true, Err(AppError::Invalid(reason))) => (Mark::Alarm, page.t("channels-trouble"), page.words.reason(&reason)),
        (false, Err(AppError::Invalid(reason))) => (Mark::Clock, page.t("settings-paused"), page.words.reason(&reason)),
        (_, Err(_)) => (Mark::Alarm, page.t("settings-incomplete"), String::new()),
    };
    let lately = traffic.get(&channel.id).copied().unwrap_or_default();
    Ok(ChannelRow {
        href: format!("/settings/channels/{}", channel.id),
        name: channel.name.clone(),
        kind: kind(page, &channel.kind),
        sender: channel.sender.clone().unwrap_or_default(),
        mark,
        state,
        why,
        rate: rate(page, channel.parts_per_second),
        sent: lately.sent_at.map(timestamp),
        heard: lately.heard_at.map(timestamp),
        waiting: lately.waiting,
        is_paused: !channel.active,
    })
}

fn rate(page: &Page, per_second: f64) -> String {
    if per_second > 0.0 {
        page.t1("channels-a-second", "rate", per_second.to_string())
    } else {
        page.t("channels-no-limit")
    }
}

/// The name of a kind of channel.
pub(super) fn kind(page: &Page, kind: &str) -> String {
    word(page, &format!("settings-channel-{kind}")).unwrap_or_else(|| kind.to_owned())
}

/// A kind and when to choose it.
pub(super) fn kind_row(page: &Page, known: &str) -> KindRow {
    let why = word(page, &format!("channel-why-{known}")).unwrap_or_default();
    KindRow { kind: known.to_owned(), words: kind(page, known), why }
}

/// The text of a key that may not be there.
pub(super) fn word(page: &Page, key: &str) -> Option<String> {
    page.words.has(key).then(|| page.t(key))
}
