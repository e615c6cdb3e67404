//! Actions that start flows, here or for others.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::{
    definition::Text,
    refs::{ContactRef, FlowRef, GroupRef},
};

/// `enter_flow`.
#[derive(Clone, Debug)]
pub struct EnterFlow {
    /// The flow.
    pub flow: FlowRef,
    /// Whether the run does not come back.
    pub terminal: bool,
}

/// Who gets a broadcast or is started in a flow.
#[derive(Clone, Debug, Default)]
pub struct Recipients {
    /// Everybody in these groups.
    pub groups: Vec<GroupRef>,
    /// These contacts.
    pub contacts: Vec<ContactRef>,
    /// Everybody that a query finds; its expressions are escaped as the query language needs.
    pub contact_query: Option<Text>,
    /// Whoever has these addresses.
    pub urns: Vec<Arc<str>>,
    /// Expressions that give a contact's uuid, a group's name or a phone number each.
    pub legacy_vars: Vec<Text>,
}

/// `start_session`.
#[derive(Clone, Debug)]
pub struct StartSession {
    /// The flow.
    pub flow: FlowRef,
    /// Who is started.
    pub recipients: Recipients,
    /// Whether somebody new is created and started.
    pub create_contact: bool,
    /// Who is left out.
    pub exclusions: Exclusions,
}

/// Who is left out of a start. JSON: false and 0 are left out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exclusions {
    /// Whoever is not active.
    #[serde(default, skip_serializing_if = "is_false")]
    pub non_active: bool,
    /// Whoever is in a flow.
    #[serde(default, skip_serializing_if = "is_false")]
    pub in_a_flow: bool,
    /// Whoever was started in this flow before.
    #[serde(default, skip_serializing_if = "is_false")]
    pub started_previously: bool,
    /// Whoever wrote nothing for this many days.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub not_seen_since_days: u32,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over a reference")]
fn is_false(value: &bool) -> bool {
    !*value
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over a reference")]
fn is_zero(value: &u32) -> bool {
    *value == 0
}
