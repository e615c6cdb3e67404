//! CSD directories in XML, and the contact lists that OpenInfoMan prepares for RapidPro.

use std::{
    fs::File,
    io::{BufReader, Read},
};

use mhero_core::{
    limits::IMPORT_RECORD_BYTES_MAX,
    record::{Problem, Reason, Record, Rejection},
};
use mhero_wire::csd::{self, CsdError, Entities, Item};

use super::{
    FileError, Format, Records, Source,
    error::megabytes,
    text::{decoded, letters},
};

pub(crate) use super::text::declared;

/// Largest contact list, in bytes: it is read whole.
const CONTACTS_BYTES_MAX: u64 = 64 * 1024 * 1024;

/// A directory. The structure of the whole file is checked before.
pub(super) fn read(mut file: File, name: &str) -> Result<Records, FileError> {
    let letters = letters(&mut file, name)?;
    let unreadable = |source| FileError::unreadable(name, source);
    let again = file.try_clone().map_err(unreadable)?;
    let mut total = 0;
    for item in Entities::new(BufReader::new(decoded(again, &letters).map_err(unreadable)?)) {
        item.map_err(|error| refused(name, error))?;
        total += 1;
    }
    let entities = Entities::new(BufReader::new(decoded(file, &letters).map_err(unreadable)?));
    let each = Directory { entities, file: name.to_owned() };
    Ok(Records {
        format: Format::Csd,
        notices: letters.notice.into_iter().collect(),
        total: Some(total),
        mapping: None,
        each: Box::new(each),
    })
}

/// A contact list.
pub(super) fn read_contacts(mut file: File, name: &str) -> Result<Records, FileError> {
    let letters = letters(&mut file, name)?;
    let unreadable = |source| FileError::unreadable(name, source);
    let mut text = String::new();
    let mut source = decoded(file, &letters).map_err(unreadable)?.take(CONTACTS_BYTES_MAX + 1);
    source.read_to_string(&mut text).map_err(unreadable)?;
    if text.len() as u64 > CONTACTS_BYTES_MAX {
        let (bytes, limit) = (text.len() as u64, CONTACTS_BYTES_MAX);
        return Err(FileError::TooLarge { file: name.to_owned(), bytes, limit });
    }
    let Some(list) = csd::contacts(&text, name) else {
        let at = serde_json::from_str::<serde_json::Value>(&text).err();
        let (line, column) = at.map_or((1, 1), |error| (error.line() as u64, error.column() as u64));
        return Err(FileError::Json { file: name.to_owned(), line, column });
    };
    Ok(Records {
        format: Format::Contacts,
        notices: letters.notice.into_iter().collect(),
        total: Some(list.len() as u64),
        mapping: None,
        each: Box::new(list.into_iter()),
    })
}

/// Whether the beginning of a JSON text is that of a contact list.
pub(super) fn looks_like_contacts(head: &[u8]) -> bool {
    let marks = head.iter().copied().filter(|byte| *byte != 0 && byte.is_ascii() && !byte.is_ascii_whitespace());
    marks.take(b"{\"contacts\":[".len()).eq(b"{\"contacts\":[".iter().copied())
}

fn refused(name: &str, error: CsdError) -> FileError {
    match error {
        CsdError::Source(source) => FileError::unreadable(name, source),
        error => FileError::Csd { file: name.to_owned(), error },
    }
}

struct Directory {
    entities: Entities<BufReader<Source>>,
    file: String,
}

impl Iterator for Directory {
    type Item = Result<Record, Rejection>;

    fn next(&mut self) -> Option<Self::Item> {
        match self.entities.next()? {
            Ok(item) => Some(verdict(&item, &self.file)),
            Err(error) => {
                // Checked before; the file changed while it was read.
                let problem = Problem { element: String::new(), reason: refused(&self.file, error).reason() };
                Some(Err(Rejection { origin: self.file.clone(), problem, raw: String::new() }))
            }
        }
    }
}

/// What becomes of one entity; `name` is what people call the document.
pub(crate) fn verdict(item: &Item, name: &str) -> Result<Record, Rejection> {
    match item {
        Item::Entity(entity) => csd::record(entity, &format!("{name}, line {}", entity.line)),
        Item::Oversize { line, .. } => {
            let limit = megabytes(IMPORT_RECORD_BYTES_MAX as u64);
            let reason = Reason::new("import-record-too-large", [("limit", limit)]);
            let problem = Problem { element: String::new(), reason };
            Err(Rejection { origin: format!("{name}, line {line}"), problem, raw: String::new() })
        }
    }
}
