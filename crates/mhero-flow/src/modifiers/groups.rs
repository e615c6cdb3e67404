//! Changes of groups.

use super::{Change, GroupsModification};
use crate::{
    contact::ContactStatus,
    events::{EventKind, Problem},
    refs::GroupRef,
};

pub(super) fn change_groups(change: &mut Change<'_>, groups: &[GroupRef], modification: GroupsModification) -> bool {
    let adds = modification == GroupsModification::Add;
    if adds && change.contact.status != ContactStatus::Active {
        change.error(Problem::new("Can't add blocked or stopped contacts to groups"));
        return false;
    }
    let mut changed: Vec<GroupRef> = Vec::new();
    for reference in groups {
        let Some(group) = change.assets.group(reference.uuid) else { continue };
        if group.is_smart() {
            let words = if adds { "add contacts to" } else { "remove contacts from" };
            let text = format!("Can't {words} the query based group '{}'", group.name());
            change.error(Problem::new(text));
            continue;
        }
        let reference = group.reference();
        let is_in = change.contact.is_in(reference.uuid);
        if adds && !is_in {
            change.contact.groups.push(reference.clone());
            changed.push(reference);
        } else if !adds && is_in {
            change.contact.groups.retain(|own| own.uuid != reference.uuid);
            changed.push(reference);
        }
    }
    if changed.is_empty() {
        return false;
    }
    let (groups_added, groups_removed) = if adds { (changed, Vec::new()) } else { (Vec::new(), changed) };
    change.log(EventKind::ContactGroupsChanged { groups_added, groups_removed });
    true
}
