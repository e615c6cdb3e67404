//! Dates, times, words and names in what people write.

use std::path::Path;

use jiff::{Timestamp, tz::TimeZone};
use mhero_expr::{Collation, DateFormat, Env, Expression, ObfuscationKey, Object, Value, extract};
use serde_json::Value as Json;

use crate::{
    Tally,
    pack::json_files,
    table::{Run, run_table},
    typed::{Outcome, env, list, same, text, zoned},
};

/// The instant that the tables take for now.
const NOW: &str = "2018-09-13T13:36:30.123456789Z";

const TABLES: &[(&str, Run)] = &[
    ("collation", collation),
    ("date_format_layouts", date_format_layouts),
    ("date_from_text", date_from_text),
    ("date_translations", date_translations),
    ("datetime_from_text", datetime_from_text),
    ("days_between", |table, case| between(table, case, "D")),
    ("extract_json", extract_json),
    ("months_between", |table, case| between(table, case, "M")),
    ("obfuscated_ids", obfuscated_ids),
    ("parse_date_layout", parse_date_layout),
    ("parse_datetime_layout", parse_datetime_layout),
    ("parse_time_layout", parse_time_layout),
    ("snakify", |_, case| same(extract::snake_name(text(case, "input")).as_str(), text(case, "expected"))),
    ("time_from_text", time_from_text),
    ("tokenize", |_, case| words(&extract::words(text(case, "text"), ""), case)),
    ("tokenize_by_chars", |_, case| words(&extract::words(text(case, "text"), text(case, "chars")), case)),
    ("tokenize_unicode", |_, case| words(&extract::unicode_words(text(case, "text")), case)),
];

/// Runs the family.
pub(crate) fn run(dir: &Path, tally: &mut Tally) {
    for file in json_files(dir) {
        let name = file.trim_end_matches(".json");
        match TABLES.iter().find(|(table, _)| *table == name) {
            Some((_, run)) => run_table(dir, tally, &file, *run),
            None => tally.case(&file, "file", Err("no runner knows this file".to_owned())),
        }
        if name == "obfuscated_ids" {
            invalid_references(dir, tally, &file);
        }
    }
}

fn world(format: &str, zone: &str) -> Result<Env, String> {
    let mut env = env(&Json::Null, NOW);
    env.date_format = DateFormat::of_layout(format).ok_or("no date format")?;
    env.zone = TimeZone::get(zone).map_err(|e| e.to_string())?;
    Ok(env)
}

