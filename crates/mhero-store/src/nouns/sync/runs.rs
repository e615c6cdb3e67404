//! Runs of the synchronisation, each with how it ended.

use mhero_core::{ImportId, SourceId};
use uuid::Uuid;

use crate::{Row, Store, StoreError, Unit, params, statement::statements};

statements! {
    BEGIN = "INSERT INTO sync_run (id, source, kind, state, why, run_of, since, watermark, whole, summary, reason, started_by, began_at, ended_at) VALUES ($1, $2, $3, 'running', $4, $5, $6, NULL, FALSE, '{}', NULL, $7, $8, NULL)";
    END = "UPDATE sync_run SET state = $2, watermark = $3, whole = $4, summary = $5, reason = $6, ended_at = $7 WHERE id = $1 AND state = 'running'";
    SET_STATE = "UPDATE sync_run SET state = $3 WHERE id = $1 AND state = $2";
    /// Runs of a process that died: the lease of imports is ours, so nobody works on them.
    CUT_SHORT = "UPDATE sync_run SET state = 'failed', reason = $1, ended_at = $2 WHERE state = 'running'";
    /// A newer run asks again.
    NO_LONGER_ASKS = "UPDATE sync_run SET state = 'refused' WHERE source = $1 AND state = 'asks'";
    SET_WATERMARK = "UPDATE source SET watermark = $2 WHERE id = $1";
    WATERMARK = "SELECT watermark FROM source WHERE id = $1";
    ONE = "SELECT r.id, r.source, s.name, r.kind, r.state, r.why, r.run_of, r.since, r.watermark, r.whole, r.summary, r.reason, r.started_by, r.began_at, r.ended_at FROM sync_run r JOIN source s ON s.id = r.source WHERE r.id = $1";
    /// One that asks has read everything, too.
    LAST_WHOLE = "SELECT CAST(MAX(ended_at) AS BIGINT) FROM sync_run WHERE source = $1 AND kind = 'pull' AND since IS NULL AND state IN ('done', 'asks', 'refused')";
    /// The last that read the source, by itself or from files, and that stands.
    LAST_SUMMARY = "SELECT summary FROM sync_run WHERE source = $1 AND kind IN ('pull', 'import') AND ended_at IS NOT NULL AND state <> 'undone' ORDER BY began_at DESC NULLS LAST, id DESC NULLS LAST LIMIT 1";
    ASKING = "SELECT r.id, r.source, s.name, r.kind, r.state, r.why, r.run_of, r.since, r.watermark, r.whole, r.summary, r.reason, r.started_by, r.began_at, r.ended_at FROM sync_run r JOIN source s ON s.id = r.source WHERE r.state = 'asks' ORDER BY r.began_at DESC NULLS LAST, r.id DESC NULLS LAST";
    LIST = "SELECT r.id, r.source, s.name, r.kind, r.state, r.why, r.run_of, r.since, r.watermark, r.whole, r.summary, r.reason, r.started_by, r.began_at, r.ended_at FROM sync_run r JOIN source s ON s.id = r.source WHERE ($1 OR r.source = $2) ORDER BY r.began_at DESC NULLS LAST, r.id DESC NULLS LAST LIMIT $3";
}

/// A run that begins.
#[derive(Clone, Debug)]
pub struct NewSyncRun {
    /// Its id.
    pub id: ImportId,
    /// The source.
    pub source: SourceId,
    /// `pull`, `import`, `undo`, `replay`, `derive`.
    pub kind: &'static str,
    /// What started it: `schedule`, `notified`, `now`, `files`.
    pub why: String,
    /// The run that is undone or replayed.
    pub run_of: Option<ImportId>,
    /// From where it reads.
    pub since: Option<String>,
    /// Who started it.
    pub by: Option<Uuid>,
}

/// A run as stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyncRunRow {
    /// Its id.
    pub id: ImportId,
    /// The source.
    pub source: SourceId,
    /// The name of the source.
    pub source_name: String,
    /// `pull`, `import`, `undo`, `replay`, `derive`.
    pub kind: String,
    /// `running`, `done`, `failed`, `asks`, `refused`, `undone`.
    pub state: String,
    /// What started it.
    pub why: String,
    /// The run that was undone or replayed.
    pub run_of: Option<ImportId>,
    /// From where it read.
    pub since: Option<String>,
    /// From where the next one reads.
    pub watermark: Option<String>,
    /// Whether the source told every record that it holds.
    pub whole: bool,
    /// Counts, as JSON.
    pub summary: String,
    /// Why it failed or what it asks, as JSON of a locale key and its variables.
    pub reason: Option<String>,
    /// Who started it.
    pub started_by: Option<Uuid>,
    /// When it began, in UTC microseconds.
    pub began_at: i64,
    /// When it ended.
    pub ended_at: Option<i64>,
}

