//! OperationOutcome: what a server says about a request.

use serde_json::Value;

/// Most issues that are read of one outcome.
const ISSUES_MAX: usize = 50;
/// Longest text of an issue, in characters.
const TEXT_CHARS_MAX: usize = 500;

/// One thing that a server says about a request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Issue {
    /// `fatal`, `error`, `warning`, `information`.
    pub severity: String,
    /// `not-supported`, `invalid`, `conflict`, ...
    pub code: String,
    /// Its words.
    pub text: String,
}

impl Issue {
    /// The issues of an OperationOutcome.
    pub fn list(outcome: &Value) -> Vec<Self> {
        let issues = outcome.get("issue").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        issues.iter().take(ISSUES_MAX).map(Self::read).collect()
    }

    fn read(issue: &Value) -> Self {
        let words = |pointer: &str| issue.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
        let text = [words("/diagnostics"), words("/details/text"), words("/details/coding/0/display")];
        let text = text.into_iter().find(|text| !text.is_empty()).unwrap_or_default();
        Self {
            severity: words("/severity").to_owned(),
            code: words("/code").to_owned(),
            text: text.chars().take(TEXT_CHARS_MAX).collect(),
        }
    }

    /// Whether the request failed by it.
    pub fn is_error(&self) -> bool {
        matches!(self.severity.as_str(), "fatal" | "error")
    }

    /// Whether it says that something we asked for was left out of account.
    pub fn is_about_ignoring(&self) -> bool {
        self.is_error() || self.severity == "warning"
    }
}
