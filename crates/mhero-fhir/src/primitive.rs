//! The primitive types of R4: how each is written, and what is wrong with a value that is not.

use serde_json::Value;

use crate::narrative;

/// Most octets of a string: a mebibyte, as the specification says.
const STRING_MAX: usize = 1 << 20;
/// Most characters of an id.
const ID_MAX: usize = 64;

/// A type without elements of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Primitive {
    /// `true` or `false`.
    Boolean,
    /// 32 bits, signed.
    Integer,
    /// From 0 to 2^31-1.
    UnsignedInt,
    /// From 1 to 2^31-1.
    PositiveInt,
    /// A number with a precision.
    Decimal,
    /// Text.
    String,
    /// Text in Markdown.
    Markdown,
    /// A word of a code system, without surplus spaces.
    Code,
    /// An id of a resource.
    Id,
    /// A URI.
    Uri,
    /// A URL.
    Url,
    /// A URI with a version after `|`.
    Canonical,
    /// `urn:oid:…`.
    Oid,
    /// `urn:uuid:…`.
    Uuid,
    /// Octets.
    Base64Binary,
    /// A year, month or day.
    Date,
    /// A year, month, day, or an instant with its zone.
    DateTime,
    /// An instant to the second at least, with its zone.
    Instant,
    /// A time of day.
    Time,
    /// The `div` of a narrative.
    Xhtml,
}

impl Primitive {
    const ALL: [(&'static str, Self); 20] = [
        ("boolean", Self::Boolean),
        ("integer", Self::Integer),
        ("unsignedInt", Self::UnsignedInt),
        ("positiveInt", Self::PositiveInt),
        ("decimal", Self::Decimal),
        ("string", Self::String),
        ("markdown", Self::Markdown),
        ("code", Self::Code),
        ("id", Self::Id),
        ("uri", Self::Uri),
        ("url", Self::Url),
        ("canonical", Self::Canonical),
        ("oid", Self::Oid),
        ("uuid", Self::Uuid),
        ("base64Binary", Self::Base64Binary),
        ("date", Self::Date),
        ("dateTime", Self::DateTime),
        ("instant", Self::Instant),
        ("time", Self::Time),
        ("xhtml", Self::Xhtml),
    ];

    /// The one of a name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(known, _)| *known == name).map(|(_, primitive)| *primitive)
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(_, primitive)| *primitive == self).map_or("string", |(name, _)| name)
    }

    /// Whether JSON writes it as a number.
    pub const fn is_number(self) -> bool {
        matches!(self, Self::Integer | Self::UnsignedInt | Self::PositiveInt | Self::Decimal)
    }

    /// What is wrong with a value of JSON, in words; nothing where all is well.
    ///
    /// ```
    /// # use mhero_fhir::primitive::Primitive;
    /// # use serde_json::json;
    /// assert_eq!(Primitive::Date.fault(&json!("1984-02")), None);
    /// assert_eq!(Primitive::Date.fault(&json!("1984-13")).as_deref(), Some("a date is written 1984, 1984-02 or 1984-02-29"));
    /// assert_eq!(Primitive::Boolean.fault(&json!("true")).as_deref(), Some("a boolean is written true or false, without quotes"));
    /// ```
    pub fn fault(self, value: &Value) -> Option<String> {
        let said = match (self, value) {
            (Self::Boolean, Value::Bool(_)) => return None,
            (Self::Boolean, _) => "a boolean is written true or false, without quotes",
            (primitive, Value::Number(number)) if primitive.is_number() => return primitive.number_fault(number),
            (primitive, _) if primitive.is_number() => "a number is written without quotes",
            (primitive, Value::String(text)) => return primitive.text_fault(text).map(ToOwned::to_owned),
            _ => "this is written as a text, in quotes",
        };
        Some(said.to_owned())
    }

    fn number_fault(self, number: &serde_json::Number) -> Option<String> {
        let (least, name) = match self {
            Self::Integer => (i64::from(i32::MIN), "an integer"),
            Self::UnsignedInt => (0, "an unsignedInt"),
            Self::PositiveInt => (1, "a positiveInt"),
            _ => return None,
        };
        let fits = number.as_i64().is_some_and(|whole| (least..=i64::from(i32::MAX)).contains(&whole));
        (!fits).then(|| format!("{name} is a whole number from {least} to {}", i32::MAX))
    }

    fn text_fault(self, text: &str) -> Option<&'static str> {
        if text.is_empty() {
            return Some("an element is left out rather than empty");
        }
        if text.len() > STRING_MAX {
            return Some("a text holds at most 1 MiB");
        }
        match self {
            Self::String | Self::Markdown => (text.chars().any(|c| c < ' ' && !matches!(c, '\t' | '\r' | '\n'))
                || text.trim().is_empty())
            .then_some("a text holds more than spaces, and no control characters"),
            Self::Code => (text != text.trim()
                || text.contains("  ")
                || text.chars().any(|c| c != ' ' && (c.is_whitespace() || c.is_control())))
            .then_some("a code has no spaces before, after, or two together, and no control characters"),
            Self::Id => (!is_id(text)).then_some("an id has 1 to 64 of A-Z, a-z, 0-9, - and ."),
            Self::Uri | Self::Url | Self::Canonical => text
                .chars()
                .any(|c| c.is_whitespace() || c.is_control())
                .then_some("a URI holds no spaces or control characters"),
            Self::Oid => (!is_oid(text)).then_some("an oid is written urn:oid:1.2.3"),
            Self::Uuid => (!is_uuid(text)).then_some("a uuid is written urn:uuid: and 36 lower-case characters"),
            Self::Base64Binary => (!is_base64(text)).then_some("octets are written in base64"),
            Self::Date => (!is_date(text)).then_some("a date is written 1984, 1984-02 or 1984-02-29"),
            Self::DateTime => (!is_date(text) && !is_instant(text))
                .then_some("a dateTime is a date, or written 2026-05-14T16:00:00+02:00 with its zone"),
            Self::Instant => {
                (!is_instant(text)).then_some("an instant is written 2026-05-14T16:00:00.000Z with its zone")
            }
            Self::Time => (!is_time(text)).then_some("a time is written 16:00:00"),
            Self::Xhtml => narrative::fault(text),
            Self::Boolean | Self::Integer | Self::UnsignedInt | Self::PositiveInt | Self::Decimal => None,
        }
    }
}

