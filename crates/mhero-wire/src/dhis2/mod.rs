//! DHIS2 2.38 to 2.42, read leniently: organisation units as places, users as people, and what its answers say of themselves.
//!
//! What differs between these versions is read in all its spellings: users with their account beside them (`userCredentials`)
//! or in them, lists with a pager and without, dates with a zone and without, geometry absent.

mod list;
mod moment;
mod patch;
mod period;
mod summary;
mod system;
mod unit;
mod user;
mod values;

use mhero_core::record::{Identifier, Problem, Reason, Rejection};
use serde_json::Value;

use crate::fhir::node::Node;

pub use list::{List, Pager};
pub use moment::Moment;
pub use patch::{USER_FIELDS, UnitState, UserState, user_patch};
pub use period::PeriodType;
pub use summary::{Conflict, Verdict};
pub use system::{Message, System, Version};
pub use unit::{Level, Units, level_of};
pub use user::Users;
pub use values::{DataValue, EventOut, VALUE_CHARS_MAX, ValueSet, ValueType, is_uid, uid_of};

/// The kind of organisation units.
pub const UNIT: &str = "organisationUnit";
/// The kind of users.
pub const USER: &str = "user";
/// The kind of groups of organisation units, which are kept as received.
pub const UNIT_GROUP: &str = "organisationUnitGroup";

/// The id of an object, and the object as text.
fn id_of(item: &Value, origin: &str, kind: &str) -> Result<(String, String), Rejection> {
    let raw = item.to_string();
    match Node::root(item).member_text("id") {
        Some(id) => Ok((id, raw)),
        None => {
            let reason = match item.is_object() {
                true => Reason::new("import-id-missing", [("kind", kind.to_owned())]),
                false => Reason::plain("import-not-a-resource"),
            };
            Err(Rejection { origin: origin.to_owned(), problem: Problem { element: "id".to_owned(), reason }, raw })
        }
    }
}

/// The attribute values of an object as identifiers: under the system that is set for the attribute's code or id, else within
/// the source only.
fn attributes(root: &Node<'_>, systems: &[(String, String)]) -> Vec<Identifier> {
    root.items("attributeValues").iter().filter_map(|item| attribute(item, systems)).collect()
}

/// One value of an attribute as an identifier.
fn attribute(item: &Node<'_>, systems: &[(String, String)]) -> Option<Identifier> {
    let value = item.member_text("value")?;
    let names = attribute_names(item);
    let name = names.first()?.clone();
    let set = systems.iter().find(|(key, _)| names.iter().any(|name| name.eq_ignore_ascii_case(key)));
    let system = set.map_or_else(|| format!("#{name}"), |(_, system)| system.clone());
    Some(Identifier { system, value })
}

/// Whether a value is that of an attribute, by the attribute's code or id.
fn is_attribute(item: &Node<'_>, name: &str) -> bool {
    attribute_names(item).iter().any(|own| own.eq_ignore_ascii_case(name))
}

/// The code and the id of a value's attribute.
fn attribute_names(item: &Node<'_>) -> Vec<String> {
    let Some(attribute) = item.get("attribute") else { return Vec::new() };
    [attribute.member_text("code"), attribute.member_text("id"), attribute.text()].into_iter().flatten().collect()
}

#[cfg(test)]
mod tests;
