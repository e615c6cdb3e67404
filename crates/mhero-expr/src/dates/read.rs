//! Finds dates and times in what people write: `it's 31-12-18 ok`, `at 10:30 pm`.

use std::sync::LazyLock;

use jiff::{
    Timestamp, Zoned,
    civil::{Date, DateTime, Time},
};
use regex::{Captures, Regex};

use super::at;
use crate::env::{DateFormat, Env};

fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("the pattern is a constant that a test reads")
}

static YEAR_FIRST: LazyLock<Regex> = LazyLock::new(|| pattern(r"\b(\d{4}|\d{2})[-./\\](\d{1,2})[-./\\](\d{1,2})\b"));
static YEAR_LAST: LazyLock<Regex> = LazyLock::new(|| pattern(r"\b(\d{1,2})[-./\\](\d{1,2})[-./\\](\d{4}|\d{2})\b"));
static ISO_DAY: LazyLock<Regex> = LazyLock::new(|| pattern(r"\b(\d{4})-(\d{2})-(\d{2})\b"));
static ISO_INSTANT: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"^(\d{4})-(\d{2})-(\d{2})[Tt](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?(Z|z|[+-]\d{2}:?\d{2})?$")
});
static CLOCK: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"\b(\d{1,2}):?(?:(\d{2})(?::(\d{2})(?:\.(\d+))?)?)?(?:\s*([aApP])[mM])?\b"));

/// The day in a text: ISO 8601 as a whole, else the first valid date in the environment's order.
pub(crate) fn read_date(text: &str, env: &Env) -> Option<Date> {
    if let Some(instant) = iso_instant(text, env) {
        return Some(instant.date());
    }
    day_in(text, env).map(|(date, _)| date)
}

/// The instant in a text: ISO 8601 as a whole, else a date and the time after it. Without a time it is midnight, or the time
/// of now if `fill` says so.
pub(crate) fn read_datetime(text: &str, env: &Env, fill: bool) -> Option<Zoned> {
    if let Some(instant) = iso_instant(text, env) {
        return Some(instant);
    }
    let otherwise = if fill { env.zoned_now().time() } else { Time::midnight() };
    let (date, end) = day_in(text, env)?;
    at(date, read_time(&text[end..]).unwrap_or(otherwise), &env.zone)
}

/// The first valid time of day in a text: `10`, `10:30`, `1030`, `10:30:45.123 pm`. `24:00` is midnight.
pub(crate) fn read_time(text: &str) -> Option<Time> {
    CLOCK.captures_iter(text).find_map(|found| time_of(&found))
}

/// The full hour; 24 is midnight.
pub(crate) fn hour(hour: i64) -> Option<Time> {
    let hour = if hour == 24 { 0 } else { hour };
    Time::new(i8::try_from(hour).ok()?, 0, 0, 0).ok()
}

fn iso_instant(text: &str, env: &Env) -> Option<Zoned> {
    let found = ISO_INSTANT.captures(text.trim())?;
    let part = |n: usize| found.get(n).map_or("0", |m| m.as_str());
    let date = Date::new(part(1).parse().ok()?, part(2).parse().ok()?, part(3).parse().ok()?).ok()?;
    let (second, nanos) = (part(6).parse().ok()?, nanos(part(7))?);
    let time = Time::new(part(4).parse().ok()?, part(5).parse().ok()?, second, nanos).ok()?;
    let Some(offset) = found.get(8) else { return at(date, time, &env.zone) };
    if offset.as_str().eq_ignore_ascii_case("z") {
        return at(date, time, &jiff::tz::TimeZone::UTC);
    }
    let (hours, minutes) = offset.as_str()[1..].split_at(2);
    let minutes: i32 = hours.parse::<i32>().ok()? * 60 + minutes.trim_start_matches(':').parse::<i32>().ok()?;
    let sign = if offset.as_str().starts_with('-') { -1 } else { 1 };
    let offset = jiff::tz::Offset::from_seconds(sign * minutes * 60).ok()?;
    let instant: Timestamp = offset.to_timestamp(DateTime::from_parts(date, time)).ok()?;
    // Where the environment's own zone has that offset then, its name is kept.
    let here = instant.to_zoned(env.zone.clone());
    Some(if here.offset() == offset { here } else { instant.to_zoned(offset.to_time_zone()) })
}

