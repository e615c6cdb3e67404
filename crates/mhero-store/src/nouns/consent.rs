//! Whose people may be addressed by whom: what the owner of each source says.

use mhero_core::{PersonId, ProgrammeId, SourceId};
use uuid::Uuid;

use crate::{Row, Store, StoreError, Unit, nouns::audience::hex_list, params, statement::statements};

statements! {
    LIST = "SELECT source, programme, others, said_at, said_by FROM source_consent ORDER BY source ASC NULLS LAST";
    SET = "INSERT INTO source_consent (source, programme, others, said_at, said_by) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (source) DO UPDATE SET programme = $2, others = $3, said_at = $4, said_by = $5";
    DROP = "DELETE FROM source_consent WHERE source = $1";
    /// People all of whose records come from some sources. Records of somebody who was joined to another count for that one.
    ONLY_OF = "SELECT COALESCE(a.person, r.entity) FROM source_record r LEFT JOIN person_alias a ON a.alias = r.entity WHERE r.entity_kind = 'person' AND r.entity IS NOT NULL AND r.gone_at IS NULL GROUP BY COALESCE(a.person, r.entity) HAVING MAX(CASE WHEN r.source IN (SELECT decode(unnest(string_to_array($1, ',')), 'hex')) THEN 0 ELSE 1 END) = 0"
        | "SELECT COALESCE(a.person, r.entity) FROM source_record r LEFT JOIN person_alias a ON a.alias = r.entity WHERE r.entity_kind = 'person' AND r.entity IS NOT NULL AND r.gone_at IS NULL GROUP BY COALESCE(a.person, r.entity) HAVING MAX(CASE WHEN r.source IN (SELECT unhex(value) FROM json_each('[\"' || replace($1, ',', '\",\"') || '\"]')) THEN 0 ELSE 1 END) = 0";
}

/// What the owner of a source says about messages of others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsentRow {
    /// The source.
    pub source: SourceId,
    /// The programme whose messages are the owner's own.
    pub programme: Option<ProgrammeId>,
    /// Whether messages of others may go to its people.
    pub others: bool,
    /// When it was said, in UTC microseconds.
    pub said_at: i64,
    /// By whom.
    pub said_by: Option<Uuid>,
}

impl ConsentRow {
    fn read(row: &Row) -> Result<Self, StoreError> {
        let others: String = row.get(2)?;
        Ok(Self {
            source: row.get(0)?,
            programme: row.get(1)?,
            others: others != "no",
            said_at: row.get(3)?,
            said_by: row.get(4)?,
        })
    }
}

impl Unit {
    /// Stores what the owner of a source says.
    pub fn set_consent(&mut self, c: &ConsentRow) -> &mut Self {
        let others = if c.others { "yes" } else { "no" };
        self.one(&SET, params![c.source, c.programme, others, c.said_at, c.said_by])
    }

    /// Forgets what the owner of a source said.
    pub fn drop_consent(&mut self, source: SourceId) -> &mut Self {
        self.run(&DROP, params![source])
    }
}

impl Store {
    /// What owners have said; of a source that is not among them nobody has said anything.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn consents(&self) -> Result<Vec<ConsentRow>, StoreError> {
        self.query(&LIST, vec![]).await?.iter().map(ConsentRow::read).collect()
    }

    /// People of whom nobody but these sources has a record.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn people_of_nobody_but(&self, sources: &[SourceId]) -> Result<Vec<PersonId>, StoreError> {
        if sources.is_empty() {
            return Ok(Vec::new());
        }
        let list = hex_list(sources.iter().map(|id| id.uuid()));
        self.query(&ONLY_OF, params![list]).await?.iter().map(|row| row.get(0)).collect()
    }
}
