//! What can be wrong with a query: a stable code, the place in the text, and a sentence for the user.

use std::fmt;

use mhero_core::record::Reason;

use crate::{Candidate, Limit, Operator, ReferenceKind, Span};

/// A query that can't be used, and where.
///
/// ```
/// let error = mhero_query::parse("cadre = midwife AND (place =").unwrap_err();
/// assert_eq!((error.code(), error.position()), ("syntax", 28));
/// assert_eq!(error.reason().key, "query-error-value-missing");
/// ```
#[derive(Clone, PartialEq, thiserror::Error)]
#[error("{problem}")]
pub struct QueryError {
    /// What is wrong. Boxed, so that a good answer stays small.
    pub problem: Box<Problem>,
    /// The stretch of the text that is wrong, in characters.
    pub span: Span,
}

/// What can be wrong.
///
/// `Display` is for logs and programmers: it names no text that may hold a phone number. Users read [`QueryError::reason`].
#[derive(Clone, PartialEq, thiserror::Error)]
pub enum Problem {
    /// There is no condition at all.
    #[error("the query is empty: write * for everybody")]
    Empty,
    /// The text breaks off or goes on where it should not.
    #[error("expected {}", expected.as_str())]
    Syntax {
        /// What stands there; empty at the end of the text. At most 40 characters.
        found: String,
        /// What should.
        expected: Expected,
    },
    /// Too long, too deep, or too many conditions.
    #[error("over the limit of {} {}", limit.max(), limit.as_str())]
    TooComplex {
        /// Which limit.
        limit: Limit,
    },
    /// A prefix other than `fields`, `urns`, `training`.
    #[error("unknown property type '{kind}'")]
    UnknownPropertyType {
        /// The prefix.
        kind: String,
    },
    /// A word that is no attribute, scheme, field or course.
    #[error("can't resolve '{property}' to attribute, scheme or field")]
    UnknownProperty {
        /// The word.
        property: String,
        /// Words that are written nearly like it.
        near: Vec<String>,
    },
    /// `~` on something else than names and phones.
    #[error("contains conditions can only be used with name or URN values")]
    UnsupportedContains {
        /// The property.
        property: String,
    },
    /// `<` and the like on something else than dates and numbers.
    #[error("comparisons with {} can only be used with date and number fields", operator.sign())]
    UnsupportedComparison {
        /// The property.
        property: String,
        /// The operator.
        operator: Operator,
    },
    /// `= ""` on what everybody has.
    #[error("can't check whether '{property}' is set or not set")]
    UnsupportedSetCheck {
        /// The property.
        property: String,
        /// The operator.
        operator: Operator,
    },
    /// A value that is of the wrong kind.
    #[error("the value is no {}", kind.as_str())]
    InvalidValue {
        /// What it should be.
        kind: ValueKind,
        /// The value as written.
        value: String,
    },
    /// `name ~` with nothing of two letters.
    #[error("contains operator on name requires token of minimum length {min}")]
    InvalidPartialName {
        /// Fewest letters.
        min: usize,
    },
    /// `phone ~` with fewer than three digits.
    #[error("contains operator on URN requires value of minimum length {min}")]
    InvalidPartialUrn {
        /// Fewest digits.
        min: usize,
    },
    /// Something that contacts in flows have, but people of the registry have not: a number of RapidPro, a status that is
    /// none here.
    #[error("'{property}' has no such value in the registry")]
    NotInRegistry {
        /// The property.
        property: String,
        /// The value as written.
        value: String,
    },
    /// Numbers are hidden from this user.
    #[error("cannot query on redacted URNs")]
    RedactedUrns,
    /// A name that nobody bears.
    #[error("'{value}' is not a valid {} name", kind.as_str())]
    UnknownName {
        /// What was looked for.
        kind: ReferenceKind,
        /// The name as written.
        value: String,
        /// Names that are written nearly like it.
        near: Vec<String>,
        /// The name together with the bare words behind it, where quotes seem to be missing.
        quoted: Option<String>,
    },
    /// A name that several bear.
    #[error("'{value}' is the name of {} of kind {}", candidates.len(), kind.as_str())]
    AmbiguousName {
        /// What was looked for.
        kind: ReferenceKind,
        /// The name as written.
        value: String,
        /// All that bear it, each with the id to write instead.
        candidates: Vec<Candidate>,
    },
}

/// What should have stood in the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expected {
    /// A condition or an opening parenthesis.
    Condition,
    /// The name of a property.
    Property,
    /// A value behind an operator.
    Value,
    /// `)`
    ClosingParenthesis,
    /// The quote that closes a text.
    ClosingQuote,
    /// Quotes around a text with special signs.
    Quotes,
}

