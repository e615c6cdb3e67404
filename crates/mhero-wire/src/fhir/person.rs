//! Practitioner: the health worker.

use std::collections::BTreeMap;

use jiff::civil::Date;
use mhero_core::{
    Lang,
    limits::{NAME_CHARS_MAX, PHONES_PER_RECORD_MAX, VALUE_CHARS_MAX},
    record::{Content, PersonRecord, Problem, RawPhone, Reason, Value, ValueRecord},
};

use super::{
    CodeableConcept, ContactPoint, Extension, HumanName, Identifier,
    node::{Node, Partial, Warnings},
};
use crate::words;

/// Extensions that are not about the person: iHRIS's access limits, which mHero keeps in its own scope.
const NOT_A_FIELD: [&str; 1] = ["ihris-related-group"];

/// A health worker as FHIR has it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Practitioner {
    /// Names, in order.
    pub names: Vec<HumanName>,
    /// Phones, mail addresses and the like, in order.
    pub telecoms: Vec<ContactPoint>,
    /// Identifiers.
    pub identifiers: Vec<Identifier>,
    /// True unless the source says otherwise.
    pub active: bool,
    /// `female`, `male`, `other`, `unknown`.
    pub sex: Option<String>,
    /// Date of birth.
    pub birth: Option<Date>,
    /// The first language that can be read, or the one marked as preferred.
    pub language: Option<Lang>,
    /// Addresses, each on one line.
    pub addresses: Vec<String>,
    /// Qualifications.
    pub qualifications: Vec<CodeableConcept>,
    /// Extensions.
    pub extensions: Vec<Extension>,
}

impl Practitioner {
    /// Reads a resource, with what could not be read of it.
    pub fn read(resource: &serde_json::Value) -> (Self, Vec<Problem>) {
        let mut warnings = Warnings::default();
        let view = Self::from_node(&Node::root(resource), &mut warnings);
        (view, warnings.into_problems())
    }

    pub(super) fn from_node(root: &Node<'_>, warnings: &mut Warnings) -> Self {
        Self {
            names: HumanName::list(root),
            telecoms: ContactPoint::list(root),
            identifiers: Identifier::list(root),
            active: root.member_truth("active").unwrap_or(true),
            sex: sex(root, warnings),
            birth: root.get("birthDate").and_then(|day| day.day(Partial::Refused, warnings)),
            language: language(root, warnings),
            addresses: root.items("address").iter().filter_map(address).collect(),
            qualifications: root.items("qualification").iter().map(|item| CodeableConcept::of(item, "code")).collect(),
            extensions: Extension::list(root, warnings),
        }
    }

    pub(super) fn content(self, warnings: &mut Warnings) -> Content {
        let name = self.name();
        let shown = name.and_then(HumanName::shown).unwrap_or_default();
        if shown.is_empty() {
            warnings.add("name", Reason::plain("import-name-missing"));
        }
        let part = |pick: fn(&HumanName) -> &Option<String>, warnings: &mut Warnings| {
            warnings.cut("name", name.and_then(|name| pick(name).clone()).unwrap_or_default(), NAME_CHARS_MAX)
        };
        Content::Person(Box::new(PersonRecord {
            given: part(|name| &name.given, warnings),
            family: part(|name| &name.family, warnings),
            name: warnings.cut("name", shown, NAME_CHARS_MAX),
            language: self.language,
            sex: self.sex.clone(),
            birth: self.birth,
            active: self.active,
            phones: self.phones(warnings),
            identifiers: self.identifiers.iter().filter_map(Identifier::neutral).collect(),
            values: self.values(warnings),
            ..PersonRecord::default()
        }))
    }

    /// The official name, else the usual one, else the first that is not an old one.
    fn name(&self) -> Option<&HumanName> {
        let used = |usage: &str| self.names.iter().find(|name| name.usage.as_deref() == Some(usage));
        let past = |name: &&HumanName| matches!(name.usage.as_deref(), Some("old" | "maiden"));
        used("official")
            .or_else(|| used("usual"))
            .or_else(|| self.names.iter().find(|name| !past(name)))
            .or_else(|| self.names.first())
    }

