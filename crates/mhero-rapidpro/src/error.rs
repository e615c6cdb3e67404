//! Why something was not done, in the shapes that clients of RapidPro read.

use mhero_app::{App, AppError, Caller};
use mhero_store::{DecideAgain, StoreError};
use serde_json::{Map, Value, json};

/// What a token without a right is told.
const NO_PERMISSION: &str = "You do not have permission to perform this action.";

/// What keeps the server from doing as asked.
#[derive(Debug, thiserror::Error)]
pub enum ApiError {
    /// Parts of the body are wrong: 400, sentences by field. Flat lists, because clients show nested ones by their numbers only.
    #[error("{} fields are wrong", .0.len())]
    Fields(Vec<(String, String)>),
    /// The query of the address is wrong: 400.
    #[error("{0}")]
    Detail(String),
    /// The address names nothing, or nothing for this caller: 404.
    #[error("not found")]
    NotFound,
    /// Not with this token: 403.
    #[error("{0}")]
    Forbidden(String),
    /// This method is not offered here: 405.
    #[error("{0} is not offered here")]
    Method(String),
    /// There are as many of these as there may be: 409.
    #[error("{0}")]
    Full(String),
    /// Whatever the application says.
    #[error(transparent)]
    App(#[from] AppError),
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        Self::App(error.into())
    }
}

impl DecideAgain for ApiError {
    fn is_decide_again(&self) -> bool {
        match self {
            // Somebody else wrote the same first: reading again finds it.
            Self::App(AppError::Store(StoreError::Exists { .. })) => true,
            Self::App(error) => error.is_decide_again(),
            _ => false,
        }
    }
}

impl ApiError {
    /// One field that is wrong.
    pub fn field(name: impl Into<String>, said: impl Into<String>) -> Self {
        Self::Fields(vec![(name.into(), said.into())])
    }

    /// What is wrong with the body as a whole.
    pub fn body(said: impl Into<String>) -> Self {
        Self::field("non_field_errors", said)
    }

    /// The status of HTTP.
    pub const fn status(&self) -> u16 {
        match self {
            Self::Fields(_) | Self::Detail(_) | Self::App(AppError::Invalid(_) | AppError::Query(_)) => 400,
            Self::App(AppError::NotInitialised) => 400,
            Self::NotFound | Self::App(AppError::NotFound { .. }) => 404,
            Self::Forbidden(_) | Self::App(AppError::NotAllowed { .. }) => 403,
            Self::Method(_) => 405,
            Self::Full(_) => 409,
            Self::App(AppError::Store(_)) => 500,
        }
    }

    /// What is told. What went wrong inside stays inside: the log has it.
    pub fn told(&self, app: &App, caller: Option<&Caller>) -> Value {
        let detail = |said: &str| json!({ "detail": said });
        match self {
            Self::Fields(fields) => {
                let mut all: Map<String, Value> = Map::new();
                for (name, said) in fields {
                    match all.get_mut(name) {
                        Some(Value::Array(known)) => known.push(json!(said)),
                        _ => _ = all.insert(name.clone(), json!([said])),
                    }
                }
                Value::Object(all)
            }
            Self::Detail(said) | Self::Forbidden(said) | Self::Full(said) => detail(said),
            Self::NotFound => detail("Not found."),
            Self::Method(_) => detail(&self.to_string()),
            Self::App(AppError::NotAllowed { .. }) => detail(NO_PERMISSION),
            Self::App(AppError::NotFound { .. }) => detail("Not found."),
            Self::App(AppError::Invalid(reason)) => {
                let language = caller.map_or(mhero_core::Lang::ENGLISH, |caller| caller.language);
                json!({ "non_field_errors": [app.words().say(language, reason.key, &reason.args)] })
            }
            Self::App(error @ (AppError::Query(_) | AppError::NotInitialised)) => {
                json!({ "non_field_errors": [error.to_string()] })
            }
            Self::App(AppError::Store(_)) => {
                detail("The server could not do it. Nothing was changed; try again later.")
            }
        }
    }
}
