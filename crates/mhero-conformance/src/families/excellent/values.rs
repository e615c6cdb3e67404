//! Values: conversions, operators, functions.

use std::{cmp::Ordering, sync::Arc};

use mhero_expr::{Env, ExprError, Expression, Number, Object, Value};
use serde_json::Value as Json;

use crate::{
    prng::{SEED, Stream},
    typed::{NOW, Outcome, env, is, list, same, text, texts, value},
};

fn evaluated(expression: &str, arguments: &[Value], env: &Env) -> Value {
    let context = Object::new(arguments.iter().enumerate().map(|(n, v)| (format!("arg_{n}"), v.clone())));
    Expression::parse(expression).map_or_else(Value::Error, |expression| expression.value(&context, env))
}

fn arguments(case: &Json) -> Vec<Value> {
    list(&case["args"]).iter().map(value).collect()
}

fn failed(case: &Json) -> bool {
    case["hasError"].as_bool().unwrap_or(false)
}

pub(super) fn operators(table: &Json, case: &Json) -> Outcome {
    let expression = match text(case, "operator") {
        "neg" => "-arg_0".to_owned(),
        operator => format!("arg_0 {operator} arg_1"),
    };
    is(&evaluated(&expression, &arguments(case), &env(&table["env"], NOW)), &case["expected"])
}

fn called(case: &Json, env: &Env) -> Value {
    let arguments = arguments(case);
    let names: Vec<String> = (0..arguments.len()).map(|n| format!("arg_{n}")).collect();
    evaluated(&format!("{}({})", text(case, "name"), names.join(", ")), &arguments, env)
}

pub(super) fn functions(table: &Json, case: &Json) -> Outcome {
    let (name, arguments) = (text(case, "name"), arguments(case));
    let mut env = env(&table["envs"][text(case, "env")], NOW);
    env.prompts = texts(&table["prompts"]);
    // The stream is one over all rows of the whole table, of which the pack holds a part; so its numbers are compared by range.
    env.chance = Some(Arc::new(Stream::new(SEED)));
    match &called(case, &env) {
        Value::Number(n) if name == "rand" => same(*n >= 0.into() && *n < 1.into(), true),
        Value::Number(n) if name == "rand_between" => {
            let number = |v: &Value| v.to_number().map_err(|e| e.to_string());
            same(*n >= number(&arguments[0])? && *n <= number(&arguments[1])?, true)
        }
        other => is(other, &case["expected"]),
    }
}

/// The wording of an error against that of the pack, where it has one. A gate of its own.
pub(super) fn wording(table: &Json, case: &Json) -> Option<bool> {
    let wanted = case["error_text"].as_str()?;
    let env = env(&table["envs"][text(case, "env")], NOW);
    Some(matches!(called(case, &env), Value::Error(error) if error.to_string() == wanted))
}

pub(super) fn json_resolve(table: &Json, case: &Json) -> Outcome {
    let json = Value::from_json_text(text(case, "JSON")).unwrap_or_else(Value::Error);
    let expression = Expression::parse(text(case, "expression")).map_err(|e| e.to_string())?;
    let got = expression.value(&Object::new([("j", json)]), &env(&table["env"], NOW));
    if failed(case) { same(matches!(got, Value::Error(_)), true) } else { is(&got, &case["expected"]) }
}

pub(super) fn compare(_: &Json, case: &Json) -> Outcome {
    let order = value(&case["x1"]).compare(&value(&case["x2"])).map(|order| match order {
        Ordering::Less => -1,
        Ordering::Equal => 0,
        Ordering::Greater => 1,
    });
    same(order, case["result"].as_i64())
}

pub(super) fn equals(_: &Json, case: &Json) -> Outcome {
    same(Some(value(&case["x1"]).equals(&value(&case["x2"]))), case["result"].as_bool())
}

