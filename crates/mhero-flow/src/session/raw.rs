//! JSON that is kept as it was written.

use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _, ser::Error as _};
use serde_json::{Value as Json, value::RawValue};

/// JSON in its own words: old flows show it to people as text, so its spaces and its order of properties count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RawJson(Arc<str>);

impl RawJson {
    /// The JSON of a text. `None` when it is no JSON.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        serde_json::from_str::<&RawValue>(text).ok().map(|raw| Self(Arc::from(raw.get())))
    }

    /// The JSON of a value, without spaces.
    pub fn of(json: &Json) -> Self {
        Self(json.to_string().into())
    }

    /// As it was written.
    pub fn text(&self) -> &Arc<str> {
        &self.0
    }

    /// What it says.
    pub fn value(&self) -> Json {
        serde_json::from_str(&self.0).unwrap_or_default()
    }
}

impl Serialize for RawJson {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serde_json::from_str::<&RawValue>(&self.0).map_err(S::Error::custom)?.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for RawJson {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = Box::<RawValue>::deserialize(deserializer).map_err(D::Error::custom)?;
        Ok(Self(raw.get().into()))
    }
}
