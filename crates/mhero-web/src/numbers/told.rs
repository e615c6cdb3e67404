//! Numbers and reach in words.

use mhero_app::{
    numbers::{NumberState, ReachShare},
    rows::NumberRow,
};
use mhero_core::{Lang, timestamp};
use mhero_text::Numbering;

use super::view::{NumberLine, ReachLine};
use crate::{marks::Mark, page::Page};

/// The words of a state.
pub(super) fn state_key(state: NumberState) -> &'static str {
    match state {
        NumberState::Wrong => "numbers-wrong",
        NumberState::Invalid => "numbers-invalid",
        NumberState::Failing => "numbers-failing",
        NumberState::Verified => "numbers-verified",
        NumberState::Works => "numbers-works",
        NumberState::Tried => "numbers-tried",
        NumberState::Never => "numbers-never",
    }
}

/// A number in the list.
pub(super) fn line(page: &Page, numbering: &Numbering, row: &NumberRow) -> NumberLine {
    let state = NumberState::of(&row.state).unwrap_or(NumberState::Never);
    let mark = match state {
        NumberState::Wrong | NumberState::Invalid => Mark::Failed,
        NumberState::Failing => Mark::Warning,
        NumberState::Verified => Mark::Good,
        NumberState::Works => Mark::Delivered,
        NumberState::Tried => Mark::Uncertain,
        NumberState::Never => Mark::Waiting,
    };
    NumberLine {
        href: format!("/people/{}", row.person),
        name: row.name.clone(),
        number: numbering.masked(row.path.as_deref().unwrap_or(&row.raw)),
        mark,
        state: page.t(state_key(state)),
        evidence: evidence(page, row, state),
        person: row.person.to_string(),
        is_wrong: state == NumberState::Wrong,
    }
}

fn evidence(page: &Page, row: &NumberRow, state: NumberState) -> String {
    let day = |at: Option<i64>| at.map(|at| page.date(&timestamp(at))).unwrap_or_default();
    match state {
        NumberState::Failing => {
            let words = page.t2("numbers-why-failing", "n", row.failures, "day", day(row.last_failed_at));
            match row.last_error.as_deref().filter(|error| !error.is_empty()) {
                Some(error) => format!("{words} {}", page.t1("numbers-why-error", "error", error.to_owned())),
                None => words,
            }
        }
        NumberState::Verified => page.t1("numbers-why-verified", "day", day(row.verified_at)),
        NumberState::Works => page.t1("numbers-why-works", "day", day(row.last_worked_at)),
        NumberState::Tried => page.t1("numbers-why-tried", "day", day(row.last_tried_at)),
        NumberState::Wrong => page.t("numbers-why-wrong"),
        NumberState::Invalid => page.t("numbers-why-invalid"),
        NumberState::Never => page.t("numbers-why-never"),
    }
}

fn reached(page: &Page, name: String, tried: i64, delivered: i64) -> ReachLine {
    let width = if tried > 0 { delivered * 100 / tried } else { 0 };
    ReachLine { name, tried, delivered, share: page.share(delivered, tried), width }
}

/// Reach by place below the country.
pub(super) fn places(page: &Page, language: Lang, shares: &[ReachShare]) -> Vec<ReachLine> {
    let line = |share: &ReachShare| {
        let name =
            share.place.as_ref().map_or_else(|| page.t("numbers-no-place"), |names| names.best(language).to_owned());
        reached(page, name, share.tried, share.delivered)
    };
    let mut lines: Vec<ReachLine> = shares.iter().map(line).collect();
    lines.sort_by(|a, b| a.width.cmp(&b.width).then_with(|| a.name.cmp(&b.name)));
    lines
}

/// Reach by operator.
pub(super) fn operators(page: &Page, shares: &[ReachShare]) -> Vec<ReachLine> {
    let line = |share: &ReachShare| {
        let name = if share.operator.is_empty() { page.t("numbers-no-operator") } else { share.operator.clone() };
        reached(page, name, share.tried, share.delivered)
    };
    shares.iter().map(line).collect()
}

/// Reach day by day.
pub(super) fn days(page: &Page, days: &[(String, i64, i64)]) -> Vec<ReachLine> {
    days.iter().map(|(day, tried, delivered)| reached(page, day.clone(), *tried, *delivered)).collect()
}
