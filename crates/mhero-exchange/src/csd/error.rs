//! Why a question was not answered, by the status that a client is told.

use mhero_app::{AppError, NUL_IN_TEXT};
use mhero_store::{DecideAgain, StoreError};
use mhero_wire::csd::CsdError;

/// What keeps the directory from answering.
#[derive(Debug, thiserror::Error)]
pub enum CsdFault {
    /// What came is no request: 400.
    #[error("{0}")]
    Invalid(String),
    /// There is no such document, function or entity: 404.
    #[error("there is no {0}")]
    NotFound(String),
    /// It is understood, and not done here: 422.
    #[error("{0}")]
    NotDone(String),
    /// Whatever the application says.
    #[error(transparent)]
    App(AppError),
}

impl From<AppError> for CsdFault {
    fn from(error: AppError) -> Self {
        match error {
            AppError::Invalid(reason) if reason.key == NUL_IN_TEXT => Self::Invalid(StoreError::NulInText.to_string()),
            error => Self::App(error),
        }
    }
}

impl From<StoreError> for CsdFault {
    fn from(error: StoreError) -> Self {
        AppError::from(error).into()
    }
}

impl From<CsdError> for CsdFault {
    fn from(error: CsdError) -> Self {
        Self::Invalid(error.to_string())
    }
}

impl DecideAgain for CsdFault {
    fn is_decide_again(&self) -> bool {
        match self {
            Self::App(AppError::Store(StoreError::Exists { .. })) => true,
            Self::App(error) => error.is_decide_again(),
            _ => false,
        }
    }
}

impl CsdFault {
    /// The status of HTTP.
    pub const fn status(&self) -> u16 {
        match self {
            Self::Invalid(_) => 400,
            Self::NotFound(_) | Self::App(AppError::NotFound { .. }) => 404,
            Self::NotDone(_) => 422,
            Self::App(AppError::NotAllowed { .. }) => 403,
            Self::App(AppError::Invalid(_)) => 400,
            Self::App(_) => 500,
        }
    }

    /// What is told. What went wrong inside stays inside: the log has it.
    pub fn words(&self) -> String {
        match self {
            Self::App(AppError::NotAllowed { .. } | AppError::NotFound { .. } | AppError::Invalid(_)) => {
                self.to_string()
            }
            Self::App(_) => "The server could not do it. Nothing was changed; try again later.".to_owned(),
            _ => self.to_string(),
        }
    }
}
