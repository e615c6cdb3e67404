//! Values as people of the environment write them.

use super::{Value, Writer};
use crate::{
    dates::{self, Use},
    env::Env,
    error::ExprError,
    eval::Budget,
};

impl Value {
    /// The text by the formats of the environment: grouped digits, dates in its order and zone, arrays as lists, objects
    /// with one property a line.
    ///
    /// # Errors
    /// The error that the value is or holds, or [`ExprError::TooComplex`].
    pub fn format(&self, env: &Env) -> Result<String, ExprError> {
        let mut budget = Budget::default();
        let mut out = Writer::new(&mut budget);
        self.write_formatted(env, 0, &mut out)?;
        Ok(out.text)
    }

    pub(crate) fn write_formatted(&self, env: &Env, depth: usize, out: &mut Writer<'_>) -> Result<(), ExprError> {
        match self.plain() {
            Self::Number(n) => {
                let format = &env.number_format;
                out.put(&n.formatted(None, &format.grouping, &format.decimal))
            }
            Self::Date(date) => out.put(&dates::write(&(*date).into(), env.date_format.layout(), Use::DATE, env)?),
            Self::Time(time) => out.put(&dates::write(&(*time).into(), &env.time_format, Use::TIME, env)?),
            Self::DateTime(instant) => {
                let here = instant.with_time_zone(env.zone.clone());
                out.put(&dates::write(&here.into(), &env.datetime_layout(), Use::DATETIME, env)?)
            }
            Self::Array(items) => {
                for (n, item) in items.iter().enumerate() {
                    out.put(if n == 0 { "" } else { ", " })?;
                    item.write_formatted(env, depth, out)?;
                }
                Ok(())
            }
            Self::Object(object) => {
                for (n, (name, value)) in object.iter().enumerate() {
                    out.put(if n == 0 && depth == 0 { "" } else { "\n" })?;
                    out.put(&"  ".repeat(depth))?;
                    out.put(name)?;
                    out.put(if matches!(value.plain(), Self::Object(_)) { ":" } else { ": " })?;
                    value.write_formatted(env, depth + 1, out)?;
                }
                Ok(())
            }
            other => other.write_text(out),
        }
    }
}