impl Expected {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Condition => "a condition",
            Self::Property => "a property",
            Self::Value => "a value",
            Self::ClosingParenthesis => "a closing parenthesis",
            Self::ClosingQuote => "a closing quote",
            Self::Quotes => "quotes around special signs",
        }
    }
}

/// What a value should have been.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValueKind {
    /// A number.
    Number,
    /// A day.
    Date,
    /// A language.
    Language,
    /// A phone number.
    Phone,
    /// A sex.
    Sex,
    /// RapidPro's status of a contact.
    Status,
    /// What is known of a number.
    NumberHealth,
    /// Yes or no.
    YesOrNo,
    /// The id of a person.
    Uuid,
}

impl ValueKind {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Number => "number",
            Self::Date => "date",
            Self::Language => "language code",
            Self::Phone => "phone number",
            Self::Sex => "sex",
            Self::Status => "contact status",
            Self::NumberHealth => "number health",
            Self::YesOrNo => "yes or no",
            Self::Uuid => "UUID",
        }
    }
}

impl fmt::Debug for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Problem({self})")
    }
}

impl fmt::Debug for QueryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "QueryError({} at {}..{}: {})", self.code(), self.span.start, self.span.end, self.problem)
    }
}

impl Problem {
    /// A [`Problem::Syntax`], with what was found cut to a bearable length.
    pub(crate) fn syntax(found: &str, expected: Expected) -> Self {
        Self::Syntax { found: found.chars().take(40).collect(), expected }
    }

    /// The problem at its place in the text.
    pub(crate) fn at(self, span: Span) -> QueryError {
        QueryError { problem: Box::new(self), span }
    }
}

impl QueryError {
    /// A word for programs that never changes: RapidPro's codes, and ours beside them.
    pub fn code(&self) -> &'static str {
        match self.problem.as_ref() {
            Problem::Empty | Problem::Syntax { .. } => "syntax",
            Problem::TooComplex { .. } => "too_complex",
            Problem::UnknownPropertyType { .. } => "unknown_property_type",
            Problem::UnknownProperty { .. } => "unknown_property",
            Problem::UnsupportedContains { .. } => "unsupported_contains",
            Problem::UnsupportedComparison { .. } => "unsupported_comparison",
            Problem::UnsupportedSetCheck { .. } => "unsupported_setcheck",
            Problem::InvalidPartialName { .. } => "invalid_partial_name",
            Problem::InvalidPartialUrn { .. } => "invalid_partial_urn",
            Problem::RedactedUrns => "redacted_urns",
            Problem::NotInRegistry { .. } => "not_in_registry",
            Problem::InvalidValue { kind, .. } => match kind {
                ValueKind::Number => "invalid_number",
                ValueKind::Date => "invalid_date",
                ValueKind::Language => "invalid_language",
                ValueKind::Phone => "invalid_phone",
                ValueKind::Sex => "invalid_sex",
                ValueKind::Status => "invalid_status",
                ValueKind::NumberHealth => "invalid_number_health",
                ValueKind::YesOrNo => "invalid_yes_or_no",
                ValueKind::Uuid => "invalid_uuid",
            },
            Problem::UnknownName { kind, .. } => kind.unknown_code(),
            Problem::AmbiguousName { kind, .. } => kind.ambiguous_code(),
        }
    }

    /// What is wrong in the words of the flow specification, with the value: `can't convert 'XZ' to a number`. Not for
    /// logs, as the value may be a phone number.
    pub fn spec_message(&self) -> String {
        match self.problem.as_ref() {
            Problem::InvalidValue { kind, value } => match kind {
                ValueKind::Number => format!("can't convert '{value}' to a number"),
                ValueKind::Date => format!("can't convert '{value}' to a date"),
                other => format!("'{value}' is not a valid {}", other.as_str()),
            },
            other => other.to_string(),
        }
    }

    /// Where in the text the problem begins, in characters.
    pub const fn position(&self) -> usize {
        self.span.start
    }

    /// What the code speaks of, by name; RapidPro's names where the code is RapidPro's.
    pub fn params(&self) -> Vec<(&'static str, String)> {
        match self.problem.as_ref() {
            Problem::Empty | Problem::Syntax { .. } | Problem::RedactedUrns => Vec::new(),
            Problem::TooComplex { limit } => {
                vec![("limit", limit.as_str().to_owned()), ("max", limit.max().to_string())]
            }
            Problem::UnknownPropertyType { kind } => vec![("type", kind.clone())],
            Problem::UnknownProperty { property, .. } | Problem::UnsupportedContains { property } => {
                vec![("property", property.clone())]
            }
            Problem::UnsupportedComparison { property, operator }
            | Problem::UnsupportedSetCheck { property, operator } => {
                vec![("property", property.clone()), ("operator", operator.sign().to_owned())]
            }
            Problem::NotInRegistry { property, value } => {
                vec![("property", property.clone()), ("value", value.clone())]
            }
            Problem::InvalidPartialName { min } => vec![("min_token_length", min.to_string())],
            Problem::InvalidPartialUrn { min } => vec![("min_value_length", min.to_string())],
            Problem::InvalidValue { value, .. }
            | Problem::UnknownName { value, .. }
            | Problem::AmbiguousName { value, .. } => vec![("value", value.clone())],
        }
    }

    /// Those that bear an ambiguous name; nobody for other problems.
    pub fn candidates(&self) -> &[Candidate] {
        match self.problem.as_ref() {
            Problem::AmbiguousName { candidates, .. } => candidates,
            _ => &[],
        }
    }

    /// The sentence for the user: what is wrong, with the value, and what to do about it.
    pub fn reason(&self) -> Reason {
        self.problem.reason()
    }
}

