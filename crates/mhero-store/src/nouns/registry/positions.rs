//! Positions and trainings as they are written.

use mhero_core::{CadreId, LangMap, PersonId, PlaceId, PositionId, SourceRecordId, TitleId};
use uuid::Uuid;

use crate::{
    Row, Store, StoreError, Unit, nouns::audience::hex_list, nouns::audience::names, params, statement::statements,
};

statements! {
    ADD = "INSERT INTO position (id, person, place, title, cadre, start_at, end_at, active, source_record) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    SET = "UPDATE position SET person = $2, place = $3, title = $4, cadre = $5, start_at = $6, end_at = $7, active = $8 WHERE id = $1";
    DROP = "DELETE FROM position WHERE id = $1";
    OF_RECORDS = "SELECT id, person, place, title, cadre, start_at, end_at, active, source_record FROM position WHERE source_record IN (SELECT decode(unnest(string_to_array($1, ',')), 'hex')) ORDER BY id ASC NULLS LAST"
        | "SELECT id, person, place, title, cadre, start_at, end_at, active, source_record FROM position WHERE source_record IN (SELECT unhex(value) FROM json_each('[\"' || replace($1, ',', '\",\"') || '\"]')) ORDER BY id ASC NULLS LAST";
    ADD_TRAINING = "INSERT INTO training (id, person, course, folded, name, start_at, end_at, source_record) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    DROP_TRAINING = "DELETE FROM training WHERE id = $1";
    TRAININGS_OF_RECORDS = "SELECT id, person, course, folded, name, start_at, end_at, source_record FROM training WHERE source_record IN (SELECT decode(unnest(string_to_array($1, ',')), 'hex')) ORDER BY id ASC NULLS LAST"
        | "SELECT id, person, course, folded, name, start_at, end_at, source_record FROM training WHERE source_record IN (SELECT unhex(value) FROM json_each('[\"' || replace($1, ',', '\",\"') || '\"]')) ORDER BY id ASC NULLS LAST";
}

/// A position as stored. Instants are UTC microseconds; it is current from `start_at` until before `end_at`.
#[derive(Clone, Debug, PartialEq)]
pub struct PositionRow {
    /// Its id.
    pub id: PositionId,
    /// Who holds it.
    pub person: PersonId,
    /// Where.
    pub place: Option<PlaceId>,
    /// The job title.
    pub title: Option<TitleId>,
    /// The cadre, where the source gives it directly.
    pub cadre: Option<CadreId>,
    /// From when.
    pub start_at: Option<i64>,
    /// Until before when.
    pub end_at: Option<i64>,
    /// False when the source says that it has ended.
    pub active: bool,
    /// The record that says so.
    pub record: SourceRecordId,
}

/// A course attended, as stored.
#[derive(Clone, Debug, PartialEq)]
pub struct TrainingRow {
    /// Its id.
    pub id: Uuid,
    /// Who attended.
    pub person: PersonId,
    /// The course's code, or its name where it has none.
    pub course: String,
    /// Its name, folded.
    pub folded: String,
    /// Its names.
    pub name: LangMap,
    /// From when, in UTC microseconds.
    pub start_at: Option<i64>,
    /// Until before when, in UTC microseconds.
    pub end_at: Option<i64>,
    /// The record that says so.
    pub record: SourceRecordId,
}

impl PositionRow {
    fn read(row: &Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.get(0)?,
            person: row.get(1)?,
            place: row.get(2)?,
            title: row.get(3)?,
            cadre: row.get(4)?,
            start_at: row.get(5)?,
            end_at: row.get(6)?,
            active: row.get(7)?,
            record: row.get(8)?,
        })
    }
}

impl TrainingRow {
    fn read(row: &Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.get(0)?,
            person: row.get(1)?,
            course: row.get(2)?,
            folded: row.get(3)?,
            name: names(row, 4)?,
            start_at: row.get(5)?,
            end_at: row.get(6)?,
            record: row.get(7)?,
        })
    }
}

impl Unit {
    /// Adds a position.
    pub fn add_position(&mut self, p: &PositionRow) -> &mut Self {
        let values = params![p.id, p.person, p.place, p.title, p.cadre, p.start_at, p.end_at, p.active, p.record];
        self.one(&ADD, values)
    }

    /// Stores a position that has changed.
    pub fn set_position(&mut self, p: &PositionRow) -> &mut Self {
        self.one(&SET, params![p.id, p.person, p.place, p.title, p.cadre, p.start_at, p.end_at, p.active])
    }

    /// Removes a position that its record no longer has.
    pub fn drop_position(&mut self, id: PositionId) -> &mut Self {
        self.one(&DROP, params![id])
    }

    /// Adds a course attended.
    pub fn add_training(&mut self, t: &TrainingRow) -> &mut Self {
        let values = params![t.id, t.person, &t.course, &t.folded, &t.name, t.start_at, t.end_at, t.record];
        self.one(&ADD_TRAINING, values)
    }

    /// Removes a course that its record no longer has.
    pub fn drop_training(&mut self, id: Uuid) -> &mut Self {
        self.one(&DROP_TRAINING, params![id])
    }
}

impl Store {
    /// The positions that some records gave.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn positions_of_records(&self, records: &[SourceRecordId]) -> Result<Vec<PositionRow>, StoreError> {
        if records.is_empty() {
            return Ok(Vec::new());
        }
        let list = hex_list(records.iter().map(|id| id.uuid()));
        self.query(&OF_RECORDS, params![list]).await?.iter().map(PositionRow::read).collect()
    }

    /// The courses that some records gave.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn trainings_of_records(&self, records: &[SourceRecordId]) -> Result<Vec<TrainingRow>, StoreError> {
        if records.is_empty() {
            return Ok(Vec::new());
        }
        let list = hex_list(records.iter().map(|id| id.uuid()));
        self.query(&TRAININGS_OF_RECORDS, params![list]).await?.iter().map(TrainingRow::read).collect()
    }
}