/// The first valid date in a text, and the byte after it. An ISO date is one in every environment.
fn day_in(text: &str, env: &Env) -> Option<(Date, usize)> {
    let first = |pattern: &Regex, order| {
        let mut all = pattern.captures_iter(text);
        all.find_map(|found| Some((day(&found, order, env)?, found.get(0)?.end())))
    };
    let (pattern, order) = match env.date_format {
        DateFormat::YearMonthDay => (&YEAR_FIRST, [1, 2, 3]),
        DateFormat::DayMonthYear => (&YEAR_LAST, [3, 2, 1]),
        DateFormat::MonthDayYear => (&YEAR_LAST, [3, 1, 2]),
    };
    first(&ISO_DAY, [1, 2, 3]).or_else(|| first(pattern, order))
}

/// The day from the groups of year, month and day. Two digits of a year up to this year's are of this century.
fn day(found: &Captures<'_>, [year, month, day]: [usize; 3], env: &Env) -> Option<Date> {
    let part = |n: usize| found.get(n).and_then(|m| m.as_str().parse::<i16>().ok());
    let mut full_year = part(year)?;
    if found.get(year)?.len() == 2 {
        let this = env.zoned_now().year();
        full_year += this - this.rem_euclid(100) - if full_year > this.rem_euclid(100) { 100 } else { 0 };
    }
    Date::new(full_year, i8::try_from(part(month)?).ok()?, i8::try_from(part(day)?).ok()?).ok()
}

fn time_of(found: &Captures<'_>) -> Option<Time> {
    let part = |n: usize| found.get(n).map_or("0", |m| m.as_str()).parse::<i8>().ok();
    let (mut hour, minute, second) = (part(1)?, part(2)?, part(3)?);
    let nanos = nanos(found.get(4).map_or("0", |m| m.as_str()))?;
    match found.get(5).map(|m| m.as_str()) {
        Some("p" | "P") if hour < 12 => hour += 12,
        Some("a" | "A") if hour == 12 => hour = 0,
        _ => {}
    }
    if hour == 24 && minute == 0 && second == 0 && nanos == 0 {
        hour = 0;
    }
    Time::new(hour, minute, second, nanos).ok()
}

/// Nanoseconds of a fraction's digits; more than nine are cut.
pub(super) fn nanos(fraction: &str) -> Option<i32> {
    let digits: String = fraction.chars().chain("000000000".chars()).take(9).collect();
    digits.parse().ok()
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;

    use super::*;

    #[test]
    fn two_digits_of_a_year_are_not_in_the_future() {
        let mut env = Env::new(Timestamp::from_second(1_800_000_000).expect("2027"), TimeZone::UTC);
        env.date_format = DateFormat::DayMonthYear;
        let year = |text: &str| read_date(text, &env).map(Date::year);
        assert_eq!((year("1/2/27"), year("1/2/28"), year("1/2/1890")), (Some(2027), Some(1928), Some(1890)));
        assert_eq!(year("32/1/27 or 3/1/27"), Some(2027));
    }

    #[test]
    fn a_date_without_a_time_can_take_that_of_now() {
        let env = Env::new(Timestamp::from_second(1_800_000_000).expect("08:00:00"), TimeZone::UTC);
        let read = |text: &str, fill| read_datetime(text, &env, fill).map(|zoned| zoned.datetime().to_string());
        assert_eq!(read("on 2020-01-02", true).as_deref(), Some("2020-01-02T08:00:00"));
        assert_eq!(read("on 2020-01-02", false).as_deref(), Some("2020-01-02T00:00:00"));
        assert_eq!(read("on 2020-01-02 at 1:30pm", true).as_deref(), Some("2020-01-02T13:30:00"));
    }

    #[test]
    fn an_offset_that_no_clock_has_is_no_date() {
        let env = Env::new(Timestamp::UNIX_EPOCH, TimeZone::UTC);
        assert_eq!(read_datetime("2020-01-01T10:00+99:00", &env, false), None);
    }
}
