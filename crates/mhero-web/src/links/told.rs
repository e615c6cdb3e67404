//! Pairs and merges in words.

use std::collections::HashMap;

use mhero_app::{
    linking::{LinkView, PairView, Why},
    rows::PersonRecord,
};
use mhero_core::{Lang, timestamp};
use mhero_text::Numbering;
use uuid::Uuid;

use super::view::{Compared, JoinedRecord, PairShown, Side};
use crate::{
    marks::Mark,
    page::Page,
    words::{Arg, IntoArg},
};

/// Values of one kind that are shown of a record.
const VALUES_MAX: usize = 5;

/// A pair side by side.
pub(super) fn pair(page: &Page, lang: Lang, numbering: &Numbering, view: &PairView) -> PairShown {
    PairShown {
        left: side(page, lang, view.pair.left.to_string(), &view.left),
        right: side(page, lang, view.pair.right.to_string(), &view.right),
        version: view.pair.version,
        why: because(page, &view.why),
        rows: compared(page, numbering, view),
    }
}

fn side(page: &Page, lang: Lang, id: String, record: &PersonRecord) -> Side {
    let now = page.clock.now.as_microsecond();
    let held = record.positions.iter().find(|position| position.is_current(now));
    let work = held.and_then(|held| held.cadre.as_ref().or(held.title.as_ref())).map(|name| name.best(lang).to_owned());
    let place = held.and_then(|held| held.place.as_ref()).map(|(_, name, _)| name.best(lang).to_owned());
    let mut sources: Vec<String> = record.sources.iter().map(|source| source.source.clone()).collect();
    sources.dedup();
    Side {
        href: format!("/people/{id}"),
        id,
        name: record.name.clone(),
        about: work.into_iter().chain(place).collect::<Vec<_>>().join(", "),
        sources: sources.into_iter().take(VALUES_MAX).collect::<Vec<_>>().join(", "),
    }
}

/// What was decided or is to be, as sentences.
pub(crate) fn because(page: &Page, why: &Why) -> String {
    let mut said = Vec::new();
    if let Some(explanation) = &why.explanation
        && !why.by_hand
    {
        let words = explanation.words();
        said.push(page.words.with(&words.key, &args(page, &words.args)));
    }
    if why.by_hand {
        said.push(page.t("linkage-because-told-link"));
    }
    if let Some(guard) = why.guard {
        said.push(page.t(&format!("linkage-guard-{}", guard.word())));
    }
    said.join(" ")
}

/// Variables of a sentence; a share is written as the reader's language writes it.
fn args(page: &Page, pairs: &[(&'static str, String)]) -> Vec<(&'static str, Arg)> {
    let is_french = page.words.lang() == Lang::FRENCH;
    let said = |name: &str, value: &str| match name {
        "percent" if is_french => value.replace('.', ","),
        _ => value.to_owned(),
    };
    pairs.iter().map(|(name, value)| (*name, said(name, value).arg())).collect()
}

fn compared(page: &Page, numbering: &Numbering, view: &PairView) -> Vec<Compared> {
    let parts = view.why.explanation.iter().flat_map(|explanation| &explanation.parts);
    let said = parts.filter(|part| !part.left.is_empty() || !part.right.is_empty());
    said.map(|part| {
        let (left, right) = match part.field.as_str() {
            "phone" => (phones(numbering, &view.left), phones(numbering, &view.right)),
            field => (shown(page, field, &part.left), shown(page, field, &part.right)),
        };
        let key = part.words().key;
        let level = page.words.with(&key, &[("left", left.as_str().arg()), ("right", right.as_str().arg())]);
        let strength = part.strength_key();
        let mark = match strength.strip_prefix("linkage-strength-") {
            Some("strongly-for" | "for") => Mark::Good,
            Some("strongly-against" | "against") => Mark::Failed,
            _ => Mark::Uncertain,
        };
        Compared { field: capital(&page.t(&part.field_key())), left, right, mark, strength: page.t(strength), level }
    })
    .collect()
}

/// A value as a reader sees it.
fn shown(page: &Page, field: &str, value: &str) -> String {
    match (field, value) {
        ("sex", "f") => page.t("sex-female"),
        ("sex", "m") => page.t("sex-male"),
        (_, value) => value.to_owned(),
    }
}

/// The numbers of a record, masked.
fn phones(numbering: &Numbering, record: &PersonRecord) -> String {
    let known = record.numbers.iter().filter_map(|number| number.path.as_deref()).take(VALUES_MAX);
    known.map(|path| numbering.masked(path)).collect::<Vec<_>>().join(", ")
}

/// A text that begins a line.
fn capital(text: &str) -> String {
    let mut rest = text.chars();
    rest.next().map(|first| first.to_uppercase().chain(rest).collect()).unwrap_or_default()
}

/// A merge, on the page of the person as whom the joined one counts.
pub(crate) fn joined(page: &Page, names: &HashMap<Uuid, String>, may_undo: bool, view: &LinkView) -> JoinedRecord {
    let by = view.link.decided_by.and_then(|by| names.get(&by).cloned());
    let who = by.unwrap_or_else(|| page.t("links-by-rule"));
    JoinedRecord {
        id: view.link.id.to_string(),
        name: view.joined_name.clone(),
        why: because(page, &view.why),
        when: page.t2("links-joined-at", "day", page.date(&timestamp(view.link.decided_at)), "who", who),
        may_undo,
    }
}
