//! Changes of contacts: the contact after each, and the events of it.

use std::path::Path;

use mhero_flow::{
    assets::Assets,
    contact::Contact,
    environment::Environment,
    events::Event,
    limits::Limits,
    modifiers::{Change, Modifier},
};
use serde_json::Value as Json;

use super::{
    normalise::{Normaliser, difference},
    universe::Universe,
    whole,
};
use crate::{Tally, pack::json_files};

/// Runs the family.
pub(crate) fn run(dir: &Path, tally: &mut Tally) {
    let Some(assets) = tally.load(dir, "_assets.json") else { return };
    let assets = match whole::assets(&assets) {
        Ok(assets) => assets,
        Err(why) => return tally.case("_assets.json", "file", Err(why)),
    };
    for file in json_files(dir) {
        let Some(cases) = tally.load(dir, &file) else { continue };
        for (n, case) in cases.as_array().into_iter().flatten().enumerate() {
            tally.case(&file, n, changed(&assets, case));
        }
    }
}

fn changed(assets: &Assets, case: &Json) -> Result<(), String> {
    let mut contact: Contact = from(&case["contact_before"])?;
    let modifier: Modifier = from(&case["modifier"])?;
    let environment = Environment::default().of_contact(&contact, assets);
    let (events, _) = apply(&mut contact, &environment, assets, |change| {
        modifier.apply(change);
    });
    let after = serde_json::to_value(&contact).map_err(|error| error.to_string())?;
    let inputs = [&case["contact_before"], &case["modifier"]];
    same(&case["events"], &events, &inputs).and_then(|()| same(&case["contact_after"], &after, &inputs))?;
    let again = serde_json::to_value(&modifier).map_err(|error| error.to_string())?;
    let read: Modifier = from(&again)?;
    if read == modifier { Ok(()) } else { Err("the modifier does not come back".to_owned()) }
}

/// Changes a contact in the mock universe; gives the events.
pub(crate) fn apply(
    contact: &mut Contact,
    environment: &Environment,
    assets: &Assets,
    act: impl FnOnce(&mut Change<'_>),
) -> (Json, Vec<Event>) {
    let (mut world, mut events) = (Universe::new(), Vec::new());
    let mut log = |event| events.push(event);
    let limits = Limits::default();
    act(&mut Change { contact, environment, assets, world: &mut world, limits: &limits, log: &mut log });
    (serde_json::to_value(&events).unwrap_or_default(), events)
}

/// That two values are the same, but for what the mock universe made up.
pub(crate) fn same(expected: &Json, actual: &Json, inputs: &[&Json]) -> Result<(), String> {
    let mut known = Normaliser::knowing(inputs.iter().copied());
    let (one, two) = (known.clone().neutral(expected), known.neutral(actual));
    difference(&one, &two).map_or(Ok(()), Err)
}

/// Runs every case of a table, if the folder has it.
pub(crate) fn each_case(dir: &Path, tally: &mut Tally, file: &str, run: impl Fn(&Json) -> Result<(), String>) {
    if !dir.join(file).exists() {
        return;
    }
    let Some(table) = tally.load(dir, file) else { return };
    for (n, case) in table["cases"].as_array().into_iter().flatten().enumerate() {
        let id = case["id"].as_str().and_then(|id| id.rsplit_once('#'));
        tally.case(file, id.map_or_else(|| n.to_string(), |(_, number)| number.to_owned()), run(case));
    }
}

pub(crate) fn from<T: serde::de::DeserializeOwned>(json: &Json) -> Result<T, String> {
    T::deserialize(json).map_err(|error| error.to_string())
}
