//! Where and when a query is asked: zone, today, how dates and phone numbers are written.

use jiff::{Timestamp, civil::Date, tz::TimeZone};
use mhero_core::micros;

use crate::InstantRange;

/// What the language must know of the world, all of it handed in.
#[derive(Clone)]
pub struct Environment<'a> {
    /// The zone in which days begin.
    pub zone: TimeZone,
    /// The day on which the query is asked, in that zone.
    pub today: Date,
    /// How dates are written whose year stands last.
    pub date_order: DateOrder,
    /// Whether numbers are hidden from the user, so that nothing may be asked about them but whether there are any.
    pub redact_urns: bool,
    /// Reads phone numbers as people of the country write them.
    pub numbers: &'a dyn Numbers,
}

/// Which of day and month comes first where the year comes last.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DateOrder {
    /// 31-12-2026
    #[default]
    DayFirst,
    /// 12-31-2026
    MonthFirst,
}

/// Reads phone numbers.
pub trait Numbers {
    /// The E.164 form, with plus sign, of a valid number written as people do. `None` when it is none.
    fn e164(&self, text: &str) -> Option<String>;
}

/// A reader that knows no country: only what is written with its plus sign is a number.
#[derive(Clone, Copy, Debug, Default)]
pub struct PlusNumbers;

impl Numbers for PlusNumbers {
    fn e164(&self, text: &str) -> Option<String> {
        let digits: String = text.strip_prefix('+')?.chars().filter(char::is_ascii_digit).collect();
        let strange = text.chars().any(|c| c.is_alphabetic());
        ((8..=15).contains(&digits.len()) && !strange).then(|| format!("+{digits}"))
    }
}

/// A day in a query, and how it was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Day {
    /// The day.
    pub date: Date,
    /// The steps from today, where it was given so.
    pub relative: Option<Relative>,
}

/// Steps from today; negative ones lead into the past.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Relative {
    /// How many.
    pub count: i32,
    /// Of what.
    pub unit: Unit,
}

/// A stretch of the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// `d`
    Day,
    /// `w`
    Week,
    /// `m`
    Month,
    /// `y`
    Year,
}

impl Day {
    /// The day as it is when today is another day. `None` past the end of the calendar.
    pub fn from(self, today: Date) -> Option<Date> {
        self.relative.map_or(Some(self.date), |relative| relative.from(today))
    }
}

impl<'a> Environment<'a> {
    /// A world in which days come first and numbers are shown.
    pub fn new(zone: TimeZone, today: Date, numbers: &'a dyn Numbers) -> Self {
        Self { zone, today, date_order: DateOrder::DayFirst, redact_urns: false, numbers }
    }

    /// Reads a day: `2026-05-01`, `01-05-2026`, `1/5/2026`, an instant in RFC 3339, `today`, `yesterday`, `tomorrow`, or steps
    /// from today: `-30d`, `-2w`, `-6m`, `+1y`.
    pub fn day(&self, text: &str) -> Option<Day> {
        let text = text.trim().to_lowercase();
        let steps = |count: i32, unit| Relative { count, unit };
        let relative = match text.as_str() {
            "today" => Some(steps(0, Unit::Day)),
            "yesterday" => Some(steps(-1, Unit::Day)),
            "tomorrow" => Some(steps(1, Unit::Day)),
            _ => Self::steps(&text),
        };
        match relative {
            Some(relative) => Some(Day { date: relative.from(self.today)?, relative: Some(relative) }),
            None => Some(Day { date: self.date(&text)?, relative: None }),
        }
    }

    fn steps(text: &str) -> Option<Relative> {
        let unit = match text.chars().next_back()? {
            'd' => Unit::Day,
            'w' => Unit::Week,
            'm' => Unit::Month,
            'y' => Unit::Year,
            _ => return None,
        };
        let number = &text[..text.len() - 1];
        // A sign is asked for, so that no number is taken for a day by mistake.
        if !number.starts_with(['+', '-']) || number.len() > 6 {
            return None;
        }
        number.parse().ok().map(|count| Relative { count, unit })
    }

