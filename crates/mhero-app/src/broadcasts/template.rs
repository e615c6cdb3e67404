//! Texts of a broadcast: expressions, what each person gets, and the worst case of what it costs.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use mhero_core::{Lang, limits::TEXT_CHARS_MAX};
use mhero_expr::{Env, Object, Template, TopLevels, Value};
use mhero_store::PersonFacts;
use mhero_text::{Measure, measure};

use super::draft::TEXT_MAX;
use crate::{App, AppError, Facts};

/// A place in a text that differs from person to person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placeholder {
    /// As written in the text: `@contact.first_name`.
    pub expression: String,
    /// The longest value that anybody of the audience has, in characters.
    pub longest: usize,
}

/// A text in one language, checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextCheck {
    /// The language.
    pub language: Lang,
    /// What the longest text that anybody gets measures.
    pub worst: Measure,
    /// The text with the longest values filled in: what the preview shows.
    pub worst_text: String,
    /// Whether it differs from person to person.
    pub is_personal: bool,
    /// The text with costly letters replaced, where that makes it cheaper.
    pub cheaper: Option<String>,
}

/// The parsed texts of a broadcast.
pub(super) struct Texts {
    by_language: BTreeMap<Lang, Template>,
    first: Lang,
}

/// Refuses texts that can't be sent.
pub(super) fn check_texts(texts: &[(Lang, String)]) -> Result<(), AppError> {
    if texts.is_empty() {
        return Err(AppError::invalid("send-no-text", []));
    }
    let mut seen = BTreeSet::new();
    for (language, text) in texts {
        if text.trim().is_empty() {
            return Err(AppError::invalid("send-empty-text", [("language", language.to_string())]));
        }
        if text.chars().count() > TEXT_MAX.min(TEXT_CHARS_MAX) {
            return Err(AppError::invalid("send-long-text", [("max", TEXT_CHARS_MAX.to_string())]));
        }
        if !seen.insert(*language) {
            return Err(AppError::invalid("send-language-twice", [("language", language.to_string())]));
        }
        let names = TopLevels::broadcast();
        let template = Template::parse(text, &names)
            .map_err(|e| AppError::invalid("send-unreadable-text", [("detail", e.to_string())]))?;
        if let Some(fault) = template.faults(&names).first() {
            return Err(AppError::invalid("send-unreadable-text", [("detail", fault.to_string())]));
        }
    }
    Ok(())
}

impl Texts {
    pub(super) fn parse(texts: &[(Lang, String)]) -> Result<Self, AppError> {
        let names = TopLevels::broadcast();
        let mut by_language = BTreeMap::new();
        for (language, text) in texts {
            let template = Template::parse(text, &names)
                .map_err(|e| AppError::invalid("send-unreadable-text", [("detail", e.to_string())]))?;
            by_language.insert(*language, template);
        }
        let first = texts.first().map(|(language, _)| *language).ok_or_else(|| AppError::invalid("send-no-text", []))?;
        Ok(Self { by_language, first })
    }

    /// The language in which somebody of this language is written to.
    pub(super) fn language_for(&self, language: Option<Lang>) -> Lang {
        language.filter(|l| self.by_language.contains_key(l)).unwrap_or(self.first)
    }

    /// Whether every person of a language gets the same words.
    pub(super) fn is_plain(&self) -> bool {
        self.by_language.values().all(Template::is_plain)
    }

    /// The text in a language for one person.
    pub(super) fn render(&self, language: Lang, person: &PersonFacts, facts: &Facts, now: Timestamp) -> String {
        let Some(template) = self.by_language.get(&language).or_else(|| self.by_language.get(&self.first)) else {
            return String::new();
        };
        if template.is_plain() {
            return template.render(&Object::default(), &Env::new(now, facts.time_zone())).text;
        }
        template.render(&context(person, facts, language), &environment(facts, now, language)).text
    }
}

fn environment(facts: &Facts, now: Timestamp, language: Lang) -> Env {
    let mut env = Env::new(now, facts.time_zone());
    env.languages = vec![language];
    env.country = facts.countries.first().cloned();
    env
}

/// What `@contact` and `@fields` mean for one person.
fn context(person: &PersonFacts, facts: &Facts, language: Lang) -> Object {
    let text = |text: &str| Value::from(text);
    let name = |names: &Option<mhero_core::LangMap>| {
        names.as_ref().map_or(Value::Null, |names| Value::from(names.best(language)))
    };
    let mut fields = Object::default();
    for (key, value) in &person.values {
        fields.insert(key, text(value));
    }
    for (key, value) in [("facility", &person.facility), ("cadre", &person.cadre), ("job", &person.title)] {
        fields.insert(key, name(value));
    }
    let first_name = person.given.split_whitespace().next().unwrap_or(person.name.split_whitespace().next().unwrap_or(""));
    let mut contact = Object::default();
    contact.insert("uuid", text(&person.id.to_string()));
    contact.insert("name", text(&person.name));
    contact.insert("first_name", text(first_name));
    contact.insert("language", person.language.map_or(Value::Null, |l| Value::from(l.as_str())));
    contact.insert("facility", name(&person.facility));
    contact.insert("cadre", name(&person.cadre));
    contact.insert("job", name(&person.title));
    contact.insert("fields", Value::from(fields.clone()));
    let mut globals = Object::default();
    globals.insert("ministry", text(facts.ministry.best(language)));
    globals.insert("short_code", text(facts.short_code.as_deref().unwrap_or("")));
    let mut all = Object::default();
    all.insert("contact", Value::from(contact));
    all.insert("fields", Value::from(fields));
    all.insert("globals", Value::from(globals));
    all
}

impl App {
    /// Measures the texts at their worst case over a sample of people: the longest values that any of them has.
    pub(super) fn measure_texts(
        &self,
        texts: &[(Lang, String)],
        people: &[PersonFacts],
        facts: &Facts,
    ) -> Result<Vec<TextCheck>, AppError> {
        let parsed = Texts::parse(texts)?;
        let now = self.clock().now();
        Ok(texts
            .iter()
            .map(|(language, text)| {
                let is_personal = parsed.by_language.get(language).is_some_and(|t| !t.is_plain());
                let nobody = PersonFacts::default();
                let readers = people.iter().filter(|p| is_personal && parsed.language_for(p.language) == *language);
                let worst_text = readers
                    .map(|person| parsed.render(*language, person, facts, now))
                    .max_by_key(|text| {
                        let m = measure(text);
                        (m.segments, m.units)
                    })
                    .unwrap_or_else(|| parsed.render(*language, &nobody, facts, now));
                let worst = measure(&worst_text);
                let folded = mhero_text::substitute_costly(text);
                let cheaper = (!worst.costly.is_empty() && folded != *text).then_some(folded);
                TextCheck { language: *language, worst, worst_text, is_personal, cheaper }
            })
            .collect())
    }
}
