//! What a use case can answer instead of doing its work, by what the caller can do about it.

use mhero_core::{Right, record::Reason};
use mhero_store::{DecideAgain, StoreError};

/// The reason of a refusal because a text holds U+0000.
pub const NUL_IN_TEXT: &str = "error-nul-in-text";

/// Errors of the use cases.
#[derive(Debug, Clone, thiserror::Error)]
pub enum AppError {
    /// The installation has no country yet.
    #[error(
        "this installation has no country yet: run `mhero init --country LR --language en,fr --timezone Africa/Monrovia` with yours"
    )]
    NotInitialised,
    /// The caller's role does not allow it.
    #[error("your role does not include the right {right}")]
    NotAllowed {
        /// The right that is missing.
        right: Right,
    },
    /// There is no such thing, or it lies outside the caller's scope, which looks the same.
    #[error("there is no {what} {id}")]
    NotFound {
        /// What was looked for.
        what: &'static str,
        /// By what.
        id: String,
    },
    /// What was asked for can't be done as it stands; the reason names field, value and remedy.
    #[error("{}", .0.key)]
    Invalid(Reason),
    /// The audience can't be read or means nothing here.
    #[error(transparent)]
    Query(#[from] mhero_query::QueryError),
    /// The store.
    #[error(transparent)]
    Store(StoreError),
}

impl From<StoreError> for AppError {
    fn from(error: StoreError) -> Self {
        match error {
            // What came from outside is at fault, not the store.
            StoreError::NulInText => Self::Invalid(Reason::plain(NUL_IN_TEXT)),
            error => Self::Store(error),
        }
    }
}

impl AppError {
    /// A refusal with its locale key and variables.
    pub fn invalid(key: &'static str, args: impl IntoIterator<Item = (&'static str, String)>) -> Self {
        Self::Invalid(Reason::new(key, args))
    }

    /// Nothing of this kind and name.
    #[expect(clippy::needless_pass_by_value, reason = "an id is small, and a text is often made for this")]
    pub fn not_found(what: &'static str, id: impl ToString) -> Self {
        Self::NotFound { what, id: id.to_string() }
    }
}

impl DecideAgain for AppError {
    fn is_decide_again(&self) -> bool {
        matches!(self, Self::Store(error) if error.is_decide_again())
    }
}
