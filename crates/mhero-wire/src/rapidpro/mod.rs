//! RapidPro's API v2 in both dialects, the frozen 9.0 and the newer: contacts as people, fields, groups, pages and refusals.
//!
//! The shapes are the union of both: fields are told as `name`, `type` and as `label`, `value_type`; whether a contact is
//! blocked or stopped as `status` and as two truth values.

mod back;
mod contact;
mod list;
mod out;
mod urn;
mod write;

use mhero_core::record::{Problem, Reason, Rejection};
use serde_json::Value;

use crate::fhir::node::Node;

pub use back::{
    BackContact, BackFlow, BackMessage, BackResult, BackRun, back_contact, back_flow, back_message, back_run,
};
pub use contact::{CONTACT_SYSTEM, Contacts, Groups, globalid_system};
pub use list::{Field, FieldType, Group, Page, detail, field_of, group_of};
pub use out::{HeldOut, OutChange, out_change};
pub use urn::Urn;
pub use write::{CONTACT_FIELDS, ContactDraft, ContactState, FIELD_MAX, URNS_MAX};

/// The kind of contacts.
pub const CONTACT: &str = "contact";
/// The key of the field that holds the id of a registry's record.
pub const GLOBALID: &str = "globalid";
/// The key of the field that holds the kind of that record: `Practitioner`.
pub const ENTITY_TYPE: &str = "mheroentitytype";

/// The UUID of a contact.
fn uuid_of(item: &Value, origin: &str) -> Result<String, Rejection> {
    let refuse = |reason| Rejection {
        origin: origin.to_owned(),
        problem: Problem { element: "uuid".to_owned(), reason },
        raw: item.to_string(),
    };
    if !item.is_object() {
        return Err(refuse(Reason::plain("import-not-a-resource")));
    }
    Node::root(item)
        .member_text("uuid")
        .ok_or_else(|| refuse(Reason::new("import-id-missing", [("kind", CONTACT.to_owned())])))
}

#[cfg(test)]
mod tests;
