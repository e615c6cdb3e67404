//! Why a CSD document can't be read.

use mhero_core::record::Reason;

/// Longest excerpt of a foreign text in an error, in characters.
const EXCERPT_CHARS: usize = 200;

/// Why a document can't be read any further. Lines count from 1.
#[derive(Debug, thiserror::Error)]
pub enum CsdError {
    /// The source of its bytes broke off.
    #[error("the document can't be read to its end")]
    Source(#[from] std::io::Error),
    /// It is no well-formed XML.
    #[error("broken XML at line {line}: {detail}")]
    Broken {
        /// The line.
        line: u64,
        /// What the reader said.
        detail: String,
    },
    /// It ends inside an element: it was cut off.
    #[error("the XML ends early, at line {line}")]
    EndsEarly {
        /// The last line.
        line: u64,
    },
    /// It has a document type, which can make a small document huge.
    #[error("a document type at line {line}")]
    DocumentType {
        /// The line.
        line: u64,
    },
    /// Elements are nested deeper, or one is larger, than any directory's.
    #[error("the XML is nested too deep or has too large a piece, at line {line}")]
    TooLarge {
        /// The line.
        line: u64,
    },
    /// It is some other XML.
    #[error("a document of {root}, not of CSD")]
    NotCsd {
        /// Its outermost element.
        root: String,
    },
    /// Its elements are called as CSD's and belong to another namespace.
    #[error("{root} of the namespace {found:?}")]
    Namespace {
        /// Its outermost element.
        root: String,
        /// The namespace.
        found: String,
    },
    /// The registry answers with an error in place of a document.
    #[error("the registry answers with an error: {text}")]
    Fault {
        /// What it said.
        text: String,
    },
}

impl CsdError {
    /// What is wrong and what to do, for people; `file` is what was read.
    pub fn reason(&self, file: &str) -> Reason {
        let named = |key, rest: Vec<(&'static str, String)>| {
            Reason::new(key, std::iter::once(("file", file.to_owned())).chain(rest))
        };
        let at = |key, line: &u64| named(key, vec![("line", line.to_string())]);
        match self {
            Self::Source(source) => named("import-file-unreadable", vec![("detail", source.kind().to_string())]),
            Self::Broken { line, .. } => at("csd-broken", line),
            Self::EndsEarly { line } => at("csd-ends-early", line),
            Self::DocumentType { line } => at("csd-document-type", line),
            Self::TooLarge { line } => at("csd-too-large", line),
            Self::NotCsd { root } => named("csd-other-xml", vec![("root", excerpt(root))]),
            Self::Namespace { root, found } => {
                named("csd-other-namespace", vec![("root", excerpt(root)), ("found", excerpt(found))])
            }
            Self::Fault { text } => named("csd-fault", vec![("text", excerpt(text))]),
        }
    }
}

/// The beginning of a foreign text.
pub(super) fn excerpt(text: &str) -> String {
    text.chars().take(EXCERPT_CHARS).collect()
}
