//! Changes in words.

use mhero_app::{rows::SaidOfPlace, sync::read_reason, way_back::QueueRow};
use mhero_core::{Lang, timestamp};
use mhero_text::Numbering;
use uuid::Uuid;

use super::view::{AnswerLine, ChangeRow, Meanwhile, Verb};
use crate::{marks::Mark, page::Page, words::IntoArg};

/// So many digits in a row may be the number of a phone.
const PHONE_DIGITS: usize = 7;
/// Digits of it that stay to be seen at its end.
const SEEN_LAST: usize = 3;

/// Who reads, and how numbers are written here.
pub(super) struct Reading<'a> {
    pub(super) page: &'a Page,
    pub(super) numbering: &'a Numbering,
    /// The id of the reader.
    pub(super) me: Uuid,
    /// The language in which names of places are read.
    pub(super) language: Lang,
}

/// The name of a field.
pub(crate) fn field(page: &Page, field: &str) -> String {
    let key = format!("changes-field-{field}");
    if page.words.has(&key) { page.t(&key) } else { field.replace(['_', '-'], " ") }
}

/// One change of the queue.
pub(super) fn row(reading: &Reading<'_>, shown: &QueueRow) -> ChangeRow {
    let (page, proposal) = (reading.page, &shown.row.proposal);
    let value = |value: &str| {
        let value = match proposal.field.as_str() {
            "phone" => phones(reading.numbering, value),
            "language" => value.parse::<Lang>().map_or_else(|_| value.to_owned(), |lang| page.words.language(lang)),
            _ if proposal.place.is_some() => place_value(page, value),
            _ => value.to_owned(),
        };
        if value.trim().is_empty() { page.t("changes-nothing") } else { value }
    };
    let is_conflict = proposal.state == "conflict";
    let is_open = matches!(proposal.state.as_str(), "open" | "seconded");
    let is_mine = proposal.state == "seconded" && proposal.first_by == Some(reading.me);
    let source = shown.row.source.as_ref().map(|(name, _)| name.clone());
    let meanwhile = shown.now.as_deref().filter(|_| is_conflict).map(|now| Meanwhile {
        mark: Mark::Alarm,
        value: value(now),
        by: page.t1("changes-by-source", "source", source.clone().unwrap_or_default()),
    });
    ChangeRow {
        id: format!("{}:{}", proposal.id, proposal.version),
        class: match shown.row.shelf.as_str() {
            "conflict" => "conflict",
            "eye" => "see",
            _ => "ok",
        },
        name: shown.subject(reading.language).to_owned(),
        href: match proposal.place {
            Some(place) => format!("/places/{place}"),
            None => format!("/people/{}", proposal.subject),
        },
        field: field(page, &proposal.field),
        old: value(shown.old.as_deref().unwrap_or_default()),
        new: value(&shown.new),
        meanwhile,
        state: state(page, &proposal.state),
        notes: notes(page, shown, source.as_deref(), is_mine),
        answers: answers(page, shown),
        // Of a place each answer has its own.
        evidence: if shown.answers.is_empty() { shown.row.evidence.as_deref().map(masked) } else { None }
            .unwrap_or_default(),
        at: page.stamp(&timestamp(shown.row.evidence_at.unwrap_or(proposal.created_at))),
        certain: page.t1("changes-certain", "n", proposal.confidence),
        is_sure: shown.row.shelf == "sure",
        is_choosable: is_open && !is_mine && shown.values().len() < 2,
        verbs: verbs(page, shown, is_mine),
    }
}

/// A value of a place: the words of the library's facility check in the reader's language, any other as it was said.
pub(crate) fn place_value(page: &Page, value: &str) -> String {
    let is_word = !value.is_empty() && value.bytes().all(|b| b.is_ascii_alphabetic());
    let key = format!("changes-place-{}", value.to_ascii_lowercase());
    if is_word && page.words.has(&key) { page.t(&key) } else { value.to_owned() }
}

fn answers(page: &Page, shown: &QueueRow) -> Vec<AnswerLine> {
    let line = |one: &SaidOfPlace| AnswerLine {
        who: one.name.clone().unwrap_or_else(|| page.t("changes-colleague")),
        href: one.name.as_ref().map(|_| format!("/people/{}", one.answer.said_by)).unwrap_or_default(),
        value: place_value(page, &one.answer.value),
        evidence: one.evidence.as_deref().map(masked).unwrap_or_default(),
        at: page.stamp(&timestamp(one.answer.at)),
    };
    shown.answers.iter().map(line).collect()
}

