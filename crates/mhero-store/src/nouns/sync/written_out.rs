//! Whom we wrote out to an instance that a country keeps, and what is needed to write them.

use mhero_core::{LangMap, PersonId, SourceId};

use crate::{Row, Store, StoreError, Unit, nouns::audience::hex_list, params, statement::statements};

statements! {
    OF_PEOPLE = "SELECT w.person, w.ext_id, w.digest, w.state, w.reason, w.held, w.written_at FROM written_out w WHERE w.source = $1 AND w.person IN (SELECT decode(unnest(string_to_array($2, ',')), 'hex'))"
        | "SELECT w.person, w.ext_id, w.digest, w.state, w.reason, w.held, w.written_at FROM written_out w WHERE w.source = $1 AND w.person IN (SELECT unhex(value) FROM json_each('[\"' || replace($2, ',', '\",\"') || '\"]'))";
    SET = "INSERT INTO written_out (source, person, ext_id, digest, state, reason, held, written_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (source, person) DO UPDATE SET ext_id = $3, digest = $4, state = $5, reason = $6, held = $7, written_at = $8";
    DROP = "DELETE FROM written_out WHERE source = $1";
    COUNTS = "SELECT state, CAST(COUNT(*) AS BIGINT) FROM written_out WHERE source = $1 GROUP BY state ORDER BY state ASC NULLS LAST";
    /// Which person is behind a record that we made there.
    KNOWN = "SELECT w.ext_id, COALESCE(a.person, w.person) FROM written_out w LEFT JOIN person_alias a ON a.alias = w.person WHERE w.source = $1 AND w.ext_id <> '' ORDER BY w.person ASC NULLS LAST";
    /// The records of people and of all joined to them; what was received only of one source.
    RECORDS = "SELECT r.entity, r.source, r.kind, r.ext_id, (CASE WHEN r.source = $1 THEN r.raw ELSE '' END) FROM source_record r WHERE r.entity_kind = 'person' AND r.gone_at IS NULL AND r.entity IN (SELECT decode(unnest(string_to_array($2, ',')), 'hex')) UNION ALL SELECT a.person, r.source, r.kind, r.ext_id, (CASE WHEN r.source = $1 THEN r.raw ELSE '' END) FROM person_alias a JOIN source_record r ON r.entity = a.alias WHERE r.entity_kind = 'person' AND r.gone_at IS NULL AND a.person IN (SELECT decode(unnest(string_to_array($2, ',')), 'hex'))"
        | "SELECT r.entity, r.source, r.kind, r.ext_id, (CASE WHEN r.source = $1 THEN r.raw ELSE '' END) FROM source_record r WHERE r.entity_kind = 'person' AND r.gone_at IS NULL AND r.entity IN (SELECT unhex(value) FROM json_each('[\"' || replace($2, ',', '\",\"') || '\"]')) UNION ALL SELECT a.person, r.source, r.kind, r.ext_id, (CASE WHEN r.source = $1 THEN r.raw ELSE '' END) FROM person_alias a JOIN source_record r ON r.entity = a.alias WHERE r.entity_kind = 'person' AND r.gone_at IS NULL AND a.person IN (SELECT unhex(value) FROM json_each('[\"' || replace($2, ',', '\",\"') || '\"]'))";
    /// Groups that are kept by hand; those by query are the other's own affair.
    GROUPS = "SELECT m.person, g.name FROM group_member m JOIN audience_group g ON g.id = m.member_of WHERE g.active AND g.query IS NULL AND m.person IN (SELECT decode(unnest(string_to_array($1, ',')), 'hex')) ORDER BY m.person ASC NULLS LAST, g.folded ASC NULLS LAST"
        | "SELECT m.person, g.name FROM group_member m JOIN audience_group g ON g.id = m.member_of WHERE g.active AND g.query IS NULL AND m.person IN (SELECT unhex(value) FROM json_each('[\"' || replace($1, ',', '\",\"') || '\"]')) ORDER BY m.person ASC NULLS LAST, g.folded ASC NULLS LAST";
}