impl SyncRunRow {
    fn read(row: &Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.get(0)?,
            source: row.get(1)?,
            source_name: row.get(2)?,
            kind: row.get(3)?,
            state: row.get(4)?,
            why: row.get(5)?,
            run_of: row.get(6)?,
            since: row.get(7)?,
            watermark: row.get(8)?,
            whole: row.get(9)?,
            summary: row.get(10)?,
            reason: row.get(11)?,
            started_by: row.get(12)?,
            began_at: row.get(13)?,
            ended_at: row.get(14)?,
        })
    }
}

impl Unit {
    /// Notes that a run has begun.
    pub fn begin_sync_run(&mut self, new: &NewSyncRun, at: i64) -> &mut Self {
        let values = params![new.id, new.source, new.kind, &new.why, new.run_of, new.since.as_deref(), new.by, at];
        self.one(&BEGIN, values)
    }

    /// Notes how a run that is under way ended.
    #[expect(clippy::too_many_arguments, reason = "each is a column of its own")]
    pub fn end_sync_run(
        &mut self,
        id: ImportId,
        state: &str,
        watermark: Option<&str>,
        whole: bool,
        summary: &str,
        reason: Option<&str>,
        at: i64,
    ) -> &mut Self {
        self.one(&END, params![id, state, watermark, whole, summary, reason, at])
    }

    /// Moves a run from one state to another; the unit fails when it is in none of them.
    pub fn set_sync_run_state(&mut self, id: ImportId, from: &str, to: &str) -> &mut Self {
        self.one(&SET_STATE, params![id, from, to])
    }

    /// Ends what a process that died has left: only the holder of the lease of imports may say so.
    pub fn end_cut_short(&mut self, reason: &str, at: i64) -> &mut Self {
        self.run(&CUT_SHORT, params![reason, at])
    }

    /// Lets open questions of earlier runs go: a newer one asks again, or has nothing to ask.
    pub fn drop_questions(&mut self, source: SourceId) -> &mut Self {
        self.run(&NO_LONGER_ASKS, params![source])
    }

    /// From where the next pull of a source begins.
    pub fn set_watermark(&mut self, source: SourceId, watermark: Option<&str>) -> &mut Self {
        self.one(&SET_WATERMARK, params![source, watermark])
    }
}

impl Store {
    /// The counts of the last run that read a source and was not undone, as JSON.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn last_counts(&self, source: SourceId) -> Result<Option<String>, StoreError> {
        self.first(&LAST_SUMMARY, params![source]).await?.map(|row| row.get(0)).transpose()
    }

    /// From where the next pull of a source begins.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn watermark(&self, source: SourceId) -> Result<Option<String>, StoreError> {
        self.first(&WATERMARK, params![source]).await?.map_or(Ok(None), |row| row.get(0))
    }

    /// One run.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn sync_run(&self, id: ImportId) -> Result<Option<SyncRunRow>, StoreError> {
        self.first(&ONE, params![id]).await?.as_ref().map(SyncRunRow::read).transpose()
    }

    /// When a run of a source last read everything, in UTC microseconds.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn last_whole(&self, source: SourceId) -> Result<Option<i64>, StoreError> {
        self.first(&LAST_WHOLE, params![source]).await?.map_or(Ok(None), |row| row.get(0))
    }

    /// Runs that wait for an official's answer, the last first.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn asking_runs(&self) -> Result<Vec<SyncRunRow>, StoreError> {
        self.query(&ASKING, vec![]).await?.iter().map(SyncRunRow::read).collect()
    }

    /// Runs of a source or of all, the last first.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn sync_runs(&self, source: Option<SourceId>, limit: i64) -> Result<Vec<SyncRunRow>, StoreError> {
        let one = source.unwrap_or_else(|| SourceId::from_uuid(Uuid::nil()));
        self.query(&LIST, params![source.is_none(), one, limit]).await?.iter().map(SyncRunRow::read).collect()
    }
}
