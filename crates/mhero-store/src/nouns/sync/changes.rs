//! What a run did to each record, with what stood there before, and what it could not take.

use mhero_core::{ImportId, RetentionClass, SourceRecordId};
use uuid::Uuid;

use crate::{Row, Store, StoreError, Unit, params, statement::statements};

statements! {
    ADD_NEW = "INSERT INTO record_change (id, run, source_record, at, verdict, origin, matched_by, before_digest, before_raw, before_content, after_digest, retention) VALUES ($1, $2, $3, $4, $5, $6, $7, NULL, NULL, NULL, $8, $9)";
    /// What stands there now becomes what stood there before: this runs ahead of what changes the record.
    ADD_CHANGED = "INSERT INTO record_change (id, run, source_record, at, verdict, origin, matched_by, before_digest, before_raw, before_content, after_digest, retention) SELECT $1, $2, r.id, $4, $5, $6, $7, (CASE WHEN r.gone_at IS NULL THEN r.digest END), r.raw, r.content, $8, $9 FROM source_record r WHERE r.id = $3";
    /// What was there after a change is what was there before the next one, or what is there now.
    CHANGES = "SELECT c.id, c.source_record, r.kind, r.ext_id, c.at, c.verdict, c.origin, c.matched_by, c.before_digest, c.before_raw, c.before_content, c.after_digest, (CASE WHEN r.gone_at IS NULL THEN r.digest END), COALESCE((SELECT n.before_raw FROM record_change n WHERE n.source_record = c.source_record AND n.id > c.id ORDER BY n.id ASC NULLS LAST LIMIT 1), r.raw), COALESCE((SELECT n.before_content FROM record_change n WHERE n.source_record = c.source_record AND n.id > c.id ORDER BY n.id ASC NULLS LAST LIMIT 1), r.content), r.entity_kind, r.entity FROM record_change c JOIN source_record r ON r.id = c.source_record WHERE c.run = $1 AND c.id > $2 AND c.id < $3 ORDER BY c.id ASC NULLS LAST LIMIT $4";
    CHANGES_BACK = "SELECT c.id, c.source_record, r.kind, r.ext_id, c.at, c.verdict, c.origin, c.matched_by, c.before_digest, c.before_raw, c.before_content, c.after_digest, (CASE WHEN r.gone_at IS NULL THEN r.digest END), r.raw, r.content, r.entity_kind, r.entity FROM record_change c JOIN source_record r ON r.id = c.source_record WHERE c.run = $1 AND c.id < $2 ORDER BY c.id DESC NULLS LAST LIMIT $3";
    ADD_PROBLEM = "INSERT INTO sync_problem (id, run, verdict, origin, element, reason, raw, retention) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    PROBLEMS = "SELECT id, verdict, origin, element, reason, raw FROM sync_problem WHERE run = $1 AND verdict = $2 AND id > $3 ORDER BY id ASC NULLS LAST LIMIT $4";
    FORGET_CHANGES = "DELETE FROM record_change WHERE at < $1";
    FORGET_PROBLEMS = "DELETE FROM sync_problem WHERE run IN (SELECT r.id FROM sync_run r WHERE r.began_at < $1)";
}

/// What a run did to one record.
#[derive(Clone)]
pub struct RecordChange {
    /// Its id; later changes have greater ones.
    pub id: Uuid,
    /// The record.
    pub record: SourceRecordId,
    /// The source's word for its kind.
    pub kind: String,
    /// The source's id.
    pub ext_id: String,
    /// When, in UTC microseconds.
    pub at: i64,
    /// `new`, `matched`, `changed`, `duplicate`, `removed`.
    pub verdict: String,
    /// Where the record stood.
    pub origin: String,
    /// By what it was joined to somebody known from elsewhere.
    pub matched_by: Option<String>,
    /// SHA-256 of what stood there before; `None` when nothing did.
    pub before_digest: Option<Vec<u8>>,
    /// What stood there before, as received.
    pub before_raw: Option<String>,
    /// What stood there before, as JSON of its content.
    pub before_content: Option<String>,
    /// SHA-256 of what stood there afterwards; `None` when nothing did.
    pub after_digest: Option<Vec<u8>>,
    /// SHA-256 of what stands there now; `None` when nothing does.
    pub now_digest: Option<Vec<u8>>,
    /// What stood there afterwards, as received. Read backwards: what stands there now.
    pub after_raw: String,
    /// The same as JSON of its content.
    pub after_content: Option<String>,
    /// What the record became.
    pub entity_kind: Option<String>,
    /// Which one it became.
    pub entity: Option<Uuid>,
}

/// Never what it says: names and numbers stand there.
impl std::fmt::Debug for RecordChange {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RecordChange").field("id", &self.id).field("verdict", &self.verdict).finish_non_exhaustive()
    }
}

