//! Which limit a query breaks, with its number.

use mhero_core::limits::{QUERY_CHARS_MAX, QUERY_CONDITIONS_MAX, QUERY_DEPTH_MAX};

/// A limit of the language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// Characters of the text.
    Characters,
    /// Nested parentheses.
    Depth,
    /// Conditions.
    Conditions,
}

impl Limit {
    /// The most that is allowed.
    pub const fn max(self) -> usize {
        match self {
            Self::Characters => QUERY_CHARS_MAX,
            Self::Depth => QUERY_DEPTH_MAX,
            Self::Conditions => QUERY_CONDITIONS_MAX,
        }
    }

    /// The word in parameters of errors.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Characters => "characters",
            Self::Depth => "depth",
            Self::Conditions => "conditions",
        }
    }
}
