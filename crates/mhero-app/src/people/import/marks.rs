//! What is known of every record of a source, and who has which identifier: kept small, because a run holds it for all of
//! several hundred thousand records at once.

use std::collections::HashMap;

use mhero_core::{PersonId, SourceRecordId};
use mhero_store::RecordMark;
use uuid::Uuid;

/// Bytes of a digest.
const DIGEST_BYTES: usize = 32;
/// Kinds of records that a person's are told apart by; those beyond count as one.
const KINDS_MAX: usize = 64;
/// What records become, by the number under which that is kept.
const BECAME: [&str; 8] = ["place", "person", "position", "jobs", "cadres", "details", "training", "absence"];

/// What is known of a record, as it is held.
#[derive(Clone, Copy)]
struct Held {
    id: SourceRecordId,
    digest: [u8; DIGEST_BYTES],
    /// Nil where it became nothing.
    entity: Uuid,
    /// One more than the place in [`BECAME`]; 0 for records that are only kept.
    became: u8,
    pending: bool,
    gone: bool,
    inactive: bool,
}

/// What is known of a record.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Marked<'m> {
    /// Our id.
    pub(crate) id: SourceRecordId,
    /// The source's word for its kind.
    pub(crate) kind: &'m str,
    /// The source's id.
    pub(crate) ext_id: &'m str,
    /// SHA-256 of the text as received.
    pub(crate) digest: &'m [u8],
    /// What it became.
    pub(crate) entity_kind: Option<&'static str>,
    /// Which one it became.
    pub(crate) entity: Option<Uuid>,
    /// Whether a reference of it leads nowhere so far.
    pub(crate) pending: bool,
    /// Whether the source has it no longer.
    pub(crate) gone: bool,
    /// Whether it says that a person has left or a place is closed.
    pub(crate) inactive: bool,
}

impl Marked<'_> {
    /// The person whom it is of, as long as the source has it.
    pub(crate) fn person(&self) -> Option<PersonId> {
        let is_person = self.entity_kind == Some("person") && !self.gone;
        self.entity.filter(|_| is_person).map(PersonId::from_uuid)
    }

    /// The same by itself.
    pub(crate) fn cloned(&self) -> RecordMark {
        RecordMark {
            id: self.id,
            kind: self.kind.to_owned(),
            ext_id: self.ext_id.to_owned(),
            digest: self.digest.to_vec(),
            entity_kind: self.entity_kind.map(str::to_owned),
            entity: self.entity,
            pending: self.pending,
            gone: self.gone,
            inactive: self.inactive,
        }
    }
}

/// The records of one kind by their ids.
struct OfKind {
    kind: String,
    records: HashMap<Box<str>, Held>,
}

/// The records of a source by kind and id.
#[derive(Default)]
pub(crate) struct Marks(Vec<OfKind>);

impl Marks {
    /// What is known of a record.
    pub(crate) fn get(&self, kind: &str, id: &str) -> Option<Marked<'_>> {
        let of = self.0.iter().find(|of| of.kind == kind)?;
        let (id, held) = of.records.get_key_value(id)?;
        Some(marked(&of.kind, id, held))
    }

    /// Whether there is any record of a kind.
    pub(super) fn has_kind(&self, kind: &str) -> bool {
        self.0.iter().any(|of| of.kind == kind)
    }

    /// Remembers what is known of a record from now on. Returns the number of its kind.
    pub(super) fn put(&mut self, mark: &RecordMark) -> usize {
        let at = self.0.iter().position(|of| of.kind == mark.kind).unwrap_or_else(|| {
            self.0.push(OfKind { kind: mark.kind.clone(), records: HashMap::new() });
            self.0.len() - 1
        });
        let mut digest = [0; DIGEST_BYTES];
        if mark.digest.len() == DIGEST_BYTES {
            digest.copy_from_slice(&mark.digest);
        }
        let became = mark.entity_kind.as_deref().and_then(|kind| BECAME.iter().position(|known| *known == kind));
        let held = Held {
            id: mark.id,
            digest,
            entity: mark.entity.unwrap_or(Uuid::nil()),
            became: became.and_then(|at| u8::try_from(at + 1).ok()).unwrap_or(0),
            pending: mark.pending,
            gone: mark.gone,
            inactive: mark.inactive,
        };
        let records = &mut self.0[at].records;
        match records.get_mut(mark.ext_id.as_str()) {
            Some(known) => *known = held,
            None => drop(records.insert(mark.ext_id.as_str().into(), held)),
        }
        at
    }

    /// Notes what a record became, and whether it waits for something. Returns our id of it.
    pub(super) fn settle(
        &mut self,
        kind: &str,
        id: &str,
        entity: Option<Uuid>,
        pending: bool,
    ) -> Option<(usize, SourceRecordId)> {
        let at = self.0.iter().position(|of| of.kind == kind)?;
        let held = self.0[at].records.get_mut(id)?;
        (held.entity, held.pending) = (entity.unwrap_or(Uuid::nil()), pending);
        Some((at, held.id))
    }

    /// The number of a kind, where there are records of it.
    pub(super) fn number(&self, kind: &str) -> Option<usize> {
        self.0.iter().position(|of| of.kind == kind)
    }

    /// All records.
    pub(crate) fn iter(&self) -> impl Iterator<Item = Marked<'_>> {
        self.0.iter().flat_map(|of| of.records.iter().map(|(id, held)| marked(&of.kind, id, held)))
    }
}

