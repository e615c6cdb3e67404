//! The contact list that OpenInfoMan prepares for RapidPro: `{"contacts":[{"name","urns":["tel:.."],"fields":{"globalid"}}]}`.

use mhero_core::{
    limits::{NAME_CHARS_MAX, PHONES_PER_RECORD_MAX},
    record::{Content, Identifier, PersonRecord, Problem, RawPhone, Reason, Record, Rejection},
};
use serde_json::Value;

use super::URN_SYSTEM;
use crate::fhir::node::{Node, Warnings};

/// The kind of its records.
const KIND: &str = "contact";

/// Reads a list, one record for each contact. `name` is what people call the list. `None` when the text is no such list.
///
/// ```
/// let text = r#"{"contacts":[{"name":"Martha Kollie","urns":["tel:+231770000001"],"fields":{"globalid":"urn:uuid:1"}}]}"#;
/// let records = mhero_wire::csd::contacts(text, "contacts.json").expect("a list");
/// let record = records[0].as_ref().expect("a record");
/// assert_eq!((record.kind.as_str(), record.id.as_str()), ("contact", "urn:uuid:1"));
/// ```
pub fn contacts(text: &str, name: &str) -> Option<Vec<Result<Record, Rejection>>> {
    let value: Value = serde_json::from_str(text).ok()?;
    let list = value.get("contacts")?.as_array()?;
    let origin = |at: usize| format!("{name}, contact {}", at + 1);
    Some(list.iter().enumerate().map(|(at, value)| contact(value, origin(at))).collect())
}

fn contact(value: &Value, origin: String) -> Result<Record, Rejection> {
    let raw = value.to_string();
    let node = Node::root(value);
    let id = node.get("fields").and_then(|fields| fields.member_text("globalid")).map(|id| id.to_lowercase());
    let Some(id) = id else {
        let reason = Reason::new("import-id-missing", [("kind", KIND.to_owned())]);
        return Err(Rejection { origin, problem: Problem { element: "fields.globalid".to_owned(), reason }, raw });
    };
    let mut warnings = Warnings::default();
    let name = node.member_text("name").unwrap_or_default();
    if name.is_empty() {
        warnings.add("name", Reason::plain("import-name-missing"));
    }
    let urns = node.items("urns");
    let numbers =
        urns.iter().filter_map(|urn| Some((urn.text()?.strip_prefix("tel:")?.to_owned(), urn.path().to_owned())));
    let phones: Vec<RawPhone> = numbers
        .take(PHONES_PER_RECORD_MAX)
        .map(|(raw, element)| RawPhone { raw: warnings.cut(&element, raw, NAME_CHARS_MAX), usage: None, element })
        .collect();
    let own = id.starts_with("urn:").then(|| Identifier { system: URN_SYSTEM.to_owned(), value: id.clone() });
    let person = PersonRecord {
        name: warnings.cut("name", name, NAME_CHARS_MAX),
        active: true,
        phones,
        identifiers: own.into_iter().collect(),
        ..PersonRecord::default()
    };
    let content = Content::Person(Box::new(person));
    Ok(Record { origin, kind: KIND.to_owned(), id, raw, warnings: warnings.into_problems(), content })
}
