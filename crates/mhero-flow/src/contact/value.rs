//! Values of contact fields, in all their readings.

use std::sync::Arc;

use jiff::Zoned;
use mhero_expr::Number;
use serde::{Deserialize, Serialize};

use crate::json;

/// The value of a field: what was written, and what it also is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FieldValue {
    /// As it was written.
    pub text: Arc<str>,
    /// As an instant, with the offset in which it was understood.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "json::zoned_opt")]
    pub datetime: Option<Zoned>,
    /// As a number.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "json::number_opt")]
    pub number: Option<Number>,
    /// The path of a place of the second level: `Rwanda > Kigali City`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<Arc<str>>,
    /// The path of a place of the third level.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub district: Option<Arc<str>>,
    /// The path of a place of the fourth level.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ward: Option<Arc<str>>,
}

impl FieldValue {
    /// A value that is only a text.
    pub fn of_text(text: impl Into<Arc<str>>) -> Self {
        Self { text: text.into(), datetime: None, number: None, state: None, district: None, ward: None }
    }
}
