//! What tests of single routers, triggers, resumes and of the fixture session share.

use mhero_flow::{
    assets::Assets,
    contact::Contact,
    engine::{Engine, Outcome, Setting, Sprint},
    environment::Environment,
    events::Event,
    world::World,
};
use serde_json::{Value as Json, json};

use super::{
    normalise::{Normaliser, difference},
    outside::Outside,
};

/// The contact of single routers, and of resumes with an address.
pub(crate) fn contact(urns: &[&str]) -> Result<Contact, String> {
    from(&json!({
        "uuid": "5d76d86b-3bb9-4d5a-b822-c9d86f5d8e4f",
        "name": "Ryan Lewis",
        "language": "eng",
        "timezone": "America/Guayaquil",
        "fields": {"gender": {"text": "Male"}},
        "urns": urns,
        "created_on": "2018-06-20T11:40:30.123456789Z",
    }))
}

/// Assets and environment as the engine takes them.
pub(crate) fn setting<'a>(assets: &'a Assets, environment: &'a Environment) -> Setting<'a> {
    Setting { assets, environment, call: None }
}

/// Answers what a sprint asks for until it has ended.
pub(crate) fn finish(
    engine: &Engine,
    setting: Setting<'_>,
    sprint: Sprint,
    outside: &mut Outside,
    world: &mut dyn World,
) -> Result<Sprint, String> {
    let sprint = engine.drive(setting, sprint, world, &mut |request, world| outside.perform(request, world));
    let sprint = sprint.map_err(|error| error.to_string())?;
    match sprint.outcome {
        Outcome::NeedsEffect(_) => Err("it still asks for something outside".to_owned()),
        _ => Ok(sprint),
    }
}

/// The events without the first start and the last end of a run.
pub(crate) fn trimmed(events: &[Event]) -> Result<Json, String> {
    let first = usize::from(events.first().is_some_and(|event| event.type_name() == "run_started"));
    let last = usize::from(events.len() > first && events.last().is_some_and(|event| event.type_name() == "run_ended"));
    serde_json::to_value(&events[first..events.len() - last]).map_err(|error| error.to_string())
}

/// That two values are equal, but for ids and instants of the mock universe.
pub(crate) fn same(what: &str, expected: &Json, actual: &Json, inputs: &[&Json]) -> Result<(), String> {
    let mut known = Normaliser::knowing(inputs.iter().copied());
    let (expected, actual) = (known.clone().neutral(expected), known.neutral(actual));
    difference(&expected, &actual).map_or(Ok(()), |why| Err(format!("{what}{why}")))
}

/// A value of some type.
pub(crate) fn from<T: serde::de::DeserializeOwned>(json: &Json) -> Result<T, String> {
    T::deserialize(json).map_err(|error| error.to_string())
}
