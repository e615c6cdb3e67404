//! Why a whole file can't be imported.

use mhero_core::record::Reason;

/// Why a whole file can't be imported. `file` is its name without the folder.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// There is no such file.
    #[error("{file}: not found")]
    NotFound {
        /// The file.
        file: String,
    },
    /// It is a folder.
    #[error("{file}: is a folder")]
    Directory {
        /// The folder.
        file: String,
    },
    /// The system does not let it be read.
    #[error("{file}: can't be read")]
    Unreadable {
        /// The file.
        file: String,
        /// What the system said.
        source: std::io::Error,
    },
    /// There is nothing in it.
    #[error("{file}: is empty")]
    Empty {
        /// The file.
        file: String,
    },
    /// It is larger than an import opens.
    #[error("{file}: {bytes} bytes, over the limit of {limit}")]
    TooLarge {
        /// The file.
        file: String,
        /// Its size in bytes.
        bytes: u64,
        /// The limit in bytes.
        limit: u64,
    },
    /// It is of a format that the import does not know.
    #[error("{file}: looks like {looks}, which can't be imported")]
    Unsupported {
        /// The file.
        file: String,
        /// What it looks like: `XML`, `PDF`.
        looks: &'static str,
    },
    /// It is a workbook of Excel 97-2003, or an encrypted one, which begins alike.
    #[error("{file}: an old (.xls) or protected workbook")]
    OldSpreadsheet {
        /// The file.
        file: String,
    },
    /// The JSON is broken so that its records can't be told apart.
    #[error("{file}: broken JSON at line {line}, column {column}")]
    Json {
        /// The file.
        file: String,
        /// The line, from 1.
        line: u64,
        /// The column in characters, from 1.
        column: u64,
    },
    /// The JSON ends inside a record or list: the file was cut off.
    #[error("{file}: the JSON ends early, at line {line}")]
    JsonEnds {
        /// The file.
        file: String,
        /// The last line, from 1.
        line: u64,
    },
    /// The XML is broken, dangerous, or no CSD.
    #[error("{file}: {error}")]
    Csd {
        /// The file.
        file: String,
        /// What is wrong with it.
        error: mhero_wire::csd::CsdError,
    },
    /// The letters are in no encoding that can be told.
    #[error("{file}: the encoding of its letters can't be told")]
    Encoding {
        /// The file.
        file: String,
    },
    /// A quotation mark in a table is never closed.
    #[error("{file}: a quotation mark opened in line {line} is not closed")]
    QuoteOpen {
        /// The file.
        file: String,
        /// The line where it opens, from 1.
        line: u64,
    },
    /// No row of the table has column names that are known.
    #[error("{file}: no known column names (found: {found})")]
    Header {
        /// The file.
        file: String,
        /// The names in the first row.
        found: String,
    },
    /// The workbook has no such sheet.
    #[error("{file}: no sheet {sheet:?} (sheets: {sheets})")]
    Sheet {
        /// The file.
        file: String,
        /// The sheet asked for; empty when none was and there is none at all.
        sheet: String,
        /// The sheets that there are.
        sheets: String,
    },
    /// The workbook is damaged, or is some other zip archive.
    #[error("{file}: damaged workbook: {detail}")]
    Spreadsheet {
        /// The file.
        file: String,
        /// What the reader said.
        detail: String,
    },
}

impl FileError {
    pub(super) fn unreadable(file: &str, source: std::io::Error) -> Self {
        Self::Unreadable { file: file.to_owned(), source }
    }

    /// What is wrong and what to do, for people.
    pub fn reason(&self) -> Reason {
        let named = |key, file: &str, rest: Vec<(&'static str, String)>| {
            Reason::new(key, std::iter::once(("file", file.to_owned())).chain(rest))
        };
        match self {
            Self::NotFound { file } => named("import-file-not-found", file, vec![]),
            Self::Directory { file } => named("import-file-folder", file, vec![]),
            Self::Unreadable { file, source } => {
                named("import-file-unreadable", file, vec![("detail", source.kind().to_string())])
            }
            Self::Empty { file } => named("import-file-empty", file, vec![]),
            Self::TooLarge { file, bytes, limit } => {
                named("import-file-too-large", file, vec![("size", megabytes(*bytes)), ("limit", megabytes(*limit))])
            }
            Self::Unsupported { file, looks } => {
                named("import-file-unsupported", file, vec![("looks", (*looks).to_owned())])
            }
            Self::OldSpreadsheet { file } => named("import-file-old-spreadsheet", file, vec![]),
            Self::Json { file, line, column } => {
                named("import-file-json", file, vec![("line", line.to_string()), ("column", column.to_string())])
            }
            Self::JsonEnds { file, line } => named("import-file-json-ends", file, vec![("line", line.to_string())]),
            Self::Csd { file, error } => error.reason(file),
            Self::Encoding { file } => named("import-file-encoding", file, vec![]),
            Self::QuoteOpen { file, line } => named("import-file-quote", file, vec![("line", line.to_string())]),
            Self::Header { file, found } => named("import-file-header", file, vec![("found", found.clone())]),
            Self::Sheet { file, sheet, sheets } => {
                named("import-file-sheet", file, vec![("sheet", sheet.clone()), ("sheets", sheets.clone())])
            }
            Self::Spreadsheet { file, .. } => named("import-file-spreadsheet", file, vec![]),
        }
    }
}

/// Bytes in whole megabytes, rounded up.
pub(super) fn megabytes(bytes: u64) -> String {
    bytes.div_ceil(1024 * 1024).to_string()
}
