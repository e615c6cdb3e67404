//! Records as received, and the foreign ids by which their entities are found.

use mhero_core::{SourceId, SourceRecordId};
use uuid::Uuid;

use crate::{Row, Store, StoreError, Unit, params, statement::statements};

statements! {
    ADD = "INSERT INTO source_record (id, source, kind, ext_id, digest, raw, content, entity_kind, entity, pending, first_seen_at, changed_at, inactive) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11, $12)";
    SET = "UPDATE source_record SET digest = $2, raw = $3, content = $4, entity_kind = $5, entity = $6, pending = $7, changed_at = $8, inactive = $9, gone_at = NULL WHERE id = $1";
    /// What it said stays, and counts no longer.
    GONE = "UPDATE source_record SET gone_at = $2, pending = FALSE WHERE id = $1";
    SETTLE = "UPDATE source_record SET entity = $2, pending = $3 WHERE id = $1";
    /// Details of positions have changed: positions are read again at the end of the run.
    REOPEN = "UPDATE source_record SET pending = TRUE WHERE source = $1 AND entity_kind = 'position' AND gone_at IS NULL";
    /// In the order in which they came; SQLite must not sort them all for each page.
    MARKS = "SELECT id, kind, ext_id, digest, entity_kind, entity, pending, gone_at IS NOT NULL, inactive FROM source_record WHERE source = $1 AND id > $2 ORDER BY id ASC NULLS LAST LIMIT $3"
        | "SELECT id, kind, ext_id, digest, entity_kind, entity, pending, gone_at IS NOT NULL, inactive FROM source_record WHERE +source = $1 AND id > $2 ORDER BY id ASC NULLS LAST LIMIT $3";
    PENDING = "SELECT id, source, kind, ext_id, entity, content FROM source_record WHERE source = $1 AND pending AND entity_kind = $2 AND id > $3 ORDER BY id ASC NULLS LAST LIMIT $4";
    /// What all records of a kind of entity say.
    CONTENTS = "SELECT id, source, kind, ext_id, entity, content FROM source_record WHERE entity_kind = $1 AND content IS NOT NULL AND gone_at IS NULL ORDER BY id ASC NULLS LAST";
    ADD_FHIR_ID = "INSERT INTO fhir_id (type, id, entity, source) VALUES ($1, $2, $3, $4) ON CONFLICT (type, id) DO NOTHING";
    /// The id is taken by another entity: this one gets it with the source's name in front.
    ADD_PREFIXED = "INSERT INTO fhir_id (type, id, entity, source) SELECT $1, $5, $3, $4 WHERE NOT EXISTS (SELECT 1 FROM fhir_id f WHERE f.type = $1 AND f.id = $2 AND f.entity = $3) ON CONFLICT (type, id) DO NOTHING";
}

/// Records read in one go where all are wanted.
const MARKS_PAGE: i64 = 5_000;

/// What the import must know about each record of a source before it reads the record again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordMark {
    /// Our id.
    pub id: SourceRecordId,
    /// The source's word for its kind.
    pub kind: String,
    /// The source's id.
    pub ext_id: String,
    /// SHA-256 of the text as received.
    pub digest: Vec<u8>,
    /// What it became.
    pub entity_kind: Option<String>,
    /// Which one it became.
    pub entity: Option<Uuid>,
    /// Whether a reference of it leads nowhere so far.
    pub pending: bool,
    /// Whether the source has it no longer.
    pub gone: bool,
    /// Whether it says that a person has left or a place is closed.
    pub inactive: bool,
}

/// A record as it is written.
#[derive(Clone)]
pub struct HeldRecord {
    /// What is known of it.
    pub mark: RecordMark,
    /// The source.
    pub source: SourceId,
    /// The text as received.
    pub raw: String,
    /// What it says, as JSON; `None` when it is only kept.
    pub content: Option<String>,
}

/// Never what it says: names and numbers stand there.
impl std::fmt::Debug for HeldRecord {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("HeldRecord").field("id", &self.mark.id).finish_non_exhaustive()
    }
}

/// What a record says, as it was kept.
#[derive(Clone)]
pub struct KeptContent {
    /// The record.
    pub id: SourceRecordId,
    /// The source.
    pub source: SourceId,
    /// The source's word for its kind.
    pub kind: String,
    /// The source's id.
    pub ext_id: String,
    /// What it became.
    pub entity: Option<Uuid>,
    /// JSON.
    pub content: String,
}

/// Never what it says: names and numbers stand there.
impl std::fmt::Debug for KeptContent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("KeptContent").field("id", &self.id).finish_non_exhaustive()
    }
}

