//! Broadcasts as pages show them.

use jiff::Timestamp;
use mhero_app::{
    broadcasts::{BroadcastEvent, BroadcastPage as Found, Progress},
    rows::{BroadcastPerson, BroadcastRow as Stored},
};
use mhero_core::{MessageState, timestamp};

use super::view::{BroadcastRow, Counts, Event, RecipientRow, SentText, Todo, Verbs};
use crate::{
    marks::Mark,
    page::Page,
    parts::{Choice, Counted, LeftOut, Remedy},
    words::Arg,
};

/// One broadcast with how far it has got.
pub fn row(page: &Page, progress: &Progress) -> BroadcastRow {
    let stored = &progress.broadcast;
    let (mark, key) = state(progress);
    BroadcastRow {
        name: stored.name.clone(),
        href: format!("/broadcasts/{}", stored.id),
        mark,
        state: page.t(key),
        at: timestamp(stored.released_at.or(stored.release_at).unwrap_or(stored.created_at)),
        counts: counts(progress),
    }
}

fn counts(progress: &Progress) -> Counts {
    Counts {
        delivered: progress.of(MessageState::Delivered),
        sent: progress.of(MessageState::Sent),
        waiting: progress.of(MessageState::Waiting) + progress.of(MessageState::Submitting),
        failed: progress.of(MessageState::Failed),
        uncertain: progress.of(MessageState::Uncertain),
        cancelled: progress.of(MessageState::Cancelled),
        expired: progress.of(MessageState::Expired),
    }
}

fn state(progress: &Progress) -> (Mark, &'static str) {
    match progress.broadcast.status.as_str() {
        "undo" => (Mark::Clock, "broadcast-state-undo"),
        "scheduled" => (Mark::Clock, "broadcast-state-scheduled"),
        "recurring" => (Mark::Clock, "broadcast-state-recurring"),
        "approval" => (Mark::Clock, "broadcast-state-approval"),
        "paused" => (Mark::Warning, "broadcast-state-paused"),
        "done" => (Mark::Good, "broadcast-state-done"),
        "cancelled" if progress.broadcast.released_at.is_none() => (Mark::LeftOut, "broadcast-state-undone"),
        "cancelled" => (Mark::LeftOut, "broadcast-state-stopped"),
        _ => (Mark::Sent, "broadcast-state-sending"),
    }
}

/// Whether the numbers still change by themselves.
pub(super) fn is_moving(progress: &Progress) -> bool {
    let open = progress.of(MessageState::Sent) + progress.of(MessageState::Submitting);
    match progress.broadcast.status.as_str() {
        "undo" | "releasing" | "sending" => true,
        // Reports of phones come later.
        "paused" | "done" | "cancelled" => open > 0,
        _ => false,
    }
}

/// "Sending since 09:30. 2,417 of 3,898 have left."
pub(super) fn lead(page: &Page, progress: &Progress, next: Option<Timestamp>) -> String {
    let (row, counts) = (&progress.broadcast, counts(progress));
    let at = timestamp(row.released_at.unwrap_or(row.created_at));
    let left = |key: &str| page.t2(key, "left", counts.left(), "total", counts.total());
    match row.status.as_str() {
        "undo" => page.t("broadcast-lead-undo"),
        "approval" => page.t("broadcast-lead-approval"),
        "scheduled" | "recurring" => {
            let due = next.or(row.release_at.map(timestamp)).unwrap_or(at);
            page.t1("broadcast-lead-scheduled", "time", page.stamp(&due))
        }
        "paused" => left("broadcast-lead-paused"),
        "done" => page.t2("broadcast-lead-done", "time", page.stamp(&at), "n", counts.total()),
        "cancelled" if row.released_at.is_none() => page.t("broadcast-lead-undone"),
        "cancelled" => left("broadcast-lead-stopped"),
        _ => {
            let args = [
                ("time", Arg::Text(page.stamp(&at))),
                ("left", Arg::Count(counts.left())),
                ("total", Arg::Count(counts.total())),
            ];
            page.words.with("broadcast-lead-sending", &args)
        }
    }
}

/// By which code a worker asks whether something is true, and how often somebody did.
pub(crate) fn trusted(page: &Page, (code, asked): (String, i64)) -> String {
    let asked = page.t1("trust-of-broadcast-asked", "n", asked);
    format!("{} {asked}", page.t1("trust-of-broadcast", "code", code))
}

/// What may be done with it now.
pub(super) fn verbs(row: &Stored, waiting: i64) -> Verbs {
    let status = row.status.as_str();
    Verbs {
        may_undo: matches!(status, "undo" | "scheduled" | "recurring" | "approval"),
        may_release: matches!(status, "undo" | "scheduled"),
        may_pause: matches!(status, "releasing" | "sending"),
        may_resume: status == "paused",
        may_stop: matches!(status, "releasing" | "sending" | "paused") && (waiting > 0 || row.released_at.is_none()),
    }
}

