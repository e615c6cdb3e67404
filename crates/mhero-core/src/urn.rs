//! Addresses of people: `tel:+231770000001`, `telegram:12345`.

mod contact;
mod query;
mod scheme;

use std::{fmt, str::FromStr};

pub use contact::{ContactUrn, UrnProblem};
pub use scheme::UrnScheme;

use crate::limits::URN_LENGTH_MAX;

/// A scheme and a path. A `tel` path is E.164 with its plus sign, or a short code of digits.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Urn {
    scheme: String,
    path: String,
}

/// Why a text is no address.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UrnError {
    /// There is no `scheme:path`.
    #[error("an address is written scheme:path, as in tel:+231770000001")]
    Shape,
    /// The scheme is not made of small letters and digits.
    #[error("the scheme before the colon holds only small letters and digits")]
    Scheme,
    /// The path is empty, too long, or holds white space or control characters.
    #[error("the part after the colon is empty, over {URN_LENGTH_MAX} bytes, or holds spaces")]
    Path,
}

impl Urn {
    /// The scheme of phone numbers.
    pub const TEL: &'static str = "tel";

    /// Puts an address together.
    ///
    /// # Errors
    /// When scheme or path break the rules of [`UrnError`].
    pub fn new(scheme: impl Into<String>, path: impl Into<String>) -> Result<Self, UrnError> {
        let (scheme, path) = (scheme.into(), path.into());
        if scheme.is_empty() || !scheme.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()) {
            return Err(UrnError::Scheme);
        }
        let bad = |c: char| c.is_whitespace() || c.is_control();
        if path.is_empty() || path.len() > URN_LENGTH_MAX || path.contains(bad) {
            return Err(UrnError::Path);
        }
        Ok(Self { scheme, path })
    }

    /// A phone number that is already E.164, or a short code.
    ///
    /// # Errors
    /// As [`Urn::new`].
    pub fn tel(number: impl Into<String>) -> Result<Self, UrnError> {
        Self::new(Self::TEL, number)
    }

    /// The part before the colon.
    pub fn scheme(&self) -> &str {
        &self.scheme
    }

    /// The part after the colon.
    pub fn path(&self) -> &str {
        &self.path
    }
}

impl FromStr for Urn {
    type Err = UrnError;

    fn from_str(text: &str) -> Result<Self, UrnError> {
        let (scheme, path) = text.split_once(':').ok_or(UrnError::Shape)?;
        Self::new(scheme, path)
    }
}

impl fmt::Display for Urn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.scheme, self.path)
    }
}

/// Never the path: a phone number does not belong into a log line.
impl fmt::Debug for Urn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Urn({}:…)", self.scheme)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_read_and_never_logged() {
        let urn: Urn = "tel:+231770000001".parse().expect("an address");
        assert_eq!((urn.scheme(), urn.path()), ("tel", "+231770000001"));
        assert_eq!(format!("{urn:?}"), "Urn(tel:…)");
        assert_eq!("+231770000001".parse::<Urn>(), Err(UrnError::Shape));
        assert_eq!("tel:".parse::<Urn>(), Err(UrnError::Path));
        assert_eq!("Tel:1".parse::<Urn>(), Err(UrnError::Scheme));
    }
}