impl KeptContent {
    pub(super) fn read(row: &Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.get(0)?,
            source: row.get(1)?,
            kind: row.get(2)?,
            ext_id: row.get(3)?,
            entity: row.get(4)?,
            content: row.get::<Option<String>>(5)?.unwrap_or_default(),
        })
    }
}

impl RecordMark {
    fn read(row: &Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.get(0)?,
            kind: row.get(1)?,
            ext_id: row.get(2)?,
            digest: row.get(3)?,
            entity_kind: row.get(4)?,
            entity: row.get(5)?,
            pending: row.get(6)?,
            gone: row.get(7)?,
            inactive: row.get::<Option<bool>>(8)?.unwrap_or(false),
        })
    }
}

impl Unit {
    /// Keeps a record that comes for the first time.
    pub fn add_record(&mut self, record: HeldRecord, at: i64) -> &mut Self {
        let HeldRecord { mark, source, raw, content } = record;
        let values = params![
            mark.id,
            source,
            mark.kind,
            mark.ext_id,
            mark.digest,
            raw,
            content,
            mark.entity_kind,
            mark.entity,
            mark.pending,
            at,
            mark.inactive
        ];
        self.one(&ADD, values)
    }

    /// Keeps a record that comes again with other content.
    pub fn set_record(&mut self, record: HeldRecord, at: i64) -> &mut Self {
        let HeldRecord { mark, raw, content, .. } = record;
        let (kind, inactive) = (mark.entity_kind, mark.inactive);
        self.one(&SET, params![mark.id, mark.digest, raw, content, kind, mark.entity, mark.pending, at, inactive])
    }

    /// Notes that the source has a record no longer; what it said stays.
    pub fn record_gone(&mut self, id: SourceRecordId, at: i64) -> &mut Self {
        self.one(&GONE, params![id, at])
    }

    /// Notes what a record became and whether it still waits for something.
    pub fn settle_record(&mut self, id: SourceRecordId, entity: Option<Uuid>, pending: bool) -> &mut Self {
        self.one(&SETTLE, params![id, entity, pending])
    }

    /// Marks all positions of a source to be read again at the end of the run.
    pub fn reopen_positions(&mut self, source: SourceId) -> &mut Self {
        self.run(&REOPEN, params![source])
    }

    /// Makes an entity known by a foreign id. Where another has that id of this type already, it is known by `prefixed`;
    /// `None` where no other source could have it.
    pub fn add_fhir_id(
        &mut self,
        (kind, id): (&str, &str),
        entity: Uuid,
        source: SourceId,
        prefixed: Option<&str>,
    ) -> &mut Self {
        self.run(&ADD_FHIR_ID, params![kind, id, entity, source]);
        if let Some(prefixed) = prefixed {
            self.run(&ADD_PREFIXED, params![kind, id, entity, source, prefixed]);
        }
        self
    }
}

impl Store {
    /// All records of a source, without what they say. For sources that are small; see [`Store::record_marks_page`].
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn record_marks(&self, source: SourceId) -> Result<Vec<RecordMark>, StoreError> {
        let mut marks: Vec<RecordMark> = Vec::new();
        loop {
            let page = self.record_marks_page(source, marks.last().map(|mark| mark.id), MARKS_PAGE).await?;
            if page.is_empty() {
                return Ok(marks);
            }
            marks.extend(page);
        }
    }

    /// Records of a source without what they say, in the order of their ids, at most `limit` after one of them.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn record_marks_page(
        &self,
        source: SourceId,
        after: Option<SourceRecordId>,
        limit: i64,
    ) -> Result<Vec<RecordMark>, StoreError> {
        let after = after.unwrap_or(SourceRecordId::from_uuid(Uuid::nil()));
        self.query(&MARKS, params![source, after, limit]).await?.iter().map(RecordMark::read).collect()
    }

    /// Records of a source that became entities of a kind and wait for something, in the order of their ids, at most `limit`
    /// after one of them.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn pending_records(
        &self,
        source: SourceId,
        entity_kind: &str,
        after: SourceRecordId,
        limit: i64,
    ) -> Result<Vec<KeptContent>, StoreError> {
        let rows = self.query(&PENDING, params![source, entity_kind, after, limit]).await?;
        rows.iter().map(KeptContent::read).collect()
    }

    /// What the records of all sources say that became entities of a kind, oldest first. For kinds of which a country has
    /// some ten thousand at most: places, details of positions.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn contents_of_kind(&self, entity_kind: &str) -> Result<Vec<KeptContent>, StoreError> {
        self.query(&CONTENTS, params![entity_kind]).await?.iter().map(KeptContent::read).collect()
    }
}