fn converted(case: &Json, key: &str, got: Result<Value, ExprError>) -> Outcome {
    match got {
        Ok(value) if !failed(case) => is(&value, &case[key]),
        Ok(value) => Err(format!("got {}, expected an error", value.to_text().unwrap_or_default())),
        Err(error) if !failed(case) => Err(error.to_string()),
        Err(_) => Ok(()),
    }
}

pub(super) fn to_date(table: &Json, case: &Json) -> Outcome {
    converted(case, "expected", value(&case["value"]).to_date(&env(&table["env"], NOW)).map(Value::Date))
}

pub(super) fn to_datetime(table: &Json, case: &Json) -> Outcome {
    converted(case, "expected", value(&case["value"]).to_datetime(&env(&table["env"], NOW)).map(Value::DateTime))
}

pub(super) fn to_time(_: &Json, case: &Json) -> Outcome {
    converted(case, "expected", value(&case["value"]).to_time().map(Value::Time))
}

pub(super) fn to_array(_: &Json, case: &Json) -> Outcome {
    converted(case, "asArray", value(&case["value"]).to_array().map(Value::Array))
}

pub(super) fn to_object(_: &Json, case: &Json) -> Outcome {
    converted(case, "asObject", value(&case["value"]).to_object().map(Value::Object))
}

pub(super) fn to_number(_: &Json, case: &Json) -> Outcome {
    // `hasError` is about the whole number too, which may not fit where the number itself is fine.
    let value = value(&case["value"]);
    let number = value.to_number().unwrap_or_else(|_| Number::from(0)).to_string();
    let whole = value.to_integer();
    same(number.as_str(), text(&case["asNumber"], "v"))?;
    same(whole.is_err(), failed(case))?;
    same(whole.unwrap_or(0), case["asInteger"].as_i64().unwrap_or(0))
}

pub(super) fn type_conversions(table: &Json, case: &Json) -> Outcome {
    let (value, env) = (value(&case["value"]), env(&table["env"], NOW));
    same(value.to_json().unwrap_or_default().as_str(), text(case, "marshaled"))?;
    same(value.to_text().unwrap_or_default().as_str(), text(case, "rendered"))?;
    same(value.format(&env).unwrap_or_default().as_str(), text(case, "formatted"))?;
    same(Some(value.to_bool().unwrap_or(false)), case["asBool"].as_bool())
}

pub(super) fn decimal_range(_: &Json, case: &Json) -> Outcome {
    same(Some(Number::parse(text(case, "value")).is_err()), case["isError"].as_bool())
}

pub(super) fn number_arithmetic(_: &Json, case: &Json) -> Outcome {
    let a = Number::parse(text(case, "a")).map_err(|e| e.to_string())?;
    let b = || Number::parse(text(case, "b"));
    let places = case["b"].as_i64().unwrap_or(0);
    let got = match text(case, "op") {
        "Add" => b().and_then(|b| a.plus(&b)),
        "Sub" => b().and_then(|b| a.minus(&b)),
        "Mul" => b().and_then(|b| a.times(&b)),
        "Div" => b().and_then(|b| a.over(&b)),
        "Mod" => b().and_then(|b| a.modulo(&b)),
        "Pow" => b().and_then(|b| a.power(&b)),
        "Round" => Ok(a.rounded(places)),
        "RoundUp" => Ok(a.rounded_up(places)),
        "RoundDown" => Ok(a.rounded_down(places)),
        other => return Err(format!("no operation {other}")),
    };
    same(got.map_or_else(|e| e.to_string(), |n| n.to_string()).as_str(), text(case, "expected"))
}

pub(super) fn number_format(_: &Json, case: &Json) -> Outcome {
    let number = value(&case["input"]).to_number().map_err(|e| e.to_string())?;
    let places = case["places"].as_i64().filter(|places| *places >= 0);
    let grouped = case["groupDigits"].as_bool() == Some(true);
    let grouping = if grouped { text(&case["format"], "digit_grouping_symbol") } else { "" };
    let got = number.formatted(places, grouping, text(&case["format"], "decimal_symbol"));
    same(got.as_str(), text(case, "expected"))
}
