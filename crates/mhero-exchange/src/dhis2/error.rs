//! Why something was not done with DHIS2.

use mhero_app::AppError;
use mhero_store::{DecideAgain, StoreError};

/// What keeps a mapping or report from being taken.
#[derive(Debug, thiserror::Error)]
pub enum Dhis2Error {
    /// A mapping that can't be right.
    #[error("{field}: “{value}”: {why}")]
    Mapping {
        /// Which field.
        field: &'static str,
        /// What stands there.
        value: String,
        /// What would be right.
        why: String,
    },
    /// A text that can't be sent, and why.
    #[error("{0}")]
    Refused(String),
    /// It has changed meanwhile.
    #[error("it has changed meanwhile")]
    Stale,
    /// Whatever the application says.
    #[error(transparent)]
    App(#[from] AppError),
}

impl Dhis2Error {
    pub(super) fn mapping(field: &'static str, value: &str, why: String) -> Self {
        Self::Mapping { field, value: value.to_owned(), why }
    }
}

impl From<StoreError> for Dhis2Error {
    fn from(error: StoreError) -> Self {
        Self::App(error.into())
    }
}

impl DecideAgain for Dhis2Error {
    fn is_decide_again(&self) -> bool {
        match self {
            Self::App(AppError::Store(StoreError::Exists { .. })) => true,
            Self::App(error) => error.is_decide_again(),
            _ => false,
        }
    }
}
