//! The values that `mhero channel add` was given, read with errors that name the key, the value and what would do.

use std::{collections::BTreeMap, str::FromStr};

use mhero_app::{AppError, ports::Field};
use reqwest::Url;

use crate::http::{Network, shown, web_address};

/// Longest of any value, in bytes.
const VALUE_BYTES_MAX: usize = 4_000;

/// The keys of some fields, and which of them are secrets.
pub(crate) const fn keys<const N: usize>(fields: &[Field; N]) -> [(&'static str, bool); N] {
    let mut keys = [("", false); N];
    let mut at = 0;
    while at < N {
        keys[at] = (fields[at].key, fields[at].is_secret);
        at += 1;
    }
    keys
}

/// The values of a channel, by key. An empty value counts as not given.
#[derive(Clone, Copy)]
pub(crate) struct Given<'a> {
    config: &'a BTreeMap<String, String>,
    kind: &'static str,
}

impl<'a> Given<'a> {
    /// Takes the values of a channel of this kind.
    ///
    /// # Errors
    /// [`AppError::Invalid`] for a value that is too long or holds letters that no setting has.
    pub(crate) fn new(
        kind: &'static str,
        keys: &[(&'static str, bool)],
        config: &'a BTreeMap<String, String>,
    ) -> Result<Self, AppError> {
        let given = Self { config, kind };
        let unfit = |key: &str| {
            let is_control = |c: char| c.is_control() && c != '\n';
            given.get(key).is_some_and(|value| value.len() > VALUE_BYTES_MAX || value.chars().any(is_control))
        };
        match keys.iter().find(|(key, _)| unfit(key)) {
            None => Ok(given),
            Some((key, _)) => Err(given.invalid("channel-value", key, [("max", VALUE_BYTES_MAX.to_string())])),
        }
    }

    /// A value that is not empty.
    pub(crate) fn get(&self, key: &str) -> Option<&'a str> {
        self.config.get(key).map(|value| value.trim()).filter(|value| !value.is_empty())
    }

    /// A value that must be there.
    pub(crate) fn must(&self, key: &'static str) -> Result<&'a str, AppError> {
        self.get(key).ok_or_else(|| self.invalid("channel-missing", key, []))
    }

    /// A value of at most so many bytes, in ASCII: the fields of the old protocols.
    pub(crate) fn field(&self, key: &'static str, max: usize) -> Result<Option<&'a str>, AppError> {
        match self.get(key) {
            Some(value) if value.len() > max || !value.is_ascii() => {
                Err(self.invalid("channel-field", key, [("max", max.to_string())]))
            }
            other => Ok(other),
        }
    }

    /// A whole number within bounds.
    pub(crate) fn number<T>(&self, key: &'static str, min: T, max: T) -> Result<Option<T>, AppError>
    where
        T: Copy + FromStr + PartialOrd + ToString,
    {
        let Some(value) = self.get(key) else { return Ok(None) };
        let number = value.parse::<T>().ok().filter(|number| *number >= min && *number <= max);
        number.map(Some).ok_or_else(|| {
            let args = [("value", value.to_owned()), ("min", min.to_string()), ("max", max.to_string())];
            self.invalid("channel-number", key, args)
        })
    }

    /// One of a few words; the first is the default.
    pub(crate) fn choice<T: Copy>(&self, key: &'static str, known: &[(&str, T)]) -> Result<T, AppError> {
        let value = self.get(key).unwrap_or(known[0].0);
        known.iter().find(|(word, _)| *word == value).map(|(_, meaning)| *meaning).ok_or_else(|| {
            let words = known.iter().map(|(word, _)| *word).collect::<Vec<_>>().join(", ");
            self.invalid("channel-choice", key, [("value", value.to_owned()), ("known", words)])
        })
    }

    /// An address of the web.
    pub(crate) fn address(&self, key: &'static str) -> Result<Option<Url>, AppError> {
        let wrong = |value: &str| self.invalid("channel-address", key, [("value", shown(value))]);
        self.get(key).map(|value| web_address(value).ok_or_else(|| wrong(value))).transpose()
    }

    /// An address of the web that must be there.
    pub(crate) fn must_address(&self, key: &'static str) -> Result<Url, AppError> {
        self.must(key)?;
        self.address(key)?.ok_or_else(|| self.invalid("channel-missing", key, []))
    }

    /// Addresses and networks with commas between.
    pub(crate) fn networks(&self, key: &'static str) -> Result<Vec<Network>, AppError> {
        let list = self.get(key).unwrap_or_default().split(',').map(str::trim).filter(|entry| !entry.is_empty());
        let wrong = |entry: &str| self.invalid("channel-allow", key, [("value", entry.to_owned())]);
        list.map(|entry| Network::read(entry).ok_or_else(|| wrong(entry))).collect()
    }

    /// Says that the value of a key won't do.
    pub(crate) fn invalid<const N: usize>(
        &self,
        reason: &'static str,
        key: &str,
        args: [(&'static str, String); N],
    ) -> AppError {
        let named = [("kind", self.kind.to_owned()), ("key", key.to_owned())];
        AppError::invalid(reason, named.into_iter().chain(args))
    }
}
