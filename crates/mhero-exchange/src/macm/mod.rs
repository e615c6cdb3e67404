//! Mobile alerts (IHE mACM): a CommunicationRequest of a client becomes a broadcast or the start of a flow (ITI-84), and what comes of it
//! is shown as Communication and QuestionnaireResponse of each person (ITI-85).
//!
//! The resource is stored first, and in the same unit that it is to be carried out, by whom it was asked. A runner makes the broadcast
//! under a key that follows from the id of the resource, so that no kill and no repetition sends anything twice.

mod group;
pub(crate) mod make;
mod meaning;
pub(crate) mod read;
pub(crate) mod shown;
mod shown_message;
mod shown_run;
pub(crate) mod texts;
mod whom;

use mhero_app::{App, AppError, Caller};

pub(crate) use meaning::implied_condition;

/// What is wrong, in the words of the installation.
pub(crate) fn said(app: &App, caller: &Caller, error: &AppError) -> String {
    match error {
        AppError::Invalid(reason) => app.words().say(caller.language, reason.key, &reason.args),
        other => other.to_string(),
    }
}

/// Whether an error is one that the asker can do something about; the others are tried again.
pub(crate) const fn is_askers(error: &AppError) -> bool {
    matches!(error, AppError::Invalid(_) | AppError::Query(_) | AppError::NotFound { .. } | AppError::NotAllowed { .. })
}
