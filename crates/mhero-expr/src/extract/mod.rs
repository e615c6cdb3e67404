//! Values in what people write: `I have 1,234 apples`, `on 31-12-18 at 10:30 pm`. For the tests of routers and for whoever reads
//! answers into fields.

mod contact;
mod digits;
mod name;
mod number;
mod response;

use jiff::{
    Zoned,
    civil::{Date, Time},
    tz::TimeZone,
};

pub use contact::{email, phone};
pub use name::{snake_name, unicode_words};
pub use number::{number, parse_number};
pub use response::usable_json;

use crate::{dates, env::Env, error::ExprError, words};

/// The day in a text: an ISO 8601 instant or date, else the first valid date in the environment's order of day, month and year.
pub fn date(text: &str, env: &Env) -> Option<Date> {
    dates::read_date(text, env)
}

/// The first valid time of day in a text: `10`, `10:30`, `1030`, `10:30:45.123 pm`. `24:00` is midnight.
pub fn time(text: &str) -> Option<Time> {
    dates::read_time(text)
}

/// The instant in a text: ISO 8601 as a whole, else a date and the time after it. Without a time it is midnight, or the time
/// of now if `fill_time` says so.
pub fn datetime(text: &str, env: &Env, fill_time: bool) -> Option<Zoned> {
    dates::read_datetime(text, env, fill_time)
}

/// The words of a text. Letters, digits, underscores and apostrophes make words; each symbol, emoji and currency sign is one of
/// its own. With delimiters it is the pieces between any of these letters, without empty ones.
pub fn words<'a>(text: &'a str, delimiters: &str) -> Vec<&'a str> {
    words::split(text, delimiters)
}

/// The day in a text that follows a layout such as `DD.MM.YYYY`.
///
/// # Errors
/// [`ExprError::Layout`], or [`ExprError::NotInLayout`] for a text that does not follow it.
pub fn date_by_layout(text: &str, layout: &str) -> Result<Date, ExprError> {
    dates::parse_date(text, layout)
}

/// The time of day in a text that follows a layout such as `h:mm aa`.
///
/// # Errors
/// As [`date_by_layout`].
pub fn time_by_layout(text: &str, layout: &str) -> Result<Time, ExprError> {
    dates::parse_time(text, layout)
}

/// The instant in a text that follows a layout such as `DD-MM-YYYY tt:mm`. Without an offset in the text it is read in the zone.
///
/// # Errors
/// As [`date_by_layout`].
pub fn datetime_by_layout(text: &str, layout: &str, zone: &TimeZone) -> Result<Zoned, ExprError> {
    dates::parse_datetime(text, layout, zone)
}
