//! What an engine refuses.

use crate::assets::FlowError;

/// Why an engine did nothing. The session, where there is one, stays as it was.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EngineError {
    /// The flow of a trigger is not there.
    #[error("unable to load the flow: {error}")]
    NoFlow {
        /// Why.
        #[source]
        error: FlowError,
    },
    /// The session does not wait.
    #[error("only waiting sessions can be resumed")]
    NotWaiting,
    /// The session waits for something else.
    #[error("resume of type {resume} not accepted by wait of type {wait}")]
    Refused {
        /// The type of the resume.
        resume: &'static str,
        /// The type of the wait.
        wait: &'static str,
    },
    /// The session waits without an end.
    #[error("can't end with timeout as wait doesn't have timeout")]
    NoTimeout,
    /// The session has no such run.
    #[error("the session has no such run")]
    NoRun,
    /// The session waits for no answer of an outside call.
    #[error("the session waits for no answer of an outside call")]
    NotSuspended,
    /// The session waits for the answer of another outside call.
    #[error("the session waits for the answer of another outside call")]
    OtherEffect,
}
