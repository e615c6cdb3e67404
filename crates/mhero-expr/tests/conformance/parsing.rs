//! Dates, times and words in what people write.

use jiff::{Timestamp, tz::TimeZone};
use mhero_expr::{DateFormat, Env, Expression, Object, Value};
use serde_json::Value as Json;

use super::{
    gate::{Outcome, gate, same, text},
    typed::env,
};

const NOW: &str = "2018-09-13T13:36:30.123456789Z";

fn world(format: &str, zone: &str) -> Env {
    let mut env = env(&Json::Null, NOW);
    env.date_format = DateFormat::of_layout(format).expect("a date format");
    env.zone = TimeZone::get(zone).expect("a zone");
    env
}

fn call(expression: &str, arguments: &[(&str, &str)], env: &Env) -> Value {
    let context = Object::new(arguments.iter().copied());
    Expression::parse(expression).expect("it parses").value(&context, env)
}

fn against(case: &Json, got: Result<String, mhero_expr::ExprError>) -> Option<Outcome> {
    let failed = case["hasError"].as_bool().expect("a truth");
    Some(match got {
        Ok(_) if failed => Err("got a value, expected none".to_owned()),
        Ok(got) => same(got.as_str(), text(case, "expected")),
        Err(error) if failed => same(error.to_string().is_empty(), false),
        Err(error) => Err(error.to_string()),
    })
}

#[test]
fn dates_and_times_in_text() {
    gate("parsing/date_from_text", 8, |_, case| {
        let date = Value::from(text(case, "value")).to_date(&world(text(case, "dateFormat"), "UTC"));
        against(case, date.map(|date| date.to_string()))
    });
    gate("parsing/time_from_text", 22, |_, case| {
        let time = Value::from(text(case, "value")).to_time();
        against(case, time.map(|time| time.strftime("%H:%M:%S.%9f").to_string()))
    });
    gate("parsing/datetime_from_text", 28, |_, case| {
        // The time of now for a date without one is for the tests of routers.
        if case["FillTime"].as_bool() == Some(true) {
            return None;
        }
        let env = world(text(case, "DateFormat"), text(case, "Timezone"));
        let got = Value::from(text(case, "Value")).to_datetime(&env).ok().map(|zoned| zoned.timestamp());
        let expected = text(case, "Expected");
        let wanted: Option<Timestamp> = match case["Error"].as_bool() {
            Some(true) => None,
            _ => {
                let parts: Vec<&str> = expected.split(' ').collect();
                let day: Vec<&str> = parts[0].split('-').collect();
                format!("{}-{}-{}T{}{}", day[2], day[1], day[0], parts[1], parts[2]).parse().ok()
            }
        };
        Some(if got == wanted { Ok(()) } else { Err(format!("got {got:?}, expected {expected:?}")) })
    });
}

fn words(got: &Value, case: &Json) -> Option<Outcome> {
    let wanted =
        Value::array(case["result"].as_array().expect("words").iter().filter_map(Json::as_str).map(Value::from));
    Some(same(got.to_text().unwrap_or_default(), wanted.to_text().unwrap_or_default()))
}

#[test]
fn words_of_a_text() {
    let env = world("YYYY-MM-DD", "UTC");
    gate("parsing/tokenize", 11, |_, case| words(&call("split(text)", &[("text", text(case, "text"))], &env), case));
    gate("parsing/tokenize_by_chars", 4, |_, case| {
        let arguments = [("text", text(case, "text")), ("chars", text(case, "chars"))];
        words(&call("split(text, chars)", &arguments, &env), case)
    });
}

#[test]
fn layouts() {
    gate("parsing/date_format_layouts", 30, |_, case| {
        let mut env = world("YYYY-MM-DD", "UTC");
        env.languages = text(case, "locale").split('-').next().and_then(|lang| lang.parse().ok()).into_iter().collect();
        // Offsets stand for the zones, whose abbreviations are no names of zones.
        let instant = text(&case["value"], "datetime");
        env.zone = if instant.ends_with("-07:00") { jiff::tz::offset(-7).to_time_zone() } else { TimeZone::UTC };
        let got = call("format_datetime(x, layout)", &[("x", instant), ("layout", text(case, "layout"))], &env);
        Some(match got {
            Value::Error(error) => {
                same(error.to_string().ends_with(text(case, "err")) && !text(case, "err").is_empty(), true)
            }
            other => same(other.to_text().unwrap_or_default().as_str(), text(case, "expected")),
        })
    });
    gate("parsing/parse_datetime_layout", 3, |_, case| {
        let env = world("YYYY-MM-DD", text(case, "tz"));
        let arguments = [("x", text(case, "value")), ("layout", text(case, "layout"))];
        let got = call("parse_datetime(x, layout)", &arguments, &env).to_datetime(&env).map(|z| z.timestamp());
        let wanted: Timestamp = text(&case["expected"], "datetime").parse().expect("an instant");
        Some(same(got.map_or_else(|e| e.to_string(), |t| t.to_string()), wanted.to_string()))
    });
    gate("parsing/parse_time_layout", 3, |_, case| {
        let env = world("YYYY-MM-DD", "UTC");
        let arguments = [("x", text(case, "value")), ("layout", text(case, "layout"))];
        let got = call("parse_time(x, layout)", &arguments, &env);
        Some(match got {
            Value::Error(error) => {
                same(error.to_string().ends_with(text(case, "err")) && !text(case, "err").is_empty(), true)
            }
            other => {
                let time = other.to_time().expect("a time");
                let expected = &case["expected"];
                let wanted = ["Hour", "Minute", "Second", "Nanos"].map(|part| expected[part].as_i64().unwrap_or(0));
                let clock = [time.hour(), time.minute(), time.second()].map(i64::from);
                let got = [clock[0], clock[1], clock[2], i64::from(time.subsec_nanosecond())];
                if got == wanted { Ok(()) } else { Err(format!("got {got:?}, expected {wanted:?}")) }
            }
        })
    });
}
