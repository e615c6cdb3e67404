//! Texts of a broadcast: expressions, what each person gets, and the worst case of what it costs.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use mhero_core::{Lang, limits::TEXT_CHARS_MAX};
use mhero_expr::{Env, Name, Object, Template, TopLevels, Value};
use mhero_store::PersonFacts;
use mhero_text::{Measure, measure};

use super::draft::TEXT_MAX;
use crate::{App, AppError, Facts};

/// What `context` knows under each top level; a person's own fields are free.
const KNOWN: &[(&str, &[&str])] = &[
    ("contact", &["uuid", "name", "first_name", "language", "fields", "facility", "cadre", "job"]),
    ("globals", &["ministry", "short_code"]),
    ("urns", &[]),
];

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
pub(crate) struct Texts {
    by_language: BTreeMap<Lang, Template>,
    first: Lang,
}

/// Refuses texts that can't be sent.
pub(crate) fn check_texts(texts: &[(Lang, String)]) -> Result<(), AppError> {
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
        let template = Template::parse(text, &names).map_err(|e| AppError::Invalid(e.reason()))?;
        if let Some(fault) = template.faults(&names).first() {
            return Err(AppError::Invalid(fault.reason()));
        }
        if let Some((expression, name)) = unknown(&template) {
            return Err(AppError::invalid("expr-unknown-name", [("expression", expression), ("name", name)]));
        }
    }
    Ok(())
}

/// The first path that leads to nothing for anybody, and the name in it: a slip would leave a hole in every SMS.
fn unknown(template: &Template) -> Option<(String, String)> {
    template.references().iter().find_map(|path| {
        let (_, names) = KNOWN.iter().find(|(top, _)| *top == path.top())?;
        let name = path.steps().get(1).filter(|name| !names.contains(&name.as_str()))?;
        Some((format!("@{path}"), name.clone()))
    })
}

impl Texts {
    pub(crate) fn parse(texts: &[(Lang, String)]) -> Result<Self, AppError> {
        let names = TopLevels::broadcast();
        let mut by_language = BTreeMap::new();
        for (language, text) in texts {
            let template = Template::parse(text, &names).map_err(|e| AppError::Invalid(e.reason()))?;
            by_language.insert(*language, template);
        }
        let first =
            texts.first().map(|(language, _)| *language).ok_or_else(|| AppError::invalid("send-no-text", []))?;
        Ok(Self { by_language, first })
    }

    /// The language in which somebody of this language is written to.
    pub(crate) fn language_for(&self, language: Option<Lang>) -> Lang {
        language.filter(|l| self.by_language.contains_key(l)).unwrap_or(self.first)
    }

    /// Whether every person of a language gets the same words.
    pub(super) fn is_plain(&self) -> bool {
        self.by_language.values().all(Template::is_plain)
    }

    /// The text in a language for one person.
    pub(crate) fn render(&self, language: Lang, person: &PersonFacts, facts: &Facts, now: Timestamp) -> String {
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
    let text = |text: &str| Value::text(text);
    let name = |names: &Option<mhero_core::LangMap>| {
        names.as_ref().map_or(Value::Null, |names| Value::text(names.best(language)))
    };
    let work = [("facility", &person.facility), ("cadre", &person.cadre), ("job", &person.title)];
    let values = person.values.iter().map(|(key, value)| (Name::from(key.clone()), text(value)));
    let fields = Object::new(values.chain(work.map(|(key, names)| (key.into(), name(names)))));
    let first = |names: &str| names.split_whitespace().next().map(ToOwned::to_owned);
    let first_name = first(&person.given).or_else(|| first(&person.name)).unwrap_or_default();
    let contact = [
        ("uuid", text(&person.id.to_string())),
        ("name", text(&person.name)),
        ("first_name", text(&first_name)),
        ("language", person.language.map_or(Value::Null, |l| Value::text(l.as_str()))),
        ("fields", Value::object(fields.clone())),
    ];
    let contact = Object::new(contact.into_iter().chain(work.map(|(key, names)| (key, name(names)))));
    let globals = Object::new([
        ("ministry", text(facts.ministry.best(language))),
        ("short_code", text(facts.short_code.as_deref().unwrap_or(""))),
    ]);
    Object::new([("contact", contact), ("fields", fields), ("globals", globals)])
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn issue_2_a_slip_in_a_name_is_refused_before_it_leaves_a_hole_in_every_sms() {
        let check = |text: &str| check_texts(&[(Lang::ENGLISH, text.to_owned())]);
        for text in [
            "Dear @contact.first_name",
            "Dear @(upper(contact.Name)) of @contact.facility",
            "@fields.district @contact.fields.village",
            "@globals.ministry (@globals.short_code)",
            "write to desk@moh.example",
        ] {
            assert!(check(text).is_ok(), "{text}");
        }
        for (text, slip) in [
            ("Dear @contact.first_nam", "first_nam"),
            ("@(upper(contact.nickname))", "nickname"),
            ("@globals.minister", "minister"),
            ("@urns.tel", "tel"),
        ] {
            let refused = check(text);
            let Err(AppError::Invalid(reason)) = refused else { panic!("{text}: {refused:?}") };
            assert_eq!(reason.key, "expr-unknown-name", "{text}");
            assert!(reason.args.iter().any(|(name, value)| *name == "name" && value == slip), "{text}: {reason:?}");
        }
    }

    #[test]
    fn every_name_that_may_be_written_is_there_for_somebody() {
        let person = PersonFacts::default();
        let facts = Facts {
            countries: vec!["LR".to_owned()],
            languages: vec![Lang::ENGLISH],
            zone: "Africa/Monrovia".to_owned(),
            ministry: mhero_core::LangMap::default(),
            country_name: mhero_core::LangMap::default(),
            short_code: None,
            quiet: None,
            demo: false,
        };
        let context = context(&person, &facts, Lang::ENGLISH);
        for (top, names) in KNOWN.iter().filter(|(_, names)| !names.is_empty()) {
            let Some(Value::Object(known)) = context.get(top) else { panic!("{top}") };
            let mut known: Vec<String> = known.iter().map(|(name, _)| name.to_owned()).collect();
            let mut names: Vec<String> = names.iter().map(ToString::to_string).collect();
            known.sort();
            names.sort();
            assert_eq!(known, names);
        }
    }
}
