//! Opens a file of any supported format and hands out its records one by one, in bounded memory.
//!
//! The format is told by content, not by name. Before the first record comes out the whole file has been looked at once, so
//! that a broken structure, a wrong encoding or an open quotation mark refuses the file as a whole and nothing comes in by
//! halves.

pub(crate) mod csd;
mod csv;
mod error;
mod json;
mod text;
mod xlsx;
mod zip;

use std::{
    fs::File,
    io::{Read, Seek, SeekFrom},
    path::Path,
};

use mhero_core::{
    limits::IMPORT_FILE_BYTES_MAX,
    record::{Reason, Record, Rejection},
};

pub use error::FileError;

use crate::table::Mapping;

/// The format of a file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// Told by content.
    #[default]
    Auto,
    /// A FHIR Bundle, a single resource, or resources one after the other.
    Fhir,
    /// One FHIR resource or Bundle on each line. A broken line is refused alone.
    NdJson,
    /// A table in text: comma, semicolon, tab or bar between columns.
    Csv,
    /// A table in an Excel workbook.
    Xlsx,
    /// A CSD directory in XML.
    Csd,
    /// The contact list in JSON that OpenInfoMan prepares for RapidPro.
    Contacts,
}

/// How to open a file.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The format.
    pub format: Format,
    /// The sheet of a workbook; `None` is its first visible one.
    pub sheet: Option<String>,
    /// What the columns of a table mean, where somebody said so.
    pub mapping: Mapping,
}

/// The records of an open file.
pub struct Records {
    format: Format,
    notices: Vec<Reason>,
    total: Option<u64>,
    mapping: Option<Mapping>,
    each: Box<dyn Iterator<Item = Result<Record, Rejection>> + Send>,
}

impl Records {
    /// The format that the content showed; never [`Format::Auto`].
    pub const fn format(&self) -> Format {
        self.format
    }

    /// What the columns of a table are taken for, by what was said and by their names: to be looked through, corrected and
    /// remembered. `None` for what is no table.
    pub const fn mapping(&self) -> Option<&Mapping> {
        self.mapping.as_ref()
    }

    /// What people should know about the file as a whole: a guessed encoding, sheets left unread.
    pub fn notices(&self) -> &[Reason] {
        &self.notices
    }

    /// How many records will come, where counting was cheap; for a progress bar.
    pub const fn total(&self) -> Option<u64> {
        self.total
    }
}

/// Ends after the last record. A file that can't be read to its end any more (a pulled-out disk) ends with a rejection that
/// says so.
impl Iterator for Records {
    type Item = Result<Record, Rejection>;

    fn next(&mut self) -> Option<Self::Item> {
        self.each.next()
    }
}

/// Opens a file.
///
/// # Errors
/// A [`FileError`] when the file as a whole can't be imported; its [`FileError::reason`] tells people what to do.
///
/// ```
/// use mhero_registries::files::{Options, read};
/// # let folder = tempfile::tempdir().expect("a folder");
/// let path = folder.path().join("staff.csv");
/// std::fs::write(&path, "Nom;Téléphone;Langue\nMartha Kollie;0770000001;anglais\n").expect("written");
/// let records: Vec<_> = read(&path, &Options::default()).expect("readable").collect();
/// assert!(records[0].is_ok());
/// ```
pub fn read(path: &Path, options: &Options) -> Result<Records, FileError> {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let mut file = open(path, &name)?;
    let mut head = vec![0; HEAD_BYTES];
    let filled = text::fill(&mut file, &mut head).map_err(|source| FileError::unreadable(&name, source))?;
    head.truncate(filled);
    file.seek(SeekFrom::Start(0)).map_err(|source| FileError::unreadable(&name, source))?;
    let named_ndjson =
        path.extension().is_some_and(|ext| ext.eq_ignore_ascii_case("ndjson") || ext.eq_ignore_ascii_case("jsonl"));
    let format = match options.format {
        Format::Auto => sniff(&head, &name, named_ndjson)?,
        given => given,
    };
    match format {
        Format::Xlsx => xlsx::read(path, &name, options.sheet.as_deref(), &options.mapping),
        Format::Csv => csv::read(file, &name, &options.mapping),
        Format::NdJson => json::read_lines(file, &name),
        Format::Csd => csd::read(file, &name),
        Format::Contacts => csd::read_contacts(file, &name),
        Format::Fhir | Format::Auto => json::read_documents(file, &name),
    }
}

/// How much of a file is looked at to tell its format and, for tables, its delimiter.
const HEAD_BYTES: usize = 64 * 1024;

fn open(path: &Path, name: &str) -> Result<File, FileError> {
    let file = File::open(path).map_err(|source| match source.kind() {
        std::io::ErrorKind::NotFound => FileError::NotFound { file: name.to_owned() },
        _ => FileError::unreadable(name, source),
    })?;
    let about = file.metadata().map_err(|source| FileError::unreadable(name, source))?;
    if about.is_dir() {
        return Err(FileError::Directory { file: name.to_owned() });
    }
    if about.len() == 0 && about.is_file() {
        return Err(FileError::Empty { file: name.to_owned() });
    }
    if about.len() > IMPORT_FILE_BYTES_MAX {
        return Err(FileError::TooLarge { file: name.to_owned(), bytes: about.len(), limit: IMPORT_FILE_BYTES_MAX });
    }
    Ok(file)
}

/// The format by content.
fn sniff(head: &[u8], name: &str, named_ndjson: bool) -> Result<Format, FileError> {
    let other = |looks| Err(FileError::Unsupported { file: name.to_owned(), looks });
    match head {
        [b'P', b'K', 3 | 5, ..] => return Ok(Format::Xlsx),
        [0xD0, 0xCF, 0x11, 0xE0, ..] => return Err(FileError::OldSpreadsheet { file: name.to_owned() }),
        [b'%', b'P', b'D', b'F', ..] => return other("PDF"),
        [0x1F, 0x8B, ..] => return other("gzip"),
        _ => {}
    }
    // UTF-16 shows its letters with zeros between; the marks that matter here are all ASCII.
    let mut letters = head.iter().copied().filter(|byte| *byte != 0 && byte.is_ascii() && !byte.is_ascii_whitespace());
    match letters.next() {
        Some(b'{') if csd::looks_like_contacts(head) => Ok(Format::Contacts),
        Some(b'{' | b'[') if named_ndjson || json::looks_like_lines(head) => Ok(Format::NdJson),
        Some(b'{' | b'[') => Ok(Format::Fhir),
        Some(b'<') => Ok(Format::Csd),
        None if head.iter().all(u8::is_ascii_whitespace) => Err(FileError::Empty { file: name.to_owned() }),
        _ => Ok(Format::Csv),
    }
}

/// The end of a file that broke off while it was read, as the last thing that comes out.
fn broke_off(file: &str, source: std::io::Error) -> Rejection {
    let error = FileError::unreadable(file, source);
    Rejection {
        origin: file.to_owned(),
        problem: mhero_core::record::Problem { element: String::new(), reason: error.reason() },
        raw: String::new(),
    }
}

/// A reader that the iterators own.
type Source = Box<dyn Read + Send>;
