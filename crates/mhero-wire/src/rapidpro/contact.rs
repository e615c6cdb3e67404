//! Contacts: people with addresses, values and groups.

use std::collections::HashMap;

use jiff::Timestamp;
use mhero_core::{
    limits::{NAME_CHARS_MAX, PHONES_PER_RECORD_MAX, VALUE_CHARS_MAX},
    record::{Content, Identifier, PersonRecord, RawPhone, Reason, Record, Rejection, Value, ValueRecord},
};
use serde_json::Value as Json;

use super::{CONTACT, ENTITY_TYPE, Field, FieldType, GLOBALID, Group, Urn, uuid_of};
use crate::{
    fhir::node::{Node, Warnings},
    words,
};

/// The system of the UUIDs of contacts, which emNutt writes into the identifiers of a registry's people, whatever the server.
pub const CONTACT_SYSTEM: &str = "http://app.rapidpro.io/contact-uuid";
/// The beginning of the system of ids that a contact holds in its field `globalid`; the kind of the record follows.
const GLOBALID_SYSTEM: &str = "http://mhero.org/globalid/";

/// The system of the ids of records of a kind, as contacts name them: a record `Practitioner/P1` of any registry is the person of
/// the contact whose `globalid` is `P1`.
pub fn globalid_system(kind: &str) -> String {
    format!("{GLOBALID_SYSTEM}{kind}")
}

/// Which groups of contacts are taken over.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Groups {
    /// None.
    None,
    /// Those whose members people chose; what a query gives is left to the audience language.
    #[default]
    Chosen,
    /// All that the server did not make itself.
    All,
}

/// How the contacts of a workspace are read.
#[derive(Clone, Debug, Default)]
pub struct Contacts {
    fields: HashMap<String, FieldType>,
    left_out: Vec<String>,
    groups: Groups,
}

impl Contacts {
    /// By the fields and groups of a workspace.
    pub fn new(fields: &[Field], groups: &[Group], wanted: Groups) -> Self {
        let is_out = |group: &&Group| group.is_system || (group.is_smart && wanted == Groups::Chosen);
        Self {
            fields: fields.iter().map(|field| (field.key.clone(), field.kind)).collect(),
            left_out: groups.iter().filter(is_out).map(|group| group.uuid.clone()).collect(),
            groups: wanted,
        }
    }

    /// Reads one contact. What can't be read of it becomes a warning.
    ///
    /// # Errors
    /// A [`Rejection`] when it is no object or has no UUID.
    pub fn record(&self, item: &Json, origin: &str) -> Result<Record, Rejection> {
        let id = uuid_of(item, origin)?;
        let root = Node::root(item);
        let mut warnings = Warnings::default();
        let status = status(&root);
        let (phones, addresses) = addresses(&root, &mut warnings);
        let mut person = PersonRecord {
            name: warnings.cut("name", root.member_text("name").unwrap_or_default(), NAME_CHARS_MAX),
            language: language(&root, &mut warnings),
            // Nothing is sent to who is blocked or has stopped, but they are still there, and are heard when they write.
            active: status != "archived",
            stopped: Some(matches!(status, "stopped" | "blocked")),
            phones,
            identifiers: vec![Identifier { system: CONTACT_SYSTEM.to_owned(), value: id.clone() }],
            values: self.values(&root, &mut warnings),
            groups: self.groups(&root),
            ..PersonRecord::default()
        };
        person.identifiers.extend(globalid(&root));
        if status != "active" {
            person.values.push(text("rapidpro_status", status));
        }
        for address in addresses {
            if person.values.iter().all(|value| value.field != address.field) {
                person.values.push(address);
            }
        }
        let content = Content::Person(Box::new(person));
        let (raw, warnings) = (item.to_string(), warnings.into_problems());
        Ok(Record { origin: origin.to_owned(), kind: CONTACT.to_owned(), id, raw, warnings, content })
    }

    /// The UUID of a contact that was deleted.
    ///
    /// # Errors
    /// As [`Contacts::record`].
    pub fn deleted(item: &Json, origin: &str) -> Result<String, Rejection> {
        uuid_of(item, origin)
    }

    fn values(&self, root: &Node<'_>, warnings: &mut Warnings) -> Vec<ValueRecord> {
        let Some(fields) = root.get("fields") else { return Vec::new() };
        let Json::Object(members) = fields.value() else { return Vec::new() };
        let mut values: Vec<ValueRecord> = Vec::new();
        for key in members.keys().filter(|key| ![GLOBALID, ENTITY_TYPE].contains(&key.as_str())) {
            let (Some(written), Some(field)) = (fields.member_text(key), words::field_key(key)) else { continue };
            if values.iter().all(|value| value.field != field) {
                let value = self.value(&fields.path_of(key), key, written, warnings);
                values.push(ValueRecord { field, value });
            }
        }
        values
    }

