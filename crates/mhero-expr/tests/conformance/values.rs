//! Values: conversions, operators, functions.

use std::{cmp::Ordering, sync::Arc};

use mhero_expr::{Chance, Expression, Number, Object, Value};
use serde_json::Value as Json;

use super::{
    gate::{Outcome, gate, same, text},
    typed::{NOW, env, is, value},
};

/// Always the same bits: the pack's own random stream can't be met, only its range.
struct Fixed;

impl Chance for Fixed {
    fn next(&self) -> u64 {
        0x9e37_79b9_7f4a_7c15
    }
}

fn evaluated(expression: &str, arguments: &[Value], world: &Json) -> Value {
    let names = (0..arguments.len()).map(|n| format!("arg_{n}"));
    let context = Object::new(names.zip(arguments.iter().cloned()));
    let mut env = env(world, NOW);
    env.chance = Some(Arc::new(Fixed));
    match Expression::parse(expression) {
        Ok(expression) => expression.value(&context, &env),
        Err(error) => Value::Error(error),
    }
}

fn arguments(case: &Json) -> Vec<Value> {
    case["args"].as_array().expect("arguments").iter().map(value).collect()
}

#[test]
fn operators() {
    gate("excellent/operators", 56, |pack, case| {
        let expression = match text(case, "operator") {
            "neg" => "-arg_0".to_owned(),
            operator => format!("arg_0 {operator} arg_1"),
        };
        Some(is(&evaluated(&expression, &arguments(case), &pack["env"]), &case["expected"]))
    });
}

fn function_result(pack: &Json, case: &Json) -> Value {
    let arguments = arguments(case);
    let names: Vec<String> = (0..arguments.len()).map(|n| format!("arg_{n}")).collect();
    let expression = format!("{}({})", text(case, "name"), names.join(", "));
    evaluated(&expression, &arguments, &pack["envs"][text(case, "env")])
}

#[test]
fn functions() {
    gate("excellent/functions", 471, |pack, case| {
        let got = function_result(pack, case);
        if text(case, "name").starts_with("rand") && !matches!(got, Value::Error(_)) {
            let n = got.to_number().expect("a number");
            let range = if text(case, "name") == "rand" { (0, 1) } else { (1, 10) };
            return Some(same(n >= range.0.into() && n <= range.1.into(), true));
        }
        Some(is(&got, &case["expected"]))
    });
}

#[test]
fn functions_fail_in_known_words() {
    gate("excellent/functions", 196, |pack, case| {
        let wanted = case["error_text"].as_str()?;
        let Value::Error(error) = function_result(pack, case) else { return Some(Err("no error".to_owned())) };
        Some(same(error.to_string().as_str(), wanted))
    });
}

#[test]
fn json_resolve() {
    gate("excellent/json_resolve", 17, |pack, case| {
        let json = Value::from_json_text(case["JSON"].as_str().unwrap_or_default()).unwrap_or_else(Value::Error);
        let context = Object::new([("j", json)]);
        let expression = Expression::parse(text(case, "expression")).expect("it parses");
        let got = expression.value(&context, &env(&pack["env"], NOW));
        let failed = case["hasError"].as_bool().expect("a truth");
        if failed { Some(same(matches!(got, Value::Error(_)), true)) } else { Some(is(&got, &case["expected"])) }
    });
}

#[test]
fn compare_and_equals() {
    gate("excellent/compare", 16, |_, case| {
        let order = match value(&case["x1"]).compare(&value(&case["x2"])) {
            Some(Ordering::Less) => -1,
            Some(Ordering::Equal) => 0,
            Some(Ordering::Greater) => 1,
            None => 9,
        };
        Some(same(order, case["result"].as_i64().expect("an order")))
    });
    gate("excellent/equals", 20, |_, case| {
        Some(same(value(&case["x1"]).equals(&value(&case["x2"])), case["result"].as_bool().expect("a truth")))
    });
}

