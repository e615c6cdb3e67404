//! `issues/`: flows with something wrong, and what inspection says of them.

use std::path::Path;

use mhero_flow::{
    definition::{Flow, ReadOptions},
    inspect::{Known, inspect},
};
use serde_json::Value as Json;

use super::{
    normalise::difference,
    universe::{Pcg, SEED},
    whole::assets,
};
use crate::{
    Tally,
    pack::{json_files, read},
};

/// Runs the family.
pub(crate) fn run(dir: &Path, tally: &mut Tally) {
    let assets = match read(&dir.join("_assets.json")).and_then(|json| assets(&json)) {
        Ok(assets) => assets,
        Err(why) => return tally.case("_assets.json", "file", Err(why)),
    };
    for file in json_files(dir) {
        let Some(json) = tally.load(dir, &file) else { continue };
        for (n, case) in json.as_array().into_iter().flatten().enumerate() {
            let known = (case["no_assets"] != Json::Bool(true)).then_some(&assets as &dyn Known);
            tally.case(&file, n, issues(case, known));
        }
    }
}

fn issues(case: &Json, known: Option<&dyn Known>) -> Result<(), String> {
    let mut ids = Pcg::new(SEED);
    let flow = Flow::read(case["flow"].clone(), &ReadOptions::default(), &mut || ids.uuid_v4());
    let inspection = inspect(&flow.map_err(|error| error.to_string())?, known);
    let issues = serde_json::to_value(&inspection.issues).map_err(|error| error.to_string())?;
    difference(&case["issues"], &issues).map_or(Ok(()), Err)
}
