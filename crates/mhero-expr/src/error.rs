//! What can go wrong with a template or in an evaluation.

use std::sync::Arc;

use mhero_core::record::Reason;

use crate::limits::{ARRAY_ITEMS_MAX, NESTING_MAX, REPEAT_LENGTH_MAX, TEMPLATE_LENGTH_MAX};

/// Why a text is not taken as a template at all. An expression that can't be read is no such reason: it fails alone, see
/// [`Template::faults`](crate::Template::faults).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TemplateError {
    /// More than 10,000 characters.
    #[error("a template has at most {TEMPLATE_LENGTH_MAX} characters, this one has {length}")]
    TooLong {
        /// How many it has.
        length: usize,
    },
}

/// Why an expression gives no value. The wording may quote values of the context: it belongs to the run it happened in, not
/// into a log.
#[derive(Clone, PartialEq, Eq, thiserror::Error)]
pub enum ExprError {
    /// The expression can't be read from here on.
    #[error("syntax error at {at}")]
    Syntax {
        /// What stands where something else was expected; nothing at the end.
        at: String,
    },
    /// More than 100 levels of brackets.
    #[error("expression is nested more than {NESTING_MAX} levels deep")]
    TooDeep,
    /// The evaluation ran up more cost than one evaluation may.
    #[error("expression is too complex to evaluate")]
    TooComplex,
    /// A name that neither the context nor the functions know.
    #[error("context has no property '{name}'")]
    UnknownName {
        /// The name, in small letters.
        name: String,
    },
    /// A function that is not there.
    #[error("unknown function '{name}'")]
    UnknownFunction {
        /// Its name, in small letters.
        name: String,
    },
    /// An object has no such property.
    #[error("object has no property '{name}'")]
    NoProperty {
        /// The property.
        name: String,
    },
    /// A value that is neither array nor object was asked for a part.
    #[error("{value} doesn't support lookups")]
    NoLookup {
        /// The value as an error shows it.
        value: String,
    },
    /// An array has no such item.
    #[error("index {index} out of range for {count} items")]
    Index {
        /// The index asked for.
        index: i64,
        /// How many there are.
        count: usize,
    },
    /// A value is not of the type needed and can't be read as one.
    #[error("unable to convert {value} to {to}")]
    Convert {
        /// The value as an error shows it.
        value: String,
        /// The type with its article: `a number`.
        to: &'static str,
    },
    /// A number of more than 36 digits, or too large or small.
    #[error("number {number} is out of range")]
    NumberRange {
        /// The number, shortened.
        number: String,
    },
    /// A calculation gave such a number.
    #[error("number value out of range")]
    ResultRange,
    /// A number that is too large where a whole number is needed.
    #[error("number value {number} is out of range for an integer")]
    IntegerRange {
        /// The number.
        number: String,
    },
    /// Something divided by zero.
    #[error("division by zero")]
    DivisionByZero,
    /// A value that is no function was called.
    #[error("{value} is not a function")]
    NotAFunction {
        /// The value as an error shows it.
        value: String,
    },
    /// A function got too few or too many arguments.
    #[error("need {need} argument(s), got {got}")]
    Arguments {
        /// `2`, `1 to 2` or `at least 1`.
        need: String,
        /// How many there were.
        got: usize,
    },
    /// A function failed.
    #[error("error calling {function}: {reason}")]
    Call {
        /// The function as it shows: `upper(...)`.
        function: String,
        /// Why.
        reason: Arc<Self>,
    },
    /// An array would get too many items.
    #[error("cannot build an array with more than {ARRAY_ITEMS_MAX} items")]
    ArrayTooLong,
    /// A text would get too long.
    #[error("cannot build a string longer than {REPEAT_LENGTH_MAX} characters")]
    TextTooLong,
    /// A pattern of letters for dates and times has a part that is none.
    #[error("'{part}' is not valid in a {layout} layout")]
    Layout {
        /// The part.
        part: String,
        /// What it was used for: `date formatting`.
        layout: &'static str,
    },
    /// A text does not follow its pattern.
    #[error("cannot parse '{text}' as '{part}'")]
    NotInLayout {
        /// The text from there on.
        text: String,
        /// The part of the pattern.
        part: String,
    },
    /// A time zone that the world does not know.
    #[error("unknown time zone {name}")]
    Zone {
        /// The name given.
        name: String,
    },
    /// What one function refuses, in its own words, or an error value of the context.
    #[error("{0}")]
    Refused(String),
}

