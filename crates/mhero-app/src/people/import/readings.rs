//! Values of fields in all their readings, and days as instants.

use jiff::{Timestamp, civil::Date, tz::TimeZone};
use mhero_query::fold;

/// Longest text that is read as a number, in characters: longer ones are codes that must not lose digits.
const NUMBER_CHARS_MAX: usize = 15;

/// A value in all its readings, without a place.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Readings {
    pub(super) text: Option<String>,
    pub(super) folded: Option<String>,
    pub(super) number: Option<f64>,
    pub(super) instant: Option<i64>,
}

impl Readings {
    /// A text, which may also be a number or a day.
    pub(super) fn of_text(text: &str, zone: &TimeZone) -> Self {
        let trimmed = text.trim();
        let instant = trimmed.parse::<Timestamp>().ok().map(mhero_core::micros).or_else(|| {
            is_day(trimmed).then(|| trimmed.parse::<Date>().ok()).flatten().and_then(|day| start(day, zone))
        });
        Self { number: number(trimmed), instant, ..Self::plain(text) }
    }

    /// A number.
    pub(super) fn of_number(number: f64) -> Self {
        Self { number: Some(number), ..Self::plain(&number.to_string()) }
    }

    /// An instant.
    pub(super) fn of_instant(instant: Timestamp) -> Self {
        Self { instant: Some(mhero_core::micros(instant)), ..Self::plain(&instant.to_string()) }
    }

    /// A day: the instant at which it begins.
    pub(super) fn of_day(day: Date, zone: &TimeZone) -> Self {
        Self { instant: start(day, zone), ..Self::plain(&day.to_string()) }
    }

    /// A text that is nothing else.
    pub(super) fn plain(text: &str) -> Self {
        Self { text: Some(text.to_owned()), folded: Some(fold(text)), number: None, instant: None }
    }

    /// The type that a field gets from its first value.
    pub(super) const fn kind(&self) -> &'static str {
        match (self.number, self.instant) {
            (Some(_), _) => "number",
            (None, Some(_)) => "instant",
            (None, None) => "text",
        }
    }
}

/// A number as people write it. Codes with leading zeros are none.
fn number(text: &str) -> Option<f64> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let plain = !digits.is_empty() && digits.chars().all(|c| c.is_ascii_digit() || c == '.');
    let leading_zero = digits.len() > 1 && digits.starts_with('0') && !digits.starts_with("0.");
    if !plain || leading_zero || digits.len() > NUMBER_CHARS_MAX {
        return None;
    }
    text.parse().ok().filter(|number: &f64| number.is_finite())
}

fn is_day(text: &str) -> bool {
    text.len() == 10 && text.bytes().enumerate().all(|(at, byte)| (byte == b'-') == (at == 4 || at == 7))
}

/// When a day begins in a zone, in UTC microseconds.
pub(super) fn start(day: Date, zone: &TimeZone) -> Option<i64> {
    day.to_zoned(zone.clone()).ok().map(|begin| mhero_core::micros(begin.timestamp()))
}

/// When a last day is over.
pub(super) fn end(day: Date, zone: &TimeZone) -> Option<i64> {
    start(day.tomorrow().ok()?, zone)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_carry_all_readings() {
        let read = |text: &str| Readings::of_text(text, &TimeZone::UTC);
        assert_eq!(read("12").number, Some(12.0));
        assert_eq!(read("-0.5").number, Some(-0.5));
        for code in ["007", "1e5", "", "1.2.3", "12345678901234567", "NaN", "+4"] {
            assert_eq!(read(code).number, None, "{code}");
        }
        assert_eq!(read("2026-05-14").instant, Some(1_778_716_800_000_000));
        assert_eq!(read("2026-05-14T00:00:01Z").instant, Some(1_778_716_801_000_000));
        assert_eq!(read("20260514").instant, None);
        assert_eq!((read("Élodie").kind(), read("7").kind(), read("2026-05-14").kind()), ("text", "number", "instant"));
        assert_eq!(read("Élodie").folded.as_deref(), Some("elodie"));
        assert_eq!(Readings::of_number(3.0).text.as_deref(), Some("3"));
    }
}
