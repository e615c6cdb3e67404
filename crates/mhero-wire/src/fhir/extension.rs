//! Extensions: what registries add to FHIR. Any simple one becomes a field, so that a ministry's own additions can be used
//! in audiences without a change here.

use jiff::{Timestamp, civil::Date};
use mhero_core::record::{Ref, Value};

use super::{
    CodeableConcept, Coding, PLACE_KINDS, Period,
    datatypes::reference,
    node::{Node, Partial, Warnings},
};
use crate::words;

/// An extension with its value, or with extensions of its own.
#[derive(Clone, Debug, PartialEq)]
pub struct Extension {
    /// Its URL; inside another extension a plain word.
    pub url: String,
    /// Its value; `None` for one that has parts.
    pub value: Option<ExtensionValue>,
    /// Its parts.
    pub parts: Vec<Extension>,
}

/// The value of an extension by type.
#[derive(Clone, Debug, PartialEq)]
pub enum ExtensionValue {
    /// Strings, codes, URLs, truth values.
    Text(String),
    /// Integers, decimals, quantities.
    Number(f64),
    /// A date.
    Day(Date),
    /// An instant with its zone.
    Instant(Timestamp),
    /// A notion.
    Concept(CodeableConcept),
    /// A reference.
    Reference(Ref),
    /// A time between two days.
    Period(Period),
}

impl Extension {
    pub(super) fn list(node: &Node<'_>, warnings: &mut Warnings) -> Vec<Self> {
        node.items("extension").iter().filter_map(|item| Self::from_node(item, warnings)).collect()
    }

    fn from_node(item: &Node<'_>, warnings: &mut Warnings) -> Option<Self> {
        let url = item.member_text("url")?;
        let key = item.value().as_object()?.keys().find(|key| key.len() > 5 && key.starts_with("value"));
        let value = key.and_then(|key| ExtensionValue::from_node(item, key, warnings));
        Some(Self { url, value, parts: Self::list(item, warnings) })
    }

    /// The last word of the URL in small letters: `ihris-practitioner-residence`.
    pub(super) fn word(&self) -> String {
        self.url.rsplit('/').next().unwrap_or_default().to_ascii_lowercase()
    }

    /// The part of that name.
    pub(super) fn part(&self, url: &str) -> Option<&ExtensionValue> {
        self.parts.iter().find(|part| part.url.eq_ignore_ascii_case(url)).and_then(|part| part.value.as_ref())
    }

    /// The key of the field that holds this extension's value: `residence`, `marital_status`. `None` when the URL has no word.
    pub(super) fn field(&self) -> Option<String> {
        let last = self.url.rsplit('/').next().unwrap_or_default();
        let own = last.strip_prefix("ihris-practitioner-").or_else(|| last.strip_prefix("ihris-")).unwrap_or(last);
        words::field_key(own)
    }
}

impl ExtensionValue {
    fn from_node(item: &Node<'_>, key: &str, warnings: &mut Warnings) -> Option<Self> {
        let node = item.get(key)?;
        match &key["value".len()..] {
            "Integer" | "Decimal" | "PositiveInt" | "UnsignedInt" | "Integer64" => {
                node.number(warnings).map(Self::Number)
            }
            "Quantity" | "Age" | "Money" | "Duration" | "Count" => {
                node.get("value").and_then(|value| value.number(warnings)).map(Self::Number)
            }
            "Date" => node.day(Partial::Refused, warnings).map(Self::Day),
            "DateTime" | "Instant" => match node.text()?.parse() {
                Ok(instant) => Some(Self::Instant(instant)),
                Err(_) => node.day(Partial::Refused, warnings).map(Self::Day),
            },
            "Coding" => Some(Self::Concept(CodeableConcept { coding: vec![Coding::from_node(&node)], text: None })),
            "CodeableConcept" => Some(Self::Concept(CodeableConcept::from_node(&node))),
            "Period" => Some(Self::Period(Period::from_node(&node, warnings))),
            "Reference" => reference(&node, "Location", warnings).map(Self::Reference),
            _ => node.text().map(Self::Text),
        }
    }

    /// As the value of a field. Codes come before words, because words change with the language. `None` for a reference to
    /// anything but a place, and for a period.
    pub(super) fn neutral(&self) -> Option<Value> {
        Some(match self {
            Self::Text(text) => Value::Text(text.clone()),
            Self::Number(number) => Value::Number(*number),
            Self::Day(day) => Value::Day(*day),
            Self::Instant(instant) => Value::Instant(*instant),
            Self::Concept(concept) => {
                let coding = concept.coding.first().cloned().unwrap_or_default();
                Value::Text(coding.code.or(concept.text.clone()).or(coding.display)?)
            }
            Self::Reference(Ref::Id { kind, .. }) if !PLACE_KINDS.contains(&kind.as_str()) => return None,
            Self::Reference(target) => Value::Place(target.clone()),
            Self::Period(_) => return None,
        })
    }

    /// The reference, if it is one.
    pub(super) fn reference(&self) -> Option<Ref> {
        match self {
            Self::Reference(target) => Some(target.clone()),
            // `related-group` writes references as strings; so do others.
            Self::Text(text) => text
                .split_once('/')
                .filter(|(_, id)| !id.contains('/'))
                .map(|(kind, id)| Ref::Id { kind: kind.to_owned(), id: id.to_owned() }),
            _ => None,
        }
    }

    /// The notion, if it is one or a text.
    pub(super) fn concept(&self) -> Option<CodeableConcept> {
        match self {
            Self::Concept(concept) => Some(concept.clone()),
            Self::Text(text) => Some(CodeableConcept { text: Some(text.clone()), coding: Vec::new() }),
            _ => None,
        }
    }

    /// The day, if it is one.
    pub(super) const fn day(&self) -> Option<Date> {
        match self {
            Self::Day(day) => Some(*day),
            _ => None,
        }
    }

    /// The period, if it is one.
    pub(super) const fn period(&self) -> Option<&Period> {
        match self {
            Self::Period(period) => Some(period),
            _ => None,
        }
    }
}
