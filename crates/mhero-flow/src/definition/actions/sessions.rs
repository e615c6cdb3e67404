//! Actions that start flows, here or for others.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{Body, Target};
use crate::{
    definition::{
        Text, limits,
        read::Object,
        write::{Out, target},
    },
    refs::{ContactRef, FlowRef},
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
    pub groups: Vec<Target>,
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

impl Recipients {
    pub(super) fn read(object: &mut Object<'_>) -> Self {
        Self {
            groups: object.targets("groups"),
            contacts: object.contacts("contacts"),
            contact_query: object.some_text("contact_query", limits::TEXT_LENGTH_MAX),
            urns: object.words("urns"),
            legacy_vars: object.texts("legacy_vars", limits::TEXT_LENGTH_MAX),
        }
    }

    pub(super) fn write(&self, out: &mut Out) {
        out.put_list("groups", self.groups.iter().map(target));
        out.put_list("contacts", self.contacts.iter().map(|contact| serde_json::to_value(contact).unwrap_or_default()));
        out.put_some_text("contact_query", self.contact_query.as_ref());
        out.put_list("urns", self.urns.iter().map(|urn| (**urn).into()));
        out.put_texts("legacy_vars", &self.legacy_vars);
    }
}

impl Body for EnterFlow {
    fn read(object: &mut Object<'_>) -> Self {
        Self { flow: object.reference("flow"), terminal: object.flag("terminal") }
    }

    fn write(&self, out: &mut Out) {
        out.put_as("flow", &self.flow);
        out.put_flag("terminal", self.terminal);
    }
}

impl Body for StartSession {
    fn read(object: &mut Object<'_>) -> Self {
        let recipients = Recipients::read(object);
        let flow = object.reference("flow");
        let exclusions = match object.get("exclusions") {
            None => Exclusions::default(),
            Some(json) => object.inner("exclusions", json, |object| Exclusions {
                non_active: object.flag("non_active"),
                in_a_flow: object.flag("in_a_flow"),
                started_previously: object.flag("started_previously"),
                not_seen_since_days: object.some_whole("not_seen_since_days").unwrap_or_default(),
            }),
        };
        Self { flow, recipients, create_contact: object.flag("create_contact"), exclusions }
    }

    fn write(&self, out: &mut Out) {
        out.put_as("flow", &self.flow);
        self.recipients.write(out);
        out.put_as("exclusions", &self.exclusions);
        out.put_flag("create_contact", self.create_contact);
    }
}
