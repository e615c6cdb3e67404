//! Layouts: reading a text that follows one.

use jiff::{
    Timestamp, Zoned,
    civil::{Date, DateTime, Time},
    tz::{Offset, TimeZone},
};

use super::{
    at,
    layout::{Use, parts},
    read::nanos,
};
use crate::error::ExprError;

/// The day in a text by a layout.
pub(crate) fn parse_date(text: &str, layout: &str) -> Result<Date, ExprError> {
    let read = fields(text, layout, Use::PARSE_DATE)?;
    read.date().ok_or_else(|| unread(text, layout))
}

/// The time of day in a text by a layout.
pub(crate) fn parse_time(text: &str, layout: &str) -> Result<Time, ExprError> {
    let read = fields(text, layout, Use::PARSE_TIME)?;
    read.time().ok_or_else(|| unread(text, layout))
}

/// The instant in a text by a layout. Without an offset in the text it is read in the zone; the result is always in the zone.
pub(crate) fn parse_datetime(text: &str, layout: &str, zone: &TimeZone) -> Result<Zoned, ExprError> {
    let read = fields(text, layout, Use::PARSE_DATETIME)?;
    read.datetime(zone).ok_or_else(|| unread(text, layout))
}

/// What the parts of a layout gave.
#[derive(Default)]
struct Fields {
    year: i16,
    month: Option<i8>,
    day: Option<i8>,
    hour: i8,
    minute: i8,
    second: i8,
    nanos: i32,
    afternoon: Option<bool>,
    offset: Option<Offset>,
}

impl Fields {
    fn time(&self) -> Option<Time> {
        let hour = match self.afternoon {
            Some(true) if self.hour < 12 => self.hour + 12,
            Some(false) if self.hour == 12 => 0,
            _ => self.hour,
        };
        Time::new(hour, self.minute, self.second, self.nanos).ok()
    }

    fn date(&self) -> Option<Date> {
        Date::new(self.year, self.month.unwrap_or(1), self.day.unwrap_or(1)).ok()
    }

    fn datetime(&self, zone: &TimeZone) -> Option<Zoned> {
        let date = self.date()?;
        let Some(offset) = self.offset else { return at(date, self.time()?, zone) };
        let instant: Timestamp = offset.to_timestamp(DateTime::from_parts(date, self.time()?)).ok()?;
        Some(instant.to_zoned(zone.clone()))
    }
}

fn unread(text: &str, part: &str) -> ExprError {
    ExprError::NotInLayout { text: text.to_owned(), part: part.to_owned() }
}

fn fields(text: &str, layout: &str, purpose: Use) -> Result<Fields, ExprError> {
    let mut read = Fields::default();
    let mut rest = text;
    for part in parts(layout, purpose)? {
        if matches!(part, "MMMM" | "MMM" | "EEEE" | "EEE") {
            return Err(ExprError::Layout { part: part.to_owned(), layout: purpose.name });
        }
        rest = field(&mut read, rest, part).ok_or_else(|| unread(rest, part))?;
    }
    if rest.is_empty() { Ok(read) } else { Err(ExprError::refused(format!("extra text: {rest:?}"))) }
}

/// Reads one part and gives what is left of the text.
fn field<'a>(read: &mut Fields, text: &'a str, part: &str) -> Option<&'a str> {
    let (least, most) = match part {
        "YYYY" => (4, 4),
        "YY" | "MM" | "DD" | "tt" | "hh" | "mm" | "ss" => (2, 2),
        "M" | "D" | "t" | "h" | "m" | "s" => (1, 2),
        "fff" | "ffffff" | "fffffffff" => (part.len(), part.len()),
        "aa" | "AA" => return half(read, text),
        "Z" | "ZZZ" => return offset(read, text),
        signs => return text.strip_prefix(signs),
    };
    let length = text.bytes().take(most).take_while(u8::is_ascii_digit).count();
    if length < least {
        return None;
    }
    let (digits, rest) = text.split_at(length);
    match part {
        "YYYY" => read.year = digits.parse().ok()?,
        // A pattern is written once and used for years, so its centuries do not move with the clock.
        "YY" => read.year = digits.parse::<i16>().ok().map(|year| if year < 69 { 2000 + year } else { 1900 + year })?,
        "MM" | "M" => read.month = digits.parse().ok(),
        "DD" | "D" => read.day = digits.parse().ok(),
        "tt" | "t" | "hh" | "h" => read.hour = digits.parse().ok()?,
        "mm" | "m" => read.minute = digits.parse().ok()?,
        "ss" | "s" => read.second = digits.parse().ok()?,
        _ => read.nanos = nanos(digits)?,
    }
    Some(rest)
}

fn half<'a>(read: &mut Fields, text: &'a str) -> Option<&'a str> {
    let word = text.get(..2)?.to_ascii_lowercase();
    read.afternoon = Some(match word.as_str() {
        "am" => false,
        "pm" => true,
        _ => return None,
    });
    text.get(2..)
}

fn offset<'a>(read: &mut Fields, text: &'a str) -> Option<&'a str> {
    if let Some(rest) = text.strip_prefix(['Z', 'z']) {
        read.offset = Some(Offset::UTC);
        return Some(rest);
    }
    let sign = match text.as_bytes().first()? {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let hours: i32 = text.get(1..3)?.parse().ok()?;
    let minutes: i32 = text.get(3..6)?.strip_prefix(':')?.parse().ok()?;
    read.offset = Offset::from_seconds(sign * (hours * 60 + minutes) * 60).ok();
    read.offset.and(text.get(6..))
}
