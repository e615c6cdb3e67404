//! Single routers, each on the only node of a flow.

use std::path::Path;

use mhero_flow::{
    Moment,
    definition::Flow,
    environment::Environment,
    inspect::{inspect, localizables, templates},
    triggers::Trigger,
};
use serde_json::{Value as Json, json};

use super::{
    outside::Outside,
    runner,
    sessions::{contact, finish, same, setting, trimmed},
    universe::Universe,
    whole,
};
use crate::{Tally, pack::json_files};

/// Runs the cases of the family.
pub(crate) fn run(dir: &Path, tally: &mut Tally) {
    let Some(assets) = tally.load(dir, "_assets.json") else { return };
    for file in json_files(dir) {
        let Some(cases) = tally.load(dir, &file) else { continue };
        for (n, case) in cases.as_array().into_iter().flatten().enumerate() {
            tally.case(&file, n, one(&assets, case));
        }
    }
}

fn one(assets: &Json, case: &Json) -> Result<(), String> {
    let mut source = assets.clone();
    source["flows"][0]["nodes"][0]["router"] = case["router"].clone();
    if case["localization"].is_object() {
        source["flows"][0]["localization"] = case["localization"].clone();
    }
    let uuid = source["flows"][0]["uuid"].as_str().unwrap_or_default().parse().map_err(|_| "the flow has no id")?;
    let assets = whole::assets(&source)?;
    let flow = assets.flow(uuid);
    if let Some(expected) = case["read_error"].as_str() {
        return flow.err().map(drop).ok_or_else(|| format!("it is read, expected: {expected}"));
    }
    let flow = flow.map_err(|error| error.to_string())?;
    let environment = Environment::default();
    let (engine, mut universe) = (runner::engine(), Universe::new());
    let trigger = Trigger::manual(flow.reference(), Moment::utc(universe.tick()));
    let setting = setting(&assets, &environment);
    let sprint = engine.start(setting, contact(&[])?, trigger, &mut universe).map_err(|error| error.to_string())?;
    let sprint = finish(&engine, setting, sprint, &mut Outside::default(), &mut universe)?;
    let results = serde_json::to_value(&sprint.session.runs[0].results).map_err(|error| error.to_string())?;
    same("results", &case["results"], &results, &[&source])?;
    same("events", &case["events"], &trimmed(&sprint.events)?, &[&source])?;
    texts(case, &flow)?;
    let inspection = serde_json::to_value(inspect(&flow, Some(&assets))).map_err(|error| error.to_string())?;
    same("inspection", &case["inspection"], &inspection, &[&source])
}

fn texts(case: &Json, flow: &Flow) -> Result<(), String> {
    let found: Vec<_> = templates(flow).iter().map(|located| located.text.source()).collect();
    listed("templates", &case["templates"], &json!(found))?;
    let found: Vec<_> = localizables(flow).iter().map(|localizable| localizable.text).collect();
    listed("localizables", &case["localizables"], &json!(found))
}

/// A list; none and a list without items are the same where the pack leaves it out.
fn listed(what: &str, expected: &Json, found: &Json) -> Result<(), String> {
    match expected {
        Json::Null if found.as_array().is_some_and(Vec::is_empty) => Ok(()),
        expected => same(what, expected, found, &[expected]),
    }
}
