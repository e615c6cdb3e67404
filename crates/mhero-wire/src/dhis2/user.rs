//! Users: people with a phone, a name, and the units that they belong to.

use mhero_core::{
    limits::{NAME_CHARS_MAX, VALUE_CHARS_MAX},
    record::{
        Coded, Content, Identifier, PersonRecord, PositionRecord, RawPhone, Reason, Record, Ref, Rejection, ValueRecord,
    },
};
use serde_json::Value;

use super::{UNIT, USER, attributes, id_of};
use crate::{
    fhir::node::{Node, Partial, Warnings},
    words,
};

/// Most units of one user that become positions; an account of the whole country lists hundreds.
const POSITIONS_MAX: usize = 20;

/// How the users of a server are read.
#[derive(Clone, Debug, Default)]
pub struct Users {
    /// Ids or names of roles: only users who have one of them are read. Empty reads all.
    pub roles: Vec<String>,
    /// Systems of attributes, by the attribute's code or id.
    pub attribute_systems: Vec<(String, String)>,
}

impl Users {
    /// Whether a user is one of those who are read.
    pub fn wants(&self, item: &Value) -> bool {
        if self.roles.is_empty() {
            return true;
        }
        let root = Node::root(item);
        let named = |role: &Node<'_>| {
            let own = ["id", "name", "displayName", "code"].into_iter().filter_map(|key| role.member_text(key));
            own.chain(role.text())
                .any(|own| self.roles.iter().any(|wanted| wanted.to_lowercase() == own.to_lowercase()))
        };
        account(&root, "userRoles").iter().any(named)
    }

    /// Reads one user. What can't be read of it becomes a warning.
    ///
    /// # Errors
    /// A [`Rejection`] when it is no object or has no id.
    pub fn record(&self, item: &Value, origin: &str) -> Result<Record, Rejection> {
        let (id, raw) = id_of(item, origin, USER)?;
        let root = Node::root(item);
        let mut warnings = Warnings::default();
        let given = part(&root, "firstName", &mut warnings);
        let family = part(&root, "surname", &mut warnings);
        let parts = [given.as_str(), family.as_str()].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>();
        let name = if parts.is_empty() { part(&root, "displayName", &mut warnings) } else { parts.join(" ") };
        if name.is_empty() {
            warnings.add("surname", Reason::plain("import-name-missing"));
        }
        let disabled = account(&root, "disabled").first().and_then(Node::text);
        let active = disabled.as_deref() != Some("true");
        let person = PersonRecord {
            name: warnings.cut("surname", name, NAME_CHARS_MAX),
            given,
            family,
            language: languages(&root),
            sex: sex(&root),
            birth: root.get("birthday").and_then(|day| day.day(Partial::Refused, &mut warnings)),
            active,
            phones: phones(&root, &mut warnings),
            identifiers: self.identifiers(&root),
            values: values(&root, &mut warnings),
            positions: positions(&root, active, &mut warnings),
            ..PersonRecord::default()
        };
        let content = Content::Person(Box::new(person));
        Ok(Record {
            origin: origin.to_owned(),
            kind: USER.to_owned(),
            id,
            raw,
            warnings: warnings.into_problems(),
            content,
        })
    }

    fn identifiers(&self, root: &Node<'_>) -> Vec<Identifier> {
        let code = root.member_text("code").map(|value| Identifier { system: "#code".to_owned(), value });
        code.into_iter().chain(attributes(root, &self.attribute_systems)).collect()
    }
}

/// What belongs to the account: in the user itself, or in the `userCredentials` that older answers carry.
fn account<'a>(root: &Node<'a>, key: &str) -> Vec<Node<'a>> {
    let own = root.items(key);
    if !own.is_empty() {
        return own;
    }
    root.get("userCredentials").map(|account| account.items(key)).unwrap_or_default()
}

fn part(root: &Node<'_>, key: &str, warnings: &mut Warnings) -> String {
    warnings.cut(key, root.member_text(key).unwrap_or_default(), NAME_CHARS_MAX)
}

/// The phone, then the number of WhatsApp where it is another.
fn phones(root: &Node<'_>, warnings: &mut Warnings) -> Vec<RawPhone> {
    let mut phones: Vec<RawPhone> = Vec::new();
    for (key, usage) in [("phoneNumber", None), ("whatsApp", Some("whatsapp"))] {
        let Some(raw) = root.member_text(key) else { continue };
        let raw = warnings.cut(key, raw, NAME_CHARS_MAX);
        if phones.iter().all(|phone| phone.raw != raw) {
            phones.push(RawPhone { raw, usage: usage.map(str::to_owned), element: key.to_owned() });
        }
    }
    phones
}

fn sex(root: &Node<'_>) -> Option<String> {
    let text = root.member_text("gender")?.to_lowercase();
    words::sex(text.strip_prefix("gender_").unwrap_or(&text)).map(str::to_owned)
}

/// The first of the languages that can be read: a free text in DHIS2.
fn languages(root: &Node<'_>) -> Option<mhero_core::Lang> {
    let text = root.member_text("languages")?;
    text.split([',', ';', '/']).find_map(words::language)
}

fn values(root: &Node<'_>, warnings: &mut Warnings) -> Vec<ValueRecord> {
    let email = root.member_text("email").map(|email| warnings.cut("email", email, VALUE_CHARS_MAX));
    let value = |email| ValueRecord { field: "email".to_owned(), value: mhero_core::record::Value::Text(email) };
    email.map(value).into_iter().collect()
}

/// A position in each unit, with the title that the user gave.
fn positions(root: &Node<'_>, active: bool, warnings: &mut Warnings) -> Vec<PositionRecord> {
    let units = root.items("organisationUnits");
    if units.len() > POSITIONS_MAX {
        let reason = Reason::new(
            "dhis2-units-too-many",
            [("count", units.len().to_string()), ("limit", POSITIONS_MAX.to_string())],
        );
        warnings.add("organisationUnits", reason);
    }
    let job = root
        .member_text("jobTitle")
        .map(|title| Coded { text: Some(warnings.cut("jobTitle", title, NAME_CHARS_MAX)), ..Coded::default() });
    let place = |unit: &Node<'_>| {
        let id = unit.member_text("id").or_else(|| unit.text())?;
        Some(Ref::Id { kind: UNIT.to_owned(), id })
    };
    let position = |place| PositionRecord { place, job: job.clone(), active, ..PositionRecord::default() };
    let held: Vec<PositionRecord> =
        units.iter().take(POSITIONS_MAX).filter_map(place).map(|place| position(Some(place))).collect();
    match (held.is_empty(), &job) {
        (true, Some(_)) => vec![position(None)],
        _ => held,
    }
}
