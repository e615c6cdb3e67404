//! The pack's notation for values and environments.

use jiff::{
    Timestamp, Zoned,
    civil::{Date, Time},
    tz::TimeZone,
};
use mhero_expr::{DateFormat, Env, ExprError, Number, NumberFormat, Object, Value};
use serde_json::Value as Json;

use super::gate::{Outcome, text};

/// The instant that most tables take for now.
pub const NOW: &str = "2018-04-11T13:24:30.123456Z";

/// An environment of the pack; nothing stands for the defaults.
pub fn env(json: &Json, now: &str) -> Env {
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
    env
}

/// A typed value of the pack.
pub fn value(json: &Json) -> Value {
    let v = &json["v"];
    let count = usize::try_from(json["count"].as_u64().unwrap_or(0)).expect("a count");
    match (text(json, "t"), json.get("repeat")) {
        ("text", Some(repeat)) => Value::from(repeat.as_str().expect("a text").repeat(count)),
        ("array", Some(repeat)) => Value::array((0..count).map(|_| value(&typed_or_plain(repeat)))),
        ("null", _) => Value::Null,
        ("text", _) => Value::from(text(json, "v")),
        ("number", _) => Value::from(Number::parse(text(json, "v")).expect("a number")),
        ("boolean", _) => Value::from(v.as_bool().expect("a truth")),
        ("date", _) => Value::Date(text(json, "v").parse::<Date>().expect("a date")),
        ("time", _) => Value::Time(text(json, "v").parse::<Time>().expect("a time")),
        ("datetime", _) => Value::DateTime(zoned(text(json, "v"), text(json, "tz"))),
        ("array", _) => Value::array(v.as_array().expect("items").iter().map(value)),
        ("object", _) => {
            let all = v.as_object().expect("properties").iter();
            let object = Object::new(all.map(|(k, v)| (k.as_str(), value(v))));
            json.get("default").map_or_else(|| object.clone(), |d| object.clone().with_default(value(d))).into()
        }
        ("function", _) => Value::function(text(json, "v").trim_end_matches("(...)")).expect("a function"),
        ("error", _) => Value::Error(ExprError::refused(v.as_str().unwrap_or("any error"))),
        (other, _) => unreachable!("a type {other}"),
    }
}

fn typed_or_plain(json: &Json) -> Json {
    if json.is_string() { serde_json::json!({"t": "text", "v": json}) } else { json.clone() }
}

fn zoned(instant: &str, zone: &str) -> Zoned {
    let instant: Timestamp = instant.parse().expect("an instant");
    instant.to_zoned(TimeZone::get(zone).expect("a zone"))
}

/// An object of the pack as a context.
pub fn context(json: &Json) -> Object {
    match value(json) {
        Value::Object(object) => (*object).clone(),
        _ => Object::default(),
    }
}

/// Whether a value is the expected one: any error for an error, else type and value, zones too.
pub fn is(got: &Value, expected: &Json) -> Outcome {
    let wanted = value(expected);
    let right = match (got, &wanted) {
        (Value::Error(_), Value::Error(_)) => true,
        (Value::DateTime(a), Value::DateTime(b)) => a.timestamp() == b.timestamp() && a.offset() == b.offset(),
        _ => got.equals(&wanted),
    };
    let shown = |v: &Value| match v {
        Value::Error(error) => format!("error {error}"),
        other => format!("{other:?} {}", other.to_text().unwrap_or_default().chars().take(80).collect::<String>()),
    };
    if right { Ok(()) } else { Err(format!("got {}, expected {}", shown(got), shown(&wanted))) }
}
