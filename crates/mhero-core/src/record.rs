//! What a registry says, in our words: the neutral records between a connector and the import.
//!
//! A connector (or the file reader) turns FHIR resources, CSD entities and table rows into these; the import matches,
//! resolves references within one source and decides. What a record says is kept beside the text as received, so that it can be
//! read again when what it refers to arrives later.

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

use crate::{Lang, LangMap};

/// One record as received, and what it says.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    /// Where it stood, for people: `bundle-Facility.json, entry 3` or `staff.csv, row 12`.
    pub origin: String,
    /// The source's own word for its kind: `Practitioner`, `Location`, `row`.
    pub kind: String,
    /// The source's own id. References of other records name kind and id.
    pub id: String,
    /// The text as received, kept so that nothing is lost that we do not map.
    pub raw: String,
    /// What could not be read of it; the record comes in all the same.
    pub warnings: Vec<Problem>,
    /// What it says.
    pub content: Content,
}

/// A part of a record that could not be used, or the reason why all of it was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The element, in the source's words: `telecom[0].value`, `phone`.
    pub element: String,
    /// What is wrong and what to do, as a locale key with its variables in `args`.
    pub reason: Reason,
}

/// A sentence for people: the key of a text in `locales/`, and its variables.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// The key, e.g. `import-phone-has-letters`.
    pub key: &'static str,
    /// Variables, in the order they were given: name and value.
    pub args: Vec<(&'static str, String)>,
}

impl Reason {
    /// A reason without variables.
    pub const fn plain(key: &'static str) -> Self {
        Self { key, args: Vec::new() }
    }

    /// A reason with variables.
    pub fn new(key: &'static str, args: impl IntoIterator<Item = (&'static str, String)>) -> Self {
        Self { key, args: args.into_iter().collect() }
    }
}

/// A record that can't come in at all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejection {
    /// Where it stood.
    pub origin: String,
    /// What is wrong with it.
    pub problem: Problem,
    /// The text as received, so that it can be written out, mended and imported again. Empty when it could not be kept.
    pub raw: String,
}

/// What a record says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Content {
    /// A jurisdiction or facility.
    Place(PlaceRecord),
    /// A health worker.
    Person(Box<PersonRecord>),
    /// Who works where, as what, since when.
    Position(PositionRecord),
    /// A job code system: titles with their cadre.
    Jobs(Vec<JobRecord>),
    /// A cadre code system: codes with their names.
    Cadres(Vec<CadreRecord>),
    /// What a position is, kept apart from who holds it (iHRIS's position Basic); positions name it in `details`.
    PositionDetails(PositionDetails),
    /// A course that a person attended.
    Training(TrainingRecord),
    /// Days on which a person is away: leave, a course abroad, sickness.
    Absence(AbsenceRecord),
    /// Kept as received and counted; mHero does not map this kind.
    Kept,
}

/// A reference within one source.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Ref {
    /// By kind and id, as FHIR does: `Location/TF.W`. `Location` and `Organization` of one id are one place.
    Id {
        /// The kind: `Location`.
        kind: String,
        /// The id: `TF.W`.
        id: String,
    },
    /// By names from the top down, as a table does: county, district, facility. Upper steps may be missing; the whole must be
    /// unambiguous.
    Path(Vec<PathStep>),
}

/// One place of a path of names.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct PathStep {
    /// The level that the column named: `county`, `district`, `facility`; `None` for a column that only says "place".
    pub level: Option<String>,
    /// The name as written.
    pub name: String,
}

/// A jurisdiction or facility.
#[derive(Clone, Debug, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct PlaceRecord {
    /// Names by language.
    pub name: LangMap,
    /// The place above.
    pub parent: Option<Ref>,
    /// The level as the source calls it: `country`, `region`, `district`, `facility`.
    pub level: Option<String>,
    /// Whether people work there: a facility, as against a jurisdiction.
    pub is_facility: bool,
    /// False when the source closed it.
    pub active: bool,
    /// Identifiers beside the id: system and value.
    pub identifiers: Vec<Identifier>,
    /// Latitude and longitude in degrees.
    pub position: Option<(f64, f64)>,
    /// An IANA time zone, where the source knows one.
    pub zone: Option<String>,
    /// Further values by field key, as a facility check asks for them: `open`, `power`, `water`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<ValueRecord>,
}

