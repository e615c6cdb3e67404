//! Moments as FHIR writes them: each is a span, as long as what was left out.

use jiff::{Span as Length, Timestamp, civil::Date, tz::TimeZone};

/// From the first microsecond to before the last, in microseconds since 1970. A date without a zone is one of UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// The first.
    pub from: i64,
    /// The first after it.
    pub until: i64,
}

/// Before everything, where a period has no beginning.
pub(super) const ALWAYS_FROM: i64 = i64::MIN;
/// After everything, where it has no end.
pub(super) const ALWAYS_UNTIL: i64 = i64::MAX;

impl Span {
    /// Reads a year, month, day, minute, second or instant.
    ///
    /// ```
    /// # use mhero_fhir::search::Span;
    /// let day = Span::read("2026-05-14").expect("a day");
    /// assert_eq!(day.until - day.from, 86_400_000_000);
    /// assert_eq!(Span::read("2026-05-14T16:00:00Z").map(|second| second.until - second.from), Some(1_000_000));
    /// assert_eq!(Span::read("soon"), None);
    /// ```
    pub fn read(text: &str) -> Option<Self> {
        match text.len() {
            4 => Self::days(&format!("{text}-01-01"), Length::new().years(1)),
            7 => Self::days(&format!("{text}-01"), Length::new().months(1)),
            10 => Self::days(text, Length::new().days(1)),
            _ => Self::moment(text),
        }
    }

    fn days(first: &str, length: Length) -> Option<Self> {
        let is_plain =
            first.bytes().enumerate().all(|(at, b)| if matches!(at, 4 | 7) { b == b'-' } else { b.is_ascii_digit() });
        let first: Date = first.parse().ok().filter(|_| is_plain)?;
        let micros = |date: Date| date.to_zoned(TimeZone::UTC).ok().map(|at| at.timestamp().as_microsecond());
        Some(Self { from: micros(first)?, until: micros(first.checked_add(length).ok()?)? })
    }

    fn moment(text: &str) -> Option<Self> {
        let (date, time) = text.split_once('T')?;
        let zone_at = time.find(['Z', '+', '-']).unwrap_or(time.len());
        let (clock, zone) = time.split_at(zone_at);
        // A plus sign of an address that nobody escaped comes as a space.
        let zone = if zone.is_empty() { "Z" } else { zone };
        let (seconds, length) = match (clock.len(), clock.split_once('.')) {
            (5, None) => (format!("{clock}:00"), 60_000_000),
            (8, None) => (clock.to_owned(), 1_000_000),
            (_, Some((whole, fraction))) if whole.len() == 8 && !fraction.is_empty() => {
                let digits = u32::try_from(fraction.len().min(6)).ok()?;
                (clock.to_owned(), 10_i64.pow(6 - digits))
            }
            _ => return None,
        };
        let at: Timestamp = format!("{date}T{seconds}{zone}").parse().ok()?;
        let from = at.as_microsecond();
        Some(Self { from, until: from.checked_add(length)? })
    }

    /// A period, open where it has no end.
    pub fn period(start: Option<&str>, end: Option<&str>) -> Option<Self> {
        let (start, end) = (start.and_then(Self::read), end.and_then(Self::read));
        if start.is_none() && end.is_none() {
            return None;
        }
        Some(Self {
            from: start.map_or(ALWAYS_FROM, |start| start.from),
            until: end.map_or(ALWAYS_UNTIL, |end| end.until),
        })
    }
}
