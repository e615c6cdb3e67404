//! Session tests: whole sessions, sprint by sprint, stored in between as a server stores them.

use std::path::Path;

use jiff::Timestamp;
use mhero_flow::{
    assets::Assets,
    contact::Contact,
    engine::{Engine, Outcome, Setting, Sprint},
    environment::Environment,
    events::Call,
    resumes::Resume,
    session::Session,
    triggers::Trigger,
};
use serde::Serialize;
use serde_json::{Value as Json, json};

use super::{
    normalise::{Normaliser, difference},
    outside::Outside,
    universe::Universe,
    whole,
};
use crate::{
    Tally,
    pack::{json_files, read},
};

/// The prompt that session tests use.
const CATEGORIZE: &str = "Categorize the following text into one of the following categories and only return that category \
                          or <CANT> if you can't: {{ .arg1 }}";

/// How far the expiry of a wait may be from the expected one, in seconds.
const EXPIRY_TOLERANCE: i64 = 60;

/// How a session is stored between two steps.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Storage {
    /// As indented JSON between sprints.
    Json,
    /// As indented JSON and then as a blob between sprints, and as a blob while an outside call is under way.
    Blob,
}

/// Runs the published session tests.
pub(crate) fn run(dir: &Path, tally: &mut Tally) {
    run_all(dir, dir, true, tally);
}

/// Runs the session tests with other inputs for the published flows.
pub(crate) fn run_generated(dir: &Path, tally: &mut Tally) {
    let published = dir.parent().unwrap_or(dir).join("runner");
    run_all(dir, &published, false, tally);
}

/// The engine with the settings of the pack.
pub(crate) fn engine() -> Engine {
    let prompts = [("categorize".to_owned(), CATEGORIZE.to_owned())];
    Engine { prompts: std::sync::Arc::new(prompts.into()), ..Engine::default() }
}

fn run_all(dir: &Path, assets: &Path, all_mocks: bool, tally: &mut Tally) {
    for file in json_files(dir) {
        let stem = file.trim_end_matches(".json");
        let Some((flow, case)) = stem.split_once('.') else { continue };
        let test = match read(&dir.join(&file)) {
            Ok(test) => test,
            Err(why) => {
                tally.case(&file, case, Err(why));
                continue;
            }
        };
        let outcome = run_file(&test, &assets.join(format!("{flow}.json")), all_mocks, tally);
        tally.case(&file, case, outcome);
    }
}

/// Runs one test in both ways of storing; counts sprints.
fn run_file(test: &Json, assets: &Path, all_mocks: bool, tally: &mut Tally) -> Result<(), String> {
    let total = test["outputs"].as_array().map_or(0, Vec::len);
    let mut outcome = Ok(());
    for (storage, name) in [(Storage::Json, "sprints"), (Storage::Blob, "sprints_blob")] {
        let mut passed = 0;
        let run = read(assets).and_then(|assets| run_test(test, &assets, storage, all_mocks, &mut passed));
        let count = tally.also.entry(name.to_owned()).or_default();
        *count = (count.0 + passed, count.1 + total);
        outcome = outcome.and(run.map_err(|why| format!("{name}: {why}")));
    }
    outcome
}

fn run_test(test: &Json, assets: &Json, storage: Storage, all_mocks: bool, passed: &mut usize) -> Result<(), String> {
    let mut outside = Outside::new(&test["http_mocks"]);
    let (actual, stopped) = match play(test, assets, storage, &mut outside) {
        Ok(actual) => (actual, None),
        Err((actual, why)) => (actual, Some(why)),
    };
    let expected = test["outputs"].as_array().cloned().unwrap_or_default();
    let mut problems = compare(test, assets, &expected, &actual, passed);
    problems.extend(stopped);
    if problems.is_empty() && all_mocks && !outside.unused().is_empty() {
        problems.push(format!("unused mocks: {:?}", outside.unused()));
    }
    if problems.is_empty() { Ok(()) } else { Err(problems.join("; ")) }
}

type Played = Result<Vec<Json>, (Vec<Json>, String)>;

/// All sprints of a test, as far as they go.
fn play(test: &Json, assets: &Json, storage: Storage, outside: &mut Outside) -> Played {
    let mut outputs = Vec::new();
    match play_into(test, assets, storage, outside, &mut outputs) {
        Ok(()) => Ok(outputs),
        Err(why) => Err((outputs, why)),
    }
}

fn play_into(
    test: &Json,
    assets: &Json,
    storage: Storage,
    outside: &mut Outside,
    outputs: &mut Vec<Json>,
) -> Result<(), String> {
    let assets: Assets = whole::assets(assets)?;
    let environment: Environment = from(&test["environment"])?;
    let call: Option<Call> = from(&test["call"])?;
    let setting = Setting { assets: &assets, environment: &environment, call: call.as_ref() };
    let contact: Contact = from(&test["contact"])?;
    let trigger = Trigger::read(&test["trigger"]).map_err(|error| error.to_string())?;
    let (engine, mut universe) = (engine(), Universe::new());
    let started = engine.start(setting, contact, trigger, &mut universe).map_err(|error| error.to_string())?;
    let mut sprint = finish(&engine, setting, started, storage, outside, &mut universe)?;
    outputs.push(output(&mut sprint)?);
    for resume in test["resumes"].as_array().into_iter().flatten() {
        let resume = Resume::read(resume).map_err(|error| error.to_string())?;
        let session = stored(&sprint.session, storage)?;
        let resumed = engine.resume(setting, session, sprint.contact, resume, &mut universe);
        let resumed = resumed.map_err(|error| error.to_string())?;
        sprint = finish(&engine, setting, resumed, storage, outside, &mut universe)?;
        outputs.push(output(&mut sprint)?);
    }
    Ok(())
}

