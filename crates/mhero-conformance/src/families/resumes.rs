//! Resumes: each for a session that waits.

use std::path::Path;

use mhero_flow::{Moment, environment::Environment, resumes::Resume, session::SessionStatus, triggers::Trigger};
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
    let uuid = case["flow_uuid"].as_str().unwrap_or_default();
    let flows = source["flows"].as_array_mut().ok_or("there are no flows")?;
    let flow = flows.iter_mut().find(|flow| flow["uuid"] == uuid).ok_or("there is no such flow")?;
    if !case["wait"].is_null() {
        flow["nodes"][0]["router"]["wait"] = case["wait"].clone();
    }
    let assets = whole::assets(&source)?;
    let flow = assets.flow(uuid.parse().map_err(|_| "no id")?).map_err(|error| error.to_string())?;
    let environment = Environment::default();
    let (engine, mut universe) = (runner::engine(), Universe::new());
    let setting = setting(&assets, &environment);
    let trigger = Trigger::manual(flow.reference(), Moment::utc(universe.tick()));
    let contact = contact(&["tel:+12065551212"])?;
    let sprint = engine.start(setting, contact, trigger, &mut universe).map_err(|error| error.to_string())?;
    if sprint.session.status != SessionStatus::Waiting {
        return Err("it does not wait".to_owned());
    }
    let resumed = Resume::read(&case["resume"]).map_err(|error| error.to_string()).and_then(|resume| {
        let resumed = engine.resume(setting, sprint.session, sprint.contact, resume, &mut universe);
        resumed.map_err(|error| error.to_string())
    });
    let sprint = match (resumed, case["resume_error"].as_str().or(case["read_error"].as_str())) {
        (Err(_), Some(_)) => return Ok(()),
        (Err(error), None) => return Err(error),
        (Ok(_), Some(expected)) => return Err(format!("it goes on, expected: {expected}")),
        (Ok(sprint), None) => finish(&engine, setting, sprint, &mut Outside::default(), &mut universe)?,
    };
    same("events", &case["events"], &trimmed(&sprint.events)?, &[&source, &case["resume"]])?;
    same("run_status", &case["run_status"], &json!(sprint.session.runs[0].status), &[])?;
    same("session_status", &case["session_status"], &json!(sprint.session.status), &[])
}
