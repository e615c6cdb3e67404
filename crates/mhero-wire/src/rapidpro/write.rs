//! Changes of contacts: what is compared first, and the bodies that are sent.

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::{ENTITY_TYPE, GLOBALID, Urn, contact::status};
use crate::fhir::node::Node;

/// Members of a contact that are written under mHero's own names; every other name is a field's key.
pub const CONTACT_FIELDS: [&str; 3] = ["name", "language", "phone"];
/// Most addresses of one contact.
pub const URNS_MAX: usize = 100;
/// Most fields in one write.
pub const FIELD_MAX: usize = 100;
/// Longest name that a contact may have, in characters.
const NAME_CHARS: usize = 64;
/// Longest value of a field, in characters.
const VALUE_CHARS: usize = 640;

/// A contact as far as changes are concerned.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ContactState {
    /// Its UUID.
    pub uuid: String,
    /// When it last changed, for whatever cause: a message that came is one.
    pub modified_on: Option<Timestamp>,
    /// `active`, `blocked`, `stopped`, `archived`.
    pub status: &'static str,
    /// Names of its groups, those by query among them.
    pub groups: Vec<String>,
    name: String,
    language: String,
    urns: Vec<String>,
    fields: Vec<(String, String)>,
}

impl ContactState {
    /// Reads a contact.
    pub fn read(item: &Value) -> Option<Self> {
        let root = Node::root(item);
        let text = |key: &str| root.member_text(key).unwrap_or_default();
        let fields = root.get("fields");
        let members = match fields.as_ref().map(Node::value) {
            Some(Value::Object(members)) => members.keys().collect(),
            _ => Vec::new(),
        };
        let value = |key: &&String| Some(((*key).clone(), fields.as_ref()?.member_text(key)?));
        let urns = root.items("urns");
        Some(Self {
            uuid: root.member_text("uuid")?,
            modified_on: text("modified_on").parse().ok(),
            status: status(&root),
            groups: root
                .items("groups")
                .iter()
                .filter_map(|own| own.member_text("name").or_else(|| own.text()))
                .collect(),
            name: text("name"),
            language: text("language"),
            urns: urns.iter().filter_map(|urn| urn.text().or_else(|| urn.member_text("urn"))).collect(),
            fields: members.iter().filter_map(value).collect(),
        })
    }

    /// What it holds under mHero's name of a field; empty where it holds nothing. The phone is the first of its numbers.
    pub fn value(&self, field: &str) -> String {
        match field {
            "name" => self.name.clone(),
            "language" => self.language.clone(),
            "phone" => self.phones().next().map(|urn| urn.path).unwrap_or_default(),
            key => self.fields.iter().find(|(own, _)| own == key).map(|(_, value)| value.clone()).unwrap_or_default(),
        }
    }

    /// Whether two states hold the same under mHero's name of a field: of phones all count, because all are written together.
    pub fn agrees(&self, other: &Self, field: &str) -> bool {
        match field {
            "phone" => self.urns == other.urns,
            field => self.value(field) == other.value(field),
        }
    }

    /// The id of a registry's record that it names.
    pub fn globalid(&self) -> String {
        self.value(GLOBALID)
    }

    fn phones(&self) -> impl Iterator<Item = Urn> {
        self.urns.iter().filter_map(|urn| Urn::read(urn)).filter(|urn| urn.scheme == "tel")
    }

    /// Whether one of its numbers is this one.
    pub(super) fn has_phone(&self, number: &str) -> bool {
        let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
        self.phones().any(|urn| digits(&urn.path) == digits(number))
    }

    /// The addresses with `new` in the place of the number `old`, or before all others where that is not among them.
    fn urns_with(&self, old: Option<&str>, new: &str) -> Vec<String> {
        let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
        let replaced = old.map(str::to_owned).unwrap_or_else(|| self.value("phone"));
        let wanted = (!new.is_empty()).then(|| format!("tel:{new}"));
        let is = |urn: &str, number: &str| {
            !number.is_empty()
                && Urn::read(urn).is_some_and(|urn| urn.scheme == "tel" && digits(&urn.path) == digits(number))
        };
        let kept = self.urns.iter().filter(|urn| !is(urn, &replaced) && !is(urn, new)).cloned();
        wanted.into_iter().chain(kept).take(URNS_MAX).collect()
    }

