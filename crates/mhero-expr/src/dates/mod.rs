//! Dates and times as people write them, and by layouts such as `DD-MM-YYYY`.

mod layout;
mod names;
mod parse;
mod read;

use jiff::{
    Zoned,
    civil::{Date, DateTime, Time},
    tz::TimeZone,
};

pub(crate) use layout::{Use, write};
pub(crate) use parse::{parse_date, parse_datetime, parse_time};
pub(crate) use read::{hour, read_date, read_datetime, read_time};

use crate::error::ExprError;

/// What a layout may be asked to write: an instant, or only a day or a time of day.
pub(crate) struct Moment {
    pub(crate) at: DateTime,
    pub(crate) zoned: Option<Zoned>,
}

impl From<Zoned> for Moment {
    fn from(zoned: Zoned) -> Self {
        Self { at: zoned.datetime(), zoned: Some(zoned) }
    }
}

impl From<Date> for Moment {
    fn from(date: Date) -> Self {
        Self { at: date.into(), zoned: None }
    }
}

impl From<Time> for Moment {
    fn from(time: Time) -> Self {
        Self { at: DateTime::from_parts(Date::new(2000, 1, 1).unwrap_or(Date::ZERO), time), zoned: None }
    }
}

/// A day and a time in a zone; a time that a change of clocks skips is read with the offset before it.
pub(crate) fn at(date: Date, time: Time, zone: &TimeZone) -> Option<Zoned> {
    DateTime::from_parts(date, time).to_zoned(zone.clone()).ok()
}

/// A zone by its IANA name.
pub(crate) fn zone(name: &str) -> Result<TimeZone, ExprError> {
    TimeZone::get(name).map_err(|_| ExprError::Zone { name: name.to_owned() })
}

/// The day so many months and days after the first of a month; days beyond the month's end run on into the next.
pub(crate) fn running_on(year: i64, month: i64, day: i64) -> Option<Date> {
    let months = year.checked_mul(12)?.checked_add(month.checked_sub(1)?)?;
    let year = i16::try_from(months.div_euclid(12)).ok()?;
    let first = Date::new(year, i8::try_from(months.rem_euclid(12) + 1).ok()?, 1).ok()?;
    let days = jiff::Span::new().try_days(day.checked_sub(1)?).ok()?;
    first.checked_add(days).ok()
}
