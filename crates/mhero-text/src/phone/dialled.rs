//! Numbers as flows read them: by libphonenumber's *possible*, with short codes and sender ids where they are allowed.
//!
//! Registries ask for more, see [`super::Numbering`]. A flow must take what a carrier or a person gives it, so here a number only
//! has to have a length that its country knows, and letters stand for the digits of their keys once there are three of them.

use std::sync::LazyLock;

use phonenumber::{Mode, metadata::Metadata};
use regex::Regex;

use super::{clean::digit, plans};

/// Fewest digits of a number without plus sign that is tried with one where it is none of the country.
const INTERNATIONAL_DIGITS_MIN: usize = 10;
/// Digits of a short code.
const SHORT_DIGITS: std::ops::RangeInclusive<usize> = 3..=6;
/// Characters of a sender id; the most that a `tel` address holds.
const SENDER_CHARS: std::ops::RangeInclusive<usize> = 3..=64;
/// Longest text that is looked at, in bytes.
const RAW_BYTES_MAX: usize = 250;
/// Fewest and most digits of a national number.
const NATIONAL_DIGITS: std::ops::RangeInclusive<usize> = 2..=17;
/// Most digits of a calling code.
const CALLING_CODE_DIGITS_MAX: usize = 3;

/// What may stand in the place of a whole number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Allowed {
    /// Short codes of the country: `4636`.
    pub short_codes: bool,
    /// Names that carriers put in the place of a number: `MTN`.
    pub sender_ids: bool,
}

impl Allowed {
    /// Whole numbers only.
    pub const NUMBERS: Self = Self { short_codes: false, sender_ids: false };
    /// Whatever a carrier may give as sender.
    pub const ANYTHING: Self = Self { short_codes: true, sender_ids: true };
}

/// Why a text is no number for a flow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotDialled {
    /// The country is none that has numbers.
    #[error("invalid country code")]
    UnknownCountry,
    /// No number has this shape.
    #[error("not a possible number")]
    NotPossible,
}

/// The path of the `tel` address for a text: E.164 with its plus sign, or a short code, or a sender id in small letters.
///
/// `country` is ISO 3166-1 alpha-2; without one, a number must be international, with or without its plus sign.
///
/// ```
/// use mhero_text::phone::{Allowed, NotDialled, dialled};
/// assert_eq!(dialled("0788 123-123", Some("RW"), Allowed::NUMBERS).as_deref(), Ok("+250788123123"));
/// assert_eq!(dialled("250788123123", None, Allowed::NUMBERS).as_deref(), Ok("+250788123123"));
/// assert_eq!(dialled("800-CABBAGE", Some("US"), Allowed::NUMBERS).as_deref(), Ok("+18002222243"));
/// assert_eq!(dialled("MTN", Some("RW"), Allowed::ANYTHING).as_deref(), Ok("mtn"));
/// assert_eq!(dialled("4636", Some("LR"), Allowed::NUMBERS), Err(NotDialled::NotPossible));
/// ```
///
/// # Errors
/// See [`NotDialled`].
pub fn dialled(raw: &str, country: Option<&str>, allowed: Allowed) -> Result<String, NotDialled> {
    let home = match country.filter(|code| !code.is_empty()) {
        None => None,
        Some(code) => Some(plans::of_country(code).ok_or(NotDialled::UnknownCountry)?),
    };
    let raw = raw.trim();
    if raw.len() > RAW_BYTES_MAX {
        return Err(NotDialled::NotPossible);
    }
    // What the national prefix leaves behind may begin like another prefix once the calling code stands before it.
    let settled = |number: Number| read(&number.e164(), home).unwrap_or(number);
    if let Some(number) = likelier(read(raw, home), read_international(raw)).map(settled) {
        return Ok(number.e164());
    }
    if allowed.short_codes && home.is_some() {
        let plain = |c: char| c.is_ascii_digit() || c.is_whitespace() || matches!(c, '-' | '.');
        let digits: String = raw.chars().filter(char::is_ascii_digit).collect();
        if raw.chars().all(plain) && SHORT_DIGITS.contains(&digits.len()) {
            return Ok(digits);
        }
    }
    let is_sender = SENDER_CHARS.contains(&raw.len())
        && raw.bytes().all(|b| b.is_ascii_alphanumeric())
        && raw.bytes().any(|b| b.is_ascii_alphabetic());
    if allowed.sender_ids && is_sender { Ok(raw.to_ascii_lowercase()) } else { Err(NotDialled::NotPossible) }
}

