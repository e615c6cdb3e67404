//! The XML of R4, which is the same tree as its JSON: elements in the order of the schema, values in attributes, narratives as
//! they are.

mod read;
mod write;

pub use read::from_xml;
pub use write::to_xml;

/// The namespace of every element but those of narratives.
pub const NAMESPACE: &str = "http://hl7.org/fhir";
/// Elements within elements.
const DEPTH_MAX: usize = 40;

/// Why a text is no resource, or a resource can't be written.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum XmlError {
    /// It is no well-formed XML.
    #[error("the XML is broken at byte {at}: {why}")]
    Broken {
        /// Where, in bytes from the beginning.
        at: u64,
        /// What the parser says.
        why: String,
    },
    /// It has a document type: what that can do is not wanted here.
    #[error("a document type declaration is not taken")]
    DocumentType,
    /// The root is in another namespace.
    #[error("the root element belongs to the namespace {NAMESPACE}")]
    Namespace,
    /// A kind of resource that mHero has no rules of, so that nobody knows which elements are lists.
    #[error("“{kind}” is no resource that is read or written as XML here")]
    Kind {
        /// What it says.
        kind: String,
    },
    /// An element that R4 does not have there.
    #[error("R4 has no “{name}” in {path}")]
    Element {
        /// Its name.
        name: String,
        /// Where it stands.
        path: String,
    },
    /// Text where elements belong.
    #[error("text stands in {path}: R4 writes values into the attribute “value”")]
    Text {
        /// Where.
        path: String,
    },
    /// An element that may stand once stands again.
    #[error("“{name}” stands twice in {path}")]
    Twice {
        /// Its name.
        name: String,
        /// Where it stands.
        path: String,
    },
    /// Elements within elements, deeper than anybody writes.
    #[error("elements stand within each other deeper than {DEPTH_MAX}")]
    Deep,
}

#[cfg(test)]
mod tests;