/// Answers what a sprint asks for until it has ended.
fn finish(
    engine: &Engine,
    setting: Setting<'_>,
    mut sprint: Sprint,
    storage: Storage,
    outside: &mut Outside,
    universe: &mut Universe,
) -> Result<Sprint, String> {
    while let Outcome::NeedsEffect(request) = &sprint.outcome {
        let answer = outside.perform(request, universe);
        let key = request.key.clone();
        let session = if storage == Storage::Blob { packed(&sprint.session)? } else { sprint.session };
        let next = engine.answer(setting, session, sprint.contact, &key, answer, universe);
        let mut next = next.map_err(|error| error.to_string())?;
        sprint.events.append(&mut next.events);
        sprint.segments.append(&mut next.segments);
        sprint = Sprint { events: sprint.events, segments: sprint.segments, ..next };
    }
    Ok(sprint)
}

/// The session as it comes back from the store.
fn stored(session: &Session, storage: Storage) -> Result<Session, String> {
    // Indented by four spaces as the pack's sessions were, since old flows show the words of stored JSON.
    let value = serde_json::to_value(session).map_err(|error| error.to_string())?;
    let mut text = Vec::new();
    let formatter = serde_json::ser::PrettyFormatter::with_indent(b"    ");
    let mut serializer = serde_json::Serializer::with_formatter(&mut text, formatter);
    value.serialize(&mut serializer).map_err(|error| error.to_string())?;
    let session: Session = serde_json::from_slice(&text).map_err(|error| error.to_string())?;
    if storage == Storage::Blob { packed(&session) } else { Ok(session) }
}

/// The session as it comes back from a blob.
fn packed(session: &Session) -> Result<Session, String> {
    Session::from_blob(&session.to_blob()).map_err(|error| error.to_string())
}

fn output(sprint: &mut Sprint) -> Result<Json, String> {
    sprint.session.compact();
    let json = |value: Result<Json, serde_json::Error>| value.map_err(|error| error.to_string());
    Ok(json!({
        "session": json(serde_json::to_value(&sprint.session))?,
        "events": json(serde_json::to_value(&sprint.events))?,
        "segments": json(serde_json::to_value(&sprint.segments))?,
    }))
}

/// The differences of all sprints; counts the sprints without any.
fn compare(test: &Json, assets: &Json, expected: &[Json], actual: &[Json], passed: &mut usize) -> Vec<String> {
    let mut inputs = test.clone();
    if let Some(inputs) = inputs.as_object_mut() {
        inputs.remove("outputs");
    }
    let (mut expected, mut actual) = (expected.to_vec(), actual.to_vec());
    for (one, two) in expected.iter_mut().zip(&mut actual) {
        match_expiries(one, two);
    }
    let known = Normaliser::knowing([&inputs, assets]);
    let (expected, actual) = (neutral(&expected, known.clone()), neutral(&actual, known));
    let mut problems = Vec::new();
    for (at, sprint) in expected.iter().enumerate() {
        match actual.get(at).map(|actual| difference(sprint, actual)) {
            Some(None) => *passed += 1,
            Some(Some(why)) => problems.push(format!("sprint {at}: {why}")),
            None => problems.push(format!("sprint {at} is missing")),
        }
    }
    if actual.len() > expected.len() {
        problems.push(format!("{} sprints too many", actual.len() - expected.len()));
    }
    problems
}

/// Events of all sprints first, then segments, then sessions, as ids are named in the order of their appearance.
fn neutral(outputs: &[Json], mut normaliser: Normaliser) -> Vec<Json> {
    let mut all = vec![json!({}); outputs.len()];
    for part in ["events", "segments", "session"] {
        for (output, neutral) in outputs.iter().zip(&mut all) {
            neutral[part] = normaliser.neutral(&output[part]);
        }
    }
    all
}

/// Makes expiries equal that are as far from their events as expected, within a minute.
fn match_expiries(expected: &mut Json, actual: &mut Json) {
    let events = |output: &mut Json| output["events"].as_array_mut().map(std::mem::take).unwrap_or_default();
    let (mut one, mut two) = (events(expected), events(actual));
    for (one, two) in one.iter_mut().zip(&mut two) {
        if let (Some(first), Some(second)) = (expiry(one), expiry(two))
            && (first - second).abs() <= EXPIRY_TOLERANCE
        {
            one["expires_on"] = json!("in time");
            two["expires_on"] = json!("in time");
        }
    }
    expected["events"] = Json::Array(one);
    actual["events"] = Json::Array(two);
}

/// Seconds from an event to its expiry.
fn expiry(event: &Json) -> Option<i64> {
    let at = |key: &str| event[key].as_str()?.parse::<Timestamp>().ok();
    Some(at("expires_on")?.as_second() - at("created_on")?.as_second())
}

fn from<T: serde::de::DeserializeOwned>(json: &Json) -> Result<T, String> {
    T::deserialize(json).map_err(|error| error.to_string())
}
