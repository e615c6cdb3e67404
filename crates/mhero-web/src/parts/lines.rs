//! Messages of a person as the lines of a conversation.

use std::collections::{BTreeSet, HashMap};

use mhero_app::{App, AppError, Caller, delivery_rules::MessageNote, rows::MessageRow};
use mhero_core::{BroadcastId, Direction, InboundState, MessageId, MessageKind, MessageState, timestamp};

use super::{Hop, Line, Talk};
use crate::{marks::Mark, page::Page};

/// A text that was on its way for longer shows both times, in microseconds.
const ON_ITS_WAY: i64 = 60_000_000;

/// What stands beside messages.
pub struct Beside {
    /// The names of the broadcasts that they belong to or answer; those outside the caller's scope have none.
    names: HashMap<BroadcastId, String>,
    /// Why they wait, and when they were written.
    notes: HashMap<MessageId, MessageNote>,
    /// Through which system beside us those went that did.
    elsewhere: HashMap<MessageId, String>,
}

/// What stands beside some messages: the broadcasts they belong to, why they wait, when they were written.
///
/// # Errors
/// Whatever the application reports.
pub async fn broadcasts_of(app: &App, caller: &Caller, messages: &[MessageRow]) -> Result<Beside, AppError> {
    let ids: BTreeSet<BroadcastId> = messages.iter().filter_map(|m| m.broadcast.or(m.answers)).collect();
    let mut names = HashMap::new();
    for id in ids {
        match app.broadcast_progress(caller, id).await {
            Ok(progress) => _ = names.insert(id, progress.broadcast.name),
            Err(AppError::NotFound { .. }) => {}
            Err(error) => return Err(error),
        }
    }
    let elsewhere: Vec<MessageId> =
        messages.iter().filter(|message| message.kind == MessageKind::Elsewhere).map(|message| message.id).collect();
    let elsewhere = mhero_backend::Backends::new(app.clone()).names_of(&elsewhere).await?;
    Ok(Beside { names, notes: app.message_notes(messages).await?, elsewhere })
}

/// The lines, oldest first, under their days. `release` says where a suspected double is let count after all.
pub fn talk(
    page: &Page,
    messages: &[MessageRow],
    beside: &Beside,
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
        talk.push(Talk::Message(Box::new(line(page, message, beside, &release))));
    }
    talk
}

fn line(page: &Page, message: &MessageRow, beside: &Beside, release: impl Fn(&MessageRow) -> Option<String>) -> Line {
    let is_out = message.direction == Direction::Out;
    let is_double = message.state == InboundState::SuspectedDouble.as_str();
    let state: Option<MessageState> = message.state.parse().ok().filter(|_| is_out);
    let broadcast = message.broadcast.or(message.answers);
    let about = broadcast.and_then(|id| beside.names.get(&id).map(|name| (name.clone(), format!("/broadcasts/{id}"))));
    let known = beside.notes.get(&message.id);
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
    let elsewhere = beside.elsewhere.get(&message.id).map(|name| page.t1("talk-elsewhere", "source", name));
    let note = [elsewhere.unwrap_or_default(), note, known.map(|known| said(page, message, known)).unwrap_or_default()];
    let note = note.into_iter().filter(|words| !words.is_empty()).collect::<Vec<_>>().join(" · ");
    Line {
        is_out,
        text: message.text.clone().unwrap_or_else(|| page.t("talk-erased")),
        lang: message.language,
        at: timestamp(message.created_at),
        about,
        mark: state.map(|state| (Mark::of(state), page.t(&format!("state-{state}")))),
        note,
        hops: hops(page, message, state, known),
        release: if is_double { release(message) } else { None },
        behind: format!("/messages/{}", message.id),
    }
}

/// Why a message waits, or how long a text was on its way.
fn said(page: &Page, message: &MessageRow, known: &MessageNote) -> String {
    let mut said = Vec::new();
    if let Some((reason, until)) = &known.held {
        said.push(page.t2("held-note", "time", page.stamp(until), "reason", page.t(&format!("held-{reason}"))));
    }
    if known.is_late {
        said.push(page.t("said-late"));
    }
    match (known.note.as_str(), known.said_at) {
        ("", Some(at)) if message.created_at - at.as_microsecond() >= ON_ITS_WAY => {
            said.push(page.t1("said-both", "time", page.stamp(&at)));
        }
        ("", _) => {}
        (note, _) => said.push(page.t(&format!("said-{note}"))),
    }
    said.join(" · ")
}

/// How one message travelled.
pub(crate) fn hops(
    page: &Page,
    message: &MessageRow,
    state: Option<MessageState>,
    known: Option<&MessageNote>,
) -> Vec<Hop> {
    let hop = |at: i64, key: &str| Hop { at: timestamp(at), words: page.t(key) };
    if message.direction == Direction::In {
        let written = known.and_then(|known| known.said_at).map(|at| hop(at.as_microsecond(), "said-written"));
        return written.into_iter().chain([hop(message.created_at, "hop-received")]).collect();
    }
    let mut hops = vec![hop(message.created_at, "hop-written")];
    hops.extend(message.sent_at.map(|at| hop(at, "hop-sent")));
    if let (Some(at), Some(state)) = (message.done_at, state) {
        hops.push(Hop { at: timestamp(at), words: page.t(&format!("hop-{state}")) });
    }
    hops
}
