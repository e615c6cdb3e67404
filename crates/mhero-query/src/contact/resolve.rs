//! The names that a query of contacts may use, given by whoever has the assets.

use uuid::Uuid;

/// Finds what names stand for. Names are compared without case.
pub trait Resolver {
    /// The field of a key, which is in small letters.
    fn field(&self, key: &str) -> Option<QueryField>;
    /// The group of a name.
    fn group(&self, name: &str) -> Option<Resolved>;
    /// The flow of a name.
    fn flow(&self, name: &str) -> Option<Resolved>;
}

/// A field as queries see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueryField {
    /// Its name.
    pub name: String,
    /// Its type.
    pub kind: QueryFieldKind,
}

/// The type of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QueryFieldKind {
    /// `text`
    Text,
    /// `number`
    Number,
    /// `datetime`
    Instant,
    /// `state`, `district` or `ward`: compared by the last name of its path.
    Location,
}

/// Something that bears a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resolved {
    /// Its id.
    pub uuid: Uuid,
    /// Its name as it is shown.
    pub name: String,
}

impl QueryFieldKind {
    /// The type of a word of the specification: `text`, `number`, `datetime`, `state`, `district`, `ward`. Unknown words
    /// are text.
    pub fn of(word: &str) -> Self {
        match word {
            "number" => Self::Number,
            "datetime" => Self::Instant,
            "state" | "district" | "ward" => Self::Location,
            _ => Self::Text,
        }
    }
}

/// A resolver that knows no fields, groups and flows.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoNames;

impl Resolver for NoNames {
    fn field(&self, _key: &str) -> Option<QueryField> {
        None
    }

    fn group(&self, _name: &str) -> Option<Resolved> {
        None
    }

    fn flow(&self, _name: &str) -> Option<Resolved> {
        None
    }
}
