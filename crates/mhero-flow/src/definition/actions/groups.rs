//! Actions with groups and labels.

use crate::{definition::Text, refs::Reference};

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
