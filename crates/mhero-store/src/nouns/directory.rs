//! Health workers page by page for a directory that neighbours read: who changed since an instant, and what a directory tells of them.

use mhero_core::{LangMap, PersonId, PlaceId, Scope, SourceRecordId};
use uuid::Uuid;

use super::audience::{hex_list, names};
use crate::{
    Row, Store, StoreError, params,
    statement::{person_in_scope, statements},
};

statements! {
    /// Workers behind one of them, by id. What the change feed knows of somebody counts as their change.
    WORKERS = (concat!("SELECT p.id, p.created_at, p.updated_at, CAST(COALESCE((SELECT MAX(c.at) FROM change c WHERE c.entity = p.id AND c.kind = 'person'), 0) AS BIGINT) FROM person p WHERE p.standing = 'worker' AND p.id > $1 AND NOT EXISTS (SELECT 1 FROM person_alias a WHERE a.alias = p.id) AND ($4 IS NULL OR p.updated_at >= $4 OR EXISTS (SELECT 1 FROM change c WHERE c.entity = p.id AND c.kind = 'person' AND c.at >= $4)) AND ($5 IS NULL OR p.id = $5) AND ($6 IS NULL OR EXISTS (SELECT 1 FROM person_identifier i WHERE i.person = p.id AND i.value = $6)) AND ($7 IS NULL OR EXISTS (SELECT 1 FROM position w WHERE w.person = p.id AND w.place = $7 AND w.active)) AND ", person_in_scope!("p.id", "$2", "$3"), " ORDER BY p.id ASC NULLS LAST LIMIT $8"));
    POSITIONS = "SELECT q.person, q.place, t.system, t.code, t.name, k.code, k.name FROM position q LEFT JOIN title t ON t.id = q.title LEFT JOIN cadre k ON k.id = COALESCE(q.cadre, t.cadre) WHERE q.active AND (q.start_at IS NULL OR q.start_at <= $2) AND (q.end_at IS NULL OR q.end_at > $2) AND q.person IN (SELECT decode(unnest(string_to_array($1, ',')), 'hex')) ORDER BY q.person ASC NULLS LAST, q.id ASC NULLS LAST"
        | "SELECT q.person, q.place, t.system, t.code, t.name, k.code, k.name FROM position q LEFT JOIN title t ON t.id = q.title LEFT JOIN cadre k ON k.id = COALESCE(q.cadre, t.cadre) WHERE q.active AND (q.start_at IS NULL OR q.start_at <= $2) AND (q.end_at IS NULL OR q.end_at > $2) AND q.person IN (SELECT unhex(value) FROM json_each('[\"' || replace($1, ',', '\",\"') || '\"]')) ORDER BY q.person ASC NULLS LAST, q.id ASC NULLS LAST";
    TEXTS = "SELECT v.person, f.key, v.text FROM person_value v JOIN field f ON f.id = v.field WHERE v.text IS NOT NULL AND f.key IN ('honorific', 'email', 'address', 'languages', 'qualification', 'specialty') AND v.person IN (SELECT decode(unnest(string_to_array($1, ',')), 'hex')) ORDER BY v.person ASC NULLS LAST, f.key ASC NULLS LAST"
        | "SELECT v.person, f.key, v.text FROM person_value v JOIN field f ON f.id = v.field WHERE v.text IS NOT NULL AND f.key IN ('honorific', 'email', 'address', 'languages', 'qualification', 'specialty') AND v.person IN (SELECT unhex(value) FROM json_each('[\"' || replace($1, ',', '\",\"') || '\"]')) ORDER BY v.person ASC NULLS LAST, f.key ASC NULLS LAST";
    /// Whom an identifier means, or our own id; those who were joined to somebody are that person.
    MEANT = "SELECT DISTINCT COALESCE((SELECT a.person FROM person_alias a WHERE a.alias = c.person), c.person) AS whom FROM (SELECT i.person FROM person_identifier i WHERE i.system = $1 AND i.value = $2 UNION SELECT p.id FROM person p WHERE p.id = $3) c ORDER BY whom ASC NULLS LAST LIMIT 2";
    /// Of one kind of record what came last, as received.
    KEPT = "SELECT ext_id, raw, changed_at FROM source_record WHERE kind = $1 AND gone_at IS NULL AND changed_at >= $2 AND id > $3 ORDER BY id ASC NULLS LAST LIMIT $4";
    PLACE_STAMPS = "SELECT id, created_at, updated_at FROM place ORDER BY id ASC NULLS LAST";
    RECORD_OF = "SELECT id, content FROM source_record WHERE source = $1 AND kind = $2 AND ext_id = $3";
}

/// Which workers a directory tells of, from one of them on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DirectoryAsked {
    /// Behind this one.
    pub after: Option<PersonId>,
    /// Those who changed at or after an instant, in UTC microseconds.
    pub since: Option<i64>,
    /// Only this one.
    pub person: Option<PersonId>,
    /// Only who has this identifier, whatever its system.
    pub identifier: Option<String>,
    /// Only who works at this place.
    pub place: Option<PlaceId>,
    /// At most so many.
    pub limit: i64,
}

