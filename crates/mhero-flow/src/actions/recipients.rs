//! Who gets a broadcast or a new session.

use std::sync::Arc;

use mhero_text::phone::{Allowed, dialled};
use uuid::Uuid;

use super::ActionContext;
use crate::{
    contact::Urn,
    definition::Recipients,
    events::Problem,
    refs::{ContactRef, GroupRef},
};

/// Recipients that were found.
#[derive(Default)]
pub(super) struct Resolved {
    pub(super) groups: Vec<GroupRef>,
    pub(super) contacts: Vec<ContactRef>,
    pub(super) contact_query: Arc<str>,
    pub(super) urns: Vec<Urn>,
}

impl Resolved {
    pub(super) fn is_empty(&self) -> bool {
        self.groups.is_empty() && self.contacts.is_empty() && self.contact_query.is_empty() && self.urns.is_empty()
    }
}

/// Finds the recipients, with error events for those that are not there.
pub(super) fn resolve(recipients: &Recipients, context: &mut dyn ActionContext) -> Resolved {
    let mut found = Resolved { contacts: recipients.contacts.clone(), ..Resolved::default() };
    for group in &recipients.groups {
        found.groups.extend(super::groups::resolved(std::slice::from_ref(group), context));
    }
    if let Some(template) = &recipients.contact_query {
        let rendered = context.render_query(template);
        found.contact_query = context.told(rendered).text.into();
    }
    found.urns.extend(recipients.urns.iter().filter_map(|urn| Urn::parse(urn).ok()));
    for template in &recipients.legacy_vars {
        let text = context.text_of(template);
        resolve_text(&text, &mut found, context);
    }
    found
}

/// A contact's id, a group's name, an address, or a phone number as people of the country write it.
fn resolve_text(text: &str, found: &mut Resolved, context: &mut dyn ActionContext) {
    let trimmed = text.trim();
    if let Some(uuid) = hyphenated(trimmed) {
        return found.contacts.push(ContactRef::new(uuid, ""));
    }
    if let Some(group) = context.assets().group_named(trimmed) {
        return found.groups.push(group.reference());
    }
    let urn = Urn::parse(trimmed).ok().map(mhero_text::urn::normalized).filter(|urn| urn.validate().is_ok());
    let urn = urn.or_else(|| {
        let country = context.environment().default_country.as_deref();
        let number = dialled(trimmed, country, Allowed::NUMBERS).ok()?;
        Some(Urn::from_parts(mhero_core::Urn::TEL, number, "", ""))
    });
    match urn {
        Some(urn) => found.urns.push(urn),
        None => context.error(Problem::new(format!("'{text}' couldn't be resolved to a contact, group or URN"))),
    }
}

/// An id in its usual form; other forms may be names.
fn hyphenated(text: &str) -> Option<Uuid> {
    let fits = text.len() == uuid::fmt::Hyphenated::LENGTH;
    fits.then(|| Uuid::parse_str(text).ok()).flatten()
}