/// Somebody whom we wrote out, or tried to.
#[derive(Clone, PartialEq, Eq)]
pub struct WrittenOut {
    /// The person.
    pub person: PersonId,
    /// The id of the record there; empty where there is none yet.
    pub ext_id: String,
    /// A digest of what we said.
    pub digest: Vec<u8>,
    /// `written`, `kept` (somebody changed it there), `conflict`, `refused`.
    pub state: String,
    /// Why, as a reason in JSON; empty for one that was written.
    pub reason: String,
    /// What the connector said that it holds.
    pub held: String,
    /// When, in UTC microseconds.
    pub written_at: i64,
}

impl std::fmt::Debug for WrittenOut {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("WrittenOut").field("person", &self.person).field("state", &self.state).finish_non_exhaustive()
    }
}

impl WrittenOut {
    fn read(row: &Row) -> Result<Self, StoreError> {
        Ok(Self {
            person: row.get(0)?,
            ext_id: row.get(1)?,
            digest: row.get(2)?,
            state: row.get(3)?,
            reason: row.get(4)?,
            held: row.get(5)?,
            written_at: row.get(6)?,
        })
    }
}

/// A record that a source has of a person.
#[derive(Clone, PartialEq, Eq)]
pub struct PersonsRecord {
    /// The person as whom it counts.
    pub person: PersonId,
    /// The source.
    pub source: SourceId,
    /// The source's word for its kind.
    pub kind: String,
    /// The source's id.
    pub ext_id: String,
    /// As received, for a record of the source that was asked about.
    pub raw: String,
}

impl std::fmt::Debug for PersonsRecord {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PersonsRecord").field("person", &self.person).finish_non_exhaustive()
    }
}

impl Unit {
    /// Keeps how writing somebody out went.
    pub fn set_written_out(&mut self, source: SourceId, w: &WrittenOut) -> &mut Self {
        self.run(
            &SET,
            params![source, w.person, &w.ext_id, w.digest.clone(), &w.state, &w.reason, &w.held, w.written_at],
        )
    }

    /// Forgets whom we wrote out to a source.
    pub fn forget_written_out(&mut self, source: SourceId) -> &mut Self {
        self.run(&DROP, params![source])
    }
}

impl Store {
    /// How writing some people out went.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn written_out(&self, source: SourceId, people: &[PersonId]) -> Result<Vec<WrittenOut>, StoreError> {
        if people.is_empty() {
            return Ok(Vec::new());
        }
        let list = hex_list(people.iter().map(|id| id.uuid()));
        self.query(&OF_PEOPLE, params![source, list]).await?.iter().map(WrittenOut::read).collect()
    }

    /// How many were written out, by state.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn written_out_counts(&self, source: SourceId) -> Result<Vec<(String, i64)>, StoreError> {
        self.query(&COUNTS, params![source]).await?.iter().map(|row| Ok((row.get(0)?, row.get(1)?))).collect()
    }

    /// Ids of records at a source that we wrote, with the person as whom each counts.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn known_there(&self, source: SourceId) -> Result<Vec<(String, PersonId)>, StoreError> {
        self.query(&KNOWN, params![source]).await?.iter().map(|row| Ok((row.get(0)?, row.get(1)?))).collect()
    }

    /// The records that sources have of some people; what was received only for those of `source`.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn records_of(&self, source: SourceId, people: &[PersonId]) -> Result<Vec<PersonsRecord>, StoreError> {
        if people.is_empty() {
            return Ok(Vec::new());
        }
        let list = hex_list(people.iter().map(|id| id.uuid()));
        let read = |row: &Row| {
            let (person, source, kind) = (row.get(0)?, row.get(1)?, row.get(2)?);
            Ok(PersonsRecord { person, source, kind, ext_id: row.get(3)?, raw: row.get(4)? })
        };
        self.query(&RECORDS, params![source, list]).await?.iter().map(read).collect()
    }

    /// The groups of some people that are kept by hand.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn hand_groups_of(&self, people: &[PersonId]) -> Result<Vec<(PersonId, LangMap)>, StoreError> {
        if people.is_empty() {
            return Ok(Vec::new());
        }
        let list = hex_list(people.iter().map(|id| id.uuid()));
        self.query(&GROUPS, params![list]).await?.iter().map(|row| Ok((row.get(0)?, row.get(1)?))).collect()
    }
}
