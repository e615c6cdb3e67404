//! A part of the records: each is compared with what came before, then all that follows is written in one unit.

use std::collections::{HashMap, HashSet};

use jiff::{Timestamp, civil::Date, tz::Offset};
use mhero_core::{
    PersonId, SourceRecordId,
    record::{AbsenceRecord, Content, PersonRecord, PositionRecord, Reason, Record, Rejection, TrainingRecord},
};
use mhero_store::{AbsenceRow, HeldRecord, KeptContent, NewChange, PositionRow, RecordMark, TrainingRow, Unit};
use sha2::{Digest, Sha256};

use super::{report::Verdict, run::Run};
use crate::AppError;

/// What a record says of a person.
#[derive(Clone)]
pub(crate) struct Piece {
    /// The rank of its source.
    pub(crate) rank: i64,
    pub(crate) record: SourceRecordId,
    pub(crate) source: mhero_core::SourceId,
    pub(crate) kind: String,
    pub(crate) ext_id: String,
    pub(crate) content: PersonRecord,
}

/// What is done once all records of the part are known.
pub(super) enum Task {
    Position(RecordMark, Box<PositionRecord>),
    Training(RecordMark, Box<TrainingRecord>),
    Absence(RecordMark, Box<AbsenceRecord>),
}

/// A record to write.
struct Entry {
    held: HeldRecord,
    /// Whether the store has it, perhaps as one that is gone.
    is_stored: bool,
    verdict: Verdict,
    origin: String,
    matched_by: Option<String>,
    /// What the store has, unless the record is new or was gone.
    stored: Option<Vec<u8>>,
}

/// A part in the making.
#[derive(Default)]
pub(super) struct Chunk {
    pub(super) unit: Unit,
    /// True at the end of the run: everything has arrived, so what is missing is made or warned about.
    pub(super) last: bool,
    /// Records to write.
    records: Vec<Entry>,
    /// Where each stands in `records`.
    at: HashMap<SourceRecordId, usize>,
    /// Records that came again in this run just as they are, and where they stood.
    doubles: Vec<(RecordMark, String)>,
    /// Records that their source has no longer, and where that was said.
    gone: Vec<(RecordMark, String)>,
    /// Records whose entity or pending is settled by this part, as it was before.
    pub(super) settled: Vec<RecordMark>,
    pub(super) tasks: Vec<Task>,
    /// People whose records changed, in order, and what those say now.
    pub(super) people: Vec<PersonId>,
    pub(super) pieces: HashMap<PersonId, Vec<Piece>>,
    /// People who are not stored yet.
    pub(super) new_people: HashSet<PersonId>,
    /// People for whom the change feed gets an entry.
    pub(super) changed: HashSet<PersonId>,
    pub(super) positions: HashMap<SourceRecordId, Vec<PositionRow>>,
    pub(super) trainings: HashMap<SourceRecordId, Vec<TrainingRow>>,
    pub(super) absences: HashMap<SourceRecordId, Vec<AbsenceRow>>,
}

impl Chunk {
    /// A part at the end of the run.
    pub(super) fn at_the_end() -> Self {
        Self { last: true, ..Self::default() }
    }

    /// Takes a person among those who are derived again.
    pub(super) fn touch(&mut self, person: PersonId) {
        if !self.people.contains(&person) {
            self.people.push(person);
        }
    }

    /// A new record is of somebody, or of a place, that was known from elsewhere.
    pub(super) fn matched(&mut self, record: SourceRecordId, by: String) {
        if let Some(entry) = self.at.get(&record).and_then(|at| self.records.get_mut(*at)) {
            entry.matched_by = Some(by);
        }
    }

    /// The records that this part takes away.
    pub(super) fn gone_records(&self) -> Vec<SourceRecordId> {
        self.gone.iter().map(|(mark, _)| mark.id).collect()
    }

    /// Whether this part takes a record away.
    pub(super) fn is_gone(&self, record: SourceRecordId) -> bool {
        self.gone.iter().any(|(mark, _)| mark.id == record)
    }
}

