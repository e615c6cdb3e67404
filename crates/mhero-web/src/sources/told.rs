//! How a source stands, in words.

use mhero_app::{AppError, sync::SourceStatus};
use mhero_core::timestamp;

use crate::{marks::Mark, page::Page};

/// The mark, the word and why.
pub(crate) fn state(page: &Page, status: &SourceStatus) -> (Mark, String, String) {
    let why = status.reason.as_ref().map(|reason| page.words.reason(reason)).unwrap_or_default();
    let since = status.succeeded_at.map(|at| page.stamp(&timestamp(at)));
    let (mark, key, why) = match status {
        SourceStatus { asks: Some((_, reason)), asks_since, .. } => {
            let since = asks_since.map(|at| page.stamp(&timestamp(at))).unwrap_or_default();
            (Mark::Clock, "source-asks", page.t2("source-asks-since", "since", since, "why", page.words.reason(reason)))
        }
        SourceStatus { reason: Some(_), is_silent: true, .. } => (Mark::Alarm, "source-silent", why),
        SourceStatus { reason: Some(_), .. } => (Mark::Failed, "source-failing", why),
        SourceStatus { is_silent: true, .. } => (Mark::Alarm, "source-silent", String::new()),
        SourceStatus { is_queued: true, .. } => (Mark::Waiting, "source-queued", String::new()),
        SourceStatus { is_registry: false, .. } => (Mark::Good, "source-files", String::new()),
        SourceStatus { refused: 1.., .. } if since.is_some() => {
            (Mark::Warning, "source-refused", page.t1("source-refused-why", "n", status.refused))
        }
        _ if since.is_some() => (Mark::Good, "source-fine", String::new()),
        _ => (Mark::Waiting, "source-never", String::new()),
    };
    (mark, page.t(key), why)
}

/// The name of a kind of source.
pub(super) fn kind(page: &Page, kind: &str) -> String {
    let key = format!("source-kind-{kind}");
    if page.words.has(&key) { page.t(&key) } else { kind.to_owned() }
}

/// The text of a key made of a word of the store; the word itself where there is none.
pub(super) fn word(page: &Page, before: &str, word: &str) -> String {
    let key = format!("{before}-{word}");
    if page.words.has(&key) { page.t(&key) } else { word.to_owned() }
}

/// What is wrong with what was asked for; other errors have their own page.
pub(super) fn fault(page: &Page, error: AppError) -> Result<String, AppError> {
    match error {
        AppError::Invalid(reason) => Ok(page.words.reason(&reason)),
        error => Err(error),
    }
}

/// The mark of the state of a run.
pub(super) fn mark(state: &str) -> Mark {
    match state {
        "done" => Mark::Good,
        "failed" => Mark::Failed,
        "asks" => Mark::Clock,
        "undone" | "refused" => Mark::LeftOut,
        _ => Mark::Waiting,
    }
}
