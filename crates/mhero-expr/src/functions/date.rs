//! Dates and times.

use bigdecimal::{BigDecimal, FromPrimitive, RoundingMode, ToPrimitive, num_bigint::BigInt};
use jiff::{Span, Timestamp, Zoned, civil::Date, civil::Time};

use super::Entry;
use crate::{
    dates::{self, Use},
    error::ExprError,
    eval::Machine,
    value::{Number, Value, offset_text},
};

pub(super) const ALL: &[Entry] = &[
    Entry::new("now", 0, 0, |m, _| Ok(Value::DateTime(m.env.zoned_now()))),
    Entry::new("today", 0, 0, |m, _| Ok(Value::Date(m.env.zoned_now().date()))),
    Entry::new("date_from_parts", 3, 3, date_from_parts),
    Entry::new("time_from_parts", 3, 3, time_from_parts),
    Entry::new("datetime_add", 3, 3, datetime_add),
    Entry::new("datetime_diff", 3, 3, datetime_diff),
    Entry::new("datetime_from_epoch", 1, 1, datetime_from_epoch),
    Entry::new("epoch", 1, 1, epoch),
    Entry::new("replace_time", 2, 2, replace_time),
    Entry::new("format_date", 1, 2, format_date),
    Entry::new("format_time", 1, 2, format_time),
    Entry::new("format_datetime", 1, 3, format_datetime),
    Entry::new("parse_datetime", 2, 3, parse_datetime),
    Entry::new("parse_time", 2, 2, parse_time),
    Entry::new("tz", 1, 1, tz),
    Entry::new("tz_offset", 1, 1, tz_offset),
    Entry::new("weekday", 1, 1, weekday),
    Entry::new("week_number", 1, 1, week_number),
    Entry::new("legacy_add", 2, 2, legacy_add),
];

fn out_of_range() -> ExprError {
    ExprError::refused("date is out of range")
}

/// `date_from_parts(year, month, day)`: a day beyond the month's end runs on into the next.
fn date_from_parts(_: &mut Machine<'_>, a: &[Value]) -> Result<Value, ExprError> {
    let (year, month, day) = (a[0].to_integer()?, a[1].to_integer()?, a[2].to_integer()?);
    if !(1..=12).contains(&month) {
        return Err(ExprError::refused("invalid value for month, must be 1-12"));
    }
    dates::running_on(year, month, day).map(Value::Date).ok_or_else(out_of_range)
}

/// `time_from_parts(hour, minute, second)`
fn time_from_parts(_: &mut Machine<'_>, a: &[Value]) -> Result<Value, ExprError> {
    let part = |value: &Value, name: &str, most: i64| {
        let n = value.to_integer()?;
        let small = i8::try_from(n).ok().filter(|_| (0..=most).contains(&n));
        small.ok_or_else(|| ExprError::refused(format!("invalid value for {name}, must be 0-{most}")))
    };
    let (hour, minute, second) = (part(&a[0], "hour", 23)?, part(&a[1], "minute", 59)?, part(&a[2], "second", 59)?);
    Time::new(hour, minute, second, 0).map(Value::Time).map_err(|_| out_of_range())
}

/// `datetime_add(datetime, offset, unit)`: years, months, weeks and days by the calendar, the rest by the clock.
fn datetime_add(machine: &mut Machine<'_>, a: &[Value]) -> Result<Value, ExprError> {
    let (from, count, unit) = (a[0].to_datetime(machine.env)?, a[1].to_integer()?, machine.text(&a[2])?);
    let added = match &*unit {
        "Y" => months_on(&from, count.checked_mul(12)),
        "M" => months_on(&from, Some(count)),
        "W" => Span::new().try_weeks(count).ok().and_then(|span| from.checked_add(span).ok()),
        "D" => Span::new().try_days(count).ok().and_then(|span| from.checked_add(span).ok()),
        "h" => Span::new().try_hours(count).ok().and_then(|span| from.checked_add(span).ok()),
        "m" => Span::new().try_minutes(count).ok().and_then(|span| from.checked_add(span).ok()),
        "s" => Span::new().try_seconds(count).ok().and_then(|span| from.checked_add(span).ok()),
        other => return Err(unknown_unit(other)),
    };
    added.map(Value::DateTime).ok_or_else(out_of_range)
}

