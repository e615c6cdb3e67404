//! Who is away, and why.

use mhero_core::{PersonId, SourceRecordId};
use uuid::Uuid;

use crate::{Row, Store, StoreError, Unit, nouns::audience::hex_list, params, statement::statements};

statements! {
    ADD = "INSERT INTO absence (id, person, reason, start_at, end_at, source_record) VALUES ($1, $2, $3, $4, $5, $6)";
    DROP = "DELETE FROM absence WHERE id = $1";
    OF_RECORDS = "SELECT id, person, reason, start_at, end_at, source_record FROM absence WHERE source_record IN (SELECT decode(unnest(string_to_array($1, ',')), 'hex')) ORDER BY id ASC NULLS LAST"
        | "SELECT id, person, reason, start_at, end_at, source_record FROM absence WHERE source_record IN (SELECT unhex(value) FROM json_each('[\"' || replace($1, ',', '\",\"') || '\"]')) ORDER BY id ASC NULLS LAST";
    AWAY = "SELECT DISTINCT person FROM absence WHERE start_at <= $1 AND (end_at IS NULL OR end_at > $1)";
    OF_PERSON = "SELECT id, person, reason, start_at, end_at, source_record FROM absence WHERE person = $1 ORDER BY start_at DESC NULLS LAST, id DESC NULLS LAST";
}

/// A time for which somebody is away: from `start_at` until before `end_at`, in UTC microseconds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AbsenceRow {
    /// Its id.
    pub id: Uuid,
    /// Who.
    pub person: PersonId,
    /// Why, in the source's words.
    pub reason: String,
    /// From when.
    pub start_at: i64,
    /// Until before when; `None` until nobody knows when.
    pub end_at: Option<i64>,
    /// The record that says so.
    pub record: Option<SourceRecordId>,
}

impl AbsenceRow {
    fn read(row: &Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.get(0)?,
            person: row.get(1)?,
            reason: row.get(2)?,
            start_at: row.get(3)?,
            end_at: row.get(4)?,
            record: row.get(5)?,
        })
    }
}

impl Unit {
    /// Notes that somebody is away.
    pub fn add_absence(&mut self, a: &AbsenceRow) -> &mut Self {
        self.one(&ADD, params![a.id, a.person, &a.reason, a.start_at, a.end_at, a.record])
    }

    /// Takes an absence back.
    pub fn drop_absence(&mut self, id: Uuid) -> &mut Self {
        self.run(&DROP, params![id])
    }
}

impl Store {
    /// The absences that some records gave.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn absences_of_records(&self, records: &[SourceRecordId]) -> Result<Vec<AbsenceRow>, StoreError> {
        if records.is_empty() {
            return Ok(Vec::new());
        }
        let list = hex_list(records.iter().map(|id| id.uuid()));
        self.query(&OF_RECORDS, params![list]).await?.iter().map(AbsenceRow::read).collect()
    }

    /// Who is away at an instant in UTC microseconds.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn away_at(&self, now: i64) -> Result<Vec<PersonId>, StoreError> {
        self.query(&AWAY, params![now]).await?.iter().map(|row| row.get(0)).collect()
    }

    /// When somebody is or was away, the last time first. Ask only for somebody of the caller's scope.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn absences_of(&self, person: PersonId) -> Result<Vec<AbsenceRow>, StoreError> {
        self.query(&OF_PERSON, params![person]).await?.iter().map(AbsenceRow::read).collect()
    }
}