impl Problem {
    fn reason(&self) -> Reason {
        match self {
            Self::Empty => Reason::plain("query-error-empty"),
            Self::RedactedUrns => Reason::plain("query-error-numbers-hidden"),
            Self::Syntax { found, expected } => Self::syntax_reason(found, *expected),
            Self::TooComplex { limit } => {
                let key = match limit {
                    Limit::Characters => "query-error-too-long",
                    Limit::Depth => "query-error-too-deep",
                    Limit::Conditions => "query-error-too-many-conditions",
                };
                Reason::new(key, [("max", limit.max().to_string())])
            }
            Self::UnknownPropertyType { kind } => Reason::new("query-error-unknown-prefix", [("prefix", kind.clone())]),
            Self::UnknownProperty { property, near } => {
                Self::with_near("query-error-unknown-property", "query-error-unknown-property-near", property, near)
            }
            Self::UnsupportedContains { property } => {
                Reason::new("query-error-no-contains", [("property", property.clone())])
            }
            Self::UnsupportedComparison { property, operator } => Reason::new(
                "query-error-no-comparison",
                [("property", property.clone()), ("operator", operator.sign().to_owned())],
            ),
            Self::UnsupportedSetCheck { property, .. } => {
                Reason::new("query-error-always-set", [("property", property.clone())])
            }
            Self::NotInRegistry { property, value } => Reason::new(
                if property == "status" { "query-error-status-unused" } else { "query-error-contacts-only" },
                [("property", property.clone()), ("value", value.clone())],
            ),
            Self::InvalidPartialName { min } => Reason::new("query-error-partial-name", [("min", min.to_string())]),
            Self::InvalidPartialUrn { min } => Reason::new("query-error-partial-number", [("min", min.to_string())]),
            Self::InvalidValue { kind, value } => Reason::new(
                match kind {
                    ValueKind::Number => "query-error-number",
                    ValueKind::Date => "query-error-date",
                    ValueKind::Language => "query-error-language",
                    ValueKind::Phone => "query-error-phone",
                    ValueKind::Sex => "query-error-sex",
                    ValueKind::Status => "query-error-status",
                    ValueKind::NumberHealth => "query-error-number-health",
                    ValueKind::YesOrNo => "query-error-yes-or-no",
                    ValueKind::Uuid => "query-error-uuid",
                },
                [("value", value.clone())],
            ),
            Self::UnknownName { kind, value, near, quoted } => match quoted {
                Some(quoted) => {
                    Reason::new("query-error-quotes-missing", [("value", value.clone()), ("quoted", quoted.clone())])
                }
                None => Self::with_near(kind.unknown_key(), kind.unknown_near_key(), value, near),
            },
            Self::AmbiguousName { kind, value, candidates } => {
                let listed: Vec<String> = candidates.iter().map(ToString::to_string).collect();
                let count = candidates.len().to_string();
                let args = [("value", value.clone()), ("count", count), ("candidates", listed.join("; "))];
                Reason::new(kind.ambiguous_key(), args)
            }
        }
    }

    fn syntax_reason(found: &str, expected: Expected) -> Reason {
        if found.is_empty() && expected == Expected::Condition {
            return Reason::plain("query-error-ends-early");
        }
        let found = || [("found", found.to_owned())];
        match expected {
            Expected::Condition => Reason::new("query-error-condition-missing", found()),
            Expected::Property => Reason::new("query-error-no-property", found()),
            Expected::Value => Reason::plain("query-error-value-missing"),
            Expected::ClosingParenthesis => Reason::plain("query-error-parenthesis-missing"),
            Expected::ClosingQuote => Reason::new("query-error-quote-missing", found()),
            Expected::Quotes => Reason::new("query-error-sign", found()),
        }
    }

    fn with_near(plain: &'static str, with: &'static str, value: &str, near: &[String]) -> Reason {
        if near.is_empty() {
            return Reason::new(plain, [("value", value.to_owned())]);
        }
        Reason::new(with, [("value", value.to_owned()), ("near", near.join(", "))])
    }
}