impl ExprError {
    /// An error in a function's own words.
    pub fn refused(why: impl Into<String>) -> Self {
        Self::Refused(why.into())
    }

    /// Whether the whole evaluation ends with it, so that no function may catch it.
    pub(crate) const fn halts(&self) -> bool {
        matches!(self, Self::TooComplex | Self::TooDeep)
    }
}

/// The kind only: the wording can hold what people wrote.
impl std::fmt::Debug for ExprError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Syntax { .. } => "Syntax",
            Self::TooDeep => "TooDeep",
            Self::TooComplex => "TooComplex",
            Self::UnknownName { .. } => "UnknownName",
            Self::UnknownFunction { .. } => "UnknownFunction",
            Self::NoProperty { .. } => "NoProperty",
            Self::NoLookup { .. } => "NoLookup",
            Self::Index { .. } => "Index",
            Self::Convert { .. } => "Convert",
            Self::NumberRange { .. } => "NumberRange",
            Self::ResultRange => "ResultRange",
            Self::IntegerRange { .. } => "IntegerRange",
            Self::DivisionByZero => "DivisionByZero",
            Self::NotAFunction { .. } => "NotAFunction",
            Self::Arguments { .. } => "Arguments",
            Self::Call { reason, .. } => return write!(f, "Call({reason:?})"),
            Self::ArrayTooLong => "ArrayTooLong",
            Self::TextTooLong => "TextTooLong",
            Self::Layout { .. } => "Layout",
            Self::NotInLayout { .. } => "NotInLayout",
            Self::Zone { .. } => "Zone",
            Self::Refused(_) => "Refused",
        })
    }
}

/// An expression of a template that failed, and why.
#[derive(Clone, PartialEq, Eq, thiserror::Error)]
#[error("error evaluating {expression}: {error}")]
pub struct Problem {
    /// The expression as written, with its `@`.
    pub expression: String,
    /// Why it failed.
    pub error: ExprError,
}

/// The kind of error only: the expression is part of a message.
impl std::fmt::Debug for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Problem({:?})", self.error)
    }
}

impl Problem {
    /// The problem for people who write texts, by keys of `locales/*/expr.ftl`.
    pub fn reason(&self) -> Reason {
        let expression = ("expression", self.expression.clone());
        match &self.error {
            ExprError::Syntax { at } if at.is_empty() => Reason::new("expr-unfinished", [expression]),
            ExprError::Syntax { at } => Reason::new("expr-syntax", [expression, ("at", at.clone())]),
            ExprError::UnknownName { name } => Reason::new("expr-unknown-name", [expression, ("name", name.clone())]),
            ExprError::UnknownFunction { name } => {
                Reason::new("expr-unknown-function", [expression, ("name", name.clone())])
            }
            ExprError::NumberRange { number } => {
                Reason::new("expr-number-range", [expression, ("number", number.clone())])
            }
            ExprError::TooDeep | ExprError::TooComplex => Reason::new("expr-too-complex", [expression]),
            other => Reason::new("expr-failed", [expression, ("why", other.to_string())]),
        }
    }
}

impl TemplateError {
    /// The error for people who write texts, by keys of `locales/*/expr.ftl`.
    pub fn reason(&self) -> Reason {
        let Self::TooLong { length } = self;
        Reason::new("expr-too-long", [("length", length.to_string()), ("most", TEMPLATE_LENGTH_MAX.to_string())])
    }
}
