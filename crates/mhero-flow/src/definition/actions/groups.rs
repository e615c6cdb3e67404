//! Actions with groups and labels.

use super::Body;
use crate::{
    definition::{
        Text,
        read::Object,
        write::{Out, target},
    },
    refs::Reference,
};

/// A group or label: a known one, or one to be found by its name when the flow runs.
#[derive(Clone, Debug)]
pub enum Target {
    /// By reference.
    Known(Reference),
    /// By the name that a template gives.
    NameMatch(Text),
}

/// `add_contact_groups`.
#[derive(Clone, Debug)]
pub struct AddContactGroups {
    /// The groups.
    pub groups: Vec<Target>,
}

/// `remove_contact_groups`.
#[derive(Clone, Debug)]
pub struct RemoveContactGroups {
    /// The groups.
    pub groups: Vec<Target>,
    /// Whether the contact leaves every group that no query fills.
    pub all_groups: bool,
}

/// `add_input_labels`.
#[derive(Clone, Debug)]
pub struct AddInputLabels {
    /// The labels.
    pub labels: Vec<Target>,
}

impl Body for AddContactGroups {
    fn read(object: &mut Object<'_>) -> Self {
        object.need("groups");
        Self { groups: object.targets("groups") }
    }

    fn write(&self, out: &mut Out) {
        out.put("groups", self.groups.iter().map(target).collect::<Vec<_>>());
    }
}

impl Body for RemoveContactGroups {
    fn read(object: &mut Object<'_>) -> Self {
        Self { groups: object.targets("groups"), all_groups: object.flag("all_groups") }
    }

    fn write(&self, out: &mut Out) {
        out.put_list("groups", self.groups.iter().map(target));
        out.put_flag("all_groups", self.all_groups);
    }
}

impl Body for AddInputLabels {
    fn read(object: &mut Object<'_>) -> Self {
        object.need("labels");
        Self { labels: object.targets("labels") }
    }

    fn write(&self, out: &mut Out) {
        out.put("labels", self.labels.iter().map(target).collect::<Vec<_>>());
    }
}
