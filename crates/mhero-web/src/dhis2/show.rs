//! Reports and mappings in the words of the page.

use mhero_app::Caller;
use mhero_core::{Right, timestamp};
use mhero_exchange::dhis2::{Kind, MappingShown, ReportShown};

use super::view::{MappingLine, ReportBlock, ValueLine};
use crate::{
    marks::Mark,
    page::Page,
    words::{Arg, Words},
};

/// A report.
pub(super) fn block(page: &Page, caller: &Caller, own: &ReportShown) -> ReportBlock {
    let mark = match own.state.as_str() {
        "approval" => Mark::Clock,
        "ready" => Mark::Waiting,
        "accepted" => Mark::Good,
        "conflict" => Mark::Warning,
        "refused" => Mark::Failed,
        _ => Mark::LeftOut,
    };
    let lang = page.words.lang();
    let place = own.place.as_ref().map(|names| names.best(lang).to_owned()).filter(|name| !name.is_empty());
    let decides = caller.scope.may(Right::Approve) || caller.scope.may(Right::Answer);
    let verdict = own.answer.verdict.as_ref();
    let counts = verdict.map(|verdict| {
        let args = [
            ("imported", Arg::Count(verdict.imported)),
            ("updated", Arg::Count(verdict.updated)),
            ("ignored", Arg::Count(verdict.ignored)),
        ];
        page.words.with("hmis-counts", &args)
    });
    let why = own.answer.why.as_deref().map(|key| {
        let words = if page.words.has(key) { page.t(key) } else { key.to_owned() };
        if own.answer.detail.is_empty() { words } else { format!("{words} {}", own.answer.detail) }
    });
    let mut why = why.unwrap_or_default();
    if own.state == "ready"
        && let Some(next) = own.next_at.filter(|_| own.attempts > 0)
    {
        let again = page.t2("hmis-again-at", "n", own.attempts, "time", page.stamp(&timestamp(next)));
        why = format!("{why} {again}").trim().to_owned();
    }
    ReportBlock {
        id: own.id.to_string(),
        version: own.version,
        title: place.unwrap_or_else(|| own.person_name.clone()),
        cell: [own.mapping.as_str(), &period(&page.words, &own.period)].join(" · "),
        person: own.person_name.clone(),
        href: format!("/people/{}", own.person),
        at: timestamp(own.reported_at),
        text: own.text.clone(),
        mark,
        state: page.t(&format!("hmis-state-{}", own.state)),
        why,
        counts: counts.unwrap_or_default(),
        objections: loose(own),
        values: values(page, own),
        may_approve: decides && own.state == "approval",
        may_again: decides && matches!(own.state.as_str(), "conflict" | "refused"),
    }
}

/// A period as people say it: "October 2026" for a month; others as DHIS2 writes them.
fn period(words: &Words, written: &str) -> String {
    let month = written.get(4..).filter(|_| written.len() == 6).and_then(|month| month.parse::<u8>().ok());
    match (month, written.get(..4)) {
        (Some(month @ 1..=12), Some(year)) => format!("{}\u{a0}{year}", words.t(&format!("month-{month}"))),
        _ => written.to_owned(),
    }
}

/// Which value a conflict is about: by its place in what was sent, else by its data element.
fn about(own: &ReportShown, at: usize, element: &str) -> Vec<String> {
    let conflicts = own.answer.verdict.iter().flat_map(|verdict| &verdict.conflicts);
    let is_it = |conflict: &&mhero_exchange::dhis2::Conflict| {
        if conflict.values.is_empty() { conflict.object == element } else { conflict.values.contains(&at) }
    };
    conflicts.filter(is_it).map(said).collect()
}

fn said(conflict: &mhero_exchange::dhis2::Conflict) -> String {
    match &conflict.code {
        Some(code) => format!("{} ({code})", conflict.words),
        None => conflict.words.clone(),
    }
}

/// Objections that name no value of the report.
fn loose(own: &ReportShown) -> Vec<String> {
    let conflicts = own.answer.verdict.iter().flat_map(|verdict| &verdict.conflicts);
    let names_none = |conflict: &&mhero_exchange::dhis2::Conflict| {
        conflict.values.is_empty() && own.content.values.iter().all(|value| value.element != conflict.object)
    };
    conflicts.filter(names_none).map(said).collect()
}

fn values(page: &Page, own: &ReportShown) -> Vec<ValueLine> {
    let before = |element: &str, combo: &Option<String>| {
        let values = own.before.iter().flat_map(|before| &before.values);
        let mut same = values.filter(|value| value.element == element && value.combo == *combo);
        same.next().map(|value| value.value.clone()).unwrap_or_default()
    };
    let sent = own.content.values.iter().enumerate().map(|(at, value)| ValueLine {
        result: value.result.to_uppercase(),
        before: before(&value.element, &value.combo),
        value: value.value.clone(),
        element: value.element.clone(),
        objection: about(own, at, &value.element).join("; "),
        is_theirs: true,
    });
    let problems = own.content.problems.iter().map(|(result, value, right)| ValueLine {
        result: result.to_uppercase(),
        before: String::new(),
        value: value.clone(),
        element: String::new(),
        objection: page.t1("hmis-not-a-value", "right", Arg::Text(wanted(page, right))),
        is_theirs: false,
    });
    sent.chain(problems).collect()
}

/// What would be right, in the reader's language; choices stand as they are.
fn wanted(page: &Page, right: &str) -> String {
    let key = match right {
        "a whole number" => "hmis-right-integer",
        "a whole number from 0 on" => "hmis-right-count",
        "a number" => "hmis-right-number",
        "a number from 0 to 100" => "hmis-right-percentage",
        "yes or no" => "hmis-right-boolean",
        "yes, or nothing" => "hmis-right-true-only",
        "a day, 2026-03-15" => "hmis-right-date",
        _ => return right.to_owned(),
    };
    page.t(key)
}

/// A mapping.
pub(super) fn line(page: &Page, own: &MappingShown) -> MappingLine {
    let mapping = &own.mapping;
    let goal = match mapping.kind {
        Kind::Values => format!("{} · {}", mapping.data_set, mapping.period),
        Kind::Event => mapping.program.clone(),
    };
    let (mark, state) = if mapping.active { (Mark::Good, "hmis-on") } else { (Mark::LeftOut, "hmis-off") };
    MappingLine {
        href: format!("/exchange/dhis2/mappings/{}", own.id),
        name: mapping.name.clone(),
        about: format!("{} → {} · {goal}", mapping.flow, mapping.source),
        mark,
        state: page.t(state),
    }
}

#[cfg(test)]
mod tests {
    use mhero_core::Lang;

    use super::*;

    #[test]
    fn a_month_is_named() {
        let words = Words::of(Lang::FRENCH);
        assert_eq!(period(&words, "202610"), "octobre\u{a0}2026");
        for other in ["2026", "2026W07", "20261023", "202613", "2026-10-23 1", "été é"] {
            assert_eq!(period(&words, other), other);
        }
    }
}
