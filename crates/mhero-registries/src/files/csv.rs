//! Tables in text.

use std::{
    fs::File,
    io::{self, Read},
};

use mhero_core::{
    limits::IMPORT_RECORD_BYTES_MAX,
    record::{Record, Rejection},
};

use super::{
    FileError, Format, HEAD_BYTES, Records, Source, broke_off,
    text::{LineEnds, decoded, fill, letters},
};
use crate::table::{Cell, Header, Mapping, SAMPLE_ROWS, Table};

/// A row: the line it begins in, and its cells.
type Row = (u64, Vec<Cell>);

/// What may stand between columns.
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// Opens a table in text: the delimiter is the one under which most column names are known.
pub(super) fn read(mut file: File, name: &str, mapping: &Mapping) -> Result<Records, FileError> {
    let unreadable = |source| FileError::unreadable(name, source);
    let letters = letters(&mut file, name)?;
    let again = || file.try_clone().and_then(|file| decoded(file, &letters)).map_err(unreadable);
    let mut head = vec![0; HEAD_BYTES];
    let filled = fill(&mut again()?, &mut head).map_err(unreadable)?;
    head.truncate(filled);
    let (delimiter, header) =
        layout(&head, mapping).map_err(|found| FileError::Header { file: name.to_owned(), found })?;
    check_quotes(again()?, delimiter)
        .map_err(unreadable)?
        .map_or(Ok(()), |line| Err(FileError::QuoteOpen { file: name.to_owned(), line }))?;
    let mapping = Mapping::of_header(&header);
    let table = Table::new(name, header);
    let rows = Rows::new(again()?, delimiter);
    let each = Verdicts { rows, table, file: name.to_owned(), done: false };
    Ok(Records {
        format: Format::Csv,
        notices: letters.notice.into_iter().collect(),
        total: None,
        mapping: Some(mapping),
        each: Box::new(each),
    })
}

/// The delimiter and the header row; on failure the cells of the first row as they look best.
fn layout(head: &[u8], mapping: &Mapping) -> Result<(u8, Header), String> {
    let told = told_delimiter(head);
    let candidates = DELIMITERS.into_iter().filter(|delimiter| told.is_none_or(|told| told == *delimiter));
    let mut best: Option<(u8, Header)> = None;
    let mut found = (0, String::new());
    for delimiter in candidates {
        let sample: Vec<Row> = Rows::new(head, delimiter).map_while(Result::ok).take(SAMPLE_ROWS).collect();
        if let Some(header) = Header::find_with(&sample, mapping)
            && best.as_ref().is_none_or(|(_, best)| header.known() > best.known())
        {
            best = Some((delimiter, header));
        }
        if let Some((_, first)) = sample.first().filter(|(_, first)| first.len() > found.0) {
            found = (first.len(), first.iter().map(Cell::text).collect::<Vec<_>>().join(" · "));
        }
    }
    best.ok_or_else(|| found.1.chars().take(200).collect())
}

/// Excel's own line `sep=;` before the table.
fn told_delimiter(head: &[u8]) -> Option<u8> {
    let start = head.get(..5)?;
    (start[..4].eq_ignore_ascii_case(b"sep=") && DELIMITERS.contains(&start[4])).then(|| start[4])
}

/// Reads through a whole table for a quotation mark that never closes, which would otherwise swallow the rest of the file as
/// one cell. Returns the line where it opens.
fn check_quotes(source: Source, delimiter: u8) -> io::Result<Option<u64>> {
    #[derive(PartialEq)]
    enum At {
        CellStart,
        Plain,
        Quoted,
        /// Behind a quotation mark inside quotes: doubled, or the end.
        Closing,
    }
    let mut source = LineEnds::new(source);
    let mut buffer = vec![0; HEAD_BYTES];
    let (mut at, mut line, mut opened, mut long) = (At::CellStart, 1u64, 1u64, 0usize);
    loop {
        let filled = fill(&mut source, &mut buffer)?;
        for byte in &buffer[..filled] {
            at = match (&at, *byte) {
                (At::CellStart, b'"') => {
                    (opened, long) = (line, 0);
                    At::Quoted
                }
                (At::Closing, b'"') => At::Quoted,
                (At::Quoted, b'"') => At::Closing,
                (At::Quoted, _) => {
                    long += 1;
                    At::Quoted
                }
                (_, b'\n') => At::CellStart,
                (_, byte) if byte == delimiter => At::CellStart,
                _ => At::Plain,
            };
            line += u64::from(*byte == b'\n');
            if at == At::Quoted && long > IMPORT_RECORD_BYTES_MAX {
                return Ok(Some(opened));
            }
        }
        if filled < buffer.len() {
            return Ok((at == At::Quoted).then_some(opened));
        }
    }
}

/// The rows of a table with the line each begins in.
struct Rows<R> {
    rows: csv::StringRecordsIntoIter<LineEnds<R>>,
}

impl<R: Read> Rows<R> {
    fn new(source: R, delimiter: u8) -> Self {
        let mut builder = csv::ReaderBuilder::new();
        builder.delimiter(delimiter).has_headers(false).flexible(true);
        Self { rows: builder.from_reader(LineEnds::new(source)).into_records() }
    }
}

impl<R: Read> Iterator for Rows<R> {
    type Item = Result<Row, csv::Error>;

    fn next(&mut self) -> Option<Self::Item> {
        let row = self.rows.next()?;
        Some(row.map(|row| {
            // The reader skips empty lines without counting them to the row, so the line is counted back from the row's end.
            let inside: usize = row.iter().map(|cell| cell.bytes().filter(|byte| *byte == b'\n').count()).sum();
            let line = self.rows.reader().position().line().saturating_sub(inside as u64 + 1);
            (line, row.iter().map(Cell::written).collect())
        }))
    }
}

struct Verdicts {
    rows: Rows<Source>,
    table: Table,
    file: String,
    done: bool,
}

impl Iterator for Verdicts {
    type Item = Result<Record, Rejection>;

    fn next(&mut self) -> Option<Self::Item> {
        while !self.done {
            match self.rows.next()? {
                Ok((line, cells)) => {
                    if let Some(verdict) = self.table.record(line, &cells) {
                        return Some(verdict);
                    }
                }
                Err(error) => {
                    self.done = true;
                    return Some(Err(broke_off(&self.file, error.into())));
                }
            }
        }
        None
    }
}
