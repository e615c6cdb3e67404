//! Why something was not done with a back end.

use mhero_app::AppError;
use mhero_store::{DecideAgain, StoreError};

/// What keeps something from being done with a back end.
#[derive(Debug, thiserror::Error)]
pub enum BackendsError {
    /// The source is none: its setting `backend` does not say so.
    #[error("{name} is no back end")]
    NotOne {
        /// The source.
        name: String,
    },
    /// Another node, or another command, works with it just now.
    #[error("somebody works with {name} just now")]
    Busy {
        /// The source.
        name: String,
    },
    /// It has changed meanwhile.
    #[error("it has changed meanwhile")]
    Stale,
    /// Whatever the application says.
    #[error(transparent)]
    App(#[from] AppError),
}

impl From<StoreError> for BackendsError {
    fn from(error: StoreError) -> Self {
        Self::App(error.into())
    }
}

impl DecideAgain for BackendsError {
    fn is_decide_again(&self) -> bool {
        matches!(self, Self::App(error) if error.is_decide_again())
    }
}
