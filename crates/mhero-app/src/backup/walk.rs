//! Walking through every table of one state of the data.

use mhero_store::{BackupReader, BackupTable, Store, TABLES, Value};
use sha2::{Digest, Sha256};

use super::format::{Summary, TableDigest, encode_row};
use crate::{AppError, hex};

/// Rows of the first page of a table, before it is known how large they are.
const ROWS_FIRST: i64 = 64;
/// Most rows of a page.
const ROWS_MAX: i64 = 4_096;
/// A page is meant to have about so many bytes, so that memory stays bounded whatever the rows hold.
const PAGE_BYTES: usize = 2 * 1024 * 1024;

/// The walk through one table.
pub(super) struct Walk<'a> {
    reader: &'a mut BackupReader,
    table: &'static BackupTable,
    after: Option<Vec<Value>>,
    limit: i64,
    ended: bool,
    rows: u64,
    digest: Sha256,
}

impl<'a> Walk<'a> {
    pub(super) fn new(reader: &'a mut BackupReader, table: &'static BackupTable) -> Self {
        Self { reader, table, after: None, limit: ROWS_FIRST, ended: false, rows: 0, digest: Sha256::new() }
    }

    /// The lines of the next page; `None` at the end.
    pub(super) async fn next(&mut self) -> Result<Option<String>, AppError> {
        if self.ended {
            return Ok(None);
        }
        let rows = self.reader.page(self.table, self.after.take(), self.limit).await?;
        self.ended = i64::try_from(rows.len()).unwrap_or(i64::MAX) < self.limit;
        let Some(last) = rows.last() else { return Ok(None) };
        self.after = Some(self.reader.key_of(self.table, last));
        let mut lines = String::new();
        for row in &rows {
            encode_row(row, &mut lines);
        }
        self.rows += rows.len() as u64;
        self.digest.update(&lines);
        let row_bytes = (lines.len() / rows.len()).max(1);
        self.limit = i64::try_from(PAGE_BYTES / row_bytes).unwrap_or(ROWS_MAX).clamp(1, ROWS_MAX);
        Ok(Some(lines))
    }

    pub(super) fn end(self) -> TableDigest {
        TableDigest { table: self.table.name.to_owned(), rows: self.rows, sha256: hex::encode(&self.digest.finalize()) }
    }
}

/// Counts and digests of every table, to compare two stores.
///
/// # Errors
/// Whatever the engine reports.
pub async fn content_digest(store: &Store) -> Result<Summary, AppError> {
    let mut reader = store.backup_reader().await?;
    let mut summary = Summary::default();
    for table in TABLES {
        let mut walk = Walk::new(&mut reader, table);
        while walk.next().await?.is_some() {}
        summary.tables.push(walk.end());
    }
    Ok(summary)
}
