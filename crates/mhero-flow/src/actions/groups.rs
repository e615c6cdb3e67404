//! Actions with groups and labels.

use super::ActionContext;
use crate::{
    definition::{AddContactGroups, AddInputLabels, RemoveContactGroups, Target},
    events::{EventKind, Problem},
    modifiers::{GroupsModification, Modifier},
    refs::{GroupRef, LabelRef},
};

/// `add_contact_groups`
pub(super) fn add(action: &AddContactGroups, context: &mut dyn ActionContext) {
    let groups = resolved(&action.groups, context);
    if !groups.is_empty() {
        context.change(&Modifier::Groups { groups, modification: GroupsModification::Add });
    }
}

/// `remove_contact_groups`
pub(super) fn remove(action: &RemoveContactGroups, context: &mut dyn ActionContext) {
    let groups = if action.all_groups {
        let all = context.assets().groups().iter().filter(|group| !group.is_smart());
        all.map(crate::assets::Group::reference).collect()
    } else {
        resolved(&action.groups, context)
    };
    if !groups.is_empty() {
        context.change(&Modifier::Groups { groups, modification: GroupsModification::Remove });
    }
}

/// `add_input_labels`
pub(super) fn label(action: &AddInputLabels, context: &mut dyn ActionContext) {
    let Some(input_uuid) = context.session().input.as_ref().map(|input| input.uuid) else {
        return context.error(Problem::new("No input to add labels to"));
    };
    let mut labels: Vec<LabelRef> = Vec::new();
    for target in &action.labels {
        match target {
            Target::Known(reference) => match context.assets().label(reference.uuid).cloned() {
                Some(label) => labels.push(label),
                None => context.missing("label", "uuid", &reference.uuid.to_string(), &reference.name),
            },
            Target::NameMatch(template) => {
                let name = context.given(template);
                if !name.whole {
                    continue;
                }
                match context.assets().label_named(name.text.trim()).cloned() {
                    Some(label) => labels.push(label),
                    None => unnamed(context, "label", &name.text),
                }
            }
        }
    }
    if !labels.is_empty() {
        context.log(EventKind::InputLabelsAdded { input_uuid, labels });
    }
}

/// The groups that there are, with error events for the others.
pub(super) fn resolved(targets: &[Target], context: &mut dyn ActionContext) -> Vec<GroupRef> {
    let mut groups = Vec::new();
    for target in targets {
        match target {
            Target::Known(reference) => groups.extend(known_group(reference, context)),
            Target::NameMatch(template) => {
                let name = context.given(template);
                if !name.whole {
                    continue;
                }
                match context.assets().group_named(name.text.trim()).map(crate::assets::Group::reference) {
                    Some(group) => groups.push(group),
                    None => unnamed(context, "group", &name.text),
                }
            }
        }
    }
    groups
}

/// The group of a reference, or an error event.
fn known_group(reference: &GroupRef, context: &mut dyn ActionContext) -> Option<GroupRef> {
    let group = context.assets().group(reference.uuid).map(crate::assets::Group::reference);
    if group.is_none() {
        context.missing("group", "uuid", &reference.uuid.to_string(), &reference.name);
    }
    group
}

fn unnamed(context: &mut dyn ActionContext, kind: &str, name: &str) {
    let text = format!("No such {kind} with name '{name}'");
    context.error(Problem::coded(text, &format!("{kind}:missing")).with("name", name));
}
