//! Conversions between the types.

use std::sync::Arc;

use jiff::{
    Zoned,
    civil::{Date, Time},
};

use super::{Number, Object, Value};
use crate::{dates, env::Env, error::ExprError};

impl Value {
    /// Truth: nothing, `""`, `"false"`, zero, midnight and empty arrays and objects are false.
    ///
    /// # Errors
    /// The error that the value is.
    pub fn to_bool(&self) -> Result<bool, ExprError> {
        Ok(match self.plain().sound()? {
            Self::Null => false,
            Self::Text(text) => !text.is_empty() && !text.eq_ignore_ascii_case("false"),
            Self::Number(n) => *n != Number::from(0),
            Self::Bool(b) => *b,
            Self::Time(time) => *time != Time::midnight(),
            Self::Array(items) => !items.is_empty(),
            Self::Object(object) => !object.is_empty(),
            _ => true,
        })
    }

    /// A number, also from a text of digits with spaces around it.
    ///
    /// # Errors
    /// [`ExprError::Convert`], [`ExprError::NumberRange`], or the error that the value is.
    pub fn to_number(&self) -> Result<Number, ExprError> {
        match self.plain().sound()? {
            Self::Number(n) => Ok(n.clone()),
            Self::Text(text) => match Number::parse(text.trim()) {
                Err(ExprError::Convert { .. }) => Err(self.not_a("a number")),
                other => other,
            },
            _ => Err(self.not_a("a number")),
        }
    }

    /// The whole part of a number.
    ///
    /// # Errors
    /// As [`Value::to_number`], and [`ExprError::IntegerRange`] over 64 bits.
    pub fn to_integer(&self) -> Result<i64, ExprError> {
        self.to_number()?.to_integer()
    }

    /// A day: from a date, an instant in its own zone, or a text in the environment's order of day, month and year.
    ///
    /// # Errors
    /// [`ExprError::Convert`] or the error that the value is.
    pub fn to_date(&self, env: &Env) -> Result<Date, ExprError> {
        match self.plain().sound()? {
            Self::Date(date) => Ok(*date),
            Self::DateTime(instant) => Ok(instant.date()),
            Self::Text(text) => dates::read_date(text, env).ok_or_else(|| self.not_a("a date")),
            _ => Err(self.not_a("a date")),
        }
    }

    /// A time of day: from a time, an instant in its own zone, an hour as a number, or a text.
    ///
    /// # Errors
    /// [`ExprError::Convert`] or the error that the value is.
    pub fn to_time(&self) -> Result<Time, ExprError> {
        let none = || self.not_a("a time");
        match self.plain().sound()? {
            Self::Time(time) => Ok(*time),
            Self::DateTime(instant) => Ok(instant.time()),
            Self::Number(n) => dates::hour(n.to_integer().ok().ok_or_else(none)?).ok_or_else(none),
            Self::Text(text) => dates::read_time(text).ok_or_else(none),
            _ => Err(none()),
        }
    }

    /// An instant: from a date at midnight in the environment's zone, or a text with or without a time and an offset.
    ///
    /// # Errors
    /// [`ExprError::Convert`] or the error that the value is.
    pub fn to_datetime(&self, env: &Env) -> Result<Zoned, ExprError> {
        let none = || self.not_a("a datetime");
        match self.plain().sound()? {
            Self::DateTime(instant) => Ok(instant.clone()),
            Self::Date(date) => dates::at(*date, Time::midnight(), &env.zone).ok_or_else(none),
            Self::Text(text) => dates::read_datetime(text, env, false).ok_or_else(none),
            _ => Err(none()),
        }
    }

    /// The items of an array; nothing has none.
    ///
    /// # Errors
    /// [`ExprError::Convert`] or the error that the value is.
    pub fn to_array(&self) -> Result<Arc<[Self]>, ExprError> {
        match self.sound()? {
            Self::Null => Ok(Arc::from([])),
            Self::Array(items) => Ok(Arc::clone(items)),
            _ => Err(self.not_a("an array")),
        }
    }

    /// An object; nothing is an empty one.
    ///
    /// # Errors
    /// [`ExprError::Convert`] or the error that the value is.
    pub fn to_object(&self) -> Result<Arc<Object>, ExprError> {
        match self.sound()? {
            Self::Null => Ok(Arc::default()),
            Self::Object(object) => Ok(Arc::clone(object)),
            _ => Err(self.not_a("an object")),
        }
    }

    fn not_a(&self, to: &'static str) -> ExprError {
        ExprError::Convert { value: self.plain().described(), to }
    }
}
