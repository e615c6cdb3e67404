//! Where modifiers write.

use crate::{
    assets::Assets,
    contact::{
        Contact, ContactStatus,
        asking::{Asked, CountryNumbers},
    },
    environment::Environment,
    events::{Event, EventKind, Problem},
    limits::Limits,
    refs::GroupRef,
    world::World,
};

/// A contact under change, with what changing it takes.
pub struct Change<'a> {
    /// The contact.
    pub contact: &'a mut Contact,
    /// The environment as the contact sees it.
    pub environment: &'a Environment,
    /// What the change may refer to.
    pub assets: &'a Assets,
    /// Time, ids, and who owns addresses.
    pub world: &'a mut dyn World,
    /// The limits.
    pub limits: &'a Limits,
    /// Where events go.
    pub log: &'a mut dyn FnMut(Event),
}

impl Change<'_> {
    /// Writes an event down.
    pub fn log(&mut self, kind: EventKind) {
        let uuid = self.world.uuid_v7();
        let now = self.world.now();
        (self.log)(Event::new(uuid, now, kind));
    }

    pub(super) fn error(&mut self, problem: Problem) {
        self.log(EventKind::Error(problem));
    }

    /// Asks the queries of all groups again, and takes who is not active out of every group. Tells whether groups changed.
    pub fn reevaluate_groups(&mut self) -> bool {
        let (mut added, mut removed) = (Vec::<GroupRef>::new(), Vec::<GroupRef>::new());
        let active = self.contact.status == ContactStatus::Active;
        let numbers = CountryNumbers(self.environment.default_country.as_deref());
        let mut asked = None;
        for group in self.assets.groups().iter().filter(|group| group.is_smart()) {
            let is_in = self.contact.is_in(group.uuid());
            if !active && !is_in {
                continue;
            }
            let wanted = active && {
                let world = &mut *self.world;
                let asked = asked.get_or_insert_with(|| Asked::new(self.environment, world.today(), &numbers));
                group.wants(self.contact, self.assets, asked).unwrap_or(is_in)
            };
            match (is_in, wanted) {
                (false, true) => added.push(group.reference()),
                (true, false) => removed.push(group.reference()),
                _ => {}
            }
        }
        let leaves = |uuid| removed.iter().any(|group: &GroupRef| group.uuid == uuid);
        if !active {
            let rest: Vec<_> = self.contact.groups.iter().filter(|group| !leaves(group.uuid)).cloned().collect();
            removed.extend(rest);
        }
        if added.is_empty() && removed.is_empty() {
            return false;
        }
        self.contact.groups.retain(|group| !removed.iter().any(|gone| gone.uuid == group.uuid));
        self.contact.groups.extend(added.iter().cloned());
        self.log(EventKind::ContactGroupsChanged { groups_added: added, groups_removed: removed });
        true
    }
}