fn unknown_unit(unit: &str) -> ExprError {
    ExprError::refused(format!("unknown unit: {unit:?}, must be one of s, m, h, D, W, M, Y"))
}

/// The same day and time so many months on; 31 January and one month is 3 March.
fn months_on(from: &Zoned, months: Option<i64>) -> Option<Zoned> {
    let month = i64::from(from.month()).checked_add(months?)?;
    let date = dates::running_on(i64::from(from.year()), month, i64::from(from.day()))?;
    dates::at(date, from.time(), from.time_zone())
}

/// `datetime_diff(date1, date2, unit)`: from the first to the second; days, months and years by the calendar of the first.
fn datetime_diff(machine: &mut Machine<'_>, a: &[Value]) -> Result<Value, ExprError> {
    let (from, to) = (a[0].to_datetime(machine.env)?, a[1].to_datetime(machine.env)?);
    let unit = machine.text(&a[2])?;
    let there = to.with_time_zone(from.time_zone().clone());
    let days = || i64::from((there.date() - from.date()).get_days());
    let years = i64::from(there.year()) - i64::from(from.year());
    let seconds = || to.timestamp().duration_since(from.timestamp()).as_secs();
    Ok(match &*unit {
        "Y" => years,
        "M" => years * 12 + i64::from(there.month()) - i64::from(from.month()),
        "W" => days() / 7,
        "D" => days(),
        "h" => seconds() / 3600,
        "m" => seconds() / 60,
        "s" => seconds(),
        other => return Err(unknown_unit(other)),
    }
    .into())
}

/// `datetime_from_epoch(seconds)`: in the environment's zone.
fn datetime_from_epoch(machine: &mut Machine<'_>, a: &[Value]) -> Result<Value, ExprError> {
    let nanos = a[0].to_number()?.decimal() * BigDecimal::from(1_000_000_000);
    let nanos = nanos.with_scale_round(0, RoundingMode::Down).to_i128();
    let instant = nanos.and_then(|nanos| Timestamp::from_nanosecond(nanos).ok());
    let instant = instant.ok_or_else(|| ExprError::refused("epoch time is out of range"))?;
    Ok(Value::DateTime(instant.to_zoned(machine.env.zone.clone())))
}

/// `epoch(date)`: seconds since 1970 with their fraction.
fn epoch(machine: &mut Machine<'_>, a: &[Value]) -> Result<Value, ExprError> {
    let nanos = a[0].to_datetime(machine.env)?.timestamp().as_nanosecond();
    let nanos = BigInt::from_i128(nanos).ok_or_else(out_of_range)?;
    Ok(Number::new(&BigDecimal::new(nanos, 9))?.into())
}

/// `replace_time(datetime, time)`
fn replace_time(machine: &mut Machine<'_>, a: &[Value]) -> Result<Value, ExprError> {
    let (instant, time) = (a[0].to_datetime(machine.env)?, a[1].to_time()?);
    dates::at(instant.date(), time, instant.time_zone()).map(Value::DateTime).ok_or_else(out_of_range)
}

/// `format_date(date [, format])`
fn format_date(machine: &mut Machine<'_>, a: &[Value]) -> Result<Value, ExprError> {
    let date: Date = a[0].to_date(machine.env)?;
    let layout = a.get(1).map(|layout| machine.text(layout)).transpose()?;
    let layout = layout.as_deref().unwrap_or(machine.env.date_format.layout());
    Ok(dates::write(&date.into(), layout, Use::DATE, machine.env)?.into())
}

/// `format_time(time [, format])`
fn format_time(machine: &mut Machine<'_>, a: &[Value]) -> Result<Value, ExprError> {
    let time: Time = a[0].to_time()?;
    let layout = a.get(1).map(|layout| machine.text(layout)).transpose()?;
    let layout = layout.as_deref().unwrap_or(&machine.env.time_format);
    Ok(dates::write(&time.into(), layout, Use::TIME, machine.env)?.into())
}

