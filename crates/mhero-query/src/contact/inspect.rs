//! What a query of contacts uses.

use super::{Resolved, check::Branch};
use crate::{Attribute, Property};

/// What a query uses, each once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Inspection {
    /// Attributes by the words of the specification, sorted.
    pub attributes: Vec<String>,
    /// Schemes of addresses, sorted.
    pub schemes: Vec<String>,
    /// Fields, sorted by key.
    pub fields: Vec<UsedField>,
    /// Groups that were found, in the order of the query.
    pub groups: Vec<Resolved>,
    /// Whether a smart group may be kept by the query: not when its answer hangs on the contact's id, reference or status, on
    /// groups themselves, or on flows, since none of these makes the engine ask again.
    pub allow_as_group: bool,
}

/// A field that a query uses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UsedField {
    /// Its key.
    pub key: String,
    /// Its name; empty where nobody was there to be asked.
    pub name: String,
}

pub(super) fn inspection(root: Option<&Branch>) -> Inspection {
    let mut found = Inspection { allow_as_group: true, ..Inspection::default() };
    if let Some(root) = root {
        root.each(&mut |test| {
            match &test.property {
                Property::Attribute(attribute) => {
                    found.allow_as_group &= attribute.may_define_group();
                    let word = if *attribute == Attribute::LastHeard { "last_seen_on" } else { attribute.as_str() };
                    found.attributes.push(word.to_owned());
                }
                Property::Scheme(scheme) => found.schemes.push(scheme.clone()),
                Property::Field(key) | Property::Named(key) => {
                    found.fields.push(UsedField { key: key.clone(), name: test.field.clone().unwrap_or_default() });
                }
                Property::Course(key) => found.attributes.push(format!("training.{key}")),
            }
            if let Some(group) = test.group.as_ref().filter(|group| !found.groups.contains(group)) {
                found.groups.push(group.clone());
            }
        });
    }
    found.attributes.sort();
    found.attributes.dedup();
    found.schemes.sort();
    found.schemes.dedup();
    found.fields.sort_by(|one, two| one.key.cmp(&two.key));
    found.fields.dedup();
    found
}
