//! Triggers: read, then seen from inside a session.

use std::path::Path;

use mhero_flow::{environment::Environment, triggers::Trigger};
use serde_json::{Value as Json, json};

use super::{
    runner,
    sessions::{contact, same, setting},
    universe::Universe,
    whole,
};
use crate::{Tally, pack::json_files};

/// What the clock shows.
const NOW: &str = "2018-10-18T14:20:30.000123456Z";

/// Runs the cases of the family.
pub(crate) fn run(dir: &Path, tally: &mut Tally) {
    let Some(assets) = tally.load(dir, "_assets.json") else { return };
    for file in json_files(dir) {
        let Some(cases) = tally.load(dir, &file) else { continue };
        for (n, case) in cases.as_array().into_iter().flatten().enumerate() {
            tally.case(&file, n, one(&assets, case));
            if let Some(expected) = case["read_error"].as_str() {
                wording(tally, Trigger::read(&case["trigger"]).is_err_and(|error| error.to_string() == expected));
            }
        }
    }
}

/// Counts an error by its words, which are a second gate.
fn wording(tally: &mut Tally, same: bool) {
    let count = tally.also.entry("error wording".to_owned()).or_default();
    *count = (count.0 + usize::from(same), count.1 + 1);
}

fn one(assets: &Json, case: &Json) -> Result<(), String> {
    let trigger = match (Trigger::read(&case["trigger"]), case["read_error"].as_str()) {
        (Err(_), Some(_)) => return Ok(()),
        (Err(error), None) => return Err(error.to_string()),
        (Ok(_), Some(expected)) => return Err(format!("it is read, expected: {expected}")),
        (Ok(trigger), None) => trigger,
    };
    // The flow says what it sees of the trigger.
    let mut source = assets.clone();
    source["flows"][0]["nodes"][0]["actions"] = json!([{
        "uuid": "f5e0c7d0-6f53-4d4f-9f0c-2f6b5d2f8c11", "type": "set_run_local", "local": "seen",
        "value": "@(json(trigger))", "operation": "set",
    }]);
    let assets = whole::assets(&source)?;
    let environment = Environment::default();
    let mut universe = Universe::at(NOW, 0);
    let sprint = runner::engine().start(setting(&assets, &environment), contact(&[])?, trigger.clone(), &mut universe);
    let sprint = sprint.map_err(|error| error.to_string())?;
    let seen = sprint.session.runs[0].locals.get("seen").cloned().unwrap_or_default();
    let seen = serde_json::from_str(&seen).map_err(|error| format!("{seen}: {error}"))?;
    same("context", &case["context"], &seen, &[case])?;
    let written = serde_json::to_value(&trigger).map_err(|error| error.to_string())?;
    let again = Trigger::read(&written).map_err(|error| error.to_string())?;
    if again == trigger { Ok(()) } else { Err("read back it is another".to_owned()) }
}