/// Whether a record says that a person has left or a place is closed.
pub(crate) const fn is_inactive(content: &Content) -> bool {
    match content {
        Content::Person(person) => !person.active,
        Content::Place(place) => !place.active,
        _ => false,
    }
}

/// Whether a day has begun nowhere on earth yet.
fn is_ahead(day: Date, now: i64) -> bool {
    const EARLIEST: Offset = jiff::tz::offset(14);
    let Ok(now) = Timestamp::from_microsecond(now) else { return false };
    day > EARLIEST.to_datetime(now).date()
}

/// The kind of entity that a record becomes.
pub(crate) const fn entity_kind(content: &Content) -> Option<&'static str> {
    match content {
        Content::Place(_) => Some("place"),
        Content::Person(_) => Some("person"),
        Content::Position(_) => Some("position"),
        Content::Jobs(_) => Some("jobs"),
        Content::Cadres(_) => Some("cadres"),
        Content::PositionDetails(_) => Some("details"),
        Content::Training(_) => Some("training"),
        Content::Absence(_) => Some("absence"),
        Content::Kept => None,
    }
}

impl Run<'_> {
    /// Takes a part of the records.
    pub(crate) async fn take(&mut self, part: Vec<Result<Record, Rejection>>) -> Result<(), AppError> {
        let mut chunk = Chunk::default();
        for verdict in part {
            self.report.read += 1;
            match verdict {
                Ok(record) => self.compare(&mut chunk, record),
                Err(rejection) => self.report.refuse(rejection),
            }
        }
        self.complete(chunk).await
    }

    /// Carries out what is left of a part, and writes it.
    pub(super) async fn complete(&mut self, mut chunk: Chunk) -> Result<(), AppError> {
        self.derive_people(&mut chunk).await?;
        self.carry_out_tasks(&mut chunk).await?;
        self.drop_work_of_gone(&mut chunk).await?;
        for person in std::mem::take(&mut chunk.changed) {
            let is_new = chunk.new_people.contains(&person);
            if !is_new {
                chunk.unit.touch_person(person, self.now);
            }
            chunk.unit.changed("person", person.uuid(), if is_new { "created" } else { "updated" }, self.now);
        }
        for before in std::mem::take(&mut chunk.settled) {
            let Some(after) = self.record(&before.kind, &before.ext_id) else { continue };
            if (after.entity, after.pending) != (before.entity, before.pending) {
                chunk.unit.settle_record(after.id, after.entity, after.pending);
            }
        }
        for entry in std::mem::take(&mut chunk.records) {
            self.put_record(&mut chunk.unit, entry);
        }
        for (mark, origin) in std::mem::take(&mut chunk.doubles) {
            self.note(&mut chunk.unit, (&mark, Verdict::Duplicate), &origin, (None, true));
        }
        for (mark, origin) in std::mem::take(&mut chunk.gone) {
            self.note(&mut chunk.unit, (&mark, Verdict::Removed), &origin, (None, true));
            if self.lease.is_some() {
                chunk.unit.record_gone(mark.id, self.now);
            }
        }
        self.keep_problems(&mut chunk.unit);
        self.write_behind(chunk.unit).await
    }

    /// Writes a record, after what stood there before.
    fn put_record(&mut self, unit: &mut Unit, entry: Entry) {
        let Entry { mut held, is_stored, verdict, origin, matched_by, stored } = entry;
        if let Some(mark) = self.record(&held.mark.kind, &held.mark.ext_id) {
            held.mark = mark.cloned();
        }
        if stored.as_ref() == Some(&held.mark.digest) && !self.reads_again {
            // Of two rows with one id the later says what is there already.
            match self.lease {
                Some(_) => drop(unit.settle_record(held.mark.id, held.mark.entity, held.mark.pending)),
                None => self.hold_back(held),
            }
            return;
        }
        let verdict = match (verdict, &matched_by) {
            (Verdict::New, Some(_)) => {
                self.report.matched += 1;
                Verdict::Matched
            }
            (verdict, _) => verdict,
        };
        self.note(unit, (&held.mark, verdict), &origin, (matched_by.as_deref(), is_stored));
        if self.lease.is_none() {
            self.hold_back(held);
        } else if is_stored {
            unit.set_record(held, self.now);
        } else {
            unit.add_record(held, self.now);
        }
    }

    /// Notes what became of a record, in the report and with the run.
    fn note(
        &mut self,
        unit: &mut Unit,
        (mark, verdict): (&RecordMark, Verdict),
        origin: &str,
        (matched_by, is_stored): (Option<&str>, bool),
    ) {
        self.report.row(mark, verdict, origin, matched_by);
        if let (Some(run), Some(_)) = (self.id, &self.lease) {
            let change = NewChange {
                id: self.mint().uuid(),
                run,
                record: mark.id,
                verdict: verdict.as_str(),
                origin,
                matched_by,
                after: (verdict != Verdict::Removed).then_some(mark.digest.as_slice()),
            };
            unit.note_change(&change, is_stored, self.now);
        }
    }

    /// Takes records away that their source has no longer. What they said stays with them and counts no more.
    pub(crate) async fn take_gone(&mut self, gone: &[(String, String)], origin: &str) -> Result<(), AppError> {
        let mut chunk = Chunk::default();
        for (kind, id) in gone {
            let Some(mark) = self.record(kind, id).filter(|mark| !mark.gone).map(|mark| mark.cloned()) else {
                continue;
            };
            self.report.removed += 1;
            self.let_go(&mark);
            let entity = mark.entity;
            let what = mark.entity_kind.clone();
            let record = mark.id;
            chunk.gone.push((mark, origin.to_owned()));
            match (what.as_deref(), entity) {
                (Some("person"), Some(entity)) => chunk.touch(self.golden(PersonId::from_uuid(entity))),
                (Some("place"), Some(entity)) => self.place_lost(&mut chunk, entity, record),
                (Some("details"), _) => {
                    self.forget_details(kind, id);
                    chunk.unit.reopen_positions(self.source.id);
                }
                _ => {}
            }
        }
        self.complete(chunk).await
    }

    /// Derives people again from the records there are.
    pub(crate) async fn derive_again(&mut self, people: &[PersonId]) -> Result<(), AppError> {
        self.derive_with(people, Unit::new()).await
    }

    /// Derives people again in one unit with what makes that necessary, such as a merge.
    pub(crate) async fn derive_with(&mut self, people: &[PersonId], unit: Unit) -> Result<(), AppError> {
        let mut chunk = Chunk { unit, ..Chunk::default() };
        for person in people {
            chunk.touch(self.golden(*person));
        }
        self.complete(chunk).await
    }

    /// In a dry run: keeps what is pending in memory, as nothing of it is stored.
    fn hold_back(&mut self, held: HeldRecord) {
        let kind =
            held.content.as_ref().and_then(|text| serde_json::from_str(text).ok()).as_ref().and_then(entity_kind);
        if let (true, Some(kind), Some(content)) = (held.mark.pending, kind, held.content) {
            let HeldRecord { mark, source, .. } = HeldRecord { content: None, ..held };
            self.held.retain(|(kept, _)| kept.id != mark.id);
            let kept =
                KeptContent { id: mark.id, source, kind: mark.kind, ext_id: mark.ext_id, entity: mark.entity, content };
            self.held.push((kept, kind));
        }
    }

    /// Compares a record with what came before under its id.
    fn compare(&mut self, chunk: &mut Chunk, record: Record) {
        for warning in record.warnings {
            self.report.warn_of(&record.origin, warning);
        }
        let digest = Sha256::digest(record.raw.as_bytes()).to_vec();
        let before = self.record(&record.kind, &record.id).map(|mark| mark.cloned());
        let id = before.as_ref().map_or_else(|| self.mint().id(SourceRecordId::from_uuid), |before| before.id);
        let is_double = !self.seen.insert(id);
        if is_double {
            let reason = Reason::new("import-id-twice", [("id", record.id.clone())]);
            self.report.warn(&record.origin, "id", reason);
            self.report.duplicates += 1;
        }
        let there = before.as_ref().filter(|before| !before.gone);
        if let Some(same) = there.filter(|before| before.digest == digest && !self.reads_again) {
            self.report.unchanged += 1;
            if is_double {
                chunk.doubles.push((same.clone(), record.origin));
            }
            return;
        }
        let verdict = match (is_double, there) {
            (true, _) => Verdict::Duplicate,
            (false, Some(_)) => Verdict::Changed,
            (false, None) => Verdict::New,
        };
        self.count((id, is_double), &digest, there);
        let kind = entity_kind(&record.content);
        let same_kind = before.as_ref().filter(|before| before.entity_kind.as_deref() == kind);
        let mark = RecordMark {
            id,
            kind: record.kind,
            ext_id: record.id,
            digest,
            entity_kind: kind.map(str::to_owned),
            entity: same_kind.and_then(|before| before.entity),
            pending: false,
            gone: false,
            inactive: is_inactive(&record.content),
        };
        self.hold(&mark);
        let mut content = record.content;
        if let Content::Person(person) = &mut content {
            self.name_systems(&mut person.identifiers);
            if let Some(day) = person.birth.take_if(|day| is_ahead(*day, self.now)) {
                let reason = Reason::new("import-date-future", [("text", day.to_string())]);
                self.report.warn(&record.origin, "birth", reason);
            }
        }
        let kept = kind.and_then(|_| serde_json::to_string(&content).ok());
        let held = HeldRecord { mark: mark.clone(), source: self.source.id, raw: record.raw, content: kept };
        match chunk.at.get(&id) {
            // Both stand in one part: the later one counts, and what the record was before this part stays noted.
            Some(at) => chunk.records[*at].held = held,
            None => {
                chunk.at.insert(id, chunk.records.len());
                let origin = record.origin.clone();
                let is_stored = before.is_some();
                let stored = before.as_ref().filter(|before| !before.gone).map(|before| before.digest.clone());
                chunk.records.push(Entry { held, is_stored, verdict, origin, matched_by: None, stored });
            }
        }
        self.origins.insert(id, record.origin);
        self.understand(chunk, &mark, content, before.is_some());
    }

    /// Counts a record that is new, or says something else than what is there. Of two rows with one id the first differs from what
    /// the last left the time before: once a row says what stood there before the run, none of them is a change.
    fn count(&mut self, (id, is_double): (SourceRecordId, bool), digest: &[u8], there: Option<&RecordMark>) {
        let Some(there) = there else {
            self.report.created += 1;
            return;
        };
        self.report.updated += 1;
        match self.turned.remove(&id) {
            Some((before, rows)) if before == digest => {
                self.report.updated = self.report.updated.saturating_sub(rows + 1);
                self.report.unchanged += rows + 1;
            }
            Some((before, rows)) => drop(self.turned.insert(id, (before, rows + 1))),
            // What came new in this run had no state before it.
            None if is_double => {}
            None => drop(self.turned.insert(id, (there.digest.clone(), 1))),
        }
    }

    /// Does what a record asks for, or notes it for when all records of the part are known.
    pub(super) fn understand(&mut self, chunk: &mut Chunk, mark: &RecordMark, content: Content, is_change: bool) {
        let mint = self.mint();
        match content {
            Content::Place(place) => self.take_place(chunk, mark, place),
            Content::Person(person) => self.take_person(chunk, mark, *person),
            Content::Position(position) => chunk.tasks.push(Task::Position(mark.clone(), Box::new(position))),
            Content::Training(training) => chunk.tasks.push(Task::Training(mark.clone(), Box::new(training))),
            Content::Jobs(jobs) => {
                for job in &jobs {
                    self.coins.take_job(job, mint, &mut chunk.unit);
                }
            }
            Content::Cadres(cadres) => {
                for cadre in &cadres {
                    self.coins.take_cadre(cadre, mint, &mut chunk.unit);
                }
            }
            Content::PositionDetails(details) => {
                if is_change {
                    chunk.unit.reopen_positions(self.source.id);
                }
                self.hold_details(&mark.kind, &mark.ext_id, details);
            }
            Content::Absence(absence) => chunk.tasks.push(Task::Absence(mark.clone(), Box::new(absence))),
            Content::Kept => {}
        }
        if !matches!(mark.entity_kind.as_deref(), Some("place" | "person" | "position" | "training" | "absence")) {
            self.origins.remove(&mark.id);
        }
    }
}
