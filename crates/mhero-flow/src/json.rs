//! How numbers, instants and times zones stand in JSON.

use jiff::{Timestamp, Zoned, tz::TimeZone};
use mhero_expr::Number;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};
use serde_json::Value as Json;

/// A decimal as a JSON number, or as text where a JSON number would lose digits.
pub(crate) fn of_number(number: &Number) -> Json {
    let text = number.to_string();
    if let Ok(whole) = text.parse::<i64>() {
        return whole.into();
    }
    match text.parse::<f64>().ok().and_then(serde_json::Number::from_f64) {
        Some(float) if Number::parse(&float.to_string()).is_ok_and(|back| back == *number) => Json::Number(float),
        _ => Json::String(text),
    }
}

/// The decimal of a JSON number or of a text of digits.
pub(crate) fn number_of(json: &Json) -> Option<Number> {
    match json {
        Json::Number(number) => Number::parse(&number.to_string()).ok().or_else(|| {
            // Exponents, as in 1e-7, are written out.
            let float = number.as_f64().filter(|float| float.is_finite())?;
            Number::parse(&format!("{float}")).ok()
        }),
        Json::String(text) => Number::parse(text).ok(),
        _ => None,
    }
}

/// An instant with the offset that it was given in.
pub(crate) fn zoned_of(text: &str) -> Option<Zoned> {
    let pieces = jiff::fmt::temporal::DateTimeParser::new().parse_pieces(text).ok()?;
    let offset = pieces.to_numeric_offset().unwrap_or(jiff::tz::Offset::UTC);
    let instant: Timestamp = text.parse().ok()?;
    Some(instant.to_zoned(TimeZone::fixed(offset)))
}

/// An instant in ISO 8601 with six digits and its offset, as expressions write instants.
pub(crate) fn of_zoned(zoned: &Zoned) -> String {
    let mut text = zoned.strftime("%Y-%m-%dT%H:%M:%S%.6f").to_string();
    if zoned.offset().is_zero() {
        text.push('Z');
    } else {
        text.push_str(&zoned.strftime("%:z").to_string());
    }
    text
}

/// Serde of a decimal.
pub(crate) mod number {
    use super::*;

    pub(crate) fn serialize<S: Serializer>(number: &Number, serializer: S) -> Result<S::Ok, S::Error> {
        of_number(number).serialize(serializer)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Number, D::Error> {
        let json = Json::deserialize(deserializer)?;
        number_of(&json).ok_or_else(|| D::Error::custom("number value is out of permitted range"))
    }
}

/// Serde of a decimal that may be missing.
pub(crate) mod number_opt {
    use super::*;

    pub(crate) fn serialize<S: Serializer>(number: &Option<Number>, serializer: S) -> Result<S::Ok, S::Error> {
        number.as_ref().map(of_number).serialize(serializer)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Number>, D::Error> {
        match Json::deserialize(deserializer)? {
            Json::Null => Ok(None),
            json => match number_of(&json) {
                Some(number) => Ok(Some(number)),
                None => Err(D::Error::custom("number value is out of permitted range")),
            },
        }
    }
}

/// Serde of an instant with its offset.
pub(crate) mod zoned_opt {
    use super::*;

    pub(crate) fn serialize<S: Serializer>(zoned: &Option<Zoned>, serializer: S) -> Result<S::Ok, S::Error> {
        zoned.as_ref().map(of_zoned).serialize(serializer)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Zoned>, D::Error> {
        match Option::<String>::deserialize(deserializer)? {
            None => Ok(None),
            Some(text) => zoned_of(&text).map(Some).ok_or_else(|| D::Error::custom("not an instant in RFC 3339")),
        }
    }
}

/// Serde of a zone by its IANA name; missing and empty are none.
pub(crate) mod zone_opt {
    use super::*;

    pub(crate) fn serialize<S: Serializer>(zone: &Option<TimeZone>, serializer: S) -> Result<S::Ok, S::Error> {
        zone.as_ref().map(name_of_zone).serialize(serializer)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<TimeZone>, D::Error> {
        match Option::<String>::deserialize(deserializer)?.filter(|name| !name.is_empty()) {
            None => Ok(None),
            Some(name) => TimeZone::get(&name).map(Some).map_err(|_| D::Error::custom("unknown time zone")),
        }
    }
}

/// Serde of a language that may be missing or empty.
pub(crate) mod lang_opt {
    use super::*;
    use mhero_core::Lang;

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Lang>, D::Error> {
        match Option::<String>::deserialize(deserializer)?.filter(|code| !code.is_empty()) {
            None => Ok(None),
            Some(code) => code.parse().map(Some).map_err(D::Error::custom),
        }
    }
}

/// The name of a zone.
pub(crate) fn name_of_zone(zone: &TimeZone) -> String {
    zone.iana_name().unwrap_or("UTC").to_owned()
}
