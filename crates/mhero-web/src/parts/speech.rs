//! Messages as the lines of a conversation.

use jiff::{Timestamp, tz::TimeZone};
use mhero_app::rows::MessageRow;
use mhero_core::{Direction, InboundState, MessageState, timestamp};

use super::{Hop, Line, Talk};
use crate::{marks::Mark, page::Page};

/// The lines of messages that are in order of time, oldest first, with a heading above each day.
pub fn lines(page: &Page, messages: &[MessageRow]) -> Vec<Talk> {
    let day_of = |at: Timestamp, zone: &TimeZone| at.to_zoned(zone.clone()).date();
    let mut day = None;
    let mut talk = Vec::with_capacity(messages.len() + 4);
    for message in messages {
        let at = timestamp(message.created_at);
        let today = day_of(at, &page.clock.zone);
        if day != Some(today) {
            day = Some(today);
            talk.push(Talk::Day(at));
        }
        talk.push(Talk::Message(Box::new(line(page, message, at))));
    }
    talk
}

fn line(page: &Page, message: &MessageRow, at: Timestamp) -> Line {
    let is_out = message.direction == Direction::Out;
    let state = message.state.parse::<MessageState>().ok().filter(|_| is_out);
    let is_double = !is_out && message.state == InboundState::SuspectedDouble.as_str();
    let broadcast = message.broadcast.or(message.answers);
    let mut hops = Vec::new();
    if is_out {
        let reached = [(message.sent_at, "state-sent"), (message.done_at, state.map_or("state-sent", state_key))];
        for (when, key) in reached {
            hops.extend(when.map(|when| Hop { at: timestamp(when), words: page.t(key) }));
        }
        hops.dedup_by(|later, earlier| later.words == earlier.words);
    }
    Line {
        is_out,
        text: message.text.clone().unwrap_or_else(|| page.t("talk-erased")),
        lang: message.language,
        at,
        about: broadcast.map(|id| (page.t("talk-broadcast"), format!("/broadcasts/{id}"))),
        mark: state.map(|state| (Mark::of(state), page.t(state_key(state)))),
        note: if is_double { page.t("talk-doubled") } else { String::new() },
        hops,
        release: match message.thread {
            Some(thread) if is_double => Some(format!("/inbox/{thread}/release/{}", message.id)),
            _ => None,
        },
    }
}

fn state_key(state: MessageState) -> &'static str {
    match state {
        MessageState::Waiting | MessageState::Submitting => "state-waiting",
        MessageState::Sent => "state-sent",
        MessageState::Delivered => "state-delivered",
        MessageState::Failed => "state-failed",
        MessageState::Uncertain => "state-uncertain",
        MessageState::Cancelled => "state-cancelled",
    }
}
