//! A part of the records: each is compared with what came before, then all that follows is written in one unit.

use std::collections::{HashMap, HashSet};

use mhero_core::{
    PersonId, SourceRecordId,
    record::{Content, PersonRecord, PositionRecord, Reason, Record, Rejection, TrainingRecord},
};
use mhero_store::{HeldRecord, KeptContent, PositionRow, RecordMark, TrainingRow, Unit};
use sha2::{Digest, Sha256};

use super::run::Run;
use crate::AppError;

/// What a record says of a person.
#[derive(Clone)]
pub(super) struct Piece {
    pub(super) rank: i64,
    pub(super) record: SourceRecordId,
    pub(super) source: mhero_core::SourceId,
    pub(super) kind: String,
    pub(super) ext_id: String,
    pub(super) content: PersonRecord,
}

/// What is done once all records of the part are known.
pub(super) enum Task {
    Position(RecordMark, Box<PositionRecord>),
    Training(RecordMark, Box<TrainingRecord>),
}

/// A part in the making.
#[derive(Default)]
pub(super) struct Chunk {
    pub(super) unit: Unit,
    /// True at the end of the run: everything has arrived, so what is missing is made or warned about.
    pub(super) last: bool,
    /// Records to write, and whether each comes for the first time.
    records: Vec<(HeldRecord, bool)>,
    /// Where each stands in `records`.
    at: HashMap<SourceRecordId, usize>,
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
}

/// The kind of entity that a record becomes.
pub(super) const fn entity_kind(content: &Content) -> Option<&'static str> {
    match content {
        Content::Place(_) => Some("place"),
        Content::Person(_) => Some("person"),
        Content::Position(_) => Some("position"),
        Content::Jobs(_) => Some("jobs"),
        Content::Cadres(_) => Some("cadres"),
        Content::PositionDetails(_) => Some("details"),
        Content::Training(_) => Some("training"),
        Content::Kept => None,
    }
}

impl Run<'_> {
    /// Takes a part of the records.
    pub(super) async fn take(&mut self, part: Vec<Result<Record, Rejection>>) -> Result<(), AppError> {
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
        for person in std::mem::take(&mut chunk.changed) {
            let what = if chunk.new_people.contains(&person) { "created" } else { "updated" };
            chunk.unit.changed("person", person.uuid(), what, self.now);
        }
        for before in std::mem::take(&mut chunk.settled) {
            let Some(after) = self.record(&before.kind, &before.ext_id) else { continue };
            if (after.entity, after.pending) != (before.entity, before.pending) {
                chunk.unit.settle_record(after.id, after.entity, after.pending);
            }
        }
        for (mut held, is_new) in std::mem::take(&mut chunk.records) {
            if let Some(mark) = self.record(&held.mark.kind, &held.mark.ext_id) {
                held.mark = mark.clone();
            }
            if self.lease.is_none() {
                self.hold_back(held);
            } else if is_new {
                chunk.unit.add_record(held, self.now);
            } else {
                chunk.unit.set_record(held, self.now);
            }
        }
        self.write(chunk.unit).await
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
        let before = self.record(&record.kind, &record.id).cloned();
        let id = before.as_ref().map_or_else(|| self.mint().id(SourceRecordId::from_uuid), |before| before.id);
        if !self.seen.insert(id) {
            let reason = Reason::new("import-id-twice", [("id", record.id.clone())]);
            self.report.warn(&record.origin, "id", reason);
        }
        if before.as_ref().is_some_and(|before| before.digest == digest) {
            self.report.unchanged += 1;
            return;
        }
        match before {
            None => self.report.created += 1,
            Some(_) => self.report.updated += 1,
        }
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
        };
        self.hold(mark.clone());
        let mut content = record.content;
        if let Content::Person(person) = &mut content {
            self.name_systems(&mut person.identifiers);
        }
        let kept = kind.and_then(|_| serde_json::to_string(&content).ok());
        let held = HeldRecord { mark: mark.clone(), source: self.source.id, raw: record.raw, content: kept };
        match chunk.at.get(&id) {
            Some(at) => chunk.records[*at].0 = held,
            None => {
                chunk.at.insert(id, chunk.records.len());
                chunk.records.push((held, before.is_none()));
            }
        }
        self.origins.insert(id, record.origin);
        self.understand(chunk, &mark, content, before.is_some());
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
            Content::Kept => {}
        }
        if !matches!(mark.entity_kind.as_deref(), Some("place" | "person" | "position" | "training")) {
            self.origins.remove(&mark.id);
        }
    }

    /// Notes what a record became and whether it waits for something.
    pub(super) fn settle(&mut self, kind: &str, ext_id: &str, entity: Option<uuid::Uuid>, pending: bool) {
        let Some(mut mark) = self.record(kind, ext_id).cloned() else { return };
        if !pending {
            self.origins.remove(&mark.id);
        }
        (mark.entity, mark.pending) = (entity, pending);
        self.hold(mark);
    }
}
