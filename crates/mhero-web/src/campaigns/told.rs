//! Campaigns in words.

use jiff::civil::Time;
use mhero_app::{
    campaigns::{CampaignEventListed, CampaignListed},
    flows::FlowListed,
};
use mhero_core::timestamp;

use super::view::{CampaignShown, EventLine};
use crate::{page::Page, parts::LeftOut, words::Arg};

/// Dates that everybody has, beside fields.
pub(super) const OWN_DATES: [&str; 2] = ["created_on", "last_seen_on"];
/// What happens to who is in a conversation: interrupted, skipped, both.
pub(super) const MODES: [&str; 3] = ["I", "S", "P"];

/// The name of a date.
pub(super) fn field(page: &Page, key: &str, names: &[(String, String)]) -> String {
    if OWN_DATES.contains(&key) {
        return page.t(&format!("campaign-date-{key}"));
    }
    names.iter().find(|(known, _)| known == key).map_or_else(|| key.to_owned(), |(_, name)| name.clone())
}

/// "3 days before Appointment, at 09:00".
fn when(page: &Page, event: &CampaignEventListed, names: &[(String, String)]) -> String {
    let row = &event.row;
    let date = field(page, &row.field, names);
    let at = match row.offset {
        0 => page.t1("campaign-on", "date", date),
        offset => {
            let side = if offset < 0 { "before" } else { "after" };
            let span = page.t1(&format!("campaign-n-{}", row.unit), "n", offset.saturating_abs());
            page.t2(&format!("campaign-{side}"), "span", span, "date", date)
        }
    };
    let hour = i8::try_from(row.hour).ok().filter(|hour| *hour >= 0);
    match hour.and_then(|hour| Time::new(hour, 0, 0, 0).ok()) {
        Some(time) => page.t2("campaign-at-hour", "when", at, "time", page.words.wall_time(time)),
        None => at,
    }
}

/// A campaign as pages show it.
pub(super) fn campaign(
    page: &Page,
    listed: &CampaignListed,
    flows: &[FlowListed],
    names: &[(String, String)],
) -> CampaignShown {
    let event = |event: &CampaignEventListed| {
        let flow = event.row.flow.and_then(|id| flows.iter().find(|flow| flow.row.id == id));
        let text = |(lang, text): &(mhero_core::Lang, String)| (lang.bcp47().to_owned(), text.clone());
        EventLine {
            id: event.row.id.to_string(),
            when: when(page, event, names),
            flow: flow.map(|flow| flow.row.name.clone()).unwrap_or_default(),
            flow_href: event.row.flow.map(|flow| format!("/flows/{flow}")).unwrap_or_default(),
            texts: event.texts.iter().map(text).collect(),
            mode: page.words.with(&format!("campaign-mode-{}", event.row.mode), &[] as &[(&'static str, Arg)]),
            planned: event.planned,
            done: event.done,
            left_out: event.left_out.iter().map(|(reason, n)| (page.t(LeftOut::key(reason)), *n)).collect(),
            next: event.next.map(|at| page.stamp(&timestamp(at))).unwrap_or_default(),
        }
    };
    CampaignShown {
        name: listed.row.name.clone(),
        href: format!("/campaigns/{}", listed.row.id),
        group: listed.group.clone(),
        group_href: format!("/audiences/{}", listed.row.group),
        events: listed.events.iter().map(event).collect(),
    }
}