    /// The body of `POST contacts.json?uuid=`: only what changes. `values` are field, old and new value.
    ///
    /// # Errors
    /// The field whose new value the server would refuse, for its length.
    pub fn change(&self, values: &[(&str, Option<&str>, &str)]) -> Result<Value, String> {
        let mut body = Map::new();
        let mut fields = Map::new();
        for (field, old, new) in values {
            check(field, new)?;
            match *field {
                "name" => drop(body.insert("name".to_owned(), or_null(new))),
                "language" => drop(body.insert("language".to_owned(), or_null(new))),
                "phone" => drop(body.insert("urns".to_owned(), self.urns_with(*old, new).into())),
                key => drop(fields.insert(key.to_owned(), or_null(new))),
            }
        }
        if !fields.is_empty() {
            body.insert("fields".to_owned(), fields.into());
        }
        Ok(body.into())
    }
}

/// A contact that is written out: one of our people, for a country that keeps its RapidPro.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct ContactDraft {
    /// The name.
    pub name: String,
    /// The language, ISO 639-3.
    pub language: Option<String>,
    /// Phones with their country, best first.
    pub phones: Vec<String>,
    /// Further values by key of the field.
    pub fields: Vec<(String, String)>,
    /// Names of groups.
    pub groups: Vec<String>,
    /// The id of the person's record, and its kind.
    pub globalid: Option<(String, String)>,
}

impl std::fmt::Debug for ContactDraft {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Names and phones stay out of logs.
        f.debug_struct("ContactDraft").field("phones", &self.phones.len()).finish_non_exhaustive()
    }
}

impl ContactDraft {
    /// The draft of values by mHero's names of fields.
    pub fn of_values<'a>(values: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let mut draft = Self::default();
        let (mut id, mut kind) = (None, None);
        for (field, value) in values.into_iter().filter(|(_, value)| !value.is_empty()) {
            match field {
                "name" => value.clone_into(&mut draft.name),
                "language" => draft.language = Some(value.to_owned()),
                "phone" => draft.phones.push(value.to_owned()),
                GLOBALID => id = Some(value.to_owned()),
                ENTITY_TYPE => kind = Some(value.to_owned()),
                key => draft.fields.push((key.to_owned(), value.to_owned())),
            }
        }
        draft.globalid = id.map(|id| (id, kind.unwrap_or_else(|| "Practitioner".to_owned())));
        draft
    }

    /// The body of `POST contacts.json`.
    ///
    /// # Errors
    /// The field whose value the server would refuse, for its length.
    pub fn body(&self) -> Result<Value, String> {
        check("name", &self.name)?;
        let mut fields = Map::new();
        for (key, value) in &self.fields {
            check(key, value)?;
            fields.insert(key.clone(), value.clone().into());
        }
        if let Some((id, kind)) = &self.globalid {
            fields.insert(GLOBALID.to_owned(), id.clone().into());
            fields.insert(ENTITY_TYPE.to_owned(), kind.clone().into());
        }
        let mut body = Map::new();
        body.insert("name".to_owned(), or_null(&self.name));
        if let Some(language) = &self.language {
            body.insert("language".to_owned(), language.clone().into());
        }
        let urns = self.phones.iter().take(URNS_MAX).map(|phone| format!("tel:{phone}")).collect::<Vec<_>>();
        body.insert("urns".to_owned(), urns.into());
        body.insert("fields".to_owned(), fields.into());
        if !self.groups.is_empty() {
            body.insert("groups".to_owned(), self.groups.clone().into());
        }
        Ok(body.into())
    }
}

/// Names and values longer than the server takes are refused before they leave; nothing is cut unseen.
fn check(field: &str, value: &str) -> Result<(), String> {
    let limit = if field == "name" { NAME_CHARS } else { VALUE_CHARS };
    if value.chars().count() > limit { Err(field.to_owned()) } else { Ok(()) }
}

fn or_null(value: &str) -> Value {
    if value.is_empty() { Value::Null } else { json!(value) }
}
