//! Expressions as such: how they are cut, parsed, printed.

use mhero_expr::{Expression, Object, Template, TopLevels};
use serde_json::Value as Json;

use super::gate::{gate, same, text};

fn printed(expression: &str) -> String {
    Expression::parse(expression).map_or_else(|e| e.to_string(), |e| e.to_string())
}

#[test]
fn scanner() {
    gate("excellent/scanner", 8, |pack, case| {
        let names = pack["top_levels"].as_array().expect("names").iter().filter_map(Json::as_str);
        let template = Template::parse(text(case, "input"), &TopLevels::new(names)).expect("short enough");
        let tokens = case["tokens"].as_array().expect("tokens").iter();
        let wanted: Vec<String> = tokens
            .filter(|token| token[0] != 0)
            .map(|token| token[1].as_str().unwrap_or_default().to_owned())
            .collect();
        let inner = |source: &str| match source.strip_prefix("@(") {
            Some(expression) => expression.strip_suffix(')').unwrap_or(expression).to_owned(),
            None => source.trim_start_matches('@').to_owned(),
        };
        // Only what could be parsed is listed, and the pack's tokens need not parse.
        let listed: Vec<String> = template.expressions().map(|(source, _)| inner(source)).collect();
        let faulty: Vec<String> = template.faults(&TopLevels::flow()).iter().map(|p| inner(&p.expression)).collect();
        let all = wanted.iter().all(|token| listed.contains(token) || faulty.contains(token));
        let world = super::typed::env(&Json::Null, super::typed::NOW);
        let plain = template.render(&Object::default(), &world);
        let body: String = case["tokens"]
            .as_array()
            .expect("tokens")
            .iter()
            .filter(|t| t[0] == 0)
            .filter_map(|t| t[1].as_str())
            .collect();
        Some(same(all, true).and_then(|()| if wanted.is_empty() { same(plain.text, body) } else { Ok(()) }))
    });
}

#[test]
fn parse_trees() {
    gate("excellent/parse_trees", 7, |_, case| {
        Some(same(printed(text(case, "expression")).as_str(), text(case, "parsed")))
    });
}

#[test]
fn expression_printing() {
    gate("excellent/expression_printing", 22, |_, case| {
        let expression = text(case, "printed");
        let mut visited = Vec::new();
        if let Ok(parsed) = Expression::parse(expression) {
            parsed.tree().visit(&mut |node| visited.push(node.to_string()));
        }
        let order = case["visit_order"].as_array().expect("nodes").iter().filter_map(Json::as_str);
        let order: Vec<&str> = order.collect();
        Some(same(printed(expression).as_str(), expression).and_then(|()| same(visited.join(" ; "), order.join(" ; "))))
    });
}
