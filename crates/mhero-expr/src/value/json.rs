//! JSON to values and back.

use serde_json::Value as Json;

use super::{Object, Value, Writer, json_text, text::date_text, text::datetime_text, text::time_text};
use crate::{error::ExprError, eval::Budget};

impl Value {
    /// The value of a JSON text. Numbers keep all their digits, which those of [`Value::from_json`] may have lost before.
    ///
    /// # Errors
    /// [`ExprError::Refused`] when it is no JSON, [`ExprError::NumberRange`] for numbers out of range.
    pub fn from_json_text(text: &str) -> Result<Self, ExprError> {
        json_text::read(text)
    }

    /// The value of parsed JSON.
    ///
    /// # Errors
    /// [`ExprError::NumberRange`] for numbers out of range.
    pub fn from_json(json: &Json) -> Result<Self, ExprError> {
        Ok(match json {
            Json::Null => Self::Null,
            Json::Bool(b) => Self::Bool(*b),
            Json::String(text) => Self::text(text.as_str()),
            Json::Number(n) => Self::Number(json_text::decimal(&n.to_string())?),
            Json::Array(items) => Self::Array(items.iter().map(Self::from_json).collect::<Result<_, _>>()?),
            Json::Object(map) => {
                let properties = map.iter().map(|(k, v)| Ok((k.clone(), Self::from_json(v)?)));
                Self::object(Object::new(properties.collect::<Result<Vec<_>, ExprError>>()?))
            }
        })
    }

    /// The value as JSON, dates as texts, functions and errors as `null`.
    ///
    /// # Errors
    /// [`ExprError::TooComplex`] for more than 10 million bytes.
    pub fn to_json(&self) -> Result<String, ExprError> {
        let mut budget = Budget::default();
        let mut out = Writer::new(&mut budget);
        self.write_json(&mut out)?;
        Ok(out.text)
    }

    pub(crate) fn write_json(&self, out: &mut Writer<'_>) -> Result<(), ExprError> {
        match self {
            Self::Null | Self::Function(_) | Self::Error(_) => out.put("null"),
            Self::Text(text) => out.put(&quoted(text)),
            Self::Number(n) => out.put(&n.to_string()),
            Self::Bool(b) => out.put(if *b { "true" } else { "false" }),
            Self::Date(date) => out.put(&quoted(&date_text(*date))),
            Self::Time(time) => out.put(&quoted(&time_text(*time))),
            Self::DateTime(instant) => out.put(&quoted(&datetime_text(instant))),
            Self::Array(items) => {
                out.put("[")?;
                for (n, item) in items.iter().enumerate() {
                    out.put(if n == 0 { "" } else { "," })?;
                    item.write_json(out)?;
                }
                out.put("]")
            }
            Self::Object(object) => {
                out.put("{")?;
                for (n, (name, value)) in object.iter().enumerate() {
                    out.put(if n == 0 { "" } else { "," })?;
                    out.put(&quoted(name))?;
                    out.put(":")?;
                    value.write_json(out)?;
                }
                out.put("}")
            }
        }
    }
}

fn quoted(text: &str) -> String {
    Json::from(text).to_string()
}
