//! Texts with translations, which stood where they were used and now stand together.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value as Json, json};

use crate::shape::Map;

/// The language of texts that were written before the flow had one.
pub(super) const NO_LANGUAGE: &str = "base";

/// A text and its translations by language.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Texts {
    /// The text in the language of the flow.
    pub(super) base: String,
    /// The others, without empty ones.
    pub(super) others: BTreeMap<String, String>,
}

impl Texts {
    /// Reads a text, a number, or a text for each language. One that lacks the language of the flow takes the text from before
    /// there were languages, or else any: a message in another language is better than none.
    pub(super) fn read(json: Option<&Json>, language: &str) -> Self {
        let Some(Json::Object(texts)) = json else {
            return Self { base: json.map(scalar).unwrap_or_default(), ..Self::default() };
        };
        let all: BTreeMap<_, _> = texts.iter().map(|(language, text)| (language.clone(), scalar(text))).collect();
        let written = |language: &str| all.get(language).filter(|text| !text.is_empty());
        let first = || all.values().find(|text| !text.is_empty());
        let base = written(language).or_else(|| written(NO_LANGUAGE)).or_else(first).cloned().unwrap_or_default();
        let others =
            all.into_iter().filter(|(other, text)| other != language && other != NO_LANGUAGE && !text.is_empty());
        Self { base, others: others.collect() }
    }

    /// Each of them changed.
    pub(super) fn map(self, change: impl Fn(&str) -> String) -> Self {
        let others = self.others.into_iter().map(|(language, text)| (language, change(&text)));
        Self { base: change(&self.base), others: others.collect() }
    }
}

/// A value as text: numbers stood with and without quotes.
pub(super) fn scalar(json: &Json) -> String {
    match json {
        Json::String(text) => text.clone(),
        Json::Number(_) | Json::Bool(_) => json.to_string(),
        Json::Null | Json::Array(_) | Json::Object(_) => String::new(),
    }
}

/// The translations of a flow: language, item, property.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Localization(BTreeMap<String, BTreeMap<String, Map>>);

impl Localization {
    /// Notes the translations of a property. A language that has only some of the values has empty texts for the others, which
    /// means: as in the language of the flow.
    pub(super) fn add<'t>(&mut self, item: &str, property: &str, values: impl IntoIterator<Item = &'t Texts>) {
        let values: Vec<_> = values.into_iter().collect();
        let languages: BTreeSet<_> = values.iter().flat_map(|texts| texts.others.keys()).collect();
        for language in languages {
            let texts: Vec<_> =
                values.iter().map(|texts| texts.others.get(language).cloned().unwrap_or_default()).collect();
            let items = self.0.entry(language.clone()).or_default();
            items.entry(item.to_owned()).or_default().insert(property.to_owned(), texts.into());
        }
    }

    /// As it stands in a definition.
    pub(super) fn to_json(&self) -> Json {
        json!(self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_found_in_some_language() {
        let read = |json: Json| Texts::read(Some(&json), "eng");
        assert_eq!(read(json!("Hi")).base, "Hi");
        assert_eq!(read(json!(10)).base, "10");
        assert_eq!(read(json!({"base": "Hey", "fra": "Salut"})).base, "Hey");
        assert_eq!(read(json!({"fra": "Salut", "spa": null})).base, "Salut");
        assert_eq!(
            read(json!({"eng": "Hi", "fra": "", "base": "Hey"})),
            Texts { base: "Hi".to_owned(), ..Texts::default() }
        );
        assert_eq!(Texts::read(None, "eng"), Texts::default());
    }
}
