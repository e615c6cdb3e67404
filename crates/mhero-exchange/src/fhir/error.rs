//! Why something was not done, by the status that a client is told.

use mhero_app::{AppError, NUL_IN_TEXT};
use mhero_fhir::{Code, Issue, Severity};
use mhero_store::{DecideAgain, StoreError};

/// What keeps the server from doing as asked.
#[derive(Debug, thiserror::Error)]
pub enum FhirError {
    /// What came is wrong: 400, or 422 where it is well-formed.
    #[error("{} issues", .0.len())]
    Refused(Vec<Issue>),
    /// The body came in a format that is not read: 415.
    #[error("{0}")]
    Unread(String),
    /// There is no such thing, or not for this caller: 404.
    #[error("there is no {0}")]
    NotFound(String),
    /// There was: 410.
    #[error("{0} is gone")]
    Gone(String),
    /// It stands under another name, since two turned out to be one: 301.
    #[error("it stands as {0}")]
    Moved(String),
    /// The condition of the request does not hold: 412.
    #[error("{0}")]
    Precondition(String),
    /// A condition fits several: 412.
    #[error("{0}")]
    Several(String),
    /// Not with this token: 403.
    #[error("{0}")]
    Forbidden(String),
    /// Whatever the application says.
    #[error(transparent)]
    App(AppError),
}

impl From<AppError> for FhirError {
    fn from(error: AppError) -> Self {
        match error {
            AppError::Invalid(reason) if reason.key == NUL_IN_TEXT => {
                Self::refused(Code::Value, "", StoreError::NulInText.to_string())
            }
            error => Self::App(error),
        }
    }
}

impl From<StoreError> for FhirError {
    fn from(error: StoreError) -> Self {
        AppError::from(error).into()
    }
}

impl DecideAgain for FhirError {
    fn is_decide_again(&self) -> bool {
        match self {
            Self::App(AppError::Store(StoreError::Exists { .. })) => true,
            Self::App(error) => error.is_decide_again(),
            _ => false,
        }
    }
}

impl FhirError {
    /// One thing that is wrong.
    pub fn refused(code: Code, expression: impl Into<String>, said: impl Into<String>) -> Self {
        Self::Refused(vec![Issue::error(code, expression, said)])
    }

    /// The status of HTTP.
    pub const fn status(&self) -> u16 {
        match self {
            Self::Refused(_) => 400,
            Self::Unread(_) => 415,
            Self::NotFound(_) => 404,
            Self::Gone(_) => 410,
            Self::Moved(_) => 301,
            Self::Precondition(_) | Self::Several(_) => 412,
            Self::Forbidden(_) | Self::App(AppError::NotAllowed { .. }) => 403,
            Self::App(_) => 500,
        }
    }

    /// What is told. What went wrong inside stays inside: the log has it.
    pub fn issues(&self) -> Vec<Issue> {
        let one = |code, said: String| vec![Issue::error(code, "", said)];
        match self {
            Self::Refused(issues) => issues.clone(),
            Self::Unread(_) => one(Code::NotSupported, self.to_string()),
            Self::NotFound(_) => one(Code::NotFound, self.to_string()),
            Self::Gone(_) => one(Code::Deleted, self.to_string()),
            Self::Moved(_) => {
                vec![Issue {
                    severity: Severity::Information,
                    ..Issue::error(Code::Informational, "", self.to_string())
                }]
            }
            Self::Precondition(_) => one(Code::Conflict, self.to_string()),
            Self::Several(_) => one(Code::MultipleMatches, self.to_string()),
            Self::Forbidden(_) | Self::App(AppError::NotAllowed { .. }) => one(Code::Forbidden, self.to_string()),
            Self::App(_) => {
                one(Code::Exception, "The server could not do it. Nothing was changed; try again later.".to_owned())
            }
        }
    }
}
