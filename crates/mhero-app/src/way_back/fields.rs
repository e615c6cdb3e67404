//! Which value of a flow corrects which value of the register, and what a record of a registry holds of it.

use std::collections::BTreeMap;

use mhero_core::record::{Coded, Content, PersonRecord, PositionRecord, Ref, Value, ValueRecord};
use mhero_query::fold;

use crate::{App, AppError};

/// What flows keep of a person, and the value of the register that it corrects.
const CORRECTS: [(&str, &str); 3] =
    [("reported_facility", "facility"), ("reported_cadre", "job"), ("second_number", "phone")];
/// The setting that adds to them: a JSON object from fields of flows to fields of the register.
pub(super) const SETTING: &str = "way-back-fields";
/// How many last digits make two ways of writing a number the same.
const SAME_DIGITS: usize = 8;
/// Fields of people that can be corrected, beside the keys of an installation's own.
pub(super) const OWN: [&str; 10] =
    ["name", "given", "family", "phone", "language", "sex", "birth", "active", "facility", "job"];

impl App {
    /// Which field of a flow corrects which value of the register.
    pub(super) async fn corrected_fields(&self) -> Result<BTreeMap<String, String>, AppError> {
        let mut map: BTreeMap<String, String> =
            CORRECTS.iter().map(|(said, field)| ((*said).to_owned(), (*field).to_owned())).collect();
        if let Some(more) = self.store().setting(SETTING).await? {
            match serde_json::from_str::<BTreeMap<String, String>>(&more) {
                Ok(more) => map.extend(more),
                Err(error) => tracing::error!(%error, "the setting way-back-fields can't be read"),
            }
        }
        Ok(map)
    }
}

/// Whether a field is one of a position rather than of the person.
pub(super) fn is_of_position(field: &str) -> bool {
    matches!(field, "facility" | "job" | "cadre")
}

/// What a record holds of a field, as the connectors' changes have it. Phones are several: see [`holds`].
pub(super) fn held(content: &Content, field: &str) -> Option<String> {
    match content {
        Content::Person(person) if is_of_position(field) => of_position(person.positions.first()?, field),
        Content::Person(person) => of_person(person, field),
        Content::Position(position) => of_position(position, field),
        Content::Place(place) => value_of(&place.values, field),
        _ => None,
    }
}

/// Whether a record holds a value already. An empty phone means that the old one is gone.
pub(super) fn holds(content: &Content, field: &str, old: Option<&str>, new: &str) -> bool {
    if field == "phone" {
        return if new.is_empty() { old.is_none_or(|old| !has_phone(content, old)) } else { has_phone(content, new) };
    }
    match held(content, field) {
        Some(held) => fold(&held) == fold(new),
        None => new.is_empty(),
    }
}

/// Whether a record still holds what it held when a change was proposed.
pub(super) fn is_as_then(content: &Content, field: &str, old: Option<&str>) -> bool {
    if field == "phone" {
        return old.is_none_or(|old| has_phone(content, old));
    }
    held(content, field).as_deref().map(fold) == old.map(fold)
}

fn has_phone(content: &Content, number: &str) -> bool {
    let Content::Person(person) = content else { return false };
    person.phones.iter().any(|phone| is_same_number(&phone.raw, number))
}

/// Whether two ways of writing a number mean the same.
pub(super) fn is_same_number(one: &str, other: &str) -> bool {
    let digits = |text: &str| {
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        digits[digits.len().saturating_sub(SAME_DIGITS)..].to_owned()
    };
    let (one, other) = (digits(one), digits(other));
    one.len() == SAME_DIGITS && one == other
}

fn of_person(person: &PersonRecord, field: &str) -> Option<String> {
    let filled = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    match field {
        "name" => filled(&person.name),
        "given" => filled(&person.given),
        "family" => filled(&person.family),
        "language" => person.language.map(|language| language.bcp47().to_owned()),
        "sex" => person.sex.clone(),
        "birth" => person.birth.map(|day| day.to_string()),
        "active" => Some(person.active.to_string()),
        "phone" => None,
        key => value_of(&person.values, key),
    }
}

fn value_of(values: &[ValueRecord], key: &str) -> Option<String> {
    match &values.iter().find(|value| value.field == key)?.value {
        Value::Text(text) => Some(text.clone()).filter(|text| !text.is_empty()),
        Value::Number(number) => Some(number.to_string()),
        Value::Instant(instant) => Some(instant.to_string()),
        Value::Day(day) => Some(day.to_string()),
        Value::Place(place) => reference(place),
    }
}

fn of_position(position: &PositionRecord, field: &str) -> Option<String> {
    match field {
        "facility" => reference(position.place.as_ref()?),
        "job" => coded(position.job.as_ref()?),
        _ => coded(position.cadre.as_ref()?),
    }
}

fn reference(place: &Ref) -> Option<String> {
    match place {
        Ref::Id { kind, id } => Some(format!("{kind}/{id}")),
        Ref::Path(steps) => steps.last().map(|step| step.name.trim().to_owned()),
    }
}

fn coded(coded: &Coded) -> Option<String> {
    coded.code.clone().or_else(|| coded.text.clone())
}

#[cfg(test)]
mod tests {
    use mhero_core::record::RawPhone;

    use super::*;

    #[test]
    fn numbers_are_the_same_by_their_last_digits() {
        assert!(is_same_number("0770 000 001", "+231770000001"));
        assert!(!is_same_number("0770000001", "0770000002"));
        assert!(!is_same_number("1234", "1234"));
    }

    #[test]
    fn a_record_holds_what_it_says() {
        let phone = RawPhone { raw: "0770000001".into(), usage: None, element: "telecom".into() };
        let person = PersonRecord { name: "Ann Kollie".into(), phones: vec![phone], ..PersonRecord::default() };
        let content = Content::Person(Box::new(person));
        assert!(holds(&content, "phone", None, "+231770000001"));
        assert!(!holds(&content, "phone", Some("+231770000001"), ""));
        assert!(is_as_then(&content, "name", Some("ann kollie")) && !is_as_then(&content, "name", Some("Ann")));
        assert_eq!(held(&content, "facility"), None);
    }
}
