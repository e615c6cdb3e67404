//! Positions and trainings: of records of their own, and of rows of tables.

use std::collections::HashSet;

use mhero_core::{
    PersonId, PositionId, SourceId, SourceRecordId,
    record::{AbsenceRecord, Coded, PositionRecord, Ref, TrainingRecord},
};
use mhero_query::fold;
use mhero_store::{AbsenceRow, PositionRow, RecordMark, TrainingRow};
use mhero_text::phone::Reading;
use uuid::Uuid;

use super::{
    chunk::{Chunk, Piece, Task},
    readings::{end, start},
    run::Run,
};
use crate::AppError;

/// Where a record comes from that names places: its source, itself, and whether it is the row of a table.
type From = (SourceId, SourceRecordId, bool);

impl Run<'_> {
    /// Reads the positions and trainings that some records gave so far.
    pub(super) async fn fetch_work(&mut self, chunk: &mut Chunk, records: &[SourceRecordId]) -> Result<(), AppError> {
        if records.is_empty() {
            return Ok(());
        }
        let store = self.store_now().await?;
        for position in store.positions_of_records(records).await? {
            chunk.positions.entry(position.record).or_default().push(position);
        }
        for training in store.trainings_of_records(records).await? {
            chunk.trainings.entry(training.record).or_default().push(training);
        }
        for absence in store.absences_of_records(records).await? {
            if let Some(record) = absence.record {
                chunk.absences.entry(record).or_default().push(absence);
            }
        }
        Ok(())
    }

    /// Takes away the work that records gave which their source has no longer.
    pub(super) async fn drop_work_of_gone(&mut self, chunk: &mut Chunk) -> Result<(), AppError> {
        let gone = chunk.gone_records();
        if gone.is_empty() {
            return Ok(());
        }
        self.fetch_work(chunk, &gone).await?;
        for record in gone {
            for position in chunk.positions.remove(&record).unwrap_or_default() {
                chunk.unit.drop_position(position.id);
                chunk.changed.insert(position.person);
            }
            for training in chunk.trainings.remove(&record).unwrap_or_default() {
                chunk.unit.drop_training(training.id);
                chunk.changed.insert(training.person);
            }
            for absence in chunk.absences.remove(&record).unwrap_or_default() {
                chunk.unit.drop_absence(absence.id);
                chunk.changed.insert(absence.person);
            }
        }
        Ok(())
    }

    /// Writes the positions and trainings of records of their own.
    pub(super) async fn carry_out_tasks(&mut self, chunk: &mut Chunk) -> Result<(), AppError> {
        let tasks = std::mem::take(&mut chunk.tasks);
        let stored: Vec<SourceRecordId> = tasks
            .iter()
            .map(|task| match task {
                Task::Position(mark, _) | Task::Training(mark, _) | Task::Absence(mark, _) => mark,
            })
            .filter(|mark| mark.entity.is_some())
            .map(|mark| mark.id)
            .collect();
        self.fetch_work(chunk, &stored).await?;
        for task in tasks {
            match task {
                Task::Position(mark, position) => self.write_position(chunk, &mark, &position),
                Task::Training(mark, training) => self.write_training(chunk, &mark, &training),
                Task::Absence(mark, absence) => {
                    let person = self.absent(&absence).await?;
                    self.write_absence(chunk, &mark, &absence, person);
                }
            }
        }
        Ok(())
    }

    fn write_position(&mut self, chunk: &mut Chunk, mark: &RecordMark, said: &PositionRecord) {
        let record = mark.id;
        let Some(person) = said.person.as_ref().and_then(|reference| self.person(reference)) else {
            // Without a reference it is nobody's, now and later; the reader has warned.
            let pending = said.person.is_some();
            if pending && chunk.last {
                self.waiting.insert(record);
            }
            self.settle(&mark.kind, &mark.ext_id, mark.entity, pending);
            return;
        };
        let old = chunk.positions.remove(&record).and_then(|rows| rows.into_iter().next());
        let from = (self.source.id, record, mark.kind == "row");
        let (mut row, pending) = self.position(chunk, person, from, said);
        if let Some(old) = &old {
            row.id = old.id;
        }
        match &old {
            None => {
                chunk.unit.add_position(&row);
                self.fhir_id(&mut chunk.unit, "PractitionerRole", &mark.ext_id, row.id.uuid());
                chunk.changed.insert(person);
            }
            Some(old) if *old != row => {
                chunk.unit.set_position(&row);
                chunk.changed.extend([person, old.person]);
            }
            Some(_) => {}
        }
        let entity = Some(row.id.uuid());
        // A later record of this part with the same id finds what is written now.
        chunk.positions.insert(record, vec![row]);
        self.settle(&mark.kind, &mark.ext_id, entity, pending);
    }

    /// A position as it is stored, and whether it waits for something.
    fn position(
        &mut self,
        chunk: &mut Chunk,
        person: PersonId,
        from: From,
        said: &PositionRecord,
    ) -> (PositionRow, bool) {
        let mut pending = false;
        let place = said.place.as_ref().and_then(|reference| {
            let place = self.place_of(chunk, from, reference);
            pending |= place.is_none();
            place
        });
        let details = said.details.as_ref().and_then(|reference| self.details(reference)).cloned();
        let lacks_details = said.details.is_some() && details.is_none();
        let details = details.unwrap_or_default();
        let job = said.job.clone().or(details.job);
        let named_cadre = said.cadre.clone().or(details.cadre);
        let mint = self.app.store().mint();
        // What no code system has named so far is made only once everything has arrived.
        let title = job.as_ref().and_then(|job| match chunk.last {
            true => self.coins.make_title(job, mint, &mut chunk.unit),
            false => self.coins.title(job),
        });
        let cadre = named_cadre.as_ref().and_then(|cadre| match chunk.last {
            true => self.coins.make_cadre(cadre, mint, &mut chunk.unit),
            false => self.coins.cadre(cadre),
        });
        if !chunk.last {
            pending |= (job.is_some() && title.is_none()) || (named_cadre.is_some() && cadre.is_none());
        }
        let has_cadre = cadre.is_some() || title.is_some_and(|title| self.coins.cadre_of(title).is_some());
        pending |= lacks_details && (title.is_none() || !has_cadre);
        let row = PositionRow {
            id: mint.id(PositionId::from_uuid),
            person,
            place,
            title,
            cadre,
            start_at: said.start.and_then(|day| start(day, &self.zone)),
            end_at: said.end.and_then(|day| end(day, &self.zone)),
            active: said.active,
            record: from.1,
        };
        (row, pending)
    }

    fn training(&mut self, person: PersonId, record: SourceRecordId, said: &TrainingRecord) -> Option<TrainingRow> {
        let (course, name) = self.coins.course(&said.course)?;
        let Coded { text, .. } = &said.course;
        let folded = fold(text.as_deref().filter(|_| said.course.code.is_some()).unwrap_or(name.best(self.language)));
        Some(TrainingRow {
            id: self.mint().uuid(),
            person,
            course,
            folded,
            name,
            start_at: said.start.and_then(|day| start(day, &self.zone)),
            end_at: said.end.and_then(|day| end(day, &self.zone)),
            record,
        })
    }

    fn write_training(&mut self, chunk: &mut Chunk, mark: &RecordMark, said: &TrainingRecord) {
        let record = mark.id;
        let Some(person) = said.person.as_ref().and_then(|reference| self.person(reference)) else {
            let pending = said.person.is_some();
            if pending && chunk.last {
                self.waiting.insert(record);
            }
            self.settle(&mark.kind, &mark.ext_id, mark.entity, pending);
            return;
        };
        let wanted: Vec<TrainingRow> = self.training(person, record, said).into_iter().collect();
        let entity = self.replace_trainings(chunk, person, record, wanted).or(mark.entity);
        self.settle(&mark.kind, &mark.ext_id, entity, false);
    }

    /// Makes the trainings of a record these; returns the id of the first.
    fn replace_trainings(
        &mut self,
        chunk: &mut Chunk,
        person: PersonId,
        record: SourceRecordId,
        wanted: Vec<TrainingRow>,
    ) -> Option<Uuid> {
        let mut stored = chunk.trainings.remove(&record).unwrap_or_default();
        let mut now = Vec::new();
        for row in wanted {
            match stored.iter().position(|old| *old == TrainingRow { id: old.id, ..row.clone() }) {
                Some(at) => now.push(stored.swap_remove(at)),
                None => {
                    chunk.unit.add_training(&row);
                    chunk.changed.insert(person);
                    now.push(row);
                }
            }
        }
        for gone in stored {
            chunk.unit.drop_training(gone.id);
            chunk.changed.insert(person);
        }
        let first = now.first().map(|row| row.id);
        chunk.trainings.insert(record, now);
        first
    }

    /// Whom an absence is of: the person of a record of this source, or whom the id or phone of a table calls among all.
    async fn absent(&mut self, said: &AbsenceRecord) -> Result<Option<PersonId>, AppError> {
        let Some(reference) = &said.person else { return Ok(None) };
        if let Some(person) = self.person(reference) {
            return Ok(Some(person));
        }
        let store = self.store_now().await?;
        Ok(match reference {
            Ref::Id { kind, id } if kind == "row" => store.person_called(id, None).await?,
            Ref::Id { kind, id } if kind == "tel" => match self.numbering.read_all(id).iter().find_map(Reading::e164) {
                Some(number) => store.person_called("", Some(number)).await?,
                None => None,
            },
            _ => None,
        })
    }

    /// Makes the absence of a record what it says. One without a first day has begun long ago.
    fn write_absence(&mut self, chunk: &mut Chunk, mark: &RecordMark, said: &AbsenceRecord, person: Option<PersonId>) {
        let record = mark.id;
        let Some(person) = person else {
            let pending = said.person.is_some();
            if pending && chunk.last {
                self.waiting.insert(record);
            }
            self.settle(&mark.kind, &mark.ext_id, mark.entity, pending);
            return;
        };
        let row = AbsenceRow {
            id: self.mint().uuid(),
            person,
            reason: said.reason.text.clone().or_else(|| said.reason.code.clone()).unwrap_or_default(),
            start_at: said.start.and_then(|day| start(day, &self.zone)).unwrap_or(0),
            end_at: said.end.and_then(|day| end(day, &self.zone)),
            record: Some(record),
        };
        let stored = chunk.absences.remove(&record).unwrap_or_default();
        let is_same = |old: &AbsenceRow| AbsenceRow { id: row.id, ..old.clone() } == row;
        let now = match <[AbsenceRow; 1]>::try_from(stored) {
            Ok([old]) if is_same(&old) => old,
            other => {
                for gone in other.map_or_else(|several| several, Vec::from) {
                    chunk.unit.drop_absence(gone.id);
                    chunk.changed.insert(gone.person);
                }
                chunk.unit.add_absence(&row);
                chunk.changed.insert(person);
                row
            }
        };
        let entity = Some(now.id);
        chunk.absences.insert(record, vec![now]);
        self.settle(&mark.kind, &mark.ext_id, entity, false);
    }

    /// Makes the positions and trainings of the row of a table what it says.
    pub(super) fn write_work(
        &mut self,
        chunk: &mut Chunk,
        person: PersonId,
        piece: &Piece,
        waits: &mut HashSet<SourceRecordId>,
    ) {
        let mut stored = chunk.positions.remove(&piece.record).unwrap_or_default();
        let mut now = Vec::new();
        for said in &piece.content.positions {
            let from = (piece.source, piece.record, piece.kind == "row");
            let (row, pending) = self.position(chunk, person, from, said);
            if pending {
                waits.insert(piece.record);
            }
            match stored.iter().position(|old| *old == PositionRow { id: old.id, ..row.clone() }) {
                Some(at) => now.push(stored.swap_remove(at)),
                None => now.push(row.clone()),
            }
            if now.last().is_some_and(|last| last.id == row.id) {
                chunk.unit.add_position(&row);
            }
        }
        for gone in stored {
            chunk.unit.drop_position(gone.id);
        }
        chunk.positions.insert(piece.record, now);
        let said = piece.content.trainings.iter();
        let wanted: Vec<TrainingRow> = said.filter_map(|said| self.training(person, piece.record, said)).collect();
        self.replace_trainings(chunk, person, piece.record, wanted);
    }
}