/// `format_datetime(datetime [, format [, timezone]])`: in the environment's zone or another.
fn format_datetime(machine: &mut Machine<'_>, a: &[Value]) -> Result<Value, ExprError> {
    let instant = a[0].to_datetime(machine.env)?;
    let layout = match a.get(1) {
        Some(layout) => machine.text(layout)?,
        None => machine.env.datetime_layout().into(),
    };
    let zone = match a.get(2) {
        Some(name) => dates::zone(&machine.text(name)?)?,
        None => machine.env.zone.clone(),
    };
    Ok(dates::write(&instant.with_time_zone(zone).into(), &layout, Use::DATETIME, machine.env)?.into())
}

/// `parse_datetime(text, format [, timezone])`
fn parse_datetime(machine: &mut Machine<'_>, a: &[Value]) -> Result<Value, ExprError> {
    let (text, layout) = (machine.text(&a[0])?, machine.text(&a[1])?);
    let zone = match a.get(2) {
        Some(name) => dates::zone(&machine.text(name)?)?,
        None => machine.env.zone.clone(),
    };
    dates::parse_datetime(&text, &layout, &zone).map(Value::DateTime)
}

/// `parse_time(text, format)`
fn parse_time(machine: &mut Machine<'_>, a: &[Value]) -> Result<Value, ExprError> {
    let (text, layout) = (machine.text(&a[0])?, machine.text(&a[1])?);
    dates::parse_time(&text, &layout).map(Value::Time)
}

/// `tz(date)`: the name of its zone; an offset alone has none.
fn tz(machine: &mut Machine<'_>, a: &[Value]) -> Result<Value, ExprError> {
    Ok(a[0].to_datetime(machine.env)?.time_zone().iana_name().unwrap_or_default().into())
}

/// `tz_offset(date)`: `-0800`.
fn tz_offset(machine: &mut Machine<'_>, a: &[Value]) -> Result<Value, ExprError> {
    Ok(offset_text(&a[0].to_datetime(machine.env)?, false).replace(':', "").into())
}

/// `weekday(date)`: 0 is Sunday.
fn weekday(machine: &mut Machine<'_>, a: &[Value]) -> Result<Value, ExprError> {
    Ok(i64::from(a[0].to_date(machine.env)?.weekday().to_sunday_zero_offset()).into())
}

/// `week_number(date)`: weeks start on Sunday, and 1 January is in the first.
fn week_number(machine: &mut Machine<'_>, a: &[Value]) -> Result<Value, ExprError> {
    let date = a[0].to_date(machine.env)?;
    let first = date.first_of_year().weekday().to_sunday_zero_offset();
    Ok(i64::from((date.day_of_year() - 1 + i16::from(first)) / 7 + 1).into())
}

/// `legacy_add(value1, value2)`: the `+` of old flows, for numbers, or for a date and a number of days.
fn legacy_add(machine: &mut Machine<'_>, a: &[Value]) -> Result<Value, ExprError> {
    let (first, second) = (a[0].to_datetime(machine.env), a[1].to_datetime(machine.env));
    let (from, days) = match (first, second) {
        (Ok(_), Ok(_)) => return Err(ExprError::refused("cannot operate on two dates")),
        (Ok(from), Err(_)) => (from, a[1].to_number()?),
        (Err(_), Ok(from)) => (from, a[0].to_number()?),
        (Err(_), Err(_)) => return Ok(a[0].to_number()?.plus(&a[1].to_number()?)?.into()),
    };
    let days = days.to_integer().ok().and_then(|days| i32::try_from(days).ok());
    let days = days.ok_or_else(|| ExprError::refused("cannot operate on integers greater than 32 bit"))?;
    let span = Span::new().try_days(days).map_err(|_| out_of_range())?;
    from.checked_add(span).map(Value::DateTime).map_err(|_| out_of_range())
}