/// The path of a `tel` address as it is kept: E.164 where the text is a whole international number, else the text in small letters
/// without decoration.
///
/// ```
/// use mhero_text::phone::tel_path;
/// assert_eq!(tel_path("1(800)CABBAGE"), "+18002222243");
/// assert_eq!(tel_path("+231 770-000-001"), "+231770000001");
/// assert_eq!(tel_path("4636"), "4636");
/// ```
pub fn tel_path(raw: &str) -> String {
    dialled(raw, None, Allowed::NUMBERS).unwrap_or_else(|_| {
        let plain: String = raw.chars().filter(|c| c.is_alphanumeric() || *c == '+').collect();
        plain.to_lowercase()
    })
}

/// A number as people of its own country write it; `None` for what is no international number.
///
/// ```
/// use mhero_text::phone::written_nationally;
/// assert_eq!(written_nationally("+250788383383").as_deref(), Some("0788 383 383"));
/// assert_eq!(written_nationally("4636"), None);
/// ```
pub fn written_nationally(e164: &str) -> Option<String> {
    let digits = e164.strip_prefix('+')?;
    if !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let number = phonenumber::parse(None, e164).ok()?;
    Some(number.format().mode(Mode::National).to_string())
}

struct Number {
    calling_code: u16,
    /// With the zeros that belong to it.
    national: String,
}

impl Number {
    fn e164(&self) -> String {
        format!("+{}{}", self.calling_code, self.national)
    }

    /// Whether it looks like a number of its country, beyond its length.
    fn is_likely(&self) -> bool {
        plans::of_calling_code(self.calling_code).is_some_and(|metadata| plans::is_general(metadata, &self.national))
    }

    fn is_possible(&self, metadata: &Metadata) -> bool {
        plans::length(metadata, &self.national) == plans::Length::Possible
    }
}

/// The number of the home country, unless only the one that lacks its plus sign looks like a number.
fn likelier(home: Option<Number>, other: Option<Number>) -> Option<Number> {
    match (home, other) {
        (Some(home), Some(other)) => Some(if !home.is_likely() && other.is_likely() { other } else { home }),
        (home, other) => home.or(other),
    }
}

/// A number of the home country, or an international one that says so.
fn read(raw: &str, home: Option<&'static Metadata>) -> Option<Number> {
    let (digits, plus) = digits_of(raw)?;
    if plus || home.is_none() {
        return international(&digits);
    }
    let home = home?;
    if let Some(rest) = plans::without_international_prefix(home, &digits) {
        return international(rest);
    }
    let own = home.country_code();
    let national = match digits.strip_prefix(&own.to_string()) {
        Some(rest) => {
            let rest = plans::without_national_prefix(home, rest);
            let fits = !plans::is_general(home, &digits) && plans::is_general(home, &rest);
            if fits || plans::length(home, &digits) == plans::Length::TooLong { rest } else { digits }
        }
        None => digits,
    };
    finished(own, &national, home)
}

/// A number that lacks its plus sign.
fn read_international(raw: &str) -> Option<Number> {
    let (digits, plus) = digits_of(raw)?;
    (!plus && digits.len() >= INTERNATIONAL_DIGITS_MIN).then(|| international(&digits)).flatten()
}

/// Digits that begin with a calling code.
fn international(digits: &str) -> Option<Number> {
    if digits.starts_with('0') {
        return None;
    }
    (1..=CALLING_CODE_DIGITS_MAX).filter(|length| *length < digits.len()).find_map(|length| {
        let code: u16 = digits[..length].parse().ok()?;
        let metadata = plans::of_calling_code(code)?;
        finished(code, &digits[length..], metadata)
    })
}

fn finished(calling_code: u16, digits: &str, metadata: &Metadata) -> Option<Number> {
    let stripped = plans::without_national_prefix(metadata, digits);
    let shorter = plans::length(metadata, &stripped);
    let is_worse = matches!(shorter, plans::Length::TooShort | plans::Length::LocalOnly | plans::Length::Invalid);
    let national = if is_worse { digits.to_owned() } else { stripped };
    let number = Number { calling_code, national };
    (NATIONAL_DIGITS.contains(&number.national.len()) && number.is_possible(metadata)).then_some(number)
}

