//! What can be wrong with what is handed in.

use crate::entry::RecordId;

/// Why something handed in can't be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LinkageError {
    /// An entry names a field that the schema does not have.
    #[error("the schema has no field called {0}")]
    UnknownField(String),
    /// An entry gives a field a value of another kind: a place where a name is asked for.
    #[error("the field {field} can't hold {value}")]
    WrongValue {
        /// The field.
        field: String,
        /// What was given, in a word: `a name`, `a place`.
        value: &'static str,
    },
    /// More fields than a comparison pattern holds; see [`Schema::FIELDS_MAX`](crate::Schema::FIELDS_MAX).
    #[error("a schema holds up to {max} fields (a name counts twice), not {given}")]
    TooManyFields {
        /// What was given.
        given: usize,
        /// The most there can be.
        max: usize,
    },
    /// A blocking pass reads a field in a way that its kind does not offer.
    #[error("the pass {pass} reads {field} in a way its kind does not have")]
    WrongPass {
        /// The pass.
        pass: String,
        /// The field.
        field: String,
    },
    /// The weights were learned for other fields: learn again, or take the schema they belong to.
    #[error("the weights belong to other fields: {0} is missing")]
    OtherModel(String),
    /// No record of that id is in the index.
    #[error("no record {0:?} in the index")]
    UnknownRecord(RecordId),
}
