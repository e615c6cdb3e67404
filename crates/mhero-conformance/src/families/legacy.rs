//! Definitions and templates of version 11: parts are put into a small flow, which is brought to 13.0.0.

use std::{collections::BTreeSet, path::Path};

use jiff::{Timestamp, tz::TimeZone};
use mhero_expr::{Env, Object, Template, TopLevels, Value};
use mhero_flow_migrations::{
    Options,
    legacy::{self, TemplateOptions},
};
use serde_json::{Value as Json, json};

use super::{
    normalise::{Normaliser, difference},
    universe::{Pcg, SEED},
};
use crate::Tally;

/// The server of the pack's media.
const MEDIA_BASE: &str = "https://myfiles.com";

/// The set that an action or a rule stands in.
const HOLDER: &str = "10e483a8-5ffb-4c4f-917b-d43ce86c1d65";

/// Runs the family.
pub(super) fn run(dir: &Path, tally: &mut Tally) {
    table(dir, tally, "actions.json", action);
    table(dir, tally, "flows.json", flow);
    table(dir, tally, "rulesets.json", ruleset);
    table(dir, tally, "tests.json", test);
    table(dir, tally, "migrate_template.json", template);
    table(dir, tally, "migrate_function.json", template);
    table(dir, tally, "legacy_expression_tests.json", evaluation);
}

/// Runs each case of a file, which is a list or has one named `cases`.
fn table(dir: &Path, tally: &mut Tally, file: &str, check: fn(&Json) -> Result<(), String>) {
    let Some(json) = tally.load(dir, file) else { return };
    let Some(cases) = json.as_array().or_else(|| json["cases"].as_array()) else {
        return tally.case(file, "file", Err("it is no list of cases".to_owned()));
    };
    for (at, case) in cases.iter().enumerate() {
        let name = case["id"].as_str().map_or_else(|| at.to_string(), str::to_owned);
        tally.case(file, name, check(case));
    }
}

fn migrated(definition: &Json) -> Result<Json, String> {
    let mut ids = Pcg::new(SEED);
    let options = Options { media_base: MEDIA_BASE.to_owned() };
    legacy::migrate(definition.clone(), &mut || ids.uuid_v4(), &options).map_err(|error| error.to_string())
}

/// Compares what a case expects with what came out, each a list of parts; ids that were made up count by their place.
fn compare(case: &Json, expected: &[&Json], actual: &[&Json]) -> Result<(), String> {
    let input = ["legacy_action", "legacy_test", "legacy_ruleset", "legacy"].map(|key| case[key].clone());
    let neutral = |parts: &[&Json]| {
        let mut normaliser = Normaliser::knowing(&input);
        parts.iter().map(|part| normaliser.neutral(part)).collect::<Vec<_>>()
    };
    match difference(&Json::from(neutral(expected)), &Json::from(neutral(actual))) {
        None => Ok(()),
        Some(difference) => Err(difference),
    }
}

fn flow(case: &Json) -> Result<(), String> {
    let actual = migrated(&case["legacy"])?;
    // Nodes first, so that ids get their names where they are made.
    compare(case, &[&case["expected"]["nodes"], &case["expected"]], &[&actual["nodes"], &actual])
}

fn action(case: &Json) -> Result<(), String> {
    let holder = json!({
        "base_language": "eng",
        "flow_type": case["legacy_flow_type"].as_str().unwrap_or("M"),
        "entry": HOLDER,
        "action_sets": [{"uuid": HOLDER, "x": 0, "y": 0, "actions": [case["legacy_action"]]}],
        "metadata": {"uuid": HOLDER, "name": "Holder"},
    });
    let actual = migrated(&holder)?;
    let (actual, localization) = (&actual["nodes"][0]["actions"][0], &actual["localization"]);
    compare(case, &[&case["expected_action"], &case["expected_localization"]], &[actual, localization])
}

fn ruleset(case: &Json) -> Result<(), String> {
    let set = &case["legacy_ruleset"];
    let rules = set["rules"].as_array().map(Vec::as_slice).unwrap_or_default();
    let destinations: BTreeSet<_> = rules.iter().filter_map(|rule| rule["destination"].as_str()).collect();
    let sets: Vec<_> = destinations.iter().map(|id| json!({"uuid": id, "exit_uuid": id, "actions": []})).collect();
    let holder = json!({
        "base_language": "eng",
        "flow_type": "M",
        "entry": set["uuid"],
        "action_sets": sets,
        "rule_sets": [set],
        "metadata": {"uuid": HOLDER, "name": "Holder"},
    });
    let actual = migrated(&holder)?;
    let ui = &actual["_ui"]["nodes"][set["uuid"].as_str().unwrap_or_default()];
    let expected = ["expected_node", "expected_localization", "expected_ui"].map(|key| &case[key]);
    compare(case, &expected, &[&actual["nodes"][0], &actual["localization"], ui])
}

fn test(case: &Json) -> Result<(), String> {
    let rule = json!({"uuid": HOLDER, "category": {"eng": "Yes"}, "test": case["legacy_test"]});
    let set = json!({"uuid": HOLDER, "ruleset_type": "wait_message", "operand": "@step.value", "rules": [rule]});
    let holder = json!({
        "base_language": "eng",
        "rule_sets": [set],
        "metadata": {"uuid": HOLDER, "name": "Holder"},
    });
    let actual = migrated(&holder)?;
    let router = &actual["nodes"][0]["router"]["cases"][0];
    let shown = &actual["_ui"]["nodes"][HOLDER]["config"]["cases"][router["uuid"].as_str().unwrap_or_default()];
    let expected = ["expected_case", "expected_localization", "expected_ui"].map(|key| &case[key]);
    compare(case, &expected, &[router, &actual["localization"], shown])
}

/// A template on its own, within a text, and twice in one.
fn template(case: &Json) -> Result<(), String> {
    let [Some(old), Some(new)] = ["old", "new"].map(|key| case[key].as_str()) else {
        return Err("the case has no texts".to_owned());
    };
    let default_to_self = case["default_to_self"].as_bool().unwrap_or(false);
    let options = TemplateOptions { default_to_self, ..TemplateOptions::default() };
    for around in ["X", "Embedded X text", "Replace X two X times"] {
        let expected = around.replace('X', new);
        let actual = legacy::migrate_template(&around.replace('X', old), options);
        if actual != expected {
            return Err(format!("expected {expected:?}, got {actual:?}"));
        }
    }
    Ok(())
}

/// A template that failed then must fail now.
fn evaluation(case: &Json) -> Result<(), String> {
    let Some(old) = case["template"].as_str() else { return Err("the case has no template".to_owned()) };
    let url_encode = case["url_encode"].as_bool().unwrap_or(false);
    let new = legacy::migrate_template(old, TemplateOptions { url_encode, ..TemplateOptions::default() });
    let template = Template::parse(&new, &TopLevels::flow()).map_err(|error| error.to_string())?;
    let variable = |name: &str| Value::from_json(&case["context"]["variables"][name]).unwrap_or(Value::Null);
    let context = Object::new([
        ("contact", variable("contact")),
        ("fields", variable("contact")),
        ("results", variable("flow")),
        ("legacy_extra", variable("extra")),
    ]);
    let env = Env::new(Timestamp::UNIX_EPOCH, TimeZone::UTC);
    let failed = !template.render(&context, &env).problems.is_empty();
    let had_failed = case["errors"].as_array().is_some_and(|errors| !errors.is_empty());
    if had_failed && !failed { Err(format!("{new:?} has no error")) } else { Ok(()) }
}
