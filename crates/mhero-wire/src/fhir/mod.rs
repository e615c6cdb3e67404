//! FHIR R4, read leniently: thin views over `serde_json`, and what they say in mHero's words.
//!
//! Servers and exports in the field break the rules in known ways: a bare string for a `Reference`, a string for a number,
//! one object for a list, nulls. All of that is read. What can't be read becomes a warning that names the element; the record
//! comes in all the same. Only a text that is no JSON, or a resource without type or id, is refused.

mod basic;
mod bundle;
mod capability;
mod codes;
mod datatypes;
mod extension;
pub(crate) mod node;
mod outcome;
mod person;
mod place;
mod position;

use mhero_core::record::{Content, Problem, Reason, Record, Rejection};
use serde_json::Value;

use crate::json::{Position, member};
use node::{Node, Warnings};

pub use basic::Basic;
pub use bundle::{Bundle, Entry};
pub use capability::{Capability, KindCapability};
pub use codes::{CodeSystem, Concept};
pub use datatypes::{CodeableConcept, Coding, ContactPoint, HumanName, Identifier, Period};
pub use extension::{Extension, ExtensionValue};
pub use outcome::Issue;
pub use person::Practitioner;
pub use place::{Location, Organization, PLACE_VALUE};
pub use position::PractitionerRole;

/// The kind that both [`Location`] and [`Organization`] references resolve to: one id, one place.
pub const PLACE_KINDS: [&str; 2] = ["Location", "Organization"];

/// Reads one resource, or one entry of a Bundle, from its text. `origin` says where it stood, for people; `start` where its
/// text begins there, so that a broken one is named by the line and column of the file.
///
/// Kinds that mHero does not map come out as [`Content::Kept`].
///
/// # Errors
/// A [`Rejection`] when the text is no JSON, or no resource, or has no id.
///
/// ```
/// # use mhero_wire::{fhir, json::Position};
/// let text = r#"{"resourceType":"Practitioner","id":"P1","name":"Martha Kollie","telecom":{"system":"phone","value":770000001}}"#;
/// let record = fhir::record(text, "staff.json", Position { line: 1, column: 1 }).expect("a record");
/// let mhero_core::record::Content::Person(person) = record.content else { unreachable!() };
/// assert_eq!((person.name.as_str(), person.phones[0].raw.as_str()), ("Martha Kollie", "770000001"));
/// ```
pub fn record(text: &str, origin: &str, start: Position) -> Result<Record, Rejection> {
    let refuse = |raw: &str, element: &str, reason: Reason| Rejection {
        origin: origin.to_owned(),
        problem: Problem { element: element.to_owned(), reason },
        raw: raw.to_owned(),
    };
    let value: Value = serde_json::from_str(text).map_err(|e| refuse(text, "", broken(&e, start)))?;
    let (resource, raw, full_url) = match value.get("resource") {
        Some(resource) if value.get("resourceType").is_none() => {
            (resource, member(text, "resource").unwrap_or(text), value.get("fullUrl").and_then(Value::as_str))
        }
        None if value.get("resourceType").is_none()
            && (value.get("request").is_some() || value.get("fullUrl").is_some()) =>
        {
            return Err(refuse(text, "resource", Reason::plain("import-entry-empty")));
        }
        _ => (&value, text, None),
    };
    if !resource.is_object() {
        return Err(refuse(raw, "", Reason::plain("import-not-a-resource")));
    }
    let root = Node::root(resource);
    let Some(kind) = root.member_text("resourceType") else {
        return Err(refuse(raw, "resourceType", Reason::plain("import-type-missing")));
    };
    let id = root.member_text("id").or_else(|| full_url.and_then(datatypes::id_of_url));
    let Some(id) = id else {
        return Err(refuse(raw, "id", Reason::new("import-id-missing", [("kind", kind)])));
    };
    let mut warnings = Warnings::default();
    let content = content(&root, &kind, &mut warnings);
    Ok(Record { origin: origin.to_owned(), kind, id, raw: raw.to_owned(), warnings: warnings.into_problems(), content })
}

fn content(root: &Node<'_>, kind: &str, warnings: &mut Warnings) -> Content {
    match kind {
        "Practitioner" => Practitioner::from_node(root, warnings).content(warnings),
        "PractitionerRole" => PractitionerRole::from_node(root, warnings).content(warnings),
        "Location" => Location::from_node(root, warnings).content(warnings),
        "Organization" => Organization::from_node(root, warnings).content(warnings),
        "CodeSystem" => CodeSystem::from_node(root, warnings).content(),
        "Basic" => Basic::from_node(root, warnings).content(warnings),
        _ => Content::Kept,
    }
}

/// Where the text is broken, in the lines and columns of the file it stood in.
fn broken(error: &serde_json::Error, start: Position) -> Reason {
    let (line, column) = (error.line() as u64, error.column() as u64);
    let column = if line <= 1 { start.column + column.saturating_sub(1) } else { column };
    let line = start.line + line.saturating_sub(1);
    Reason::new("import-json-broken", [("line", line.to_string()), ("column", column.to_string())])
}

#[cfg(test)]
mod tests;
