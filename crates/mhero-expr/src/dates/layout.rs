//! Layouts: `YYYY-MM-DD tt:mm`. Writing.

use jiff::civil::Weekday;

use super::{Moment, names};
use crate::{env::Env, error::ExprError, value::offset_text};

/// What a layout is used for, which decides the letters that it may hold.
#[derive(Clone, Copy)]
pub(crate) struct Use {
    date: bool,
    time: bool,
    /// For error messages: `date formatting`.
    pub(super) name: &'static str,
}

impl Use {
    pub(crate) const DATE: Self = Self { date: true, time: false, name: "date formatting" };
    pub(crate) const TIME: Self = Self { date: false, time: true, name: "time formatting" };
    pub(crate) const DATETIME: Self = Self { date: true, time: true, name: "datetime formatting" };
    pub(super) const PARSE_DATE: Self = Self { date: true, time: false, name: "date parsing" };
    pub(super) const PARSE_TIME: Self = Self { date: false, time: true, name: "time parsing" };
    pub(super) const PARSE_DATETIME: Self = Self { date: true, time: true, name: "datetime parsing" };
}

/// The parts of a layout: runs of one letter, and the signs between them.
pub(super) fn parts(layout: &str, purpose: Use) -> Result<Vec<&str>, ExprError> {
    let mut found = Vec::new();
    let mut rest = layout;
    while let Some(first) = rest.chars().next() {
        let length = rest.chars().take_while(|c| *c == first).map(char::len_utf8).sum();
        let (part, after) = rest.split_at(length);
        let valid = match part {
            "YYYY" | "YY" | "MMMM" | "MMM" | "MM" | "M" | "DD" | "D" | "EEEE" | "EEE" => purpose.date,
            "tt" | "t" | "hh" | "h" | "mm" | "m" | "ss" | "s" | "fff" | "ffffff" | "fffffffff" | "aa" | "AA" => {
                purpose.time
            }
            "Z" | "ZZZ" => purpose.date && purpose.time,
            _ => is_sign(first),
        };
        if !valid {
            return Err(ExprError::Layout { part: part.to_owned(), layout: purpose.name });
        }
        found.push(part);
        rest = after;
    }
    Ok(found)
}

/// Whether a letter stands for itself.
pub(super) const fn is_sign(c: char) -> bool {
    matches!(c, ' ' | ':' | '/' | '.' | ',' | 'T' | '-' | '_')
}

/// A moment by a layout, names in the first language of the environment that has them.
pub(crate) fn write(moment: &Moment, layout: &str, purpose: Use, env: &Env) -> Result<String, ExprError> {
    let names = names::of(&env.languages, env.country.as_deref());
    let at = moment.at;
    let (month, weekday) = (usize::from(at.month().unsigned_abs()), sunday_first(at.weekday()));
    let half = match at.hour() % 12 {
        0 => 12,
        hour => hour,
    };
    let mut text = String::new();
    for part in parts(layout, purpose)? {
        let name = |all: &[&'static str], n: usize| (*all.get(n).unwrap_or(&"")).to_owned();
        text.push_str(&match part {
            "YYYY" => format!("{:04}", at.year()),
            "YY" => format!("{:02}", at.year().rem_euclid(100)),
            "MMMM" => name(&names.months, month - 1),
            "MMM" => name(&names.short_months, month - 1),
            "MM" => format!("{month:02}"),
            "M" => month.to_string(),
            "DD" => format!("{:02}", at.day()),
            "D" => at.day().to_string(),
            "EEEE" => name(&names.days, weekday),
            "EEE" => name(&names.short_days, weekday),
            "tt" => format!("{:02}", at.hour()),
            "t" => at.hour().to_string(),
            "hh" => format!("{half:02}"),
            "h" => half.to_string(),
            "mm" => format!("{:02}", at.minute()),
            "m" => at.minute().to_string(),
            "ss" => format!("{:02}", at.second()),
            "s" => at.second().to_string(),
            "fff" => format!("{:03}", at.subsec_nanosecond() / 1_000_000),
            "ffffff" => format!("{:06}", at.subsec_nanosecond() / 1_000),
            "fffffffff" => format!("{:09}", at.subsec_nanosecond()),
            "aa" => names.halves[usize::from(at.hour() >= 12)].to_lowercase(),
            "AA" => names.halves[usize::from(at.hour() >= 12)].to_owned(),
            "Z" => moment.zoned.as_ref().map_or_else(String::new, |zoned| offset_text(zoned, true)),
            "ZZZ" => moment.zoned.as_ref().map_or_else(String::new, |zoned| offset_text(zoned, false)),
            sign => sign.to_owned(),
        });
    }
    Ok(text)
}

/// Sunday is 0.
pub(crate) fn sunday_first(day: Weekday) -> usize {
    usize::from(day.to_sunday_zero_offset().unsigned_abs())
}
