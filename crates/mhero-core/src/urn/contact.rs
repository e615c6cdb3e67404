//! Addresses of contacts in flows, with all their parts: `tel:+231770000001?channel=57f1…#Mary`.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{UrnScheme, query};

/// An address of a contact as flows carry it: scheme, path, and perhaps a query and a display.
///
/// Two are the same address when their [`identity`](Self::identity) is the same. The text form escapes `%`, `#` and `?` inside
/// parts and nothing else.
///
/// ```
/// use mhero_core::ContactUrn;
/// let urn: ContactUrn = "twitterid:54784326227?id=7#nyaruka".parse().expect("an address");
/// assert_eq!((urn.scheme(), urn.path(), urn.display()), ("twitterid", "54784326227", "nyaruka"));
/// assert_eq!(urn.query_value("id").as_deref(), Some("7"));
/// assert_eq!(urn.identity(), "twitterid:54784326227");
/// ```
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ContactUrn {
    scheme: String,
    path: String,
    query: String,
    display: String,
}

/// Why a text or its parts are no address of a contact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum UrnProblem {
    /// Nothing stands before the colon.
    #[error("scheme cannot be empty")]
    EmptyScheme,
    /// Nothing stands behind the colon, or there is no colon.
    #[error("path cannot be empty")]
    EmptyPath,
    /// A second `?`, or one behind the `#`.
    #[error("query component can only come after path component")]
    MisplacedQuery,
    /// A second `#`.
    #[error("fragment component can only come after path or query components")]
    MisplacedDisplay,
    /// Scheme or path are missing where a valid address is asked for.
    #[error("scheme or path cannot be empty")]
    Incomplete,
    /// The scheme is none of [`UrnScheme::ALL`].
    #[error("unknown URN scheme")]
    UnknownScheme,
    /// The path is none of its scheme.
    #[error("invalid path component")]
    InvalidPath,
}

impl ContactUrn {
    /// The scheme of phone numbers.
    pub const TEL: &'static str = UrnScheme::TEL.prefix;

    /// Takes a text apart. Any scheme and any path will do; [`ContactUrn::validate`] asks for more.
    ///
    /// # Errors
    /// The first four of [`UrnProblem`].
    pub fn parse(text: &str) -> Result<Self, UrnProblem> {
        let (scheme, rest) = text.split_once(':').unwrap_or((text, ""));
        let (rest, display) = rest.split_once('#').map_or((rest, None), |(rest, display)| (rest, Some(display)));
        let (path, query) = rest.split_once('?').map_or((rest, None), |(path, query)| (path, Some(query)));
        if display.is_some_and(|display| display.contains('#')) {
            return Err(UrnProblem::MisplacedDisplay);
        }
        if [query, display].into_iter().flatten().any(|part| part.contains('?')) {
            return Err(UrnProblem::MisplacedQuery);
        }
        if scheme.is_empty() {
            return Err(UrnProblem::EmptyScheme);
        }
        if path.is_empty() {
            return Err(UrnProblem::EmptyPath);
        }
        Ok(Self {
            scheme: query::unescaped(scheme),
            path: query::unescaped(path),
            query: query::unescaped(query.unwrap_or_default()),
            display: query::unescaped(display.unwrap_or_default()),
        })
    }

    /// Puts parts together as they are, without any check.
    pub fn from_parts(
        scheme: impl Into<String>,
        path: impl Into<String>,
        query: impl Into<String>,
        display: impl Into<String>,
    ) -> Self {
        Self { scheme: scheme.into(), path: path.into(), query: query.into(), display: display.into() }
    }

    /// The part before the colon.
    pub fn scheme(&self) -> &str {
        &self.scheme
    }

    /// The part that tells whose address it is.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The part behind `?`, as `key=value` joined by `&`; empty when there is none.
    pub fn raw_query(&self) -> &str {
        &self.query
    }

    /// The pairs of the query, decoded, in their order.
    pub fn query(&self) -> Vec<(String, String)> {
        query::pairs(&self.query)
    }

    /// The first value of a key of the query: `channel` holds the UUID of the channel that the address prefers.
    pub fn query_value(&self, key: &str) -> Option<String> {
        self.query().into_iter().find(|(own, _)| own == key).map(|(_, value)| value)
    }

    /// The part behind `#`: the name under which people know the address; empty when there is none.
    pub fn display(&self) -> &str {
        &self.display
    }

