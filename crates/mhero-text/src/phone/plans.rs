//! Patterns of libphonenumber's tables, compiled once and matched from the first character.

use std::{
    collections::HashMap,
    sync::{Arc, LazyLock, Mutex, PoisonError},
};

use phonenumber::metadata::{DATABASE, Metadata};
use regex::{Captures, Regex, RegexBuilder};

use super::plan::TYPES;

/// Compiled patterns, by their text with the anchors.
static PATTERNS: LazyLock<Mutex<HashMap<String, Option<Arc<Regex>>>>> = LazyLock::new(Mutex::default);

/// How long a number is, measured by the lengths that its country knows.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Length {
    Possible,
    LocalOnly,
    TooShort,
    TooLong,
    Invalid,
}

fn compiled(anchored: String) -> Option<Arc<Regex>> {
    let mut patterns = PATTERNS.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(found) = patterns.get(&anchored) {
        return found.clone();
    }
    let built = RegexBuilder::new(&anchored).ignore_whitespace(true).build().ok().map(Arc::new);
    patterns.insert(anchored, built.clone());
    built
}

/// Whether a pattern fits all of a text.
pub(super) fn fits_all(pattern: &str, text: &str) -> bool {
    compiled(format!("^(?:{pattern})$")).is_some_and(|regex| regex.is_match(text))
}

/// What a pattern fits at the start of a text.
pub(super) fn at_start(pattern: &str, text: &str) -> Option<(usize, Option<String>, Arc<Regex>)> {
    let regex = compiled(format!("^(?:{pattern})"))?;
    let found: Captures<'_> = regex.captures(text)?;
    let last = found.len().checked_sub(1).filter(|last| *last > 0).and_then(|last| found.get(last));
    let (end, last) = (found.get(0)?.end(), last.map(|group| group.as_str().to_owned()));
    Some((end, last.filter(|group| !group.is_empty()), Arc::clone(&regex)))
}

/// The table of a country, by its two letters in capitals.
pub(super) fn of_country(code: &str) -> Option<&'static Metadata> {
    DATABASE.by_id(code).filter(|metadata| metadata.id() == code)
}

/// The table of a calling code's main country.
pub(super) fn of_calling_code(code: u16) -> Option<&'static Metadata> {
    let all = DATABASE.by_code(&code)?;
    all.iter().find(|metadata| metadata.is_main_country_for_code()).or_else(|| all.first()).copied()
}

/// Whether the pattern of all numbers of a country fits.
pub(super) fn is_general(metadata: &Metadata, national: &str) -> bool {
    fits_all(metadata.descriptors().general().national_number().as_str(), national)
}

/// The length of a national number among those of its country. The tables name lengths by type of number only.
pub(super) fn length(metadata: &Metadata, national: &str) -> Length {
    let descriptors = || TYPES.into_iter().filter_map(|of| metadata.descriptors().get(of));
    let is = |length: &u16| usize::from(*length) == national.len();
    let (mut least, mut most) = (usize::MAX, 0);
    for length in descriptors().flat_map(|descriptor| descriptor.possible_length()) {
        if is(length) {
            return Length::Possible;
        }
        (least, most) = (least.min(usize::from(*length)), most.max(usize::from(*length)));
    }
    match national.len() {
        _ if descriptors().any(|descriptor| descriptor.possible_local_length().iter().any(is)) => Length::LocalOnly,
        length if length < least => Length::TooShort,
        length if length > most => Length::TooLong,
        _ => Length::Invalid,
    }
}

/// The digits behind the prefix that a country dials before a calling code.
pub(super) fn without_international_prefix<'a>(metadata: &Metadata, digits: &'a str) -> Option<&'a str> {
    let (end, ..) = at_start(metadata.international_prefix()?.as_str(), digits)?;
    // A calling code never begins with a zero.
    Some(&digits[end..]).filter(|rest| end > 0 && !rest.starts_with('0'))
}

/// A national number without what is dialled before it within its country, as that country's table says.
pub(super) fn without_national_prefix(metadata: &Metadata, digits: &str) -> String {
    let stripped = || -> Option<String> {
        let Some(pattern) = metadata.national_prefix_for_parsing() else {
            return digits.strip_prefix(metadata.national_prefix()?).map(str::to_owned);
        };
        let (end, last, regex) = at_start(pattern.as_str(), digits)?;
        Some(match (metadata.national_prefix_transform_rule(), last) {
            (Some(rule), Some(_)) => regex.replace(digits, braced(rule).as_str()).into_owned(),
            _ => digits[end..].to_owned(),
        })
    };
    match stripped() {
        // What was a number before must still be one.
        Some(rest) if !is_general(metadata, digits) || is_general(metadata, &rest) => rest,
        _ => digits.to_owned(),
    }
}

/// A replacement in which `$12` is the first group and a 2, as the tables mean it.
fn braced(rule: &str) -> String {
    let mut out = String::with_capacity(rule.len() + 4);
    let mut rest = rule.chars();
    while let Some(c) = rest.next() {
        match c {
            '$' => match rest.next() {
                Some(group) => out.push_str(&format!("${{{group}}}")),
                None => out.push_str("$$"),
            },
            other => out.push(other),
        }
    }
    out
}