fn marked<'m>(kind: &'m str, ext_id: &'m str, held: &'m Held) -> Marked<'m> {
    Marked {
        id: held.id,
        kind,
        ext_id,
        digest: &held.digest,
        entity_kind: usize::from(held.became).checked_sub(1).and_then(|at| BECAME.get(at)).copied(),
        entity: Some(held.entity).filter(|entity| !entity.is_nil()),
        pending: held.pending,
        gone: held.gone,
        inactive: held.inactive,
    }
}

/// Which kinds of records of the source each person has, by the numbers of the kinds.
#[derive(Default)]
pub(super) struct Kinds(HashMap<PersonId, u64>);

impl Kinds {
    fn bit(kind: usize) -> u64 {
        1 << kind.min(KINDS_MAX - 1)
    }

    /// Notes that a person has a record of a kind.
    pub(super) fn put(&mut self, person: PersonId, kind: usize) {
        *self.0.entry(person).or_default() |= Self::bit(kind);
    }

    /// Notes that a person has none of a kind any more.
    pub(super) fn remove(&mut self, person: PersonId, kind: usize) {
        if let Some(kinds) = self.0.get_mut(&person) {
            *kinds &= !Self::bit(kind);
        }
    }

    /// Whether a person has a record of a kind.
    pub(super) fn has(&self, person: PersonId, kind: usize) -> bool {
        self.0.get(&person).is_some_and(|kinds| kinds & Self::bit(kind) != 0)
    }
}

/// Those who have an identifier: nearly always one.
enum Holding {
    One(PersonId),
    Several(Vec<PersonId>),
}

/// Who has which identifier of those that count across sources.
#[derive(Default)]
pub(super) struct Holders(HashMap<String, HashMap<Box<str>, Holding>>);

impl Holders {
    /// Notes that a person has an identifier.
    pub(super) fn put(&mut self, system: &str, value: &str, person: PersonId) {
        if !self.0.contains_key(system) {
            self.0.insert(system.to_owned(), HashMap::new());
        }
        let Some(values) = self.0.get_mut(system) else { return };
        match values.get_mut(value) {
            None => drop(values.insert(value.into(), Holding::One(person))),
            Some(Holding::One(first)) if *first == person => {}
            Some(held @ Holding::One(_)) => {
                let Holding::One(first) = *held else { return };
                *held = Holding::Several(vec![first, person]);
            }
            Some(Holding::Several(all)) => {
                if !all.contains(&person) {
                    all.push(person);
                }
            }
        }
    }

    /// Those who have an identifier, the first holder first.
    pub(super) fn of(&self, system: &str, value: &str) -> &[PersonId] {
        match self.0.get(system).and_then(|values| values.get(value)) {
            None => &[],
            Some(Holding::One(person)) => std::slice::from_ref(person),
            Some(Holding::Several(all)) => all,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mark(kind: &str, id: &str, entity_kind: Option<&str>) -> RecordMark {
        RecordMark {
            id: SourceRecordId::from_uuid(Uuid::from_u128(7)),
            kind: kind.into(),
            ext_id: id.into(),
            digest: vec![9; DIGEST_BYTES],
            entity_kind: entity_kind.map(str::to_owned),
            entity: entity_kind.map(|_| Uuid::from_u128(8)),
            pending: true,
            gone: false,
            inactive: true,
        }
    }

    #[test]
    fn what_is_held_comes_out_as_it_went_in() {
        let mut marks = Marks::default();
        let all =
            [mark("Practitioner", "P1", Some("person")), mark("row", "P1", None), mark("row", "P2", Some("absence"))];
        for mark in &all {
            marks.put(mark);
        }
        for mark in &all {
            assert_eq!(marks.get(&mark.kind, &mark.ext_id).map(|held| held.cloned()).as_ref(), Some(mark));
        }
        assert_eq!(marks.iter().count(), 3);
        assert!(marks.get("row", "P3").is_none() && marks.get("Group", "P1").is_none());
        marks.settle("row", "P2", None, false);
        let settled = marks.get("row", "P2").map(|held| (held.entity, held.pending, held.inactive));
        assert_eq!(settled, Some((None, false, true)));
    }

    #[test]
    fn several_holders_stand_in_the_order_in_which_they_came() {
        let person = |n| PersonId::from_uuid(Uuid::from_u128(n));
        let mut holders = Holders::default();
        for n in [2, 2, 1, 3, 1] {
            holders.put("payroll", "17", person(n));
        }
        assert_eq!(holders.of("payroll", "17"), [person(2), person(1), person(3)]);
        assert!(holders.of("payroll", "18").is_empty() && holders.of("other", "17").is_empty());
    }
}
