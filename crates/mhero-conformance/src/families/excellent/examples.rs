//! The documented examples, in the context of the fixture session, and the names of that context.

use std::{path::Path, sync::Arc};

use mhero_expr::{Env, Object, Template, TopLevels, Value};
use serde_json::{Map, Value as Json};

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
        let (outcome, same_words) = example(case, &context, &env);
        tally.case(file, number, outcome);
        if let Some(same_words) = same_words {
            let counts = tally.also.entry("error wording".to_owned()).or_default();
            counts.0 += usize::from(same_words);
            counts.1 += 1;
        }
    }
}

/// A value of the context with the types and defaults that JSON does not tell.
fn typed(name: &str, json: &Json, env: &Env) -> Value {
    match json {
        Json::Object(all) => {
            let object = Object::new(all.iter().map(|(k, v)| (k.clone(), typed(k, v, env))));
            match default(name, all) {
                Some(default) => object.with_default(typed("", &default, env)).into(),
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

/// What an object of the context stands for.
fn default(name: &str, all: &Map<String, Json>) -> Option<Json> {
    match name {
        "contact" | "channel" | "flow" | "assignee" | "topic" | "user" => all.get("name").cloned(),
        "input" => all.get("text").cloned(),
        "webhook" => all.get("json").cloned(),
        "run" | "parent" | "child" => {
            let (contact, flow) = (all.get("contact")?, all.get("flow")?);
            Some(format!("{}@{}", text(contact, "name"), text(flow, "name")).into())
        }
        "fields" => {
            let set = all.iter().filter(|(_, value)| !value.is_null());
            let line = |(key, value): (&String, &Json)| {
                let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                format!("{}: {value}", titled(key))
            };
            Some(set.map(line).collect::<Vec<_>>().join("\n").into())
        }
        "results" => {
            let line = |result: &Json| format!("{}: {}", text(result, "name"), text(result, "value"));
            Some(all.values().map(line).collect::<Vec<_>>().join("\n").into())
        }
        _ if all.contains_key("category_localized") => all.get("value").cloned(),
        _ => None,
    }
}

/// `activation_token` as `Activation Token`.
fn titled(key: &str) -> String {
    let word = |word: &str| word[..1].to_uppercase() + &word[1..];
    key.split('_').filter(|part| !part.is_empty() && part.is_char_boundary(1)).map(word).collect::<Vec<_>>().join(" ")
}

/// How an example went, and whether its error has the pack's very words.
fn example(case: &Json, context: &Object, env: &Env) -> (Outcome, Option<bool>) {
    let template = match Template::parse(text(case, "template"), &TopLevels::flow()) {
        Ok(template) => template,
        Err(error) => return (Err(error.to_string()), None),
    };
    let rendered = template.render(context, env);
    let problems: Vec<String> = rendered.problems.iter().map(|problem| problem.error.to_string()).collect();
    let problems = problems.join(", ");
    if case["error"].as_bool() == Some(true) {
        let wanted = text(case, "error_text").trim_start_matches("Error evaluating expression: ");
        return (same(problems.is_empty(), false), Some(problems == wanted));
    }
    if text(case, "name").starts_with("rand") && problems.is_empty() {
        // One stream over all examples, of which the pack holds a part; so its numbers are compared by shape.
        let is_number = |text: &str| text.parse::<f64>().is_ok();
        return (same(is_number(&rendered.text), is_number(text(case, "expected"))), None);
    }
    let right = same(rendered.text.as_str(), text(case, "expected"));
    (right.map_err(|why| format!("{why} {problems}")), None)
}

/// The names of the root of the context are those that start an expression.
pub(super) fn context_types(dir: &Path, tally: &mut Tally, file: &str) {
    let Some(types) = tally.load(dir, file) else { return };
    for property in list(&types["root"]) {
        let key = text(property, "key");
        tally.case(file, key, same(TopLevels::flow().has(key), true));
    }
}
