//! Expressions as such: how they are cut, parsed, printed.

use mhero_expr::{Expression, Segment, Template, TopLevels};
use serde_json::Value as Json;

use crate::typed::{Outcome, list, same, text};

fn printed(expression: &str) -> String {
    Expression::parse(expression).map_or_else(|e| e.to_string(), |e| e.to_string())
}

/// Texts side by side as one: where the scanner of the pack starts a new one says nothing.
fn joined(tokens: impl Iterator<Item = (i64, String)>) -> Vec<(i64, String)> {
    let mut all: Vec<(i64, String)> = Vec::new();
    for (kind, text) in tokens {
        match all.last_mut() {
            Some((0, before)) if kind == 0 => before.push_str(&text),
            _ => all.push((kind, text)),
        }
    }
    all
}

pub(super) fn scanner(table: &Json, case: &Json) -> Outcome {
    let names = TopLevels::new(list(&table["top_levels"]).iter().filter_map(Json::as_str));
    let template = Template::parse(text(case, "input"), &names).map_err(|e| e.to_string())?;
    let wanted = list(&case["tokens"]).iter();
    let wanted = joined(wanted.map(|t| (t[0].as_i64().unwrap_or(-1), t[1].as_str().unwrap_or_default().to_owned())));
    let got = template.segments().map(|segment| match segment {
        Segment::Text(text) => (0, text.to_owned()),
        Segment::Path(path) => (1, path.to_owned()),
        Segment::Expression(expression) => (2, expression.to_owned()),
    });
    same(joined(got), wanted)
}

pub(super) fn parse_trees(_: &Json, case: &Json) -> Outcome {
    same(printed(text(case, "expression")).as_str(), text(case, "parsed"))
}

pub(super) fn expression_printing(_: &Json, case: &Json) -> Outcome {
    let expression = text(case, "printed");
    same(printed(expression).as_str(), expression)?;
    let mut visited = Vec::new();
    if let Ok(parsed) = Expression::parse(expression) {
        parsed.tree().visit(&mut |node| visited.push(node.to_string()));
    }
    let order: Vec<&str> = list(&case["visit_order"]).iter().filter_map(Json::as_str).collect();
    same(visited, order)
}