    fn date(&self, text: &str) -> Option<Date> {
        if text.contains('t') {
            let instant: Option<Timestamp> = text.parse().ok();
            return match instant {
                Some(instant) => Some(instant.to_zoned(self.zone.clone()).date()),
                None => text.parse::<jiff::civil::DateTime>().ok().map(|moment| moment.date()),
            };
        }
        // A time behind the date says nothing about the day.
        let text = match text.split_once(char::is_whitespace) {
            Some((date, time)) if is_time(time) => date,
            _ => text,
        };
        let parts: Vec<&str> = text.split(['-', '/', '.']).collect();
        let [first, second, third] = parts.as_slice() else { return None };
        let number = |part: &str| part.bytes().all(|b| b.is_ascii_digit()).then(|| part.parse::<i16>().ok())?;
        let short = |part: &str| number(part).and_then(|n| i8::try_from(n).ok());
        let (year, month, day) = match (first.len(), third.len()) {
            (4, 1..=2) => (number(first)?, short(second)?, short(third)?),
            (1..=2, 4) if self.date_order == DateOrder::MonthFirst => (number(third)?, short(first)?, short(second)?),
            (1..=2, 4) => (number(third)?, short(second)?, short(first)?),
            _ => return None,
        };
        Date::new(year, month, day).ok()
    }

    /// The whole of a day in the zone, as instants.
    pub fn span_of(&self, date: Date) -> InstantRange {
        let start = |date: Date| date.to_zoned(self.zone.clone()).map_or(Timestamp::MAX, |zoned| zoned.timestamp());
        let until = date.tomorrow().ok().map(|next| micros(start(next)));
        InstantRange { from: Some(micros(start(date))), until }
    }
}

/// Whether a text is a time of day: `9:05`, `14:34:00`, `2:30 pm`.
fn is_time(text: &str) -> bool {
    let text = text.trim().trim_end_matches(['a', 'p', 'm']).trim_end();
    let parts: Vec<&str> = text.split(':').collect();
    let number = |part: &&str| (1..=2).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
    (2..=3).contains(&parts.len()) && parts.iter().all(number)
}

impl Relative {
    fn from(self, today: Date) -> Option<Date> {
        let none = jiff::Span::new();
        let span = match self.unit {
            Unit::Day => none.try_days(self.count),
            Unit::Week => none.try_weeks(self.count),
            Unit::Month => none.try_months(self.count),
            Unit::Year => none.try_years(self.count),
        };
        today.checked_add(span.ok()?).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use proptest::prelude::*;

    fn monrovia() -> Environment<'static> {
        Environment::new(TimeZone::UTC, date(2026, 5, 14), &PlusNumbers)
    }

    #[test]
    fn days_are_read_as_people_write_them() {
        for (text, expected) in [
            ("2026-05-01", Some(date(2026, 5, 1))),
            ("2026/5/1", Some(date(2026, 5, 1))),
            ("01-05-2026", Some(date(2026, 5, 1))),
            ("1.5.2026", Some(date(2026, 5, 1))),
            ("Today", Some(date(2026, 5, 14))),
            ("yesterday", Some(date(2026, 5, 13))),
            ("-30d", Some(date(2026, 4, 14))),
            ("-2w", Some(date(2026, 4, 30))),
            ("-3m", Some(date(2026, 2, 14))),
            ("+1y", Some(date(2027, 5, 14))),
            ("2018-12-31T18:30:15-08:00", Some(date(2019, 1, 1))),
            ("01-05-2026 14:34", Some(date(2026, 5, 1))),
            ("2026-05-01 2:30 PM", Some(date(2026, 5, 1))),
            ("2026-05-01 soon", None),
            ("2026-02-30", None),
            ("31-12-18", None),
            ("30d", None),
            ("AB", None),
            ("2026", None),
            ("", None),
        ] {
            assert_eq!(monrovia().day(text).map(|day| day.date), expected, "{text}");
        }
    }

    #[test]
    fn a_day_is_whole_in_its_zone() {
        let zone = TimeZone::fixed(jiff::tz::offset(1));
        let environment = Environment { zone, ..monrovia() };
        let span = environment.span_of(date(2026, 1, 1));
        let instant = |text: &str| micros(text.parse().expect("an instant"));
        assert_eq!(span.from, Some(instant("2025-12-31T23:00:00Z")));
        assert_eq!(span.until, Some(instant("2026-01-01T23:00:00Z")));
    }

    proptest! {
        #[test]
        fn reading_a_day_never_panics(text in any::<String>()) {
            let _ = monrovia().day(&text);
        }

        #[test]
        fn odd_steps_never_panic(text in "[+-][0-9]{1,12}[dwmy]") {
            let _ = monrovia().day(&text);
        }
    }
}