fn call(expression: &str, arguments: Vec<(&'static str, Value)>, env: &Env) -> Value {
    Expression::parse(expression).map_or_else(Value::Error, |e| e.value(&Object::new(arguments), env))
}

fn collation(_: &Json, case: &Json) -> Outcome {
    let collation = Collation::of_name(text(case, "collation")).ok_or("no such collation")?;
    let input = text(case, "input");
    same(collation.key(input).as_str(), text(case, "transform"))?;
    for (other, equal) in case["equals"].as_object().into_iter().flatten() {
        same(Some(collation.same(input, other)), equal.as_bool()).map_err(|why| format!("{other}: {why}"))?;
    }
    Ok(())
}

fn found(case: &Json, got: Option<&str>) -> Outcome {
    let wanted = text(case, "expected");
    let failed = case["hasError"].as_bool().unwrap_or(false);
    same(got, Some(wanted).filter(|_| !failed))
}

fn date_from_text(_: &Json, case: &Json) -> Outcome {
    let env = world(text(case, "dateFormat"), "UTC")?;
    found(case, extract::date(text(case, "value"), &env).map(|date| date.to_string()).as_deref())
}

fn time_from_text(_: &Json, case: &Json) -> Outcome {
    let time = extract::time(text(case, "value")).map(|time| time.strftime("%H:%M:%S.%9f").to_string());
    found(case, time.as_deref())
}

fn datetime_from_text(_: &Json, case: &Json) -> Outcome {
    let env = world(text(case, "DateFormat"), text(case, "Timezone"))?;
    let got = extract::datetime(text(case, "Value"), &env, case["FillTime"].as_bool() == Some(true));
    let wanted: Option<Timestamp> = match case["Error"].as_bool() {
        Some(true) => None,
        _ => {
            let parts: Vec<&str> = text(case, "Expected").split(' ').collect();
            let day: Vec<&str> = parts[0].split('-').collect();
            Some(
                format!("{}-{}-{}T{}{}", day[2], day[1], day[0], parts[1], parts[2])
                    .parse()
                    .map_err(|_| "no instant")?,
            )
        }
    };
    same(got.map(|zoned| zoned.timestamp()), wanted)
}

fn words(got: &[&str], case: &Json) -> Outcome {
    let wanted: Vec<&str> = list(&case["result"]).iter().filter_map(Json::as_str).collect();
    same(got, wanted)
}

/// An environment of a locale: `spa-EC`, `zho`, nothing.
fn in_locale(case: &Json) -> Result<Env, String> {
    let mut env = world("YYYY-MM-DD", "UTC")?;
    let (language, country) = text(case, "locale").split_once('-').unwrap_or((text(case, "locale"), ""));
    env.languages = language.parse().ok().into_iter().collect();
    env.country = Some(country.to_owned()).filter(|country| !country.is_empty());
    Ok(env)
}

fn date_format_layouts(_: &Json, case: &Json) -> Outcome {
    let mut env = in_locale(case)?;
    let instant = zoned(text(&case["value"], "datetime"), text(&case["value"], "tz"));
    env.zone = instant.time_zone().clone();
    let arguments = vec![("x", Value::DateTime(instant)), ("layout", text(case, "layout").into())];
    against(&call("format_datetime(x, layout)", arguments, &env), case)
}

/// The text of a value is as expected, or the error, which names the function before.
fn against(got: &Value, case: &Json) -> Outcome {
    match got {
        Value::Error(error) => {
            let error = error.to_string();
            same(error.rsplit_once("(...): ").map_or(error.as_str(), |(_, why)| why), text(case, "err"))
        }
        other => same(other.to_text().unwrap_or_default().as_str(), text(case, "expected")),
    }
}

fn date_translations(_: &Json, case: &Json) -> Outcome {
    let env = in_locale(case)?;
    for (key, layout) in [("sunday", "EEEE"), ("sun", "EEE"), ("january", "MMMM"), ("jan", "MMM"), ("am", "AA")] {
        let arguments = vec![("x", "2017-01-01T09:00:00Z".into()), ("layout", layout.into())];
        let got = call("format_datetime(x, layout)", arguments, &env).to_text().map_err(|e| e.to_string())?;
        same(got.as_str(), text(case, key))?;
    }
    Ok(())
}

/// Parts of a clock or calendar, or the error.
fn parts(got: Result<Vec<i64>, mhero_expr::ExprError>, case: &Json, names: &[&str]) -> Outcome {
    match got {
        Ok(got) => {
            same("", text(case, "err"))?;
            same(got, names.iter().map(|name| case["expected"][*name].as_i64().unwrap_or(0)).collect::<Vec<_>>())
        }
        Err(error) => same(error.to_string().as_str(), text(case, "err")),
    }
}

fn parse_date_layout(_: &Json, case: &Json) -> Outcome {
    let date = extract::date_by_layout(text(case, "value"), text(case, "layout"));
    let got = date.map(|date| vec![date.year().into(), date.month().into(), date.day().into()]);
    parts(got, case, &["Year", "Month", "Day"])
}

fn parse_time_layout(_: &Json, case: &Json) -> Outcome {
    let time = extract::time_by_layout(text(case, "value"), text(case, "layout"));
    let got =
        time.map(|t| vec![t.hour().into(), t.minute().into(), t.second().into(), i64::from(t.subsec_nanosecond())]);
    parts(got, case, &["Hour", "Minute", "Second", "Nanos"])
}

fn parse_datetime_layout(_: &Json, case: &Json) -> Outcome {
    let zone = TimeZone::get(text(case, "tz")).map_err(|e| e.to_string())?;
    match extract::datetime_by_layout(text(case, "value"), text(case, "layout"), &zone) {
        Ok(got) => {
            same("", text(case, "err"))?;
            same(got.timestamp(), zoned(text(&case["expected"], "datetime"), text(&case["expected"], "tz")).timestamp())
        }
        Err(error) => same(error.to_string().as_str(), text(case, "err")),
    }
}

fn between(_: &Json, case: &Json, unit: &str) -> Outcome {
    let instant = |key: &str| Value::DateTime(zoned(text(&case[key], "datetime"), text(&case[key], "tz")));
    let arguments = vec![("from", instant("d2")), ("to", instant("d1")), ("unit", unit.into())];
    let got = call("datetime_diff(from, to, unit)", arguments, &world("YYYY-MM-DD", "UTC")?);
    same(got.to_integer().ok(), case["expected"].as_i64())
}

fn extract_json(_: &Json, case: &Json) -> Outcome {
    let body = match (case["body"].as_str(), case["body"]["hex"].as_str()) {
        (Some(text), _) => text.as_bytes().to_vec(),
        (None, Some(hex)) => {
            let byte =
                |at: usize| u8::from_str_radix(hex.get(at..at + 2).unwrap_or_default(), 16).map_err(|e| e.to_string());
            (0..hex.len()).step_by(2).map(byte).collect::<Result<_, _>>()?
        }
        (None, None) => return Err("there is no body".to_owned()),
    };
    same(extract::usable_json(&body).as_deref(), case["json"].as_str())
}

fn key(table: &Json) -> Result<ObfuscationKey, String> {
    let parts: Vec<u32> = list(&table["key"]).iter().filter_map(|part| u32::try_from(part.as_u64()?).ok()).collect();
    parts.try_into().map(ObfuscationKey::new).map_err(|_| "there is no key of four parts".to_owned())
}

fn obfuscated_ids(table: &Json, case: &Json) -> Outcome {
    let (key, id) = (key(table)?, case["contact_id"].as_u64().ok_or("there is no id")?);
    same(key.reference(id).as_deref(), Some(text(case, "ref")))?;
    same(key.id(text(case, "ref")), Some(id))
}

fn invalid_references(dir: &Path, tally: &mut Tally, file: &str) {
    let Some(table) = tally.load(dir, file) else { return };
    for reference in list(&table["invalid"]).iter().filter_map(Json::as_str) {
        tally.case(file, reference, key(&table).and_then(|key| same(key.id(reference), None)));
    }
}
