//! The pack's notation for values and environments.

use std::{collections::BTreeMap, sync::Arc};

use jiff::{
    Timestamp, Zoned,
    civil::{Date, Time},
    tz::TimeZone,
};
use mhero_expr::{Collation, DateFormat, Env, ExprError, Hierarchy, Number, NumberFormat, Object, Place, Value};
use serde_json::Value as Json;

/// What one case gave: nothing, or what differed.
pub(crate) type Outcome = Result<(), String>;

/// The instant that most tables take for now.
pub(crate) const NOW: &str = "2018-04-11T13:24:30.123456Z";

/// Equality with a message.
#[expect(clippy::needless_pass_by_value, reason = "callers compare what they have just made")]
pub(crate) fn same<T: PartialEq<U> + std::fmt::Debug, U: std::fmt::Debug>(got: T, expected: U) -> Outcome {
    if got == expected { Ok(()) } else { Err(format!("got {got:?}, expected {expected:?}")) }
}

/// A text of a case, empty when it is not there.
pub(crate) fn text<'j>(case: &'j Json, key: &str) -> &'j str {
    case[key].as_str().unwrap_or_default()
}

/// An environment of the pack; nothing stands for the defaults.
pub(crate) fn env(json: &Json, now: &str) -> Env {
    let zone = TimeZone::get(json["timezone"].as_str().unwrap_or("UTC")).expect("a zone");
    let mut env = Env::new(now.parse::<Timestamp>().expect("an instant"), zone);
    if let Some(format) = json["date_format"].as_str() {
        env.date_format = DateFormat::of_layout(format).expect("a date format");
    }
    if let Some(format) = json["time_format"].as_str() {
        env.time_format = format.to_owned();
    }
    if let Some(format) = json["number_format"].as_object() {
        env.number_format = NumberFormat {
            decimal: format["decimal_symbol"].as_str().unwrap_or_default().to_owned(),
            grouping: format["digit_grouping_symbol"].as_str().unwrap_or_default().to_owned(),
        };
    }
    if let Some(collation) = json["input_collation"].as_str() {
        env.collation = Collation::of_name(collation).expect("a collation");
    }
    env.languages = list(&json["allowed_languages"]).iter().filter_map(|l| l.as_str()?.parse().ok()).collect();
    env.country = json["default_country"].as_str().map(str::to_owned);
    env
}

/// The places of an assets document.
pub(crate) fn locations(assets: &Json) -> Arc<Hierarchy> {
    let countries: Vec<Place> = list(&assets["locations"]).iter().map(place).collect();
    Arc::new(Hierarchy::new(&countries))
}

fn place(json: &Json) -> Place {
    Place {
        name: text(json, "name").to_owned(),
        aliases: list(&json["aliases"]).iter().filter_map(Json::as_str).map(str::to_owned).collect(),
        children: list(&json["children"]).iter().map(place).collect(),
    }
}

/// Texts by name.
pub(crate) fn texts(json: &Json) -> Arc<BTreeMap<String, String>> {
    let all = json.as_object().into_iter().flatten();
    Arc::new(all.filter_map(|(name, text)| Some((name.clone(), text.as_str()?.to_owned()))).collect())
}

/// The items of a list, none when it is no list.
pub(crate) fn list(json: &Json) -> &[Json] {
    json.as_array().map(Vec::as_slice).unwrap_or_default()
}

/// A typed value of the pack.
pub(crate) fn value(json: &Json) -> Value {
    let v = &json["v"];
    let count = usize::try_from(json["count"].as_u64().unwrap_or(0)).expect("a count");
    match (text(json, "t"), json.get("repeat")) {
        ("text", Some(repeat)) => Value::from(repeat.as_str().expect("a text").repeat(count)),
        ("array", Some(repeat)) => {
            let item = repeat.as_str().map_or_else(|| value(repeat), Value::from);
            Value::array(std::iter::repeat_n(item, count))
        }
        ("null", _) => Value::Null,
        ("text", _) => Value::from(text(json, "v")),
        ("number", _) => Value::from(Number::parse(text(json, "v")).expect("a number")),
        ("boolean", _) => Value::from(v.as_bool().expect("a truth")),
        ("date", _) => Value::Date(text(json, "v").parse::<Date>().expect("a date")),
        ("time", _) => Value::Time(text(json, "v").parse::<Time>().expect("a time")),
        ("datetime", _) => Value::DateTime(zoned(text(json, "v"), text(json, "tz"))),
        ("array", _) => Value::array(list(v).iter().map(value)),
        ("object", _) => object(json).into(),
        ("function", _) => Value::function(text(json, "v").trim_end_matches("(...)")).expect("a function"),
        ("error", _) => Value::Error(ExprError::refused(v.as_str().unwrap_or("any error"))),
        (other, _) => unreachable!("a type {other}"),
    }
}

/// An object of the pack, with the notes of its deprecated properties.
pub(crate) fn object(json: &Json) -> Object {
    let mut object = Object::new(json["v"].as_object().into_iter().flatten().map(|(k, v)| (k.clone(), value(v))));
    if let Some(default) = json.get("default") {
        object = object.with_default(value(default));
    }
    for (name, note) in texts(&json["deprecated"]).iter() {
        object = object.with_note(name.clone(), note.as_str());
    }
    object
}

/// An instant in a zone. Abbreviations such as MST are no names of zones; there the offset stands for it.
pub(crate) fn zoned(instant: &str, zone: &str) -> Zoned {
    let timestamp: Timestamp = instant.parse().expect("an instant");
    let zone = match TimeZone::get(zone) {
        Ok(zone) if zone.to_offset(timestamp) == offset(instant) => zone,
        _ => offset(instant).to_time_zone(),
    };
    timestamp.to_zoned(zone)
}

fn offset(instant: &str) -> jiff::tz::Offset {
    let sign = if instant[10..].contains('-') { -1 } else { 1 };
    let clock = instant[19..].rsplit_once(['+', '-']).map_or("00:00", |(_, clock)| clock);
    let (hours, minutes) = clock.split_once(':').unwrap_or(("0", "0"));
    let minutes = hours.parse::<i32>().unwrap_or(0) * 60 + minutes.parse::<i32>().unwrap_or(0);
    jiff::tz::Offset::from_seconds(sign * minutes * 60).expect("an offset")
}

/// Whether a value is the expected one: any error for an error, else type and value, offsets too.
pub(crate) fn is(got: &Value, expected: &Json) -> Outcome {
    let wanted = value(expected);
    let right = match (got, &wanted) {
        (Value::Error(_), Value::Error(_)) => true,
        _ => equal(got, &wanted),
    };
    if right { Ok(()) } else { Err(format!("got {}, expected {}", shown(got), shown(&wanted))) }
}

fn equal(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::DateTime(a), Value::DateTime(b)) => a.timestamp() == b.timestamp() && a.offset() == b.offset(),
        (Value::Array(a), Value::Array(b)) => a.len() == b.len() && a.iter().zip(b.iter()).all(|(a, b)| equal(a, b)),
        (Value::Object(a), Value::Object(b)) => {
            let defaults = match (a.default_value(), b.default_value()) {
                (Some(a), Some(b)) => equal(a, b),
                (None, None) => true,
                _ => false,
            };
            defaults && a.len() == b.len() && a.iter().zip(b.iter()).all(|((n, a), (m, b))| n == m && equal(a, b))
        }
        _ => a.equals(b),
    }
}

fn shown(value: &Value) -> String {
    match value {
        Value::Error(error) => format!("error {error}"),
        other => format!("{other:?} {}", other.to_text().unwrap_or_default().chars().take(120).collect::<String>()),
    }
}
