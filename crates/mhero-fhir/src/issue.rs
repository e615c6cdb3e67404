//! What is wrong with a resource or a request, as an `OperationOutcome` says it.

use serde_json::{Value, json};

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Worth knowing.
    Information,
    /// Taken all the same.
    Warning,
    /// Refused.
    Error,
}

impl Severity {
    /// The word of `issue.severity`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Information => "information",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// What kind of thing is wrong: the codes of `issue-type` that a client can act on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Code {
    /// The text is no JSON or XML, or no resource.
    Structure,
    /// An element that must be there is not.
    Required,
    /// An element holds what it may not.
    Value,
    /// A rule over several elements is broken.
    Invariant,
    /// A code that its value set does not have.
    CodeInvalid,
    /// What is asked for is not offered.
    NotSupported,
    /// There is no such thing.
    NotFound,
    /// There was such a thing.
    Deleted,
    /// Somebody else changed it meanwhile.
    Conflict,
    /// A condition fits several.
    MultipleMatches,
    /// Not signed in, or no longer.
    Login,
    /// Signed in, but not allowed.
    Forbidden,
    /// More than is taken at once.
    TooLong,
    /// More work than is done at once.
    TooCostly,
    /// Too often.
    Throttled,
    /// A rule of mHero, not of FHIR.
    BusinessRule,
    /// The server's own fault.
    Exception,
    /// Nothing is wrong.
    Informational,
}

impl Code {
    /// The code of `issue.code`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Structure => "structure",
            Self::Required => "required",
            Self::Value => "value",
            Self::Invariant => "invariant",
            Self::CodeInvalid => "code-invalid",
            Self::NotSupported => "not-supported",
            Self::NotFound => "not-found",
            Self::Deleted => "deleted",
            Self::Conflict => "conflict",
            Self::MultipleMatches => "multiple-matches",
            Self::Login => "login",
            Self::Forbidden => "forbidden",
            Self::TooLong => "too-long",
            Self::TooCostly => "too-costly",
            Self::Throttled => "throttled",
            Self::BusinessRule => "business-rule",
            Self::Exception => "exception",
            Self::Informational => "informational",
        }
    }
}

/// One thing that is wrong, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issue {
    /// How bad.
    pub severity: Severity,
    /// What kind.
    pub code: Code,
    /// In words: the value and the remedy.
    pub diagnostics: String,
    /// Where, as `Practitioner.name[0].family`; empty for the whole.
    pub expression: String,
}

impl Issue {
    /// Something that is refused.
    pub fn error(code: Code, expression: impl Into<String>, diagnostics: impl Into<String>) -> Self {
        Self { severity: Severity::Error, code, diagnostics: diagnostics.into(), expression: expression.into() }
    }

    /// Something that is taken all the same.
    pub fn warning(code: Code, expression: impl Into<String>, diagnostics: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(code, expression, diagnostics) }
    }

    /// Whether it refuses what it is about.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}

/// The `OperationOutcome` of some issues, the worst first. Of none it says that all is well.
///
/// ```
/// # use mhero_fhir::{Code, Issue, issue::outcome};
/// let outcome = outcome(&[Issue::error(Code::NotFound, "", "There is no Practitioner/P9")]);
/// assert_eq!(outcome["issue"][0]["code"], "not-found");
/// ```
pub fn outcome(issues: &[Issue]) -> Value {
    let fine = [Issue {
        severity: Severity::Information,
        code: Code::Informational,
        diagnostics: "All is well".to_owned(),
        expression: String::new(),
    }];
    let mut sorted: Vec<&Issue> = if issues.is_empty() { fine.iter().collect() } else { issues.iter().collect() };
    sorted.sort_by_key(|issue| std::cmp::Reverse(issue.severity));
    let listed: Vec<Value> = sorted
        .into_iter()
        .map(|issue| {
            let mut one = json!({
                "severity": issue.severity.as_str(),
                "code": issue.code.as_str(),
                "diagnostics": issue.diagnostics,
            });
            if !issue.expression.is_empty() {
                one["expression"] = json!([issue.expression]);
            }
            one
        })
        .collect();
    json!({ "resourceType": "OperationOutcome", "issue": listed })
}
