//! The documented examples, in the context of the fixture session, and the names of that context.

use std::{path::Path, sync::Arc};

use mhero_expr::{Env, Object, Template, TopLevels, Value};
use serde_json::Value as Json;

use crate::{
    Tally,
    pack::read,
    prng::{SEED, Stream},
    typed::{Outcome, env, list, locations, same, text},
};

/// When the examples were run.
const NOW: &str = "2018-04-11T18:24:30.123456Z";

/// The top levels that the fixture session wrote down.
const FIXTURES: &[&str] = &[
    "child",
    "contact",
    "fields",
    "globals",
    "input",
    "legacy_extra",
    "locals",
    "node",
    "parent",
    "results",
    "resume",
    "run",
    "ticket",
    "trigger",
    "urns",
    "webhook",
];

/// Runs the examples.
pub(super) fn documented_examples(dir: &Path, tally: &mut Tally, file: &str) {
    let Some(table) = tally.load(dir, file) else { return };
    let session = dir.with_file_name("fixtures").join("session");
    let world =
        read(&session.join("environment.json")).and_then(|world| Ok((world, read(&session.join("assets.json"))?)));
    let (world, assets) = match world {
        Ok(world) => world,
        Err(why) => return tally.case(file, "fixtures", Err(why)),
    };
    let mut env = env(&world, NOW);
    env.locations = Some(locations(&assets));
    env.chance = Some(Arc::new(Stream::new(SEED)));
    let context = Object::new(FIXTURES.iter().filter_map(|name| {
        let json = read(&session.join(format!("context_{name}.json"))).ok()?;
        Some((*name, typed(name, &json, &env)))
    }));
    for case in list(&table["cases"]) {
        let number = text(case, "id").rsplit_once('#').map_or("", |(_, n)| n);
        tally.case(file, number, example(case, &context, &env));
    }
}

/// A value of the context with the types and defaults that JSON does not tell.
fn typed(name: &str, json: &Json, env: &Env) -> Value {
    match json {
        Json::Object(all) => {
            let object = Object::new(all.iter().map(|(k, v)| (k.clone(), typed(k, v, env))));
            let default = match name {
                "contact" | "channel" | "flow" => all.get("name"),
                "input" => all.get("text"),
                "webhook" => all.get("json"),
                _ if all.contains_key("category_localized") => all.get("value"),
                _ => None,
            };
            match default {
                Some(default) => object.with_default(typed("", default, env)).into(),
                None => object.into(),
            }
        }
        Json::Array(items) => Value::array(items.iter().map(|item| typed("", item, env))),
        Json::String(text) if text.len() > 19 && text.as_bytes()[10] == b'T' => {
            let instant = Value::from(text.as_str()).to_datetime(env);
            instant.map_or_else(|_| Value::from(text.as_str()), Value::DateTime)
        }
        other => Value::from_json(other).unwrap_or_else(Value::Error),
    }
}

fn example(case: &Json, context: &Object, env: &Env) -> Outcome {
    let template = Template::parse(text(case, "template"), &TopLevels::flow()).map_err(|e| e.to_string())?;
    let rendered = template.render(context, env);
    let problems: Vec<String> = rendered.problems.iter().map(|problem| problem.error.to_string()).collect();
    if case["error"].as_bool() == Some(true) {
        let wanted = text(case, "error_text").trim_start_matches("Error evaluating expression: ");
        return same(problems.join(", ").as_str(), wanted);
    }
    if text(case, "name").starts_with("rand") && problems.is_empty() {
        // One stream over all examples, of which the pack holds a part; so its numbers are compared by shape.
        return same(rendered.text.parse::<f64>().is_ok(), text(case, "expected").parse::<f64>().is_ok());
    }
    same(rendered.text.as_str(), text(case, "expected")).map_err(|why| format!("{why} {}", problems.join(", ")))
}

/// The names of the root of the context are those that start an expression.
pub(super) fn context_types(dir: &Path, tally: &mut Tally, file: &str) {
    let Some(types) = tally.load(dir, file) else { return };
    for property in list(&types["root"]) {
        let key = text(property, "key");
        tally.case(file, key, same(TopLevels::flow().has(key), true));
    }
}