/// A problem to keep.
#[derive(Clone)]
pub struct NewProblem<'a> {
    /// `rejected`, `warning`, `remark`, `removal`, `waiting`.
    pub verdict: &'static str,
    /// Where the record stood.
    pub origin: &'a str,
    /// The element, in the source's words.
    pub element: &'a str,
    /// JSON of a locale key and its variables.
    pub reason: String,
    /// The text as received.
    pub raw: &'a str,
}

/// A problem as kept.
#[derive(Clone)]
pub struct KeptProblem {
    /// Its id.
    pub id: Uuid,
    /// `rejected`, `warning`, `remark`, `removal`, `waiting`.
    pub verdict: String,
    /// Where the record stood.
    pub origin: String,
    /// The element, in the source's words.
    pub element: String,
    /// JSON of a locale key and its variables.
    pub reason: String,
    /// The text as received.
    pub raw: String,
}

/// Never what it says: names and numbers stand there.
impl std::fmt::Debug for KeptProblem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("KeptProblem").field("id", &self.id).field("verdict", &self.verdict).finish_non_exhaustive()
    }
}

/// Whose change it is and what it did.
#[derive(Clone, Debug)]
pub struct NewChange<'a> {
    /// Its id.
    pub id: Uuid,
    /// The run.
    pub run: ImportId,
    /// The record.
    pub record: SourceRecordId,
    /// `new`, `matched`, `changed`, `duplicate`, `removed`.
    pub verdict: &'static str,
    /// Where the record stood.
    pub origin: &'a str,
    /// By what it was joined to somebody known from elsewhere.
    pub matched_by: Option<&'a str>,
    /// SHA-256 of what stands there afterwards; `None` when nothing does.
    pub after: Option<&'a [u8]>,
}

impl RecordChange {
    fn read(row: &Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.get(0)?,
            record: row.get(1)?,
            kind: row.get(2)?,
            ext_id: row.get(3)?,
            at: row.get(4)?,
            verdict: row.get(5)?,
            origin: row.get(6)?,
            matched_by: row.get(7)?,
            before_digest: row.get(8)?,
            before_raw: row.get(9)?,
            before_content: row.get(10)?,
            after_digest: row.get(11)?,
            now_digest: row.get(12)?,
            after_raw: row.get(13)?,
            after_content: row.get(14)?,
            entity_kind: row.get(15)?,
            entity: row.get(16)?,
        })
    }
}

impl Unit {
    /// Notes what a run does to a record. `is_there`: the record is stored already, and what stands there is kept; then this must
    /// come before the step that changes it.
    pub fn note_change(&mut self, new: &NewChange<'_>, is_there: bool, at: i64) -> &mut Self {
        let retention = RetentionClass::Registry;
        let NewChange { id, run, record, verdict, origin, matched_by, after } = *new;
        let values = params![id, run, record, at, verdict, origin, matched_by, after, retention];
        self.one(if is_there { &ADD_CHANGED } else { &ADD_NEW }, values)
    }

    /// Keeps what a run could not take, or what the administrator should know.
    pub fn keep_problem(&mut self, id: Uuid, run: ImportId, problem: &NewProblem<'_>) -> &mut Self {
        let NewProblem { verdict, origin, element, ref reason, raw } = *problem;
        self.one(&ADD_PROBLEM, params![id, run, verdict, origin, element, reason, raw, RetentionClass::Registry])
    }

    /// Forgets what stood in records before an instant in UTC microseconds, and the problems of runs before it.
    pub fn forget_record_changes(&mut self, before: i64) -> &mut Self {
        self.run(&FORGET_CHANGES, params![before]);
        self.run(&FORGET_PROBLEMS, params![before])
    }
}

impl Store {
    /// What a run changed, in order, at most `limit` after one change.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn record_changes(
        &self,
        run: ImportId,
        after: Uuid,
        limit: i64,
    ) -> Result<Vec<RecordChange>, StoreError> {
        let rows = self.query(&CHANGES, params![run, after, Uuid::max(), limit]).await?;
        rows.iter().map(RecordChange::read).collect()
    }

    /// What a run changed, the last change first, at most `limit` before one change.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn record_changes_back(
        &self,
        run: ImportId,
        before: Uuid,
        limit: i64,
    ) -> Result<Vec<RecordChange>, StoreError> {
        let rows = self.query(&CHANGES_BACK, params![run, before, limit]).await?;
        rows.iter().map(RecordChange::read).collect()
    }

    /// What a run could not take or has to say, of one verdict, at most `limit` after one of them.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn sync_problems(
        &self,
        run: ImportId,
        verdict: &str,
        after: Uuid,
        limit: i64,
    ) -> Result<Vec<KeptProblem>, StoreError> {
        let rows = self.query(&PROBLEMS, params![run, verdict, after, limit]).await?;
        rows.iter()
            .map(|row| {
                Ok(KeptProblem {
                    id: row.get(0)?,
                    verdict: row.get(1)?,
                    origin: row.get(2)?,
                    element: row.get(3)?,
                    reason: row.get(4)?,
                    raw: row.get(5)?,
                })
            })
            .collect()
    }
}