/// The digits of a text and whether a plus sign opens it; nothing for a text that has not the shape of a number: three digits before
/// any letter, with the usual decoration between.
fn digits_of(raw: &str) -> Option<(String, bool)> {
    static EXTENSION: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?i)[ \t,;]*(?:;ext=|ext\.?n?\.?|extension|[x#~])[ :.]*\d{1,7}#?$").expect("a fixed pattern")
    });
    let opens = |c: char| matches!(c, '+' | '＋') || digit(c).is_some();
    let text = &raw[raw.find(opens)?..];
    let text = text.trim_end_matches(|c: char| !c.is_alphanumeric() && c != '#');
    let text = EXTENSION.find(text).map_or(text, |found| &text[..found.start()]);
    let number = text.trim_start_matches(['+', '＋']);
    let plus = number.len() < text.len();
    let letters = number.chars().filter(char::is_ascii_alphabetic).count();
    let (mut digits, mut before_letters) = (String::new(), 0);
    for c in number.chars() {
        if let Some(digit) = digit(c) {
            digits.push(digit);
        } else if c.is_ascii_alphabetic() {
            if before_letters == 0 {
                before_letters = digits.len();
            }
            if before_letters < 3 {
                return None;
            }
            if letters >= 3 {
                digits.push(key_of(c));
            }
        } else if c.is_alphabetic() || !is_decoration(c) {
            return None;
        }
    }
    (digits.len() >= 2).then_some((digits, plus))
}

fn is_decoration(c: char) -> bool {
    c.is_whitespace()
        || matches!(c, '-' | '‐'..='―' | '−' | 'ー' | '－' | '/' | '／' | '.' | '．' | '(' | ')' | '（' | '）')
        || matches!(c, '[' | ']' | '［' | '］' | '~' | '⁓' | '∼' | '～' | '*' | '\u{ad}' | '\u{200b}' | '\u{2060}')
}

/// The digit on the key of a letter.
const fn key_of(letter: char) -> char {
    match letter.to_ascii_uppercase() {
        'A'..='C' => '2',
        'D'..='F' => '3',
        'G'..='I' => '4',
        'J'..='L' => '5',
        'M'..='O' => '6',
        'P'..='S' => '7',
        'T'..='V' => '8',
        _ => '9',
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn numbers_are_read_by_their_country() {
        for (raw, country, expected) in [
            ("0770 123 456", Some("LR"), Ok("+231770123456")),
            ("00231770123456", Some("LR"), Ok("+231770123456")),
            ("231770123456", Some("LR"), Ok("+231770123456")),
            ("12067799294", Some("LR"), Ok("+12067799294")),
            ("(800) CABBAGE x302", Some("US"), Ok("+18002222243")),
            ("٠٧٧٠١٢٣٤٥٦", Some("LR"), Ok("+231770123456")),
            ("PRIZES", Some("LR"), Err(NotDialled::NotPossible)),
            ("0788383383", None, Err(NotDialled::NotPossible)),
            ("0788383383", Some("ZZ"), Err(NotDialled::UnknownCountry)),
            ("", Some("LR"), Err(NotDialled::NotPossible)),
        ] {
            assert_eq!(dialled(raw, country, Allowed::NUMBERS).as_deref(), expected.as_deref(), "{raw}");
        }
    }

    /// libphonenumber's own example of a number of each country and type comes back, however it is written. A few can be read in
    /// two ways: digits that begin like the calling code of their own country, or like its national prefix.
    #[test]
    fn every_country_reads_its_examples() {
        let (mut read, mut wrong) = (0, Vec::new());
        for metadata in phonenumber::metadata::DATABASE.iter().filter(|metadata| metadata.id().len() == 2) {
            let examples =
                super::super::plan::TYPES.into_iter().filter_map(|of| metadata.descriptors().get(of)?.example());
            for example in examples {
                let e164 = format!("+{}{example}", metadata.country_code());
                let national = written_nationally(&e164).unwrap_or_else(|| example.to_owned());
                for raw in [e164.as_str(), &e164[1..], example, &national] {
                    let country = Some(metadata.id()).filter(|_| !raw.starts_with('+'));
                    let found = dialled(raw, country, Allowed::NUMBERS);
                    read += 1;
                    if found.as_deref() != Ok(e164.as_str()) {
                        wrong.push(format!("{} {raw}: {found:?} is not {e164}", metadata.id()));
                    }
                }
            }
        }
        assert!(wrong.len() * 100 < read, "{} of {read}: {wrong:#?}", wrong.len());
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(raw in "\\PC*", country in prop::sample::select(vec!["", "LR", "US", "KR", "BR"])) {
            if let Ok(path) = dialled(&raw, Some(country), Allowed::NUMBERS) {
                prop_assert!(path.starts_with('+') && path[1..].bytes().all(|b| b.is_ascii_digit()), "{}", path);
            }
            let _ = tel_path(&raw);
        }

        #[test]
        fn what_was_read_stays(digits in "[1-9][0-9]{6,13}") {
            if let Ok(path) = dialled(&digits, None, Allowed::NUMBERS) {
                prop_assert_eq!(tel_path(&path), path);
            }
        }
    }
}
