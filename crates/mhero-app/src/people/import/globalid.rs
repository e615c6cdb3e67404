//! Contacts of RapidPro that name a registry's record by its kind and id: in whatever order the two come in, they are one person.

use std::collections::{HashMap, hash_map::Entry};

use mhero_core::{PersonId, record::Identifier};
use mhero_store::RecordMark;
use mhero_wire::rapidpro::{CONTACT, globalid_system};

use super::run::{MARKS_PAGE, Run};
use crate::AppError;

/// The kind of source whose records name others so.
const RAPIDPRO: &str = "rapidpro";
/// The kind of rows of tables, whose ids are nobody's but the table's.
const ROW: &str = "row";
/// Kinds of records that contacts name by themselves; people of any other kind are named as the first of them.
const NAMED: [&str; 3] = ["Practitioner", "Person", "Patient"];

/// By what a contact would name the record; `None` for records that none names.
pub(super) fn named(kind: &str, id: &str) -> Option<Identifier> {
    if [ROW, CONTACT].contains(&kind) {
        return None;
    }
    let kind = if NAMED.contains(&kind) { kind } else { NAMED[0] };
    Some(Identifier { system: globalid_system(kind), value: id.to_owned() })
}

impl Run<'_> {
    /// Reads whom contacts may name, where contacts are about to come in. An id that several people have names none of them.
    pub(super) async fn load_named(&mut self) -> Result<(), AppError> {
        if self.source.kind != RAPIDPRO {
            return Ok(());
        }
        self.load_written().await?;
        let others: Vec<_> = self.ranks.keys().copied().filter(|source| *source != self.source.id).collect();
        let mut named_people: HashMap<(String, String), Option<PersonId>> = HashMap::new();
        for source in others {
            let mut after = None;
            loop {
                let page = self.app.store().record_marks_page(source, after, MARKS_PAGE).await?;
                let Some(last) = page.last() else { break };
                after = Some(last.id);
                for mark in &page {
                    note(&mut named_people, mark);
                }
            }
        }
        for ((system, value), person) in named_people {
            if let Some(person) = person {
                self.identify(&system, &value, person);
            }
        }
        Ok(())
    }
}

/// Whom the id of a record names, unless somebody else is named so, too.
fn note(named_people: &mut HashMap<(String, String), Option<PersonId>>, mark: &RecordMark) {
    let Some((person, identifier)) = person_of(mark).zip(named(&mark.kind, &mark.ext_id)) else { return };
    match named_people.entry((identifier.system, identifier.value)) {
        Entry::Vacant(free) => drop(free.insert(Some(person))),
        Entry::Occupied(mut taken) if *taken.get() != Some(person) => drop(taken.insert(None)),
        Entry::Occupied(_) => {}
    }
}

fn person_of(mark: &RecordMark) -> Option<PersonId> {
    let is_person = mark.entity_kind.as_deref() == Some("person") && !mark.gone;
    mark.entity.filter(|_| is_person).map(PersonId::from_uuid)
}
