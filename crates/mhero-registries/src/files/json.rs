//! FHIR in JSON: Bundles, single resources, resources one after the other, and NDJSON.

use std::{
    collections::VecDeque,
    fs::File,
    io::{self, BufRead, BufReader, Read},
};

use mhero_core::{
    limits::IMPORT_RECORD_BYTES_MAX,
    record::{Problem, Reason, Record, Rejection},
};
use mhero_wire::{
    fhir,
    json::{Piece, Position, SplitError, Splitter},
};

use super::{
    FileError, Format, Records, Source, broke_off,
    error::megabytes,
    text::{decoded, letters},
};

const CHUNK_BYTES: usize = 64 * 1024;

/// A Bundle, a resource, or several after each other. The structure of the whole file is checked before.
pub(super) fn read_documents(mut file: File, name: &str) -> Result<Records, FileError> {
    let letters = letters(&mut file, name)?;
    let unreadable = |source| FileError::unreadable(name, source);
    let again = file.try_clone().map_err(unreadable)?;
    let mut pieces = Pieces::new(decoded(again, &letters).map_err(unreadable)?);
    let mut total = 0;
    while pieces.next().map_err(|stop| stop.into_error(name))?.is_some() {
        total += 1;
    }
    let pieces = Pieces::new(decoded(file, &letters).map_err(unreadable)?);
    let each = Documents { pieces, file: name.to_owned(), alone: total == 1, count: 0, done: false };
    Ok(Records {
        format: Format::Fhir,
        notices: letters.notice.into_iter().collect(),
        total: Some(total),
        mapping: None,
        each: Box::new(each),
    })
}

/// One document on each line; a broken line is refused alone.
pub(super) fn read_lines(mut file: File, name: &str) -> Result<Records, FileError> {
    let letters = letters(&mut file, name)?;
    let source = decoded(file, &letters).map_err(|source| FileError::unreadable(name, source))?;
    let each =
        Lines { source: BufReader::new(source), file: name.to_owned(), line: 0, waiting: VecDeque::new(), done: false };
    Ok(Records {
        format: Format::NdJson,
        notices: letters.notice.into_iter().collect(),
        total: None,
        mapping: None,
        each: Box::new(each),
    })
}

/// Whether the first line is a whole document and another one begins on the second.
pub(super) fn looks_like_lines(head: &[u8]) -> bool {
    let Some(end) = head.iter().position(|byte| *byte == b'\n') else { return false };
    let (first, rest) = head.split_at(end);
    let first = first.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(first);
    let next = rest.iter().find(|byte| !byte.is_ascii_whitespace());
    next == Some(&b'{') && serde_json::from_slice::<serde_json::Value>(first).is_ok()
}

/// Why no more pieces come.
enum Stop {
    Source(io::Error),
    Broken(SplitError),
}

impl Stop {
    fn into_error(self, name: &str) -> FileError {
        let file = name.to_owned();
        match self {
            Self::Source(source) => FileError::Unreadable { file, source },
            Self::Broken(SplitError::EndsEarly(at)) => FileError::JsonEnds { file, line: at.line },
            Self::Broken(SplitError::Broken(at) | SplitError::TooDeep(at)) => {
                FileError::Json { file, line: at.line, column: at.column }
            }
        }
    }
}

/// The records of a source, cut out one after the other.
struct Pieces {
    source: Source,
    splitter: Splitter,
    buffer: Vec<u8>,
    at: usize,
    end: usize,
    finished: bool,
}

impl Pieces {
    fn new(source: Source) -> Self {
        let splitter = Splitter::new(IMPORT_RECORD_BYTES_MAX);
        Self { source, splitter, buffer: vec![0; CHUNK_BYTES], at: 0, end: 0, finished: false }
    }

    fn next(&mut self) -> Result<Option<Piece>, Stop> {
        loop {
            if self.finished {
                return Ok(None);
            }
            if self.at == self.end {
                self.end = self.source.read(&mut self.buffer).map_err(Stop::Source)?;
                self.at = 0;
                if self.end == 0 {
                    self.finished = true;
                    return self.splitter.finish().map_err(Stop::Broken);
                }
            }
            self.at += self.splitter.feed(&self.buffer[self.at..self.end]).map_err(Stop::Broken)?;
            if let Some(piece) = self.splitter.take() {
                return Ok(Some(piece));
            }
        }
    }
}