    /// Scheme and path, by which addresses are compared and claimed.
    pub fn identity(&self) -> String {
        Self::from_parts(&self.scheme, &self.path, "", "").to_string()
    }

    /// The scheme, where it is one that flows know.
    pub fn known_scheme(&self) -> Option<&'static UrnScheme> {
        UrnScheme::of(&self.scheme)
    }

    /// The same address with a value of its query set, or taken away by `None`. Keys come out sorted.
    #[must_use]
    pub fn with_query_value(mut self, key: &str, value: Option<&str>) -> Self {
        let mut pairs = self.query();
        pairs.retain(|(own, _)| own != key);
        pairs.extend(value.map(|value| (key.to_owned(), value.to_owned())));
        self.query = query::encoded(&pairs);
        self
    }

    /// The same address with another query, from pairs. Keys come out sorted.
    #[must_use]
    pub fn with_query(mut self, pairs: &[(String, String)]) -> Self {
        self.query = query::encoded(pairs);
        self
    }

    /// The address as it is kept: without white space around, names of people and mail in small letters, handles without `@`.
    /// `tel` brings a phone number to its form, since that needs the numbering plans of countries.
    #[must_use]
    pub fn normalized(mut self, tel: impl FnOnce(&str) -> String) -> Self {
        self.scheme = self.scheme.trim().to_lowercase();
        let path = self.path.trim();
        self.path = match self.scheme.as_str() {
            "tel" => tel(path),
            "twitter" => path.strip_prefix('@').unwrap_or(path).to_lowercase(),
            "mailto" => path.to_lowercase(),
            "whatsapp" | "bsuid" => match path.split_once('.') {
                Some((country, id)) => format!("{}.{id}", country.to_uppercase()),
                None => path.to_owned(),
            },
            _ => path.to_owned(),
        };
        if self.scheme == "twitterid" {
            self.display = self.display.trim().trim_start_matches('@').to_owned();
        }
        self
    }

    /// Whether the scheme is known and the path is one of it.
    ///
    /// # Errors
    /// The last three of [`UrnProblem`].
    pub fn validate(&self) -> Result<(), UrnProblem> {
        if self.scheme.is_empty() || self.path.is_empty() {
            return Err(UrnProblem::Incomplete);
        }
        let scheme = self.known_scheme().ok_or(UrnProblem::UnknownScheme)?;
        if scheme.fits(&self.path) { Ok(()) } else { Err(UrnProblem::InvalidPath) }
    }
}

impl FromStr for ContactUrn {
    type Err = UrnProblem;

    fn from_str(text: &str) -> Result<Self, UrnProblem> {
        Self::parse(text)
    }
}

impl fmt::Display for ContactUrn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", query::escaped(&self.scheme), query::escaped(&self.path))?;
        if !self.query.is_empty() {
            write!(f, "?{}", query::escaped(&self.query))?;
        }
        if !self.display.is_empty() {
            write!(f, "#{}", query::escaped(&self.display))?;
        }
        Ok(())
    }
}

/// Never the path: a phone number does not belong into a log line.
impl fmt::Debug for ContactUrn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ContactUrn({}:…)", self.scheme)
    }
}

impl Serialize for ContactUrn {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for ContactUrn {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_channel_of_an_address_changes() {
        let urn = ContactUrn::parse("tel:+231770000001?id=3#Mary").expect("an address");
        let bound = urn.with_query_value("channel", Some("a b&c"));
        assert_eq!(bound.to_string(), "tel:+231770000001?channel=a+b%2526c&id=3#Mary");
        let again = ContactUrn::parse(&bound.to_string()).expect("an address");
        assert_eq!(again.query_value("channel").as_deref(), Some("a b&c"));
        assert_eq!(again.with_query_value("channel", None).raw_query(), "id=3");
        assert_eq!(format!("{bound:?}"), "ContactUrn(tel:…)");
    }

    proptest! {
        #[test]
        fn any_address_comes_back(scheme in "[a-z]{1,8}", path in "\\PC{1,20}", query in "\\PC{0,10}", display in "\\PC{0,10}") {
            let urn = ContactUrn::from_parts(scheme, path, query, display);
            prop_assert_eq!(ContactUrn::parse(&urn.to_string()), Ok(urn));
        }

        #[test]
        fn reading_never_panics(text in "\\PC*") {
            if let Ok(urn) = ContactUrn::parse(&text) {
                let _ = (urn.validate(), urn.query(), urn.clone().normalized(str::to_owned), urn.to_string());
            }
        }
    }
}
