//! The picture of a flow in the reader's words.

use mhero_core::FlowId;
use mhero_flow::{
    definition::Flow,
    picture::{Highlights, Word, draw},
};
use uuid::Uuid;

use super::view::Drawing;
use crate::page::Page;

/// Bytes of a picture with its outline above which a page shows the outline only when it is asked for.
const LARGE_BYTES: usize = 160_000;
/// Steps above which a page shows a part of the outline at a time and the picture as an image of its own: more would make it
/// heavy for a slow line.
const WHOLE_STEPS: usize = 100;
/// Steps of such a part.
const PART_STEPS: usize = 40;

/// Before the id of each step in the outline.
const STEP: &str = "<li id=\"node-";
/// What stands around the steps.
const AROUND: (&str, &str) = ("<ol class=\"flow-outline\">", "</ol>");

/// Where the parts of a large flow are.
#[derive(Clone, Debug)]
pub(super) struct Place {
    /// The page of the flow; none for one of a file.
    pub(super) href: Option<String>,
    /// The number of the step with which the part begins.
    pub(super) from: usize,
}

/// Draws a flow. Beside it the nodes in the order of their numbers.
pub(super) fn of(page: &Page, flow: &Flow, highlights: &Highlights, place: &Place) -> (Drawing, Vec<Uuid>) {
    let picture = draw(flow, highlights, &|word: Word<'_>| say(page, word));
    let order = order(&picture.outline);
    let steps = order.len();
    if steps > WHOLE_STEPS {
        let from = highlights.current.and_then(|node| order.iter().position(|known| *known == node));
        return (part(page, &picture.outline, &order, from.map_or(place.from, |at| at + 1), place), order);
    }
    let is_large = picture.svg.len() + picture.outline.len() > LARGE_BYTES;
    let drawing = Drawing { svg: picture.svg, outline: picture.outline, steps, is_large, ..Drawing::default() };
    (drawing, order)
}

/// The whole picture as an image that stands for itself.
pub(super) fn whole(page: &Page, flow: &Flow, highlights: &Highlights) -> String {
    let svg = draw(flow, highlights, &|word: Word<'_>| say(page, word)).svg;
    let svg = svg.replacen(
        "class=\"flow-picture\"",
        "class=\"flow-picture\" color=\"#13201c\" font-size=\"13\" font-family=\"system-ui, sans-serif\"",
        1,
    );
    // An image has no page behind it whose colours it could take.
    svg.replacen("<defs>", "<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/><defs>", 1)
        .replace("\"Canvas\"", "\"#fff\"")
}

/// Where a step of a flow is shown: on the part of the page that holds it.
pub(super) fn step(flow: FlowId, node: Uuid, order: &[Uuid]) -> Option<(usize, String)> {
    let at = order.iter().position(|known| *known == node)?;
    let from = if order.len() > WHOLE_STEPS { format!("?from={}", first_of(at + 1)) } else { String::new() };
    Some((at + 1, format!("/flows/{flow}{from}#node-{node}")))
}

/// The first step of the part that holds a step.
const fn first_of(step: usize) -> usize {
    (step.saturating_sub(1) / PART_STEPS) * PART_STEPS + 1
}

fn order(outline: &str) -> Vec<Uuid> {
    outline.split(STEP).skip(1).filter_map(|rest| Uuid::parse_str(rest.get(..36)?).ok()).collect()
}

/// A part of a large flow: so many steps in words, and the ways to the others.
fn part(page: &Page, outline: &str, order: &[Uuid], from: usize, place: &Place) -> Drawing {
    let steps = order.len();
    let first = first_of(from.clamp(1, steps));
    let last = (first + PART_STEPS - 1).min(steps);
    let mut shown = String::from("<ol class=\"li s\">");
    for (at, rest) in outline.split(STEP).skip(1).enumerate().skip(first - 1).take(PART_STEPS) {
        let rest = rest.strip_suffix(AROUND.1).unwrap_or(rest);
        let (id, rest) = rest.split_at_checked(36).unwrap_or((rest, ""));
        let (tag, inner) = rest.split_once('>').unwrap_or(("", rest));
        let class = if tag.contains("is-current") { " class=\"is-current\" aria-current=\"step\"" } else { "" };
        shown.push_str(STEP);
        shown.push_str(&format!("{id}\"{class} tabindex=\"-1\"><b>{}</b>", page.t1("flow-step", "n", at + 1)));
        shown.push_str(&elsewhere(inner, order, (first, last), place));
    }
    shown.push_str("</ol>");
    let other = |from: usize| place.href.as_ref().map(|href| format!("{href}?from={from}#steps"));
    Drawing {
        outline: shown,
        steps,
        part: Some((first, last)),
        before: if first > 1 { other(first_of(first - 1)) } else { None },
        after: if last < steps { other(last + 1) } else { None },
        image: place.href.as_ref().map(|href| format!("{href}/picture")),
        ..Drawing::default()
    }
}

/// Steps in words whose ways lead to other parts too.
fn elsewhere(inner: &str, order: &[Uuid], (first, last): (usize, usize), place: &Place) -> String {
    const WAY: &str = "<a href=\"#node-";
    let mut out = String::with_capacity(inner.len());
    for (n, piece) in inner.split(WAY).enumerate() {
        if n > 0 {
            let node = piece.get(..36).and_then(|id| Uuid::parse_str(id).ok());
            let at = node.and_then(|node| order.iter().position(|known| *known == node)).map_or(0, |at| at + 1);
            match &place.href {
                Some(href) if !(first..=last).contains(&at) => {
                    out.push_str(&format!("<a href=\"{href}?from={}#node-", first_of(at)));
                }
                _ => out.push_str(WAY),
            }
        }
        out.push_str(piece);
    }
    out
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_stand_on_the_part_that_holds_them() {
        let order: Vec<Uuid> = (1..=120).map(Uuid::from_u128).collect();
        let flow = FlowId::from_uuid(Uuid::nil());
        let (number, href) = step(flow, Uuid::from_u128(41), &order).expect("a step");
        assert_eq!(number, 41);
        assert!(href.contains("?from=41#node-"), "{href}");
        let (_, href) = step(flow, Uuid::from_u128(40), &order).expect("a step");
        assert!(href.contains("?from=1#node-"), "{href}");
        let (_, href) = step(flow, Uuid::from_u128(40), &order[..50]).expect("a step");
        assert!(!href.contains("from"), "{href}");
        assert_eq!(step(flow, Uuid::from_u128(400), &order), None);
    }
}