struct Documents {
    pieces: Pieces,
    file: String,
    /// The file is one record, which needs no number.
    alone: bool,
    count: u64,
    done: bool,
}

impl Iterator for Documents {
    type Item = Result<Record, Rejection>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.done {
            return None;
        }
        match self.pieces.next() {
            Ok(None) => None,
            Ok(Some(piece)) => {
                self.count += 1;
                let origin = match (self.alone, piece.listed) {
                    (true, false) => self.file.clone(),
                    (_, true) => format!("{}, entry {}", self.file, self.count),
                    (false, false) => format!("{}, line {}", self.file, piece.start.line),
                };
                Some(record(&piece, &origin, 0))
            }
            Err(stop) => {
                // Checked before; the file changed while it was read.
                self.done = true;
                let error = stop.into_error(&self.file);
                let problem = Problem { element: String::new(), reason: error.reason() };
                Some(Err(Rejection { origin: self.file.clone(), problem, raw: String::new() }))
            }
        }
    }
}

struct Lines {
    source: BufReader<Source>,
    file: String,
    line: u64,
    waiting: VecDeque<Result<Record, Rejection>>,
    done: bool,
}

impl Iterator for Lines {
    type Item = Result<Record, Rejection>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(ready) = self.waiting.pop_front() {
                return Some(ready);
            }
            if self.done {
                return None;
            }
            if let Err(source) = self.next_line() {
                self.done = true;
                return Some(Err(broke_off(&self.file, source)));
            }
        }
    }
}

impl Lines {
    fn next_line(&mut self) -> io::Result<()> {
        let mut line = Vec::new();
        let limit = IMPORT_RECORD_BYTES_MAX as u64 + 1;
        if (&mut self.source).take(limit).read_until(b'\n', &mut line)? == 0 {
            self.done = true;
            return Ok(());
        }
        self.line += 1;
        let origin = format!("{}, line {}", self.file, self.line);
        if line.len() as u64 == limit && line.last() != Some(&b'\n') {
            self.source.skip_until(b'\n')?;
            self.waiting.push_back(Err(too_large(&origin)));
            return Ok(());
        }
        let mut splitter = Splitter::new(IMPORT_RECORD_BYTES_MAX);
        let (mut at, mut entry) = (0, 0);
        let broken = loop {
            match splitter.feed(&line[at..]) {
                Ok(used) => at += used,
                Err(error) => break Some(error),
            }
            match splitter.take() {
                Some(piece) => {
                    entry += 1;
                    let origin = if piece.listed { format!("{origin}, entry {entry}") } else { origin.clone() };
                    self.waiting.push_back(record(&piece, &origin, self.line - 1));
                }
                None if at == line.len() => break splitter.finish().err(),
                None => {}
            }
        };
        if let Some(error) = broken {
            self.waiting.push_back(Err(broken_line(&error, &origin, self.line, &line)));
        }
        Ok(())
    }
}

fn broken_line(error: &SplitError, origin: &str, line: u64, text: &[u8]) -> Rejection {
    let (SplitError::Broken(at) | SplitError::EndsEarly(at) | SplitError::TooDeep(at)) = error;
    let args = [("line", line.to_string()), ("column", at.column.to_string())];
    let problem = Problem { element: String::new(), reason: Reason::new("import-json-broken", args) };
    Rejection { origin: origin.to_owned(), problem, raw: String::from_utf8_lossy(text).trim_end().to_owned() }
}

fn too_large(origin: &str) -> Rejection {
    let limit = megabytes(IMPORT_RECORD_BYTES_MAX as u64);
    let problem =
        Problem { element: String::new(), reason: Reason::new("import-record-too-large", [("limit", limit)]) };
    Rejection { origin: origin.to_owned(), problem, raw: String::new() }
}

fn record(piece: &Piece, origin: &str, lines_before: u64) -> Result<Record, Rejection> {
    if piece.oversize {
        return Err(too_large(origin));
    }
    let text = String::from_utf8_lossy(&piece.text);
    let start = Position { line: piece.start.line + lines_before, ..piece.start };
    fhir::record(&text, origin, start)
}