fn converted(case: &Json, key: &str, got: Result<Value, mhero_expr::ExprError>) -> Option<Outcome> {
    let failed = case["hasError"].as_bool().expect("a truth");
    Some(match got {
        Ok(value) if !failed => is(&value, &case[key]),
        Ok(value) => Err(format!("got {}, expected an error", value.to_text().unwrap_or_default())),
        Err(error) if !failed => Err(error.to_string()),
        Err(_) => Ok(()),
    })
}

#[test]
fn conversions() {
    gate("excellent/to_date", 5, |pack, case| {
        converted(case, "expected", value(&case["value"]).to_date(&env(&pack["env"], NOW)).map(Value::Date))
    });
    gate("excellent/to_datetime", 6, |pack, case| {
        converted(case, "expected", value(&case["value"]).to_datetime(&env(&pack["env"], NOW)).map(Value::DateTime))
    });
    gate("excellent/to_time", 10, |_, case| {
        converted(case, "expected", value(&case["value"]).to_time().map(Value::Time))
    });
    gate("excellent/to_array", 4, |_, case| {
        converted(case, "asArray", value(&case["value"]).to_array().map(Value::Array))
    });
    gate("excellent/to_object", 4, |_, case| {
        converted(case, "asObject", value(&case["value"]).to_object().map(Value::Object))
    });
    gate("excellent/to_number", 10, |_, case| {
        // `hasError` is about the whole number too, which may not fit where the number itself is fine.
        let value = value(&case["value"]);
        let number = value.to_number().unwrap_or_else(|_| Number::from(0)).to_string();
        let whole = value.to_integer();
        let failed = case["hasError"].as_bool().expect("a truth");
        let right = same(number.as_str(), text(&case["asNumber"], "v"))
            .and_then(|()| same(whole.is_err(), failed))
            .and_then(|()| same(whole.unwrap_or(0), case["asInteger"].as_i64().unwrap_or(0)));
        Some(right)
    });
}

#[test]
fn type_conversions() {
    gate("excellent/type_conversions", 15, |pack, case| {
        let (value, env) = (value(&case["value"]), env(&pack["env"], NOW));
        let mine = [
            value.to_json().unwrap_or_default(),
            value.to_text().unwrap_or_default(),
            value.format(&env).unwrap_or_default(),
            value.to_bool().unwrap_or(false).to_string(),
        ];
        let truth = case["asBool"].as_bool().expect("a truth").to_string();
        let theirs = [text(case, "marshaled"), text(case, "rendered"), text(case, "formatted"), truth.as_str()];
        Some(mine.iter().zip(theirs).try_for_each(|(got, expected)| same(got.as_str(), expected)))
    });
}

#[test]
fn numbers() {
    gate("excellent/decimal_range", 10, |_, case| {
        let refused = Number::parse(text(case, "value")).is_err();
        Some(same(refused, case["isError"].as_bool().expect("a truth")))
    });
    gate("excellent/number_arithmetic", 13, |_, case| {
        let a = Number::parse(text(case, "a")).expect("a number");
        let b = || Number::parse(text(case, "b")).expect("a number");
        let places = case["b"].as_i64().unwrap_or(0);
        let got = match text(case, "op") {
            "Add" => a.plus(&b()),
            "Div" => a.over(&b()),
            "Mod" => a.modulo(&b()),
            "Pow" => a.power(&b()),
            "Round" => Ok(a.rounded(places)),
            "RoundUp" => Ok(a.rounded_up(places)),
            "RoundDown" => Ok(a.rounded_down(places)),
            other => unreachable!("an operation {other}"),
        };
        Some(same(got.map_or_else(|e| e.to_string(), |n| n.to_string()).as_str(), text(case, "expected")))
    });
    gate("excellent/number_format", 22, |_, case| {
        let Value::Number(number) = value(&case["input"]) else { unreachable!("a number") };
        let places = case["places"].as_i64().filter(|places| *places >= 0);
        let grouping = match case["groupDigits"].as_bool() {
            Some(true) => text(&case["format"], "digit_grouping_symbol"),
            _ => "",
        };
        let got = number.formatted(places, grouping, text(&case["format"], "decimal_symbol"));
        Some(same(got.as_str(), text(case, "expected")))
    });
}
