//! Messages of a person as the lines of a conversation.

use std::collections::{BTreeSet, HashMap};

use mhero_app::{App, AppError, Caller, rows::MessageRow};
use mhero_core::{BroadcastId, Direction, InboundState, MessageKind, MessageState, timestamp};

use super::{Hop, Line, Talk};
use crate::{marks::Mark, page::Page};

/// The names of the broadcasts that some messages belong to or answer; those outside the caller's scope have none.
///
/// # Errors
/// Whatever the application reports.
pub async fn broadcasts_of(
    app: &App,
    caller: &Caller,
    messages: &[MessageRow],
) -> Result<HashMap<BroadcastId, String>, AppError> {
    let ids: BTreeSet<BroadcastId> = messages.iter().filter_map(|m| m.broadcast.or(m.answers)).collect();
    let mut names = HashMap::new();
    for id in ids {
        match app.broadcast_progress(caller, id).await {
            Ok(progress) => _ = names.insert(id, progress.broadcast.name),
            Err(AppError::NotFound { .. }) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(names)
}

/// The lines, oldest first, under their days. `release` says where a suspected double is let count after all.
pub fn talk(
    page: &Page,
    messages: &[MessageRow],
    names: &HashMap<BroadcastId, String>,
    release: impl Fn(&MessageRow) -> Option<String>,
) -> Vec<Talk> {
    let mut talk = Vec::new();
    let mut heading = String::new();
    for message in messages {
        let at = timestamp(message.created_at);
        let day = page.heading(&at);
        if day != heading {
            talk.push(Talk::Day(at));
            heading = day;
        }
        talk.push(Talk::Message(Box::new(line(page, message, names, &release))));
    }
    talk
}

fn line(
    page: &Page,
    message: &MessageRow,
    names: &HashMap<BroadcastId, String>,
    release: impl Fn(&MessageRow) -> Option<String>,
) -> Line {
    let is_out = message.direction == Direction::Out;
    let is_double = message.state == InboundState::SuspectedDouble.as_str();
    let state: Option<MessageState> = message.state.parse().ok().filter(|_| is_out);
    let broadcast = message.broadcast.or(message.answers);
    let about = broadcast.and_then(|id| names.get(&id).map(|name| (name.clone(), format!("/broadcasts/{id}"))));
    let note = match (is_double, message.kind, &message.failure) {
        (true, ..) => page.t("talk-doubled"),
        (_, MessageKind::Auto, _) => page.t("talk-by-itself"),
        (.., Some(reason)) if reason == "stopped" => page.t("out-stopped"),
        (.., Some(reason)) => {
            let key = format!("cli-reason-{reason}");
            // Ours are codes; a carrier's own words stand as they are.
            if page.words.has(&key) { page.t(&key) } else { reason.clone() }
        }
        _ => String::new(),
    };
    Line {
        is_out,
        text: message.text.clone().unwrap_or_else(|| page.t("talk-erased")),
        lang: message.language,
        at: timestamp(message.created_at),
        about,
        mark: state.map(|state| (Mark::of(state), page.t(&format!("state-{state}")))),
        note,
        hops: hops(page, message, state),
        release: if is_double { release(message) } else { None },
    }
}

/// How one message travelled.
fn hops(page: &Page, message: &MessageRow, state: Option<MessageState>) -> Vec<Hop> {
    let hop = |at: i64, key: &str| Hop { at: timestamp(at), words: page.t(key) };
    if message.direction == Direction::In {
        return vec![hop(message.created_at, "hop-received")];
    }
    let mut hops = vec![hop(message.created_at, "hop-written")];
    hops.extend(message.sent_at.map(|at| hop(at, "hop-sent")));
    if let (Some(at), Some(state)) = (message.done_at, state) {
        hops.push(Hop { at: timestamp(at), words: page.t(&format!("hop-{state}")) });
    }
    hops
}
