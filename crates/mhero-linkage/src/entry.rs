//! What comes in: a record, field by field, as its source wrote it.

use std::{borrow::Cow, fmt};

use serde::{Deserialize, Serialize};

/// The caller's id of a record; a UUID fits (`RecordId(uuid.as_u128())`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct RecordId(pub u128);

/// A source and kind of records, numbered by the caller: "practitioners of iHRIS", "rows of the CHW register".
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct SourceId(pub u32);

/// A record as its source wrote it. Nothing needs to be clean: names in any order and script, phones and dates as typed.
///
/// ```
/// use mhero_linkage::{Entry, RecordId, SourceId, Value};
///
/// let entry = Entry::new(RecordId(7), SourceId(1))
///     .with("name", Value::name("Martha", "Kollie"))
///     .with("phone", Value::text("+231 77 000 0214"))
///     .with("phone", Value::text("0886 000 214"))
///     .with("payroll", Value::id("http://moh.example/payroll", "LR-100 442"));
/// assert_eq!(entry.values.len(), 4);
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Entry {
    /// The caller's id.
    pub id: RecordId,
    /// Where it comes from; several, when it was already joined from records of several sources.
    pub sources: Vec<SourceId>,
    /// Values by the key of their field. A field may have several: phones, identifiers, former names.
    pub values: Vec<(Cow<'static, str>, Value)>,
}

/// Never the values: names and numbers have no place in a log line.
impl fmt::Debug for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Entry({:?} of {:?}, {} values)", self.id, self.sources, self.values.len())
    }
}

impl Entry {
    /// An empty record of one source.
    pub fn new(id: RecordId, source: SourceId) -> Self {
        Self { id, sources: vec![source], values: Vec::new() }
    }

    /// Adds another source: the record was joined from several.
    #[must_use]
    pub fn also_of(mut self, source: SourceId) -> Self {
        self.sources.push(source);
        self
    }

    /// Adds a value of a field of the schema.
    #[must_use]
    pub fn with(mut self, field: impl Into<Cow<'static, str>>, value: Value) -> Self {
        self.values.push((field.into(), value));
        self
    }
}

/// A value as written.
#[derive(Clone, PartialEq, Eq)]
pub enum Value {
    /// For fields of kind text, code, date, phone and sex.
    Text(String),
    /// A name whose parts the source tells apart; either may be empty.
    Name {
        /// Given names.
        given: String,
        /// Family name.
        family: String,
    },
    /// A name in one piece, in whatever order. A comma ends the family name: `KOLLIE, Martha`.
    WholeName(String),
    /// An identifier of some system.
    Id {
        /// The system, usually a URL.
        system: String,
        /// The value.
        value: String,
    },
    /// A place as ids (or names) from the top down: country, county, district, facility.
    Place(Vec<String>),
}

/// Never the value; see [`Entry`].
impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

impl Value {
    /// A text, code, date, phone or sex.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// A name in two parts.
    pub fn name(given: impl Into<String>, family: impl Into<String>) -> Self {
        Self::Name { given: given.into(), family: family.into() }
    }

    /// An identifier.
    pub fn id(system: impl Into<String>, value: impl Into<String>) -> Self {
        Self::Id { system: system.into(), value: value.into() }
    }

    /// What it is, in a word with its article.
    pub(crate) const fn word(&self) -> &'static str {
        match self {
            Self::Text(_) => "a text",
            Self::Name { .. } | Self::WholeName(_) => "a name",
            Self::Id { .. } => "an identifier",
            Self::Place(_) => "a place",
        }
    }
}