/// Whether a text may be the id of a resource.
pub fn is_id(text: &str) -> bool {
    (1..=ID_MAX).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.'))
}

fn is_oid(text: &str) -> bool {
    text.strip_prefix("urn:oid:").is_some_and(|oid| {
        oid.split('.').count() > 1
            && oid.split('.').all(|arc| !arc.is_empty() && arc.bytes().all(|b| b.is_ascii_digit()))
    })
}

fn is_uuid(text: &str) -> bool {
    text.strip_prefix("urn:uuid:").is_some_and(|uuid| {
        uuid.len() == 36
            && uuid.bytes().enumerate().all(|(at, b)| match at {
                8 | 13 | 18 | 23 => b == b'-',
                _ => b.is_ascii_digit() || (b'a'..=b'f').contains(&b),
            })
    })
}

fn is_base64(text: &str) -> bool {
    let mut count = 0_usize;
    let mut padding = 0_usize;
    for b in text.bytes().filter(|b| !b.is_ascii_whitespace()) {
        match b {
            b'=' => padding += 1,
            _ if padding > 0 => return false,
            b'+' | b'/' => {}
            _ if b.is_ascii_alphanumeric() => {}
            _ => return false,
        }
        count += 1;
    }
    padding <= 2 && count.is_multiple_of(4)
}

fn is_date(text: &str) -> bool {
    match text.len() {
        4 => digits(text, 4).is_some_and(|year| year > 0),
        7 => format!("{text}-01").parse::<jiff::civil::Date>().is_ok() && is_plain_date(text),
        10 => text.parse::<jiff::civil::Date>().is_ok() && is_plain_date(text),
        _ => false,
    }
}

/// Digits and hyphens where they belong: the library reads other spellings, too.
fn is_plain_date(text: &str) -> bool {
    text.bytes().enumerate().all(|(at, b)| if matches!(at, 4 | 7) { b == b'-' } else { b.is_ascii_digit() })
}

fn is_instant(text: &str) -> bool {
    let Some((date, rest)) = text.split_at_checked(10) else { return false };
    let Some(rest) = rest.strip_prefix('T') else { return false };
    let (time, zone) = match rest.find(['Z', '+', '-']) {
        Some(at) => rest.split_at(at),
        None => return false,
    };
    let is_zone = zone == "Z"
        || zone.split_at(1).1.split_once(':').is_some_and(|(hours, minutes)| {
            digits(hours, 2).is_some_and(|hours| hours <= 14) && digits(minutes, 2).is_some_and(|minutes| minutes < 60)
        });
    date.len() == 10 && is_date(date) && is_time(time) && is_zone
}

fn is_time(text: &str) -> bool {
    let (clock, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let parts: Vec<&str> = clock.split(':').collect();
    let [hours, minutes, seconds] = parts.as_slice() else { return false };
    digits(hours, 2).is_some_and(|hours| hours < 24)
        && digits(minutes, 2).is_some_and(|minutes| minutes < 60)
        // A leap second is one.
        && digits(seconds, 2).is_some_and(|seconds| seconds <= 60)
        && !fraction.is_empty()
        && fraction.bytes().all(|b| b.is_ascii_digit())
}

fn digits(text: &str, count: usize) -> Option<u32> {
    if text.len() == count && text.bytes().all(|b| b.is_ascii_digit()) { text.parse().ok() } else { None }
}