/// Seconds left of the undo minute.
pub(super) fn undo_seconds(row: &Stored, now: Timestamp) -> Option<i64> {
    let seconds = timestamp(row.release_at?).as_second() - now.as_second();
    (row.status == "undo" && seconds >= 0).then_some(seconds)
}

/// What to do about those who did not get it.
pub(super) fn todos(page: &Page, counts: &Counts, to_decide: i64, href: &str) -> Vec<Todo> {
    let mut todos = Vec::new();
    if to_decide > 0 {
        todos.push(Todo {
            head: page.t1("broadcast-uncertain-head", "n", to_decide),
            why: page.t("broadcast-uncertain-why"),
            is_uncertain: true,
            verb: String::new(),
            href: format!("{href}/people?state=uncertain"),
        });
    }
    if counts.failed > 0 {
        todos.push(Todo {
            head: page.t1("broadcast-failed-head", "n", counts.failed),
            why: page.t("means-failed"),
            is_uncertain: false,
            verb: page.t("broadcast-failed-verb"),
            href: format!("{href}/people?state=failed"),
        });
    }
    todos
}

/// What they read.
pub(super) fn texts(page: &Page, found: &Found) -> Vec<SentText> {
    let text = |(lang, text): &(mhero_core::Lang, String)| SentText {
        tag: lang.bcp47().to_owned(),
        text: text.clone(),
        about: page.words.language(*lang),
    };
    found.texts.iter().map(text).collect()
}

/// Who was left out and why.
pub(super) fn counted(page: &Page, found: &Found, href: &str) -> Counted {
    let row = |reason: &str, people| {
        let href = format!("{href}/people?left={reason}");
        LeftOut { words: page.t(LeftOut::key(reason)), people, href, remedy: Remedy::None }
    };
    Counted {
        matched: found.broadcast.matched,
        matched_href: format!("{href}/people"),
        left_out: found.left_out.iter().map(|one| row(&one.reason, one.people)).collect(),
        refresh: None,
        hint: None,
    }
}

/// What happened, as sentences.
pub(super) fn events(page: &Page, events: &[BroadcastEvent]) -> Vec<Event> {
    let event = |event: &BroadcastEvent| {
        let key = match event.action.as_str() {
            "broadcast-sent" => "event-sent",
            "broadcast-undone" => "event-undone",
            "broadcast-released" => "event-released",
            "broadcast-paused" => "event-paused",
            "broadcast-resumed" => "event-resumed",
            "broadcast-cancelled" => "event-stopped",
            "broadcast-not-released" => "event-not-released",
            "uncertain-decided" => "event-decided",
            "correction-begun" => "event-correction",
            "broadcast-held" => "event-held",
            "broadcast-let-go" => "event-let-go",
            "approval-given" => "event-approval-given",
            "approval-refused" => "event-approval-refused",
            "approval-asked-again" => "event-approval-asked-again",
            "approval-wrong-code" => "event-approval-wrong",
            "approval-not-allowed" => "event-approval-not-allowed",
            "approval-void" => "event-approval-void",
            _ => "event-other",
        };
        let who = event.who.clone().unwrap_or_else(|| page.t("audit-system"));
        Event { at: event.at, words: page.t1(key, "who", who) }
    };
    events.iter().map(event).collect()
}

/// The states to choose from.
pub(super) fn filters(page: &Page, progress: &Progress, href: &str, chosen: &str) -> Vec<Choice> {
    let choice = |word: &str, key: &str, people| Choice {
        value: format!("{href}/people{}", if word.is_empty() { String::new() } else { format!("?state={word}") }),
        words: page.t(key),
        people: Some(people),
        is_on: word == chosen,
    };
    let counts = counts(progress);
    let mut found = vec![choice("", "inbox-all", counts.total())];
    found.extend(counts.states().iter().map(|state| choice(state.word, state.key, state.people)));
    found
}

/// One person of a broadcast, with a masked number.
pub(super) fn recipient(page: &Page, person: &BroadcastPerson, masked: String) -> RecipientRow {
    let state: Option<MessageState> = person.state.parse().ok();
    let (mark, words) = match state {
        _ if person.answered => (Mark::Answered, page.t("state-answered")),
        Some(state) => (Mark::of(state), page.t(&format!("state-{state}"))),
        None => (Mark::LeftOut, page.t("count-out")),
    };
    let why = match (&person.reason, state) {
        (Some(reason), None) => page.t(LeftOut::key(reason)),
        (Some(reason), Some(_)) if reason == "stopped" => page.t("out-stopped"),
        (Some(reason), Some(_)) => {
            let key = format!("cli-reason-{reason}");
            // Ours are codes; an operator's own words stand as they are.
            if page.words.has(&key) { page.t(&key) } else { reason.clone() }
        }
        (None, _) => String::new(),
    };
    RecipientRow {
        name: person.name.clone(),
        href: format!("/people/{}", person.person),
        phone: masked,
        mark,
        state: words,
        why,
        at: None,
    }
}
