//! The record of a person as facts with their owners.

use jiff::{Timestamp, civil::Date};
use mhero_app::rows::PersonRecord;
use mhero_core::{limits::NAME_CHARS_MAX, timestamp};

use super::view::Fact;
use crate::{imports::shaded, page::Page, state::Signed};

/// Most trainings and fields shown.
const SHOWN_MAX: usize = 40;
/// Characters of a day: 2026-05-14.
const DAY_CHARS: usize = 10;

fn fact(name: String, value: String, owner: Option<&String>) -> Fact {
    Fact { name, value, href: None, owner: owner.cloned().unwrap_or_default() }
}

/// "Midwife. Speaks English." and where they work, with its page.
pub(super) fn work(signed: &Signed, record: &PersonRecord) -> (String, Option<(String, String)>) {
    let (page, lang) = (&signed.page, signed.caller.language);
    let now = signed.app.clock().now_micros();
    let current = record.positions.iter().find(|position| position.is_current(now));
    let work = current.and_then(|position| position.cadre.as_ref().or(position.title.as_ref()));
    let work = work.map(|names| names.best(lang).to_owned()).unwrap_or_default();
    let place = current.and_then(|position| position.place.as_ref());
    let works_at = place.map(|(id, name, _)| (name.best(lang).to_owned(), format!("/places/{id}")));
    let speaks = record.language.map(|lang| page.t1("person-speaks", "language", page.words.language(lang)));
    let about = match (work.is_empty(), works_at.is_some()) {
        (true, _) => String::new(),
        (false, true) => page.t1("person-at", "work", &work),
        (false, false) => format!("{work}."),
    };
    let parts: Vec<String> = [speaks.unwrap_or_default(), about].into_iter().filter(|part| !part.is_empty()).collect();
    (parts.join(" "), works_at)
}

/// What they may receive, what they stopped.
pub(super) fn reach(page: &Page, record: &PersonRecord) -> Vec<Fact> {
    let stopped = record.stops.iter().map(|stop| {
        let list = if stop.list.is_empty() { page.t("person-stopped-all") } else { stop.list.clone() };
        let since = page.date(&timestamp(stop.since));
        let since = match &stop.source {
            Some(source) => format!("{since}, {source}"),
            None => since,
        };
        Fact { name: page.t("number-stopped"), value: list, href: None, owner: since }
    });
    let mut facts: Vec<Fact> = stopped.collect();
    for (key, at) in [("people-heard", record.heard_at), ("person-last-sent", record.sent_at)] {
        facts.push(fact(page.t(key), page.last(&at.map(timestamp)), None));
    }
    facts
}

/// Positions, trainings, further values, registries.
pub(super) fn facts(signed: &Signed, record: &PersonRecord) -> Vec<Fact> {
    let (page, lang) = (&signed.page, signed.caller.language);
    let now = signed.app.clock().now_micros();
    let mut facts = Vec::new();
    if !record.active {
        facts.push(fact(page.t("state"), page.t("number-inactive"), None));
    }
    for position in record.positions.iter().filter(|position| position.is_current(now)) {
        let owner = position.source.as_ref();
        if let Some(cadre) = &position.cadre {
            facts.push(fact(page.t("person-cadre"), cadre.best(lang).to_owned(), owner));
        }
        if let Some(title) = &position.title {
            facts.push(fact(page.t("person-job"), title.best(lang).to_owned(), owner));
        }
        if let Some((id, name, is_facility)) = &position.place {
            let key = if *is_facility { "person-facility" } else { "place" };
            let mut place = fact(page.t(key), name.best(lang).to_owned(), owner);
            place.href = Some(format!("/places/{id}"));
            facts.push(place);
        }
        if let Some(start) = position.start_at {
            facts.push(fact(page.t("person-since"), page.date(&timestamp(start)), owner));
        }
    }
    if let Some(language) = record.language {
        facts.push(fact(page.t("person-language"), page.words.language(language), None));
    }
    if let Some(sex) = record.sex.as_deref().filter(|sex| *sex != "unknown") {
        facts.push(fact(page.t("person-sex"), page.t(&format!("sex-{sex}")), None));
    }
    if let Some(birth) = &record.birth {
        let said = birth.parse::<Date>().map_or_else(|_| birth.clone(), |day| page.words.day(day));
        facts.push(fact(page.t("person-birth"), said, None));
    }
    for training in record.trainings.iter().take(SHOWN_MAX) {
        let end = training.end_at.or(training.start_at).map(|at| page.date(&timestamp(at)));
        let name = training.name.best(lang).to_owned();
        let said = end.map_or(name.clone(), |end| format!("{name}, {end}"));
        facts.push(fact(page.t("person-trained"), said, training.source.as_ref()));
    }
    for value in record.values.iter().take(SHOWN_MAX) {
        let text = said(page, &value.text);
        facts.push(fact(value.name.best(lang).to_owned(), text, value.source.as_ref()));
    }
    for source in &record.sources {
        facts.push(fact(page.t("person-registries"), source.ext_id.clone(), Some(&source.source)));
    }
    facts
}

/// The value of a field: an instant and a day as people write them, and what could be a number of a phone with its middle hidden.
pub(super) fn said(page: &Page, text: &str) -> String {
    if let Ok(at) = text.parse::<Timestamp>() {
        return page.stamp(&at);
    }
    match text.parse::<Date>() {
        Ok(day) if text.len() == DAY_CHARS => page.words.day(day),
        _ => shaded(text).chars().take(NAME_CHARS_MAX).collect(),
    }
}

/// "You may see this record because …"
pub(super) fn why(signed: &Signed, record: &PersonRecord) -> String {
    let page = &signed.page;
    let Some(why) = record.why.first() else { return String::new() };
    let whole = || page.t("blank-any-place");
    let place = why.place.as_ref().map_or_else(whole, |(_, name)| name.best(signed.caller.language).to_owned());
    page.t2("person-hint-why", "role", page.t(&format!("role-{}", why.role)), "place", place)
}