    /// A value by the type of its field; one that does not fit its type stays a text, with a warning.
    fn value(&self, path: &str, key: &str, written: String, warnings: &mut Warnings) -> Value {
        let written = warnings.cut(path, written, VALUE_CHARS_MAX);
        match self.fields.get(key).copied().unwrap_or_default() {
            FieldType::Text => Value::Text(written),
            // "Liberia > Nimbara > Zekepa": the last step is the place meant.
            FieldType::Place => {
                Value::Text(written.rsplit('>').next().map_or_else(|| written.clone(), |last| last.trim().to_owned()))
            }
            FieldType::Number => match written.parse().ok().filter(|number: &f64| number.is_finite()) {
                Some(number) => Value::Number(number),
                None => {
                    warnings.unreadable(path, "import-number-unreadable", &written);
                    Value::Text(written)
                }
            },
            FieldType::Datetime => match written.parse::<Timestamp>() {
                Ok(instant) => Value::Instant(instant),
                Err(_) => {
                    warnings.unreadable(path, "import-date-unreadable", &written);
                    Value::Text(written)
                }
            },
        }
    }

    fn groups(&self, root: &Node<'_>) -> Vec<String> {
        if self.groups == Groups::None {
            return Vec::new();
        }
        let name = |group: &Node<'_>| {
            let is_out = group.member_text("uuid").is_some_and(|uuid| self.left_out.contains(&uuid));
            group.member_text("name").or_else(|| group.text()).filter(|_| !is_out)
        };
        root.items("groups").iter().filter_map(name).map(|name| name.chars().take(NAME_CHARS_MAX).collect()).collect()
    }
}

/// `active`, `blocked`, `stopped` or `archived`, also of the older dialect's truth values.
pub(super) fn status(root: &Node<'_>) -> &'static str {
    let is = |key: &str| root.member_truth(key) == Some(true);
    match root.member_text("status").as_deref() {
        Some("blocked") => "blocked",
        Some("stopped") => "stopped",
        Some("archived") => "archived",
        Some(_) => "active",
        None if is("blocked") => "blocked",
        None if is("stopped") => "stopped",
        None => "active",
    }
}

fn language(root: &Node<'_>, warnings: &mut Warnings) -> Option<mhero_core::Lang> {
    let text = root.member_text("language")?;
    let language = words::language(&text);
    if language.is_none() {
        warnings.unreadable("language", "import-language-unknown", &text);
    }
    language
}

/// The phones, those that are called and texted before those of WhatsApp; and the other addresses as values by scheme.
fn addresses(root: &Node<'_>, warnings: &mut Warnings) -> (Vec<RawPhone>, Vec<ValueRecord>) {
    let (mut phones, mut others): (Vec<RawPhone>, Vec<ValueRecord>) = (Vec::new(), Vec::new());
    let mut urns = Vec::new();
    for item in root.items("urns") {
        // With `expand_urns` and in newer answers an address is an object.
        let Some(text) = item.text().or_else(|| item.member_text("urn")) else { continue };
        match Urn::read(&text) {
            Some(urn) => urns.push((item.path().to_owned(), urn)),
            None if Urn::is_hidden(&text) => warnings.add(item.path(), Reason::plain("rapidpro-address-hidden")),
            None => warnings.unreadable(item.path(), "rapidpro-address-unreadable", &text),
        }
    }
    urns.sort_by_key(|(_, urn)| urn.scheme != "tel");
    for (path, urn) in urns {
        match urn.phone() {
            Some(raw) if phones.iter().any(|phone| phone.raw == raw) => {}
            Some(_) if phones.len() == PHONES_PER_RECORD_MAX => {
                let limit = PHONES_PER_RECORD_MAX.to_string();
                warnings.add(path, Reason::new("import-phones-too-many", [("limit", limit)]));
            }
            Some(raw) => {
                let raw = warnings.cut(&path, raw, NAME_CHARS_MAX);
                let usage = (urn.scheme != "tel").then(|| urn.scheme.clone());
                phones.push(RawPhone { raw, usage, element: path });
            }
            None => {
                let field = if urn.scheme == "mailto" { "email" } else { &urn.scheme };
                if let Some(field) = words::field_key(field) {
                    others.push(text(&field, &warnings.cut(&path, urn.path, VALUE_CHARS_MAX)));
                }
            }
        }
    }
    (phones, others)
}

/// What the fields of mHero's older programs say: which record of a registry this contact is. An id as CSD writes it (`urn:uuid:...`)
/// stays as it is; one with its kind before it (`Practitioner/P1`) is taken apart.
fn globalid(root: &Node<'_>) -> Option<Identifier> {
    let fields = root.get("fields")?;
    let id = fields.member_text(GLOBALID)?;
    let (kind, id) = match id.split_once('/') {
        Some((kind, id)) if kind.chars().all(|c| c.is_ascii_alphabetic()) => (Some(kind.to_owned()), id.to_owned()),
        _ => (None, id),
    };
    let kind = kind.or_else(|| fields.member_text(ENTITY_TYPE)).unwrap_or_else(|| "Practitioner".to_owned());
    Some(Identifier { system: globalid_system(&kind), value: id.chars().take(NAME_CHARS_MAX).collect() })
}

fn text(field: &str, value: &str) -> ValueRecord {
    ValueRecord { field: field.to_owned(), value: Value::Text(value.to_owned()) }
}
