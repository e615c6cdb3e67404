//! The picture of a flow in the reader's words.

use mhero_flow::{
    definition::Flow,
    picture::{Highlights, Word, draw},
};
use uuid::Uuid;

use super::view::Drawing;
use crate::page::Page;

/// Bytes of a picture with its outline above which a page shows the outline only when it is asked for.
const LARGE_BYTES: usize = 160_000;

/// Before the id of each step in the outline.
const STEP: &str = "<li id=\"node-";

/// Draws a flow. Beside it the nodes in the order of their numbers.
pub(super) fn of(page: &Page, flow: &Flow, highlights: &Highlights) -> (Drawing, Vec<Uuid>) {
    let picture = draw(flow, highlights, &|word: Word<'_>| say(page, word));
    let ids = picture.outline.split(STEP).skip(1);
    let order: Vec<Uuid> = ids.filter_map(|rest| Uuid::parse_str(rest.get(..36)?).ok()).collect();
    let is_large = picture.svg.len() + picture.outline.len() > LARGE_BYTES;
    let drawing = Drawing { svg: picture.svg, outline: picture.outline, steps: order.len(), is_large };
    (drawing, order)
}

/// Tests of routers that have words of their own; others stand with their name.
const CASES: &[&str] = &[
    "has_any_word",
    "has_all_words",
    "has_phrase",
    "has_only_phrase",
    "has_only_text",
    "has_beginning",
    "has_pattern",
    "has_text",
    "has_number",
    "has_number_between",
    "has_number_eq",
    "has_number_gt",
    "has_number_gte",
    "has_number_lt",
    "has_number_lte",
    "has_date",
    "has_date_eq",
    "has_date_gt",
    "has_date_lt",
    "has_time",
    "has_phone",
    "has_email",
    "has_group",
    "has_category",
    "has_error",
    "has_state",
    "has_district",
    "has_ward",
];

fn say(page: &Page, word: Word<'_>) -> String {
    match word {
        Word::Picture(name) => page.t1("flow-pic", "name", name),
        Word::Start => page.t("flow-pic-start"),
        Word::Current => page.t("flow-pic-current"),
        Word::Visited => page.t("flow-pic-visited"),
        Word::Unreachable => page.t("flow-pic-unreachable"),
        Word::Action(kind) => named(page, "flow-action", kind),
        Word::Nothing => page.t("flow-pic-nothing"),
        Word::WaitMessage => page.t("flow-pic-wait"),
        Word::WaitDial => page.t("flow-pic-dial"),
        Word::Timeout(seconds) => page.t1("flow-pic-timeout", "time", page.span(i64::from(seconds))),
        Word::Result(name) => page.t1("flow-pic-result", "name", name),
        Word::Choice(operand) => page.t1("flow-pic-choice", "operand", operand),
        Word::Chance => page.t("flow-pic-chance"),
        Word::Case(test, arguments) => {
            if CASES.contains(&test) {
                page.t1(&format!("flow-case-{}", test.replace('_', "-")), "words", arguments)
            } else {
                page.t2("flow-case-other", "test", test, "words", arguments)
            }
        }
        Word::Otherwise => page.t("flow-pic-otherwise"),
        Word::GoesTo(number) => page.t1("flow-pic-goes", "n", number),
        Word::Ends => page.t("flow-pic-ends"),
        Word::Count(count) => page.t1("flow-pic-count", "n", i64::try_from(count).unwrap_or(i64::MAX)),
        Word::More(count) => page.t1("flow-pic-more", "n", count),
    }
}

fn named(page: &Page, prefix: &str, word: &str) -> String {
    let key = format!("{prefix}-{}", word.replace('_', "-"));
    if page.words.has(&key) { page.t(&key) } else { word.to_owned() }
}