fn state(page: &Page, state: &str) -> Option<(Mark, String)> {
    let mark = match state {
        "open" | "conflict" => return None,
        "seconded" => Mark::Clock,
        "accepted" => Mark::Waiting,
        "writing" => Mark::Sent,
        "written" => Mark::Good,
        "failed" => Mark::Failed,
        _ => Mark::LeftOut,
    };
    Some((mark, page.t(&format!("changes-state-{state}"))))
}

fn notes(page: &Page, shown: &QueueRow, source: Option<&str>, is_mine: bool) -> Vec<String> {
    let proposal = &shown.row.proposal;
    let mut notes = Vec::new();
    match (proposal.state.as_str(), is_mine) {
        ("seconded", true) => notes.push(page.t("changes-seconded-you")),
        ("seconded", false) => notes.push(page.t("changes-seconded")),
        _ => {}
    }
    if let Some(reason) = &proposal.reason {
        notes.push(page.words.reason(&read_reason(reason)));
    }
    notes.push(match source {
        Some(source) => page.t1("changes-goes-to", "source", source.to_owned()),
        None => page.t("changes-no-owner"),
    });
    match proposal.evidence_kind.as_str() {
        "console" => notes.push(page.t("changes-said-console")),
        "import" => notes.push(page.t("changes-said-import")),
        _ => {}
    }
    if shown.values().len() > 1 {
        notes.insert(0, page.t("changes-differ"));
    }
    if let Some(until) = proposal.objection_until.filter(|_| proposal.state == "written") {
        notes.push(page.t1("changes-objection", "day", page.date(&timestamp(until))));
    }
    notes
}

fn verbs(page: &Page, shown: &QueueRow, is_mine: bool) -> Vec<Verb> {
    let proposal = &shown.row.proposal;
    let verb = |verb: &str, key: &str, press: &'static str| Verb {
        value: format!("{verb}:{}:{}", proposal.id, proposal.version),
        words: page.t(key),
        key: press,
    };
    match proposal.state.as_str() {
        "conflict" => {
            vec![verb("accept", "changes-take-theirs", "a"), verb("reject", "changes-keep-registry", "r")]
        }
        "seconded" if is_mine => vec![verb("undo", "changes-undo", "")],
        "open" | "seconded" if shown.values().len() > 1 => {
            let take = |value: &str| Verb {
                value: format!("take:{}:{}:{value}", proposal.id, proposal.version),
                words: page.t1("changes-take-answer", "value", place_value(page, value)),
                key: "",
            };
            let keep = verb("reject", "changes-keep-record", "r");
            shown.values().into_iter().map(take).chain([keep]).collect()
        }
        "open" | "seconded" => vec![verb("accept", "changes-accept", "a"), verb("reject", "changes-reject", "r")],
        "accepted" | "rejected" if proposal.attempts == 0 => vec![verb("undo", "changes-undo", "")],
        _ => Vec::new(),
    }
}

/// Numbers of phones, masked.
fn phones(numbering: &Numbering, value: &str) -> String {
    value.split(", ").map(|one| numbering.masked(one)).collect::<Vec<_>>().join(", ")
}

/// A text in which long rows of digits can't be read whole: somebody may have written a number.
fn masked(text: &str) -> String {
    let is_part = |c: char| c.is_ascii_digit();
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(from) = rest.find(is_part) {
        let (before, digits) = rest.split_at(from);
        let to = digits.find(|c: char| !is_part(c) && c != ' ' && c != '-').unwrap_or(digits.len());
        let (run, after) = digits.split_at(to);
        let count = run.chars().filter(|c| is_part(*c)).count();
        shown.push_str(before);
        let mut seen = 0;
        shown.extend(run.chars().map(|c| {
            seen += usize::from(is_part(c));
            let is_hidden = count >= PHONE_DIGITS && is_part(c) && seen > SEEN_LAST && seen + SEEN_LAST <= count;
            if is_hidden { '•' } else { c }
        }));
        rest = after;
    }
    shown.push_str(rest);
    shown
}

/// The words of what somebody has just decided: head, then how far it is.
pub(super) fn just(page: &Page, verb: &str, done: i64, missed: i64) -> String {
    let key = if verb == "accept" { "changes-you-accepted" } else { "changes-you-rejected" };
    let head = if done > 0 { page.t1(key, "n", done) } else { String::new() };
    let missed = if missed > 0 { page.words.with("changes-you-missed", &[("n", missed.arg())]) } else { String::new() };
    [head, missed].into_iter().filter(|words| !words.is_empty()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    #[test]
    fn numbers_in_texts_are_hidden() {
        assert_eq!(super::masked("my new number is 0886 123 447 thanks"), "my new number is 088• ••• 447 thanks");
        assert_eq!(super::masked("2 since 2024"), "2 since 2024");
        assert_eq!(super::masked("+231886123447"), "+231••••••447");
    }
}
