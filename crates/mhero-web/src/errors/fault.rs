//! What a handler may fail with; the layers dress it as a page.

use axum::response::{IntoResponse, Redirect, Response};
use mhero_app::AppError;

use super::Refusal;
use crate::session::SessionsError;

/// Why a handler has no page to show.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// A use case did not do its work.
    #[error(transparent)]
    App(#[from] AppError),
    /// Refused without a use case.
    #[error("refused: {0:?}")]
    Refused(Refusal),
    /// Nobody has signed in.
    #[error("nobody has signed in")]
    SignIn {
        /// Where they wanted to go: path and query.
        next: String,
    },
    /// A second factor must be set up first.
    #[error("a second factor must be set up first")]
    Enrol,
    /// A fresh code must be typed first.
    #[error("a fresh code must be typed first")]
    Prove {
        /// Where to go on to: path and query.
        next: String,
    },
    /// The sessions do not answer.
    #[error(transparent)]
    Sessions(#[from] SessionsError),
}

impl From<Refusal> for Fault {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl IntoResponse for Fault {
    fn into_response(self) -> Response {
        let (refusal, reason) = match self {
            Self::SignIn { next } => return led("/sign-in", &next),
            Self::Enrol => return Redirect::to("/account/second-factor").into_response(),
            Self::Prove { next } => return led("/sign-in/code", &next),
            Self::Refused(refusal) => (refusal, None),
            Self::Sessions(error) => {
                tracing::error!(%error, "a session could not be used");
                (Refusal::Broken, None)
            }
            Self::App(AppError::NotAllowed { .. }) => (Refusal::Forbidden, None),
            Self::App(AppError::NotFound { .. }) => (Refusal::NotFound, None),
            Self::App(AppError::NotInitialised) => (Refusal::Empty, None),
            Self::App(AppError::Invalid(reason)) => (Refusal::Impossible, Some(reason)),
            Self::App(AppError::Query(error)) => (Refusal::Impossible, Some(error.reason())),
            Self::App(error) => {
                tracing::error!(%error, "a page could not be made");
                (Refusal::Broken, None)
            }
        };
        let mut response = refusal.status().into_response();
        response.extensions_mut().insert(refusal);
        if let Some(reason) = reason {
            response.extensions_mut().insert(reason);
        }
        response
    }
}

/// To a page of the door, and from there on.
fn led(door: &str, next: &str) -> Response {
    if next.is_empty() || next == "/" {
        return Redirect::to(door).into_response();
    }
    let kept: String = next.bytes().map(|byte| escaped(byte).unwrap_or_else(|| char::from(byte).to_string())).collect();
    Redirect::to(&format!("{door}?next={kept}")).into_response()
}

/// A byte of a query value as it must be written, where it can't stand for itself.
fn escaped(byte: u8) -> Option<String> {
    let plain = byte.is_ascii_alphanumeric() || b"/-_.~".contains(&byte);
    (!plain).then(|| format!("%{byte:02X}"))
}

#[cfg(test)]
mod tests {
    use axum::http::StatusCode;

    use super::*;

    #[test]
    fn the_way_back_survives_signing_in() {
        let response = Fault::SignIn { next: "/people?q=a+b&page=2".into() }.into_response();
        assert_eq!(response.status(), StatusCode::SEE_OTHER);
        assert_eq!(response.headers()["location"], "/sign-in?next=/people%3Fq%3Da%2Bb%26page%3D2");
    }
}
