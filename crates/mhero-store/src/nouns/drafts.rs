//! Files that wait for a decision, in sealed parts.

use mhero_core::ImportId;
use uuid::Uuid;

use crate::{Row, Store, StoreError, Unit, params, statement::statements};

statements! {
    ADD_PART = "INSERT INTO import_draft_part (draft, number, content, created_at) VALUES ($1, $2, $3, $4) ON CONFLICT (draft, number) DO NOTHING";
    PART = "SELECT content FROM import_draft_part WHERE draft = $1 AND number = $2";
    ADD = "INSERT INTO import_draft (id, owner, about, parts, bytes, state, run, records_read, records_total, beat_at, version, created_at) VALUES ($1, $2, $3, $4, $5, 'open', NULL, 0, NULL, $6, 1, $6)";
    SET = "UPDATE import_draft SET about = $3, state = $4, run = $5, beat_at = $6, records_read = 0, records_total = NULL, version = version + 1 WHERE id = $1 AND version = $2";
    BEAT = "UPDATE import_draft SET beat_at = $3, records_read = $4, records_total = $5 WHERE id = $1 AND version = $2";
    FIND = "SELECT id, owner, about, parts, bytes, state, run, records_read, records_total, beat_at, version, created_at FROM import_draft WHERE id = $1";
    /// Without what is in them, oldest first.
    LIST = "SELECT id, owner, bytes FROM import_draft WHERE state <> 'importing' ORDER BY created_at ASC NULLS LAST, id ASC NULLS LAST";
    REMOVE = "DELETE FROM import_draft WHERE id = $1";
    REMOVE_PARTS = "DELETE FROM import_draft_part WHERE draft = $1";
    FORGET = "DELETE FROM import_draft WHERE created_at < $1";
    FORGET_PARTS = "DELETE FROM import_draft_part WHERE created_at < $1";
}

/// A file that waits for a decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DraftRow {
    /// Its id, under which its parts stand too.
    pub id: Uuid,
    /// The user who brought it.
    pub owner: Uuid,
    /// Sealed: what is known of it.
    pub about: Vec<u8>,
    /// In how many parts it is kept, numbered from 0.
    pub parts: i64,
    /// How large its parts are together, sealed.
    pub bytes: i64,
    /// `open`, `importing` or `done`.
    pub state: String,
    /// The run that it became.
    pub run: Option<ImportId>,
    /// Records read by the import that goes on.
    pub read: i64,
    /// Records that there are, where that is known.
    pub total: Option<i64>,
    /// When the node that imports it last said so, in UTC microseconds.
    pub beat_at: i64,
    /// Grows with each change.
    pub version: i64,
    /// When it was brought, in UTC microseconds.
    pub created_at: i64,
}

impl Unit {
    /// Adds a sealed part of a file.
    pub fn add_brought_part(&mut self, draft: Uuid, number: i64, content: Vec<u8>, now: i64) -> &mut Self {
        self.run(&ADD_PART, params![draft, number, content, now])
    }

    /// Adds a file, once all its parts are there.
    pub fn add_brought(&mut self, row: &DraftRow) -> &mut Self {
        let about = row.about.as_slice();
        self.run(&ADD, params![row.id, row.owner, about, row.parts, row.bytes, row.created_at])
    }

    /// Changes what is known of a file, its state, its run and when it was last worked on; fails when somebody else was faster.
    pub fn set_brought(&mut self, row: &DraftRow) -> &mut Self {
        let about = row.about.as_slice();
        self.one(&SET, params![row.id, row.version, about, &row.state, row.run, row.beat_at])
    }

    /// Notes how far the import of a file is.
    pub fn brought_beat(&mut self, row: &DraftRow) -> &mut Self {
        self.run(&BEAT, params![row.id, row.version, row.beat_at, row.read, row.total])
    }

    /// Removes a file; its record stays, where there is one, with `keep_row`.
    pub fn remove_brought(&mut self, draft: Uuid, keep_row: bool) -> &mut Self {
        self.run(&REMOVE_PARTS, params![draft]);
        if keep_row { self } else { self.run(&REMOVE, params![draft]) }
    }

    /// Forgets files that were brought before an instant in UTC microseconds, and parts of files that never became whole.
    pub fn forget_brought(&mut self, before: i64) -> &mut Self {
        self.run(&FORGET, params![before]).run(&FORGET_PARTS, params![before])
    }
}

impl Store {
    /// A file.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn brought(&self, id: Uuid) -> Result<Option<DraftRow>, StoreError> {
        self.first(&FIND, params![id]).await?.as_ref().map(read).transpose()
    }

    /// Ids, owners and sizes of the files that nobody imports just now, oldest first.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn all_brought(&self) -> Result<Vec<(Uuid, Uuid, i64)>, StoreError> {
        let rows = self.query(&LIST, vec![]).await?;
        rows.iter().map(|row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).collect()
    }

    /// A sealed part of a file.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn brought_part(&self, draft: Uuid, number: i64) -> Result<Option<Vec<u8>>, StoreError> {
        self.first(&PART, params![draft, number]).await?.map(|row| row.get(0)).transpose()
    }
}

fn read(row: &Row) -> Result<DraftRow, StoreError> {
    Ok(DraftRow {
        id: row.get(0)?,
        owner: row.get(1)?,
        about: row.get(2)?,
        parts: row.get(3)?,
        bytes: row.get(4)?,
        state: row.get(5)?,
        run: row.get(6)?,
        read: row.get(7)?,
        total: row.get(8)?,
        beat_at: row.get(9)?,
        version: row.get(10)?,
        created_at: row.get(11)?,
    })
}
