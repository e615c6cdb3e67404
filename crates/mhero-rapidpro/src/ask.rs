//! What a request asks: its parameters and its body, read with the forgiveness that clients count on.

use jiff::{Timestamp, civil, tz::TimeZone};
use mhero_app::Caller;
use mhero_core::Lang;
use serde_json::{Map, Value};
use uuid::Uuid;

use super::ApiError;

/// Longest list of references in a body.
pub(crate) const REFERENCES_MAX: usize = 100;

/// The method, as far as the API tells them apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// `GET`.
    Get,
    /// `POST`.
    Post,
    /// `DELETE`.
    Delete,
}

/// A request whose caller is known.
#[derive(Clone, Debug)]
pub struct Ask {
    /// Who asks.
    pub caller: Caller,
    /// How.
    pub method: Method,
    /// The name of the endpoint: `contacts`.
    pub endpoint: String,
    /// Name and value of each parameter.
    pub query: Vec<(String, String)>,
    /// The body; an empty object where none came.
    pub body: Value,
    /// What makes it the same request when it comes twice.
    pub once: Option<String>,
}

/// The instants between which something must lie; `None` where one of them can't be read: then nothing does.
pub(crate) type Span = Option<(Option<i64>, Option<i64>)>;

impl Ask {
    /// A parameter that was given, empty ones left out.
    pub(crate) fn param(&self, name: &str) -> Option<&str> {
        let found = self.query.iter().find(|(known, _)| known == name).map(|(_, value)| value.trim());
        found.filter(|value| !value.is_empty())
    }

    /// All values of a parameter that may come several times, also several in one.
    pub(crate) fn params(&self, name: &str) -> Vec<&str> {
        let own = self.query.iter().filter(|(known, _)| known == name);
        own.flat_map(|(_, value)| value.split(',')).map(str::trim).filter(|value| !value.is_empty()).collect()
    }

    /// A parameter that is yes or no.
    pub(crate) fn flag(&self, name: &str, default: bool) -> bool {
        self.param(name).map_or(default, truth)
    }

    /// A parameter that is a UUID.
    pub(crate) fn uuid(&self, name: &str) -> Result<Option<Uuid>, ApiError> {
        let Some(text) = self.param(name) else { return Ok(None) };
        let wrong = || ApiError::Detail(format!("Value for {name} must be a valid UUID"));
        text.parse().map(Some).map_err(|_| wrong())
    }

    /// A parameter that is a whole number.
    pub(crate) fn number(&self, name: &str) -> Result<Option<i64>, ApiError> {
        let Some(text) = self.param(name) else { return Ok(None) };
        text.parse().map(Some).map_err(|_| ApiError::Detail(format!("Value for {name} must be an integer")))
    }

    /// Refuses several of some parameters that exclude one another.
    pub(crate) fn at_most_one(&self, names: &[&str]) -> Result<(), ApiError> {
        if names.iter().filter(|name| self.param(name).is_some()).count() <= 1 {
            return Ok(());
        }
        Err(ApiError::Detail(format!("You may only specify one of the {} parameters", names.join(", "))))
    }

    /// What `after` and `before` ask.
    pub(crate) fn span(&self) -> Span {
        let read = |name: &str| match self.param(name) {
            None => Some(None),
            Some(text) => moment(text).map(Some),
        };
        Some((read("after")?, read("before")?))
    }

    /// A member of the body; `None` where it is absent.
    pub(crate) fn member(&self, name: &str) -> Option<&Value> {
        self.body.get(name)
    }