/// A worker of a directory: whom, and when they were made known and changed, in UTC microseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DirectoryWorker {
    /// The person.
    pub id: PersonId,
    /// When they were made known.
    pub created_at: i64,
    /// When anything of them changed last.
    pub updated_at: i64,
}

/// A current position, as a directory tells it.
#[derive(Clone, Debug, PartialEq)]
pub struct DirectoryPosition {
    /// Who holds it.
    pub person: PersonId,
    /// Where.
    pub place: Option<PlaceId>,
    /// System, code and names of the job.
    pub title: Option<(String, String, LangMap)>,
    /// Code and names of the cadre.
    pub cadre: Option<(String, LangMap)>,
}

impl DirectoryPosition {
    fn read(row: &Row) -> Result<Self, StoreError> {
        let title = match (row.get::<Option<String>>(2)?, row.get::<Option<String>>(3)?) {
            (Some(system), Some(code)) => Some((system, code, names(row, 4)?)),
            _ => None,
        };
        let cadre = match row.get::<Option<String>>(5)? {
            Some(code) => Some((code, names(row, 6)?)),
            None => None,
        };
        Ok(Self { person: row.get(0)?, place: row.get(1)?, title, cadre })
    }
}

impl Store {
    /// Workers of the scope, by id.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn directory_workers(
        &self,
        scope: &Scope,
        asked: &DirectoryAsked,
    ) -> Result<Vec<DirectoryWorker>, StoreError> {
        let after = asked.after.unwrap_or(PersonId::from_uuid(Uuid::nil()));
        let (identifier, principal) = (asked.identifier.as_deref(), scope.principal());
        let given = params![
            after,
            scope.all_places(),
            principal,
            asked.since,
            asked.person,
            identifier,
            asked.place,
            asked.limit
        ];
        let rows = self.query(&WORKERS, given).await?;
        rows.iter()
            .map(|row| {
                let updated: i64 = row.get(2)?;
                let changed: i64 = row.get(3)?;
                Ok(DirectoryWorker { id: row.get(0)?, created_at: row.get(1)?, updated_at: updated.max(changed) })
            })
            .collect()
    }

    /// The current positions of some people.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn directory_positions(
        &self,
        people: &[PersonId],
        now: i64,
    ) -> Result<Vec<DirectoryPosition>, StoreError> {
        if people.is_empty() {
            return Ok(Vec::new());
        }
        let list = hex_list(people.iter().map(|id| id.uuid()));
        self.query(&POSITIONS, params![list, now]).await?.iter().map(DirectoryPosition::read).collect()
    }

    /// What a directory tells of people beside their own row: person, key of the field, text.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn directory_texts(&self, people: &[PersonId]) -> Result<Vec<(PersonId, String, String)>, StoreError> {
        if people.is_empty() {
            return Ok(Vec::new());
        }
        let rows = self.query(&TEXTS, params![hex_list(people.iter().map(|id| id.uuid()))]).await?;
        rows.iter().map(|row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).collect()
    }

    /// The one person whom an identifier of a system, or our own id, means; `None` for nobody or several.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn person_meant(
        &self,
        (system, value): (&str, &str),
        own: Option<PersonId>,
    ) -> Result<Option<PersonId>, StoreError> {
        let rows = self.query(&MEANT, params![system, value, own]).await?;
        match rows.as_slice() {
            [row] => Ok(Some(row.get(0)?)),
            _ => Ok(None),
        }
    }

    /// Records of a kind that are only kept, changed at or after an instant, behind one of them: id, text as received, change.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn kept_records(
        &self,
        kind: &str,
        since: i64,
        (after, limit): (Option<SourceRecordId>, i64),
    ) -> Result<Vec<(String, String, i64)>, StoreError> {
        let after = after.unwrap_or(SourceRecordId::from_uuid(Uuid::nil()));
        let rows = self.query(&KEPT, params![kind, since, after, limit]).await?;
        rows.iter().map(|row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).collect()
    }

    /// When each place was made known and changed, in UTC microseconds.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn place_stamps(&self) -> Result<Vec<(PlaceId, i64, i64)>, StoreError> {
        let rows = self.query(&PLACE_STAMPS, vec![]).await?;
        rows.iter().map(|row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).collect()
    }

    /// Our id of a record of a source, and what it says.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn record_of(
        &self,
        source: mhero_core::SourceId,
        (kind, id): (&str, &str),
    ) -> Result<Option<(SourceRecordId, Option<String>)>, StoreError> {
        let row = self.first(&RECORD_OF, params![source, kind, id]).await?;
        row.map(|row| Ok((row.get(0)?, row.get(1)?))).transpose()
    }
}
