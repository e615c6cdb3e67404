//! Phone numbers. [`Numbering`] reads them as registries and people write them, by libphonenumber's *valid*: never by "possible", never
//! guessed. [`dialled`] reads them as flows do, by *possible*.

mod clean;
mod country;
mod dialled;
mod numbering;
mod plan;
mod plans;
mod show;

use std::fmt;

use mhero_core::record::Reason;

pub use country::country_of;
pub use dialled::{Allowed, NotDialled, dialled, tel_path, written_nationally};
pub use numbering::{Numbering, NumberingError};

/// What a text that should be a phone number turned out to be.
#[derive(Clone, PartialEq, Eq)]
pub enum Reading {
    /// A valid number of one of the numbering countries.
    Valid {
        /// The number with its plus sign, digits only.
        e164: String,
        /// The country, ISO 3166-1 alpha-2.
        country: String,
    },
    /// No number that can be used; the raw text is kept and shown as bad.
    Bad(BadPhone),
}

impl Reading {
    /// The number in E.164, when there is one.
    pub fn e164(&self) -> Option<&str> {
        match self {
            Self::Valid { e164, .. } => Some(e164),
            Self::Bad(_) => None,
        }
    }
}

/// Never the number: it does not belong into a log line.
impl fmt::Debug for Reading {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Valid { country, .. } => write!(f, "Valid({country} …)"),
            Self::Bad(bad) => write!(f, "Bad({bad:?})"),
        }
    }
}

/// Why a text is no usable number.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum BadPhone {
    /// Nothing, or white space only.
    Empty,
    /// A letter stands in it: `077O12E456`, `n/a`, `unknown`. Letters are never read as digits.
    HasLetters,
    /// Something else than digits and their usual separators, or far too long.
    NotANumber,
    /// Digits, but no valid number of the numbering countries.
    NotValid,
    /// A valid number, written internationally, of a country that this installation does not number.
    ForeignCountry {
        /// The country, ISO 3166-1 alpha-2.
        country: String,
    },
}

impl BadPhone {
    /// The key of the sentence that tells people why, in `locales/*/sms.ftl`.
    pub const fn key(&self) -> &'static str {
        match self {
            Self::Empty => "phone-empty",
            Self::HasLetters => "phone-has-letters",
            Self::NotANumber => "phone-not-a-number",
            Self::NotValid => "phone-not-valid",
            Self::ForeignCountry { .. } => "phone-foreign-country",
        }
    }

    /// The word that stands in the store and in JSON.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::HasLetters => "has_letters",
            Self::NotANumber => "not_a_number",
            Self::NotValid => "not_valid",
            Self::ForeignCountry { .. } => "foreign_country",
        }
    }

    /// The sentence with its variables.
    pub fn reason(&self) -> Reason {
        match self {
            Self::ForeignCountry { country } => Reason::new(self.key(), [("country", country.clone())]),
            _ => Reason::plain(self.key()),
        }
    }
}