    /// A member that is a text; `None` where it is absent or null.
    pub(crate) fn text(&self, name: &str, chars_max: usize) -> Result<Option<String>, ApiError> {
        match self.member(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) if text.chars().count() > chars_max => {
                Err(ApiError::field(name, format!("Ensure this field has no more than {chars_max} characters.")))
            }
            Some(Value::String(text)) => Ok(Some(text.trim().to_owned())),
            Some(_) => Err(ApiError::field(name, "Not a valid string.")),
        }
    }

    /// A member that must be there and hold something.
    pub(crate) fn needed(&self, name: &str, chars_max: usize) -> Result<String, ApiError> {
        match self.text(name, chars_max)? {
            Some(text) if !text.is_empty() => Ok(text),
            Some(_) => Err(ApiError::field(name, "This field may not be blank.")),
            None => Err(ApiError::field(name, "This field is required.")),
        }
    }

    /// A member that is yes or no; clients send 1 and 0, too.
    pub(crate) fn truth(&self, name: &str, default: bool) -> Result<bool, ApiError> {
        match self.member(name) {
            None | Some(Value::Null) => Ok(default),
            Some(Value::Bool(is)) => Ok(*is),
            Some(Value::Number(number)) => Ok(number.as_i64() != Some(0)),
            Some(Value::String(text)) => Ok(truth(text)),
            Some(_) => Err(ApiError::field(name, "Must be a valid boolean.")),
        }
    }

    /// A member that is a whole number.
    pub(crate) fn whole(&self, name: &str) -> Result<Option<i64>, ApiError> {
        match self.member(name) {
            None | Some(Value::Null) => Ok(None),
            Some(value) => {
                let read = value.as_i64().or_else(|| value.as_str()?.trim().parse().ok());
                read.map(Some).ok_or_else(|| ApiError::field(name, "A valid integer is required."))
            }
        }
    }

    /// A member that is a list of references; `None` where it is absent. An object counts by its `uuid`, `urn`, `key` or `name`.
    pub(crate) fn references(&self, name: &str) -> Result<Option<Vec<String>>, ApiError> {
        let items = match self.member(name) {
            None | Some(Value::Null) => return Ok(None),
            Some(Value::Array(items)) => items,
            Some(_) => return Err(ApiError::field(name, "Expected a list of items.")),
        };
        if items.len() > REFERENCES_MAX {
            let said = format!("This field can only contain up to {REFERENCES_MAX} items.");
            return Err(ApiError::field(name, said));
        }
        let wrong = || ApiError::field(name, "Each item is a UUID, a URN or a name.");
        items.iter().map(|item| reference(item).ok_or_else(wrong)).collect::<Result<Vec<_>, _>>().map(Some)
    }

    /// A member that is one reference; `None` where it is absent or null.
    pub(crate) fn reference(&self, name: &str) -> Result<Option<String>, ApiError> {
        match self.member(name) {
            None | Some(Value::Null) => Ok(None),
            Some(value) => {
                let wrong = || ApiError::field(name, "This field is a UUID or a name.");
                reference(value).map(Some).ok_or_else(wrong)
            }
        }
    }

    /// A member that is an object.
    pub(crate) fn object(&self, name: &str) -> Result<Option<&Map<String, Value>>, ApiError> {
        match self.member(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::Object(members)) => Ok(Some(members)),
            Some(_) => Err(ApiError::field(name, "Expected a dictionary of items.")),
        }
    }

    /// Texts by language: a plain text is in the installation's own language. The base language comes first.
    pub(crate) fn texts(&self, name: &str, own: Lang, chars_max: usize) -> Result<Vec<(Lang, String)>, ApiError> {
        let base = match self.text("base_language", 20)? {
            Some(code) => Some(language("base_language", &code)?),
            None => None,
        };
        let mut texts = match self.member(name) {
            Some(Value::Object(members)) => {
                let read = members.iter().map(|(code, text)| {
                    let text = text.as_str().ok_or_else(|| ApiError::field(name, "Each translation is a text."))?;
                    Ok((language(name, code)?, text.trim().to_owned()))
                });
                read.collect::<Result<Vec<_>, ApiError>>()?
            }
            _ => self.text(name, chars_max)?.map(|text| (base.unwrap_or(own), text)).into_iter().collect(),
        };
        texts.retain(|(_, text)| !text.is_empty());
        if texts.iter().any(|(_, text)| text.chars().count() > chars_max) {
            return Err(ApiError::field(name, format!("Ensure each text has no more than {chars_max} characters.")));
        }
        let first = base.unwrap_or(own);
        if let (Some(base), false) = (base, texts.iter().any(|(lang, _)| *lang == first)) {
            return Err(ApiError::field(name, format!("There is no text in the base language {base}.")));
        }
        texts.sort_by_key(|(lang, _)| *lang != first);
        Ok(texts)
    }
}

/// A language by its code of three letters; other codes that clients write are read too.
pub(crate) fn language(field: &str, code: &str) -> Result<Lang, ApiError> {
    let wrong = || ApiError::field(field, format!("“{}” is no ISO-639-3 code.", shown(code)));
    mhero_wire::words::language(code).ok_or_else(wrong)
}

/// What of a value is shown in a sentence.
pub(crate) fn shown(text: &str) -> String {
    text.chars().take(80).collect()
}

fn truth(text: &str) -> bool {
    matches!(text.trim().to_ascii_lowercase().as_str(), "1" | "t" | "true" | "y" | "yes" | "on")
}

fn reference(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        Value::Object(members) => {
            let named = ["uuid", "urn", "key", "name"].iter().find_map(|name| members.get(*name)?.as_str());
            named?.trim().to_owned()
        }
        _ => return None,
    };
    (!text.is_empty()).then_some(text)
}

/// An instant as clients write it: ISO 8601, with `Z` or an offset, or without either for UTC; a day alone is its beginning.
pub(crate) fn moment(text: &str) -> Option<i64> {
    let text = text.replacen(' ', "T", 1);
    if let Ok(instant) = text.parse::<Timestamp>() {
        return Some(instant.as_microsecond());
    }
    // The plus of an offset that nobody escaped has become a space.
    let mended = text.rfind([' ', 'T']).map(|at| format!("{}+{}", &text[..at], &text[at + 1..]));
    if let Some(instant) = mended.and_then(|text| text.parse::<Timestamp>().ok()) {
        return Some(instant.as_microsecond());
    }
    let civil = text.parse::<civil::DateTime>().ok()?;
    civil.to_zoned(TimeZone::UTC).ok().map(|zoned| zoned.timestamp().as_microsecond())
}

/// An instant as the API writes it.
pub(crate) fn instant(micros: i64) -> String {
    let at = Timestamp::from_microsecond(micros).unwrap_or(Timestamp::UNIX_EPOCH);
    at.strftime("%Y-%m-%dT%H:%M:%S.%6fZ").to_string()
}

/// The same, or null.
pub(crate) fn maybe_instant(micros: Option<i64>) -> Value {
    micros.map_or(Value::Null, |micros| Value::String(instant(micros)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_are_read_as_clients_write_them() {
        let wanted = Some(1_778_749_200_000_000);
        for text in [
            "2026-05-14T09:00:00.000000Z",
            "2026-05-14T09:00:00Z",
            "2026-05-14 09:00:00Z",
            "2026-05-14T09:00:00",
            "2026-05-14T11:00:00+02:00",
        ] {
            assert_eq!(moment(text), wanted, "{text}");
        }
        assert_eq!(moment("yesterday"), None);
        assert_eq!(instant(1_778_749_200_000_001), "2026-05-14T09:00:00.000001Z");
        assert_eq!(moment("2026-05-14").map(instant).as_deref(), Some("2026-05-14T00:00:00.000000Z"));
    }

    #[test]
    fn one_and_zero_are_truth_values() {
        for yes in ["1", "true", "Y"] {
            assert!(truth(yes), "{yes}");
        }
        assert!(!truth("0") && !truth("false") && !truth(""));
    }
}
