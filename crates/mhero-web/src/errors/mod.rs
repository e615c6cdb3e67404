//! Error pages: what happened, whether anything was sent, what to do.

mod fault;

pub use fault::Fault;

use askama::Template;
use axum::{
    http::StatusCode,
    response::{Html, IntoResponse, Response},
};
use mhero_core::record::Reason;

use crate::page::{Band, Here, Page};

/// Why a request has no page of its own. Everything here was refused before anything was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// There is no such page, or nothing that the reader may see.
    NotFound,
    /// The reader may not do this.
    Forbidden,
    /// The request came from another site.
    Foreign,
    /// The body is larger than we take.
    TooLarge,
    /// Too many requests.
    TooMany,
    /// The form could not be read.
    Unreadable,
    /// What was asked for can't be done as it stands.
    Impossible,
    /// The installation has no country yet.
    Empty,
    /// Something broke on our side.
    Broken,
    /// It took too long.
    Slow,
}

impl Refusal {
    /// The HTTP status.
    pub fn status(self) -> StatusCode {
        match self {
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Forbidden | Self::Foreign => StatusCode::FORBIDDEN,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooMany => StatusCode::TOO_MANY_REQUESTS,
            Self::Unreadable | Self::Impossible => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Empty => StatusCode::SERVICE_UNAVAILABLE,
            Self::Broken => StatusCode::INTERNAL_SERVER_ERROR,
            Self::Slow => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::NotFound => "not-found",
            Self::Forbidden => "forbidden",
            Self::Foreign => "foreign",
            Self::TooLarge => "too-large",
            Self::TooMany => "too-many",
            Self::Unreadable => "unreadable",
            Self::Impossible => "impossible",
            Self::Empty => "empty",
            Self::Broken => "broken",
            Self::Slow => "slow",
        }
    }

    /// The page for a status that a layer below gave without words; `None` for one that is no error.
    pub fn of(status: StatusCode) -> Option<Self> {
        Some(match status {
            StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED => Self::NotFound,
            StatusCode::FORBIDDEN => Self::Forbidden,
            StatusCode::PAYLOAD_TOO_LARGE => Self::TooLarge,
            StatusCode::TOO_MANY_REQUESTS => Self::TooMany,
            StatusCode::BAD_REQUEST | StatusCode::UNPROCESSABLE_ENTITY | StatusCode::UNSUPPORTED_MEDIA_TYPE => {
                Self::Unreadable
            }
            StatusCode::REQUEST_TIMEOUT | StatusCode::SERVICE_UNAVAILABLE | StatusCode::GATEWAY_TIMEOUT => Self::Slow,
            status if status.is_server_error() => Self::Broken,
            _ => return None,
        })
    }
}

/// An error page.
#[derive(Template)]
#[template(path = "errors/page.html")]
pub struct ErrorPage {
    /// What every page knows.
    pub page: Page,
    /// What happened.
    pub head: String,
    /// Whether anything was sent, and why.
    pub why: String,
    /// The way on.
    pub verb: String,
    /// Where to.
    pub href: String,
    /// The number of the request, which the log knows too.
    pub number: String,
}

impl ErrorPage {
    /// The page of a refusal, in the reader's words.
    pub fn of(page: Page, refusal: Refusal, number: impl Into<String>) -> Self {
        let word = refusal.word();
        let head = page.t(&format!("error-{word}"));
        Self {
            why: page.t(&format!("error-{word}-why")),
            verb: page.t("error-back"),
            href: "/".to_owned(),
            number: number.into(),
            page: page.titled(&head, Here::Elsewhere),
            head,
        }
    }

    /// The page of a refusal that says its own reason, after whether anything was sent.
    pub fn told(page: Page, refusal: Refusal, reason: &Reason, number: impl Into<String>) -> Self {
        let why = format!("{} {}", page.t("nothing-was-sent"), page.words.reason(reason));
        Self { why, ..Self::of(page, refusal, number) }
    }
}

/// Shows a page, or says that we could not.
pub fn show<T: Template>(status: StatusCode, page: &T) -> Response {
    match page.render() {
        Ok(html) => (status, Html(html)).into_response(),
        Err(error) => {
            tracing::error!(%error, "a page could not be written");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}
