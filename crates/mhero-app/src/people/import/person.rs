//! People: which person a record speaks of, and what follows from all records of one.

use std::collections::{HashMap, HashSet};

use mhero_core::{
    PersonId, SourceRecordId,
    limits::PHONES_PER_RECORD_MAX,
    record::{Content, PersonRecord, Reason, Value},
};
use mhero_query::{fold, name_key, name_tokens};
use mhero_store::{IdentifierRow, KeptContent, PersonRow, PersonState, RecordMark, UrnRow, ValueRow};
use mhero_text::phone::{BadPhone, Reading};

use super::{
    chunk::{Chunk, Piece},
    readings::Readings,
    run::Run,
};
use crate::AppError;

/// What a number is that somebody there has denied to be this person's.
const WRONG_PERSON: &str = "wrong-person";

impl Run<'_> {
    /// Takes what a record says of a person: of the one it spoke of before, else of the one with whom it has an identifier in
    /// common, else of a new one.
    pub(super) fn take_person(&mut self, chunk: &mut Chunk, mark: &RecordMark, content: PersonRecord) {
        let there = mark.entity.map(PersonId::from_uuid);
        let person = match (there, self.joined(mark, &content)) {
            (Some(person), _) => person,
            (None, Some((person, by))) => {
                chunk.matched(mark.id, by);
                person
            }
            (None, None) => {
                let person = self.mint().id(PersonId::from_uuid);
                chunk.new_people.insert(person);
                person
            }
        };
        self.warn_shared_identifiers(mark, &content, person);
        for identifier in &content.identifiers {
            self.identify(&identifier.system, &identifier.value, person);
        }
        if there.is_none() {
            self.fhir_id(&mut chunk.unit, "Practitioner", &mark.ext_id, person.uuid());
        }
        // Whether it waits for something turns out when the person is derived.
        self.settle(&mark.kind, &mark.ext_id, Some(person.uuid()), true);
        let golden = self.golden(person);
        chunk.touch(golden);
        let piece = Piece {
            rank: self.source.rank,
            record: mark.id,
            source: self.source.id,
            kind: mark.kind.clone(),
            ext_id: mark.ext_id.clone(),
            content,
        };
        let pieces = chunk.pieces.entry(golden).or_default();
        pieces.retain(|other| other.record != piece.record);
        pieces.push(piece);
    }

    /// The person with whom a new record has an identifier in common, and which. Two records of one kind of one source are two
    /// people, whatever their identifiers.
    fn joined(&self, mark: &RecordMark, content: &PersonRecord) -> Option<(PersonId, String)> {
        let named = super::globalid::named(&mark.kind, &mark.ext_id);
        content.identifiers.iter().chain(&named).find_map(|identifier| {
            let person = self.holders(identifier).iter().copied().find(|person| !self.has_kind(*person, &mark.kind))?;
            Some((person, format!("{} {}", identifier.system, identifier.value)))
        })
    }

    fn warn_shared_identifiers(&mut self, mark: &RecordMark, content: &PersonRecord, person: PersonId) {
        let shared = content
            .identifiers
            .iter()
            .find(|own| self.holders(own).iter().any(|holder| self.golden(*holder) != self.golden(person)));
        if let (Some(shared), Some(origin)) = (shared, self.origins.get(&mark.id).cloned()) {
            let reason = Reason::new("import-identifier-shared", [("value", shared.value.clone())]);
            self.report.warn(&origin, "identifier", reason);
        }
    }

    /// Derives the people whose records changed, and writes what is new of them.
    pub(super) async fn derive_people(&mut self, chunk: &mut Chunk) -> Result<(), AppError> {
        let stored: Vec<PersonId> =
            chunk.people.iter().copied().filter(|person| !chunk.new_people.contains(person)).collect();
        let joined = stored.iter().flat_map(|person| self.aliases.joined_to(*person)).copied();
        let everybody: Vec<PersonId> = stored.iter().copied().chain(joined).collect();
        let stored_states = match everybody.as_slice() {
            [] => HashMap::new(),
            everybody => self.store_now().await?.person_states(everybody).await?,
        };
        let mut states = self.gathered(chunk, stored_states);
        let mut all: HashMap<PersonId, Vec<Piece>> = HashMap::new();
        for person in &chunk.people {
            let kept = states.get(person).map(|state| state.contents.as_slice()).unwrap_or_default();
            all.insert(*person, self.pieces_of(chunk, *person, kept));
        }
        let with_work = |piece: &&Piece| !piece.content.positions.is_empty() || !piece.content.trainings.is_empty();
        let is_table = |piece: &&Piece| piece.kind == "row" || with_work(piece);
        let records: Vec<SourceRecordId> = stored
            .iter()
            .filter_map(|person| chunk.pieces.get(person))
            .flat_map(|pieces| pieces.iter().filter(is_table).map(|piece| piece.record))
            .collect();
        self.fetch_work(chunk, &records).await?;
        for person in chunk.people.clone() {
            let state = states.remove(&person).unwrap_or_default();
            let pieces = all.remove(&person).unwrap_or_default();
            self.derive_person(chunk, person, &pieces, &state);
        }
        Ok(())
    }

    /// What is stored of people, with what is stored of those who are joined to them. Numbers and identifiers go with the
    /// record that gave them: where a merge, or its undoing, has made that another's, they are moved.
    fn gathered(&self, chunk: &mut Chunk, states: HashMap<PersonId, PersonState>) -> HashMap<PersonId, PersonState> {
        let kept = states.values().flat_map(|state| &state.contents);
        let homes: HashMap<SourceRecordId, PersonId> =
            kept.filter_map(|kept| Some((kept.id, self.golden(PersonId::from_uuid(kept.entity?))))).collect();
        let home = |record: SourceRecordId, person: PersonId| {
            homes.get(&record).copied().unwrap_or_else(|| self.golden(person))
        };
        let mut gathered: HashMap<PersonId, PersonState> = HashMap::new();
        for (person, state) in states {
            for urn in state.urns {
                let golden = home(urn.record, urn.person);
                if golden != urn.person {
                    chunk.unit.move_urn(urn.id, golden);
                }
                gathered.entry(golden).or_default().urns.push(UrnRow { person: golden, ..urn });
            }
            for identifier in state.identifiers {
                let golden = home(identifier.record, identifier.person);
                if golden != identifier.person {
                    chunk.unit.move_identifier(&identifier, golden);
                }
                let identifier = IdentifierRow { person: golden, ..identifier };
                gathered.entry(golden).or_default().identifiers.push(identifier);
            }
            gathered.entry(self.golden(person)).or_default().contents.extend(state.contents);
            if self.golden(person) == person {
                let own = gathered.entry(person).or_default();
                own.row = state.row;
                own.values = state.values;
                own.values.retain(|value| self.said.get(&(person, value.field)) != Some(&false));
            }
        }
        for state in gathered.values_mut() {
            state.urns.sort_by_key(|urn| (urn.rank, urn.id));
        }
        gathered
    }

    /// The pieces that belong to a person, those first whose values count: what this part brings, and what is stored of the
    /// other records that speak of them.
    fn pieces_of(&self, chunk: &Chunk, person: PersonId, stored: &[KeptContent]) -> Vec<Piece> {
        let mut pieces = chunk.pieces.get(&person).cloned().unwrap_or_default();
        for kept in stored {
            let is_known = chunk.is_gone(kept.id) || pieces.iter().any(|piece| piece.record == kept.id);
            if let (false, Ok(Content::Person(content))) = (is_known, serde_json::from_str(&kept.content)) {
                pieces.push(Piece {
                    rank: self.rank(kept.source),
                    record: kept.id,
                    source: kept.source,
                    kind: kept.kind.clone(),
                    ext_id: kept.ext_id.clone(),
                    content: *content,
                });
            }
        }
        pieces.sort_by_key(|piece| (piece.rank, piece.record));
        pieces
    }

    fn derive_person(&mut self, chunk: &mut Chunk, person: PersonId, pieces: &[Piece], state: &PersonState) {
        let before = chunk.unit.len();
        if let (true, Some(row)) = (pieces.is_empty(), &state.row) {
            // No source has a record any more: who it was stays, for the history and in case they come back.
            if row.active {
                let row = PersonRow { active: false, ..row.clone() };
                chunk.unit.set_person(&row, &name_key(&row.name), self.now);
                chunk.changed.insert(person);
            }
            return;
        }
        self.write_row(chunk, person, pieces, state);
        self.write_identifiers(chunk, person, pieces, state);
        self.write_numbers(chunk, person, pieces, state);
        let mut waits: HashSet<SourceRecordId> = HashSet::new();
        self.write_values(chunk, person, pieces, state, &mut waits);
        // What a record says of work and groups depends on no other record.
        for piece in chunk.pieces.get(&person).cloned().unwrap_or_default() {
            self.write_work(chunk, person, &piece, &mut waits);
            if !chunk.last {
                for group in &piece.content.groups {
                    self.write_member(chunk, person, piece.record, group);
                }
            }
            // A record of somebody joined stays theirs, so that a merge can be undone.
            let own = self.record(&piece.kind, &piece.ext_id).and_then(|mark| mark.entity);
            let entity = own.unwrap_or_else(|| person.uuid());
            self.settle(&piece.kind, &piece.ext_id, Some(entity), waits.contains(&piece.record));
        }
        if chunk.unit.len() > before {
            chunk.changed.insert(person);
        }
    }

    fn write_row(&self, chunk: &mut Chunk, person: PersonId, pieces: &[Piece], state: &PersonState) {
        let row = self.owners.row(person, pieces);
        let old = state.row.as_ref();
        let search = name_key(&row.name);
        match old {
            None => {
                chunk.unit.add_person(&row, &search, self.now);
            }
            // Whoever had no record any more may be in no list: with a record that comes again they are back, also as they were.
            Some(old) if *old != row || state.contents.is_empty() => {
                chunk.unit.set_person(&row, &search, self.now);
            }
            Some(_) => {}
        }
        if old.is_none_or(|old| old.name != row.name) {
            let mut tokens = name_tokens(&row.name);
            tokens.sort_unstable();
            tokens.dedup();
            chunk.unit.set_person_tokens(person, &tokens, old.is_none());
        }
    }

    fn write_identifiers(&self, chunk: &mut Chunk, person: PersonId, pieces: &[Piece], state: &PersonState) {
        let wanted: HashSet<IdentifierRow> = pieces
            .iter()
            .flat_map(|piece| {
                piece.content.identifiers.iter().map(|own| IdentifierRow {
                    system: own.system.clone(),
                    value: own.value.clone(),
                    person,
                    record: piece.record,
                })
            })
            .collect();
        let stored: HashSet<IdentifierRow> = state.identifiers.iter().cloned().collect();
        let mut fresh: Vec<_> = wanted.difference(&stored).collect();
        fresh.sort_unstable();
        for identifier in fresh {
            chunk.unit.add_identifier(identifier);
        }
        let mut gone: Vec<_> = stored.difference(&wanted).collect();
        gone.sort_unstable();
        for identifier in gone {
            chunk.unit.drop_identifier(identifier);
        }
    }

    /// Numbers of all sources, best first, each with the record that gave it: a record that has it no more takes away its own
    /// row only.
    fn write_numbers(&mut self, chunk: &mut Chunk, person: PersonId, pieces: &[Piece], state: &PersonState) {
        let mut stored: Vec<Option<&UrnRow>> = state.urns.iter().map(Some).collect();
        let mut rank = 0;
        for piece in self.owners.order("phone", pieces) {
            let is_fresh = chunk.pieces.get(&person).is_some_and(|own| own.iter().any(|o| o.record == piece.record));
            for (raw, reading, element) in self.read_numbers(&piece.content) {
                if let (Some(bad), true, false) = (bad(&reading), is_fresh, chunk.last)
                    && let Some(origin) = self.origins.get(&piece.record).cloned()
                {
                    self.report.warn(&origin, &element, bad.reason());
                }
                let path = reading.e164().map(str::to_owned);
                let is_theirs = |path: &String| !self.denied.contains(&(person, path.clone()));
                let (path, bad) = match path {
                    Some(path) if !is_theirs(&path) => (None, Some(WRONG_PERSON.to_owned())),
                    path => (path, bad(&reading).map(|bad| bad.as_str().to_owned())),
                };
                let same = |row: &UrnRow| row.record == piece.record && row.raw == raw && row.path == path;
                let at = stored.iter().position(|slot| slot.is_some_and(same));
                let old = at.and_then(|at| stored[at].take());
                let urn = UrnRow {
                    id: old.map_or_else(|| self.mint().uuid(), |old| old.id),
                    person,
                    scheme: "tel".to_owned(),
                    path,
                    raw,
                    bad,
                    rank,
                    record: piece.record,
                };
                match old {
                    None => {
                        chunk.unit.add_urn(&urn, self.now);
                    }
                    Some(old) if *old != urn => {
                        chunk.unit.set_urn(&urn);
                    }
                    Some(_) => {}
                }
                rank += 1;
            }
        }
        for gone in stored.into_iter().flatten() {
            chunk.unit.drop_urn(gone.id);
        }
    }

    /// The phones of a record as read: text, reading, element. Doubles and empty ones are left out.
    fn read_numbers(&self, content: &PersonRecord) -> Vec<(String, Reading, String)> {
        let mut numbers: Vec<(String, Reading, String)> = Vec::new();
        for phone in &content.phones {
            for reading in self.numbering.read_all(&phone.raw) {
                let is_double = numbers.iter().any(|(raw, other, _)| match (reading.e164(), other.e164()) {
                    (Some(one), Some(other)) => one == other,
                    (None, None) => *raw == phone.raw,
                    _ => false,
                });
                let is_empty = reading == Reading::Bad(BadPhone::Empty);
                if !is_double && !is_empty && numbers.len() < PHONES_PER_RECORD_MAX {
                    numbers.push((phone.raw.clone(), reading, phone.element.clone()));
                }
            }
        }
        numbers
    }

    /// Of each field, the value of the first record that has one. Values that no record gave are left alone.
    fn write_values(
        &mut self,
        chunk: &mut Chunk,
        person: PersonId,
        pieces: &[Piece],
        state: &PersonState,
        waits: &mut HashSet<SourceRecordId>,
    ) {
        let wanted = self.owners.values(pieces);
        let mut current = HashSet::new();
        for (key, (piece, value)) in wanted {
            let (readings, kind, place) = self.read_value(chunk, piece, value, waits);
            let field = self.coins.field(key, kind, self.now, self.app.store().mint(), &mut chunk.unit);
            current.insert(field);
            let old = state.values.iter().find(|old| old.field == field);
            let row = ValueRow {
                person,
                field,
                text: readings.text,
                folded: readings.folded,
                number: readings.number,
                instant: readings.instant,
                place,
                record: Some(piece.record),
            };
            let by_hand = self.said.get(&(person, field)) == Some(&true);
            if !by_hand && old.is_none_or(|old| *old != row && old.record.is_some()) {
                chunk.unit.put_value(&row, self.now);
            }
        }
        for gone in state.values.iter().filter(|old| old.record.is_some() && !current.contains(&old.field)) {
            chunk.unit.drop_value(person, gone.field);
        }
    }

    fn read_value(
        &mut self,
        chunk: &mut Chunk,
        piece: &Piece,
        value: &Value,
        waits: &mut HashSet<SourceRecordId>,
    ) -> (Readings, &'static str, Option<mhero_core::PlaceId>) {
        let readings = match value {
            Value::Text(text) => Readings::of_text(text, &self.zone),
            Value::Number(number) => Readings::of_number(*number),
            Value::Instant(instant) => Readings::of_instant(*instant),
            Value::Day(day) => Readings::of_day(*day, &self.zone),
            Value::Place(reference) => {
                let from = (piece.source, piece.record, piece.kind == "row");
                let place = self.place_of(chunk, from, reference);
                if place.is_none() {
                    waits.insert(piece.record);
                }
                let name = place.and_then(|place| self.tree.get(place)).map(|known| known.row.name.best(self.language));
                let readings = name.map(Readings::plain).unwrap_or_default();
                return (readings, "place", place);
            }
        };
        let kind = readings.kind();
        (readings, kind, None)
    }

    fn write_member(&mut self, chunk: &mut Chunk, person: PersonId, record: SourceRecordId, group: &str) {
        if fold(group).is_empty() {
            return;
        }
        let (mint, now) = (self.app.store().mint(), self.now);
        match self.coins.group(group, (now, self.id), mint, &mut chunk.unit) {
            Some(id) => {
                if let Some(run) = self.id {
                    chunk.unit.note_member(run, id, person);
                }
                chunk.unit.add_member(id, person, now);
            }
            None => {
                if let Some(origin) = self.origins.get(&record).cloned() {
                    let reason = Reason::new("import-group-by-query", [("group", group.to_owned())]);
                    self.report.warn(&origin, "group", reason);
                }
            }
        }
    }
}

const fn bad(reading: &Reading) -> Option<&BadPhone> {
    match reading {
        Reading::Valid { .. } => None,
        Reading::Bad(bad) => Some(bad),
    }
}