/// A health worker.
#[derive(Clone, Debug, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct PersonRecord {
    /// The whole name as shown.
    pub name: String,
    /// Given names.
    pub given: String,
    /// Family name.
    pub family: String,
    /// Preferred language.
    pub language: Option<Lang>,
    /// `female`, `male`, `other`, `unknown`.
    pub sex: Option<String>,
    /// Date of birth.
    pub birth: Option<Date>,
    /// False when the source says that the person has left.
    pub active: bool,
    /// Whether the source says that they want nothing sent; `None` where it does not speak of that.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stopped: Option<bool>,
    /// Phones as written, best first; the import reads them.
    pub phones: Vec<RawPhone>,
    /// Identifiers beside the id.
    pub identifiers: Vec<Identifier>,
    /// Further values by field key.
    pub values: Vec<ValueRecord>,
    /// Positions that stand in the same record (tables); FHIR sends them apart.
    pub positions: Vec<PositionRecord>,
    /// Courses that stand in the same record (tables).
    pub trainings: Vec<TrainingRecord>,
    /// Groups that a table row names.
    pub groups: Vec<String>,
}

/// A phone as somebody wrote it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RawPhone {
    /// As received.
    pub raw: String,
    /// `mobile`, `work`, `home`, ...
    pub usage: Option<String>,
    /// The element it stood in: `telecom[0].value`.
    pub element: String,
}

/// An identifier of a person or place in some system.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Identifier {
    /// The system, usually a URL. People of two sources with one system and value are one person, except where the system
    /// begins with `#`: then the source named none, and the value counts within that source only.
    pub system: String,
    /// The value.
    pub value: String,
}

/// A value of a field.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ValueRecord {
    /// The key in the audience language: small letters, digits, underscores.
    pub field: String,
    /// The value by type.
    pub value: Value,
}

/// A typed value. Texts that look like numbers or instants carry all readings, as the audience language compares by type.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Value {
    /// A text.
    Text(String),
    /// A number.
    Number(f64),
    /// An instant.
    Instant(Timestamp),
    /// A day.
    Day(Date),
    /// A place.
    Place(Ref),
}

/// Who works where, as what, since when.
#[derive(Clone, Debug, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct PositionRecord {
    /// The person; `None` inside a [`PersonRecord`].
    pub person: Option<Ref>,
    /// The facility or jurisdiction.
    pub place: Option<Ref>,
    /// Job title.
    pub job: Option<Coded>,
    /// Cadre, where the source gives it directly; else it comes through the job code system.
    pub cadre: Option<Coded>,
    /// First day.
    pub start: Option<Date>,
    /// Last day.
    pub end: Option<Date>,
    /// False when the source says that it has ended.
    pub active: bool,
    /// The record of [`PositionDetails`] that tells job and cadre where this one does not. It may be absent from the source.
    pub details: Option<Ref>,
}

/// Job and cadre of a position, whoever holds it.
#[derive(Clone, Debug, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct PositionDetails {
    /// Job title.
    pub job: Option<Coded>,
    /// Cadre.
    pub cadre: Option<Coded>,
}

/// A code, its system and its words; any part may be missing.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Coded {
    /// The code system.
    pub system: Option<String>,
    /// The code.
    pub code: Option<String>,
    /// The words.
    pub text: Option<String>,
}

/// A job title and its cadre.
#[derive(Clone, Debug, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct JobRecord {
    /// The code system's URL.
    pub system: String,
    /// The code.
    pub code: String,
    /// Names by language.
    pub name: LangMap,
    /// The cadre's code.
    pub cadre: Option<String>,
}

/// A cadre.
#[derive(Clone, Debug, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct CadreRecord {
    /// The code: `midwife`.
    pub code: String,
    /// Names by language.
    pub name: LangMap,
}

/// A course that a person attended.
#[derive(Clone, Debug, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct TrainingRecord {
    /// The person.
    pub person: Option<Ref>,
    /// The course.
    pub course: Coded,
    /// First day.
    pub start: Option<Date>,
    /// Last day.
    pub end: Option<Date>,
}

/// Days on which a person is away.
#[derive(Clone, Debug, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct AbsenceRecord {
    /// The person.
    pub person: Option<Ref>,
    /// Why, in the source's code and words: `annual`, "Maternity leave".
    pub reason: Coded,
    /// First day away. Without one the person has been away for an unknown time.
    pub start: Option<Date>,
    /// Last day away. Without one nobody knows when the person returns.
    pub end: Option<Date>,
}