    /// The phones, best first. Numbers that the source marks as old are left out.
    fn phones(&self, warnings: &mut Warnings) -> Vec<RawPhone> {
        let mut phones: Vec<&ContactPoint> =
            self.telecoms.iter().filter(|tel| tel.is_phone() && tel.usage.as_deref() != Some("old")).collect();
        phones.sort_by_key(|phone| phone.rank.unwrap_or(u32::MAX));
        if phones.len() > PHONES_PER_RECORD_MAX {
            let limit = PHONES_PER_RECORD_MAX.to_string();
            warnings.add("telecom", Reason::new("import-phones-too-many", [("limit", limit)]));
            phones.truncate(PHONES_PER_RECORD_MAX);
        }
        let raw = |phone: &ContactPoint, warnings: &mut Warnings| RawPhone {
            raw: warnings.cut(&phone.element, phone.value.clone(), NAME_CHARS_MAX),
            usage: phone.usage.clone(),
            element: phone.element.clone(),
        };
        phones.into_iter().map(|phone| raw(phone, warnings)).collect()
    }

    /// What else is known, by field: mail, address, qualifications, and each simple extension.
    fn values(&self, warnings: &mut Warnings) -> Vec<ValueRecord> {
        let mut fields: BTreeMap<String, Vec<Value>> = BTreeMap::new();
        let mut add = |field: &str, value| fields.entry(field.to_owned()).or_default().push(value);
        for mail in self.telecoms.iter().filter(|tel| tel.is_email()) {
            add("email", Value::Text(mail.value.clone()));
        }
        for address in &self.addresses {
            add("address", Value::Text(address.clone()));
        }
        for qualification in self.qualifications.iter().filter_map(|concept| concept.coded("")) {
            if let Some(text) = qualification.text.or(qualification.code) {
                add("qualification", Value::Text(text));
            }
        }
        for extension in &self.extensions {
            let wanted = !NOT_A_FIELD.contains(&extension.word().as_str());
            let value = extension.value.as_ref().and_then(super::ExtensionValue::neutral);
            if let (true, Some(field), Some(value)) = (wanted, extension.field(), value) {
                add(&field, value);
            }
        }
        fields.into_iter().map(|(field, values)| ValueRecord { value: join(&field, values, warnings), field }).collect()
    }
}

/// One value of a field: several texts stand in one, with semicolons between; of other types the first counts.
fn join(field: &str, values: Vec<Value>, warnings: &mut Warnings) -> Value {
    let texts: Option<Vec<&str>> = values
        .iter()
        .map(|value| match value {
            Value::Text(text) => Some(text.as_str()),
            _ => None,
        })
        .collect();
    match texts {
        Some(texts) => Value::Text(warnings.cut(field, texts.join("; "), VALUE_CHARS_MAX)),
        None => values.into_iter().next().unwrap_or(Value::Text(String::new())),
    }
}

fn sex(root: &Node<'_>, warnings: &mut Warnings) -> Option<String> {
    let text = root.member_text("gender")?;
    let sex = words::sex(&text);
    if sex.is_none() {
        warnings.unreadable("gender", "import-sex-unknown", &text);
    }
    sex.map(str::to_owned)
}

fn language(root: &Node<'_>, warnings: &mut Warnings) -> Option<Lang> {
    let mut spoken = root.items("communication");
    // Patient's shape, which some servers use here too: {language, preferred}.
    spoken.sort_by_key(|item| item.member_truth("preferred") != Some(true));
    let mut unknown = None;
    for item in &spoken {
        let concept = match item.get("language") {
            Some(inner) => CodeableConcept::from_node(&inner),
            None => CodeableConcept::from_node(item),
        };
        let codes = concept.coding.iter().flat_map(|coding| [&coding.code, &coding.display]).flatten();
        let texts: Vec<&String> = codes.chain(&concept.text).collect();
        if let Some(lang) = texts.iter().find_map(|text| words::language(text)) {
            return Some(lang);
        }
        unknown = unknown.or_else(|| texts.first().map(|text| (item.path().to_owned(), (*text).clone())));
    }
    if let Some((path, text)) = unknown {
        warnings.unreadable(&path, "import-language-unknown", &text);
    }
    None
}

fn address(item: &Node<'_>) -> Option<String> {
    if !item.value().is_object() {
        return item.text();
    }
    if let Some(text) = item.member_text("text") {
        return Some(text);
    }
    let lines = item.items("line").iter().filter_map(Node::text).collect::<Vec<_>>();
    let rest =
        ["city", "district", "state", "postalCode", "country"].into_iter().filter_map(|key| item.member_text(key));
    Some(lines.into_iter().chain(rest).collect::<Vec<_>>().join(", ")).filter(|address| !address.is_empty())
}
