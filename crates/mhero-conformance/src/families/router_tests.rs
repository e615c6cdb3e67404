//! The tests of routers.

use std::path::Path;

use mhero_expr::{Expression, Match, NumberFormat, Object, RouterTest, Template, TopLevels, Value, extract};
use serde_json::Value as Json;

use crate::{
    Tally,
    table::{Run, count_wording, run_tables},
    typed::{NOW, Outcome, env, is, list, locations, object, same, text, value},
};

const TABLES: &[(&str, Run)] = &[
    ("tests", tests),
    ("template", template),
    ("has_phone", has_phone),
    ("parse_number", parse_number),
    ("has_number_formats", has_number_formats),
];

/// Runs the family.
pub(crate) fn run(dir: &Path, tally: &mut Tally) {
    run_tables(dir, tally, TABLES);
    count_wording(dir, tally, "tests.json", wording);
}

fn tested(table: &Json, case: &Json) -> Result<Value, String> {
    let name = text(case, "name");
    let test = RouterTest::named(name).ok_or_else(|| format!("no test {name}"))?;
    let mut env = env(&table["envs"][text(case, "env")], NOW);
    env.locations = Some(locations(&table["assets"]));
    let arguments: Vec<Value> = list(&case["args"]).iter().map(value).collect();
    match arguments.split_first() {
        Some((operand, arguments)) => Ok(test.run(&env, operand, arguments)),
        // A router always has an operand; only an expression can leave it out.
        None => {
            let expression = Expression::parse(&format!("{name}()")).map_err(|e| e.to_string())?;
            Ok(expression.value(&Object::default(), &env))
        }
    }
}

fn tests(table: &Json, case: &Json) -> Outcome {
    is(&tested(table, case)?, &case["expected"])
}

fn wording(table: &Json, case: &Json) -> Option<bool> {
    let wanted = case["error_text"].as_str()?;
    Some(matches!(tested(table, case), Ok(Value::Error(error)) if error.to_string() == wanted))
}

fn template(table: &Json, case: &Json) -> Outcome {
    let context = object(&table["context"]);
    let names = TopLevels::new(context.iter().map(|(name, _)| name));
    let template = Template::parse(text(case, "template"), &names).map_err(|e| e.to_string())?;
    let rendered = template.render(&context, &env(&table["env"], NOW));
    same(!rendered.problems.is_empty(), case["hasError"].as_bool().unwrap_or(false))?;
    same(rendered.text.as_str(), text(case, "expected"))
}

fn matched(got: &Value) -> String {
    Match::of(got).and_then(|found| found.value.to_text().ok()).unwrap_or_default()
}

fn has_phone(table: &Json, case: &Json) -> Outcome {
    let operand = Value::from(format!("my number is {}", text(case, "input")));
    let country = text(case, "country");
    let arguments: Vec<Value> = if country.is_empty() { Vec::new() } else { vec![country.into()] };
    let test = RouterTest::named("has_phone").ok_or("no test has_phone")?;
    let got = test.run(&env(&table["env"], NOW), &operand, &arguments);
    same(matched(&got).as_str(), text(case, "expected"))
}

fn format(decimal: &str, grouping: &str) -> NumberFormat {
    NumberFormat { decimal: decimal.to_owned(), grouping: grouping.to_owned() }
}

fn parse_number(_: &Json, case: &Json) -> Outcome {
    let signs = &case["format"];
    let format = format(text(signs, "decimal_symbol"), text(signs, "digit_grouping_symbol"));
    let got = extract::parse_number(text(case, "input"), &format)
        .map_or(Value::Error(mhero_expr::ExprError::refused("none")), Value::from);
    is(&got, &case["expected"])
}

fn has_number_formats(table: &Json, case: &Json) -> Outcome {
    let mut env = env(&table["env"], NOW);
    env.number_format = format(text(case, "decimalSymbol"), text(case, "digitGroupingSymbol"));
    let test = RouterTest::named("has_number").ok_or("no test has_number")?;
    same(matched(&test.run(&env, &text(case, "input").into(), &[])).as_str(), text(case, "expected"))
}
