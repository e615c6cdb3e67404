//! Templates: what they give, what fails, what they read.

use mhero_expr::{Object, Template, TopLevels};
use serde_json::Value as Json;

use super::{
    gate::{Outcome, gate, same, text},
    typed::{NOW, context, env, is},
};

fn parsed(template: &str, context: &Object) -> Template {
    Template::parse(template, &TopLevels::new(context.iter().map(|(name, _)| name))).expect("short enough")
}

fn rendered(template: &Template, context: &Object, pack: &Json, case: &Json, escape: fn(&str) -> String) -> Outcome {
    let rendered = template.render_escaped(context, &env(&pack["env"], NOW), escape);
    same(rendered.text.as_str(), text(case, "output"))?;
    let errors: Vec<String> = rendered.problems.iter().map(ToString::to_string).collect();
    same(errors.join(", ").as_str(), text(case, "error"))?;
    let wanted = case["warnings"].as_array().map_or(0, Vec::len);
    same(0, wanted)
}

#[test]
fn parse_template() {
    gate("excellent/parse_template", 36, |pack, case| {
        let context = context(&pack["contexts"][text(case, "context")]);
        let template = parsed(text(case, "template"), &context);
        same(template.source(), text(case, "template")).expect("the source is kept");
        Some(rendered(&template, &context, pack, case, str::to_owned))
    });
}

#[test]
fn parse_template_escaped() {
    gate("excellent/parse_template_escaped", 35, |pack, case| {
        let context = context(&pack["context"]);
        let escape = |text: &str| text.replace('"', "\\\"");
        Some(rendered(&parsed(text(case, "template"), &context), &context, pack, case, escape))
    });
}

#[test]
fn fixture_templates() {
    gate("excellent/fixture_templates", 64, |pack, case| {
        let context = context(&pack["context"]);
        Some(rendered(&parsed(text(case, "template"), &context), &context, pack, case, str::to_owned))
    });
}

#[test]
fn evaluation_errors() {
    gate("excellent/evaluation_errors", 22, |pack, case| {
        let context = context(&pack["context"]);
        let rendered = parsed(text(case, "template"), &context).render(&context, &env(&pack["env"], NOW));
        let errors: Vec<String> = rendered.problems.iter().map(ToString::to_string).collect();
        Some(same(rendered.text.as_str(), "").and_then(|()| same(errors.join(", ").as_str(), text(case, "errorMsg"))))
    });
}

#[test]
fn template_text() {
    gate("excellent/template_text", 48, |pack, case| {
        let context = context(&pack["context"]);
        let rendered = parsed(text(case, "template"), &context).render(&context, &env(&pack["env"], NOW));
        let failed = case["hasError"].as_bool().expect("a truth");
        if failed || !rendered.problems.is_empty() {
            let problems: Vec<String> = rendered.problems.iter().map(ToString::to_string).collect();
            return Some(same(!problems.is_empty(), failed).map_err(|e| format!("{e}: {}", problems.join(", "))));
        }
        Some(same(rendered.text.as_str(), text(case, "expected")))
    });
}

#[test]
fn template_value() {
    gate("excellent/template_value", 81, |pack, case| {
        let context = context(&pack["context"]);
        let (value, _) = parsed(text(case, "template"), &context).value(&context, &env(&pack["env"], NOW));
        Some(is(&value, &case["expected"]))
    });
}

#[test]
fn evaluation_budget() {
    gate("excellent/evaluation_budget", 4, |pack, case| {
        let context = context(&pack["context"]);
        let rendered = parsed(text(case, "template"), &context).render(&context, &env(&pack["env"], NOW));
        let errors: Vec<String> = rendered.problems.iter().map(ToString::to_string).collect();
        let blocked = errors.join(" ").contains("expression is too complex to evaluate");
        let within = case["within_budget"].as_bool().expect("a truth");
        Some(same(within, !blocked && errors.is_empty()).map_err(|e| format!("{e}: {}", errors.join(", "))))
    });
}

fn with_names(pack: &Json, case: &Json) -> Template {
    let names = pack["top_levels"].as_array().expect("names").iter().filter_map(Json::as_str);
    Template::parse(text(case, "template"), &TopLevels::new(names)).expect("short enough")
}

#[test]
fn context_refs() {
    gate("excellent/context_refs", 8, |pack, case| {
        let template = with_names(pack, case);
        // The pack lists each path with those that lead to it, and repeats itself; ours are the whole paths, once.
        let mut wanted: Vec<String> = Vec::new();
        let all =
            case["paths"].as_array().expect("paths").iter().map(|path| {
                path.as_array().expect("names").iter().filter_map(Json::as_str).collect::<Vec<_>>().join(".")
            });
        let all: Vec<String> = all.collect();
        for (n, path) in all.iter().enumerate() {
            let leads_on = all.get(n + 1).is_some_and(|next| next.starts_with(&format!("{path}.")));
            if !leads_on && !wanted.contains(path) {
                wanted.push(path.clone());
            }
        }
        let got: Vec<String> = template.references().iter().map(ToString::to_string).collect();
        Some(same(got.join(" "), wanted.join(" ")))
    });
}

#[test]
fn context_rename() {
    gate("excellent/context_rename", 5, |pack, case| {
        let renamed = with_names(pack, case).renamed(text(case, "from"), text(case, "to"));
        Some(same(renamed.as_str(), text(case, "expected")))
    });
}

#[test]
fn refactor() {
    gate("excellent/refactor", 12, |pack, case| {
        let template = with_names(pack, case);
        let failed = template.faults(&TopLevels::new(["foo"])).iter().any(|p| p.to_string().contains("syntax error"));
        Some(
            same(failed, case["hasError"].as_bool().expect("a truth"))
                .and_then(|()| same(template.canonical().as_str(), text(case, "refactored"))),
        )
    });
}

#[test]
fn documented_examples() {
    gate("excellent/documented_examples", 261, |_, case| {
        // The tests of routers are not here yet, and random numbers are compared by range in another table.
        if text(case, "tag") == "test" || text(case, "name").starts_with("rand") {
            return None;
        }
        let world = serde_json::json!({
            "date_format": "DD-MM-YYYY", "time_format": "tt:mm", "timezone": "America/Guayaquil",
        });
        let names = TopLevels::flow();
        let template = Template::parse(text(case, "template"), &names).expect("short enough");
        // What the example session holds is not known here, so examples that read it are not for this gate.
        if template.references().iter().any(|path| names.has(path.top())) {
            return None;
        }
        let rendered = template.render(&Object::default(), &env(&world, "2018-04-11T18:24:30.123456Z"));
        if case["error"].as_bool() == Some(true) {
            return Some(same(!rendered.problems.is_empty(), true));
        }
        let problems: Vec<String> = rendered.problems.iter().map(ToString::to_string).collect();
        Some(same(rendered.text.as_str(), text(case, "expected")).map_err(|e| format!("{e} {}", problems.join(" "))))
    });
}
