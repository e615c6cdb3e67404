//! Reading a backup on a thread of its own, checking it line by line.

use std::{
    collections::BTreeMap,
    io::{self, BufRead, BufReader, Read},
};

use flate2::read::MultiGzDecoder;
use mhero_store::{BackupTable, Column, SCHEMA_VERSION, TABLES, Value};
use sha2::{Digest, Sha256};
use tokio::sync::mpsc;

use super::format::{FORMAT, Head, LINE_BYTES_MAX, Mark, Summary, TableDigest, TableHead, Trailer, decode_row};
use crate::{AppError, hex};

/// Most rows of a slice.
const SLICE_ROWS: usize = 1_024;
/// A slice ends after about so many bytes.
const SLICE_BYTES: usize = 2 * 1024 * 1024;

/// What the thread hands over.
pub(super) enum Piece {
    /// The head was read and fits.
    Head(Head),
    /// Rows of one table, with the columns in whose order they stand.
    Slice { table: &'static BackupTable, columns: Vec<Column>, rows: Vec<Vec<Value>> },
}

/// What a whole backup ends with.
pub(super) struct Whole {
    pub(super) summary: Summary,
    pub(super) counters: BTreeMap<String, i64>,
}

type Catalog = BTreeMap<String, Vec<Column>>;

/// Reads a backup to its end.
pub(super) fn read(input: impl Read, catalog: &Catalog, pieces: mpsc::Sender<Piece>) -> Result<Whole, AppError> {
    let mut input = BufReader::new(input);
    let is_gzip = input.fill_buf().map_err(|error| unreadable(&error))?.starts_with(&[0x1f, 0x8b]);
    let lines: Box<dyn BufRead> =
        if is_gzip { Box::new(BufReader::new(MultiGzDecoder::new(input))) } else { Box::new(input) };
    let mut reading = Reading { lines, line: Vec::new(), catalog, pieces, summary: Summary::default() };
    reading.head()?;
    let mut left = TABLES.iter();
    loop {
        match reading.mark()? {
            Mark::Table(head) => {
                let table = left.next().filter(|table| table.name == head.table);
                reading.table(table.ok_or_else(|| damaged(&head.table))?, &head)?;
            }
            Mark::Whole(trailer) => return reading.whole(trailer, left.next()),
            Mark::End(end) => return Err(damaged(&end.end.table)),
        }
    }
}

struct Reading<'a> {
    lines: Box<dyn BufRead + 'a>,
    line: Vec<u8>,
    catalog: &'a Catalog,
    pieces: mpsc::Sender<Piece>,
    summary: Summary,
}

impl Reading<'_> {
    fn head(&mut self) -> Result<(), AppError> {
        let not_ours = || AppError::invalid("backup-not-ours", []);
        // What is no gzip although it begins like it, or no text, is no backup either.
        self.next_line().map_err(|_| not_ours())?;
        let head: Head = serde_json::from_slice(&self.line).map_err(|_| not_ours())?;
        if head.mhero_backup > FORMAT || head.schema > SCHEMA_VERSION {
            let args = [("found", head.schema.to_string()), ("known", SCHEMA_VERSION.to_string())];
            return Err(AppError::invalid("backup-newer", args));
        }
        if head.schema < SCHEMA_VERSION {
            let args = [("found", head.schema.to_string()), ("known", SCHEMA_VERSION.to_string())];
            return Err(AppError::invalid("backup-older", args));
        }
        self.hand_over(Piece::Head(head))
    }

    fn mark(&mut self) -> Result<Mark, AppError> {
        self.next_line()?;
        serde_json::from_slice(&self.line).map_err(|_| damaged(self.last_table()))
    }

    fn table(&mut self, table: &'static BackupTable, head: &TableHead) -> Result<(), AppError> {
        let known = self.catalog.get(table.name).ok_or_else(|| damaged(table.name))?;
        let find = |name: &String| known.iter().find(|column| column.name == *name).cloned();
        let columns: Option<Vec<Column>> = head.columns.iter().map(find).collect();
        let columns = columns.filter(|columns| columns.len() == known.len()).ok_or_else(|| damaged(table.name))?;
        let (mut digest, mut count, mut bytes) = (Sha256::new(), 0, 0);
        let mut rows = Vec::new();
        loop {
            self.next_line()?;
            if self.line.first() != Some(&b'[') {
                break;
            }
            digest.update(&self.line);
            count += 1;
            bytes += self.line.len();
            let cells = serde_json::from_slice(&self.line).map_err(|_| damaged(table.name))?;
            rows.push(decode_row(cells, &columns).ok_or_else(|| damaged(table.name))?);
            if rows.len() >= SLICE_ROWS || bytes >= SLICE_BYTES {
                bytes = 0;
                let rows = std::mem::take(&mut rows);
                self.hand_over(Piece::Slice { table, columns: columns.clone(), rows })?;
            }
        }
        let found = TableDigest { table: table.name.to_owned(), rows: count, sha256: hex::encode(&digest.finalize()) };
        match serde_json::from_slice(&self.line) {
            Ok(Mark::End(end)) if end.end == found => {}
            _ => return Err(damaged(table.name)),
        }
        self.summary.tables.push(found);
        if rows.is_empty() { Ok(()) } else { self.hand_over(Piece::Slice { table, columns, rows }) }
    }

    fn whole(self, trailer: Trailer, forgotten: Option<&BackupTable>) -> Result<Whole, AppError> {
        if let Some(table) = forgotten {
            return Err(damaged(table.name));
        }
        if !trailer.whole || trailer.rows != self.summary.rows() {
            return Err(damaged(self.last_table()));
        }
        Ok(Whole { summary: self.summary, counters: trailer.counters })
    }

    /// Reads a line with its end. A backup that stops before its last line was cut short.
    fn next_line(&mut self) -> Result<(), AppError> {
        self.line.clear();
        let mut limited = (&mut self.lines).take(LINE_BYTES_MAX);
        let read = limited.read_until(b'\n', &mut self.line);
        match read {
            Ok(_) if self.line.last() == Some(&b'\n') => Ok(()),
            Err(error)
                if !matches!(
                    error.kind(),
                    io::ErrorKind::UnexpectedEof | io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData
                ) =>
            {
                Err(unreadable(&error))
            }
            _ => Err(AppError::invalid("backup-cut-short", [("table", self.last_table().to_owned())])),
        }
    }

    fn last_table(&self) -> &str {
        self.summary.tables.last().map_or("-", |table| table.table.as_str())
    }

    fn hand_over(&self, piece: Piece) -> Result<(), AppError> {
        // The other side ends before us only when it has an error of its own, which then is the one that counts.
        self.pieces.blocking_send(piece).map_err(|_| mhero_store::StoreError::Closed.into())
    }
}

fn damaged(table: &str) -> AppError {
    AppError::invalid("backup-damaged", [("table", table.to_owned())])
}

fn unreadable(error: &io::Error) -> AppError {
    AppError::invalid("backup-not-read", [("detail", error.to_string())])
}
