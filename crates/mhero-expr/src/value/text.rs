//! Values as text: the canonical form, and the form in errors.

use jiff::{
    Zoned,
    civil::{Date, Time},
};

use super::Value;
use crate::{error::ExprError, eval::Budget};

/// Collects text on a budget. A small value that shares its parts may be a very long text.
pub(crate) struct Writer<'b> {
    pub(crate) text: String,
    budget: &'b mut Budget,
}

impl<'b> Writer<'b> {
    pub(crate) fn new(budget: &'b mut Budget) -> Self {
        Self { text: String::new(), budget }
    }

    pub(crate) fn put(&mut self, text: &str) -> Result<(), ExprError> {
        self.budget.spend(text.len().max(1))?;
        self.text.push_str(text);
        Ok(())
    }
}

impl Value {
    /// The canonical text: ISO dates, six decimals of seconds, `[a, b]`, `{k: v}`; nothing gives no text.
    ///
    /// # Errors
    /// The error that the value is or holds; [`ExprError::TooComplex`] for a text of more than 10 million bytes.
    pub fn to_text(&self) -> Result<String, ExprError> {
        let mut budget = Budget::default();
        let mut out = Writer::new(&mut budget);
        self.write_text(&mut out)?;
        Ok(out.text)
    }

    pub(crate) fn write_text(&self, out: &mut Writer<'_>) -> Result<(), ExprError> {
        match self.plain() {
            Self::Null => Ok(()),
            Self::Text(text) => out.put(text),
            Self::Number(n) => out.put(&n.to_string()),
            Self::Bool(b) => out.put(if *b { "true" } else { "false" }),
            Self::Date(date) => out.put(&date_text(*date)),
            Self::Time(time) => out.put(&time_text(*time)),
            Self::DateTime(instant) => out.put(&datetime_text(instant)),
            Self::Function(function) => out.put(function.name()),
            Self::Error(error) => Err(error.clone()),
            Self::Array(items) => {
                out.put("[")?;
                for (n, item) in items.iter().enumerate() {
                    out.put(if n == 0 { "" } else { ", " })?;
                    item.write_text(out)?;
                }
                out.put("]")
            }
            Self::Object(object) => {
                out.put("{")?;
                for (n, (name, value)) in object.iter().enumerate() {
                    out.put(if n == 0 { "" } else { ", " })?;
                    out.put(name)?;
                    out.put(": ")?;
                    value.write_text(out)?;
                }
                out.put("}")
            }
        }
    }

    /// How errors speak of the value.
    pub(crate) fn described(&self) -> String {
        match self {
            Self::Null => "null".to_owned(),
            Self::Text(text) => format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"")),
            Self::Array(_) => "array".to_owned(),
            Self::Object(_) => "object".to_owned(),
            Self::Error(_) => "error".to_owned(),
            Self::Function(function) => function.described(),
            other => other.to_text().unwrap_or_default(),
        }
    }
}

pub(super) fn date_text(date: Date) -> String {
    format!("{:04}-{:02}-{:02}", date.year(), date.month(), date.day())
}

pub(super) fn time_text(time: Time) -> String {
    let micros = time.subsec_nanosecond() / 1000;
    format!("{:02}:{:02}:{:02}.{micros:06}", time.hour(), time.minute(), time.second())
}

pub(super) fn datetime_text(instant: &Zoned) -> String {
    format!("{}T{}{}", date_text(instant.date()), time_text(instant.time()), offset_text(instant, true))
}

/// `+02:00`, with `Z` for no offset where that is asked for.
pub(crate) fn offset_text(instant: &Zoned, z: bool) -> String {
    let seconds = instant.offset().seconds();
    if seconds == 0 && z {
        return "Z".to_owned();
    }
    let (sign, minutes) = (if seconds < 0 { '-' } else { '+' }, seconds.abs() / 60);
    format!("{sign}{:02}:{:02}", minutes / 60, minutes % 60)
}
