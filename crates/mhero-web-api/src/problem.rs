//! What is wrong, as RFC 9457 tells it: a status, a code to act upon, and sentences in the reader's language.

use axum::{
    body::Body,
    http::{HeaderValue, Response, StatusCode, header},
    response::IntoResponse,
};
use mhero_app::{App, AppError, rows::StoreError};
use mhero_core::{Lang, record::Reason};
use mhero_rapidpro::ApiError;
use serde::Serialize;
use utoipa::ToSchema;

/// The type of every problem.
pub(crate) const FORM: &str = "application/problem+json";
/// What the type of a problem begins with; its code follows.
const TYPE: &str = "urn:mhero:problem:";
/// Characters of a value that are shown again.
const VALUE_MAX: usize = 100;

/// What is wrong with a request, after RFC 9457.
#[derive(Serialize, ToSchema)]
pub struct Problem {
    /// `urn:mhero:problem:` and the code.
    #[serde(rename = "type")]
    #[schema(example = "urn:mhero:problem:unknown-field")]
    pub kind: String,
    /// What kind of problem it is, in the language asked for by `Accept-Language` (English, French).
    pub title: String,
    /// The status of HTTP, again.
    #[schema(example = 422)]
    pub status: u16,
    /// What is wrong here, in the same language.
    pub detail: String,
    /// A word for programs; it never changes.
    #[schema(example = "unknown-field")]
    pub code: String,
    /// Where: a member of the body (`to.people[2]`), or a parameter of the address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// What stood there; at most 100 characters of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remedy: Option<String>,
}

/// A problem before it is told: the layer of `front` knows the reader's language.
#[derive(Clone, Debug)]
pub(crate) struct Fault {
    pub(crate) status: StatusCode,
    pub(crate) code: &'static str,
    args: Vec<(&'static str, String)>,
    field: Option<String>,
    value: Option<String>,
    /// What the application said, in place of the words of the code.
    said: Option<Box<Reason>>,
    retry_after: Option<i64>,
}

impl Fault {
    pub(crate) fn new(status: StatusCode, code: &'static str) -> Self {
        Self { status, code, args: Vec::new(), field: None, value: None, said: None, retry_after: None }
    }

    /// Something in the request can't be read: 400.
    pub(crate) fn bad(code: &'static str) -> Self {
        Self::new(StatusCode::BAD_REQUEST, code)
    }

    /// It can be read, and can't be done so: 422.
    pub(crate) fn refused(code: &'static str) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, code)
    }

    /// There is no such thing, or not for this caller.
    pub(crate) fn not_found(what: &'static str, value: &str) -> Self {
        Self::new(StatusCode::NOT_FOUND, "not-found").arg("what", what.to_owned()).value(value)
    }

    #[must_use]
    pub(crate) fn arg(mut self, name: &'static str, value: String) -> Self {
        self.args.push((name, value));
        self
    }

    #[must_use]
    pub(crate) fn field(mut self, field: impl Into<String>) -> Self {
        self.field = Some(field.into());
        self
    }

    #[must_use]
    pub(crate) fn value(mut self, value: &str) -> Self {
        self.value = Some(value.chars().take(VALUE_MAX).collect());
        self
    }

    #[must_use]
    pub(crate) fn after(mut self, seconds: i64) -> Self {
        self.retry_after = Some(seconds);
        self
    }

    /// The same, because it stands otherwise by now.
    #[must_use]
    pub(crate) fn conflicting(self) -> Self {
        Self { status: StatusCode::CONFLICT, ..self }
    }

    /// The same about a field, where the application named none.
    #[must_use]
    pub(crate) fn about(self, field: &str, value: &str) -> Self {
        if self.field.is_some() || self.status.is_server_error() {
            return self;
        }
        self.field(field).value(value)
    }

    /// Where it is.
    #[cfg(test)]
    pub(crate) fn field_name(&self) -> Option<&str> {
        self.field.as_deref()
    }

    /// The problem in a language.
    pub(crate) fn told(&self, app: &App, language: Lang) -> Problem {
        let words = app.words();
        let mut args = self.args.clone();
        args.push(("field", self.field.clone().unwrap_or_default()));
        args.push(("value", self.value.clone().unwrap_or_default()));
        let (detail, remedy) = match &self.said {
            // The application's sentences name the remedy themselves.
            Some(reason) => (words.say(language, reason.key, &reason.args), None),
            None => (
                words.say(language, &format!("api-{}", self.code), &args),
                Some(words.say(language, &format!("api-{}-remedy", self.code), &args)),
            ),
        };
        let title = match self.status.as_u16() {
            status @ (400 | 401 | 403 | 404 | 405 | 409 | 413 | 415 | 422 | 429 | 503) => status,
            _ => 500,
        };
        Problem {
            kind: format!("{TYPE}{}", self.code),
            title: words.say(language, &format!("api-title-{title}"), &[]),
            status: self.status.as_u16(),
            detail,
            code: self.code.to_owned(),
            field: self.field.clone(),
            value: self.value.clone(),
            remedy: remedy.filter(|remedy| !remedy.is_empty()),
        }
    }

    /// The answer that tells it.
    pub(crate) fn answer(&self, app: &App, language: Lang) -> Response<Body> {
        let body = serde_json::to_vec(&self.told(app, language)).unwrap_or_default();
        let mut response = Response::new(Body::from(body));
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(FORM));
        if let Ok(spoken) = HeaderValue::from_str(language.bcp47()) {
            headers.insert(header::CONTENT_LANGUAGE, spoken);
        }
        if let Some(seconds) = self.retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if self.status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"mHero\""));
        }
        response
    }
}

/// The fault travels beside an empty answer to the layer that tells it.
impl IntoResponse for Fault {
    fn into_response(self) -> axum::response::Response {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = self.status;
        response.extensions_mut().insert(self);
        response
    }
}

impl From<AppError> for Fault {
    fn from(error: AppError) -> Self {
        match error {
            AppError::NotInitialised => Self::new(StatusCode::SERVICE_UNAVAILABLE, "not-initialised"),
            AppError::NotAllowed { right } => {
                Self::new(StatusCode::FORBIDDEN, "not-allowed").arg("right", right.to_string())
            }
            AppError::NotFound { what, id } => Self::not_found(what, &id),
            AppError::Invalid(reason) => Self { said: Some(Box::new(reason)), ..Self::refused("refused") },
            AppError::Query(error) => Self { said: Some(Box::new(error.reason())), ..Self::refused("query") },
            AppError::Store(error) => error.into(),
        }
    }
}

impl From<StoreError> for Fault {
    fn from(error: StoreError) -> Self {
        tracing::error!(%error, "a request of the API could not be answered");
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal")
    }
}

impl From<ApiError> for Fault {
    fn from(error: ApiError) -> Self {
        match error {
            ApiError::App(error) => error.into(),
            ApiError::NotFound => Self::not_found("person", ""),
            ApiError::Fields(fields) => {
                let (name, said) = fields.into_iter().next().unwrap_or_default();
                let field = if name == "urns" { "phones".to_owned() } else { name };
                Self::refused("field").field(field).arg("said", said)
            }
            other => Self::refused("field").arg("said", other.to_string()),
        }
    }
}

impl From<Reason> for Fault {
    fn from(reason: Reason) -> Self {
        Self { said: Some(Box::new(reason)), ..Self::refused("refused") }
    }
}
