//! `migrations/`: definitions before and after the step to the version that is the name of the file.

use std::path::Path;

use mhero_flow_migrations::{Options, migrate};
use serde_json::Value as Json;

use super::{
    normalise::difference,
    universe::{Pcg, SEED},
};
use crate::{Tally, pack::json_files};

/// Runs the family.
pub(crate) fn run(dir: &Path, tally: &mut Tally) {
    for file in json_files(dir) {
        let Some(json) = tally.load(dir, &file) else { continue };
        for (n, case) in json.as_array().into_iter().flatten().enumerate() {
            tally.case(&file, n, step(file.trim_end_matches(".json"), case));
        }
    }
}

fn step(version: &str, case: &Json) -> Result<(), String> {
    let to = version.parse().map_err(|error| format!("the file has no version for a name: {error}"))?;
    let mut ids = Pcg::new(SEED);
    let migrated = migrate(case["original"].clone(), Some(to), &mut || ids.uuid_v4(), &Options::default());
    let migrated = migrated.map_err(|error| error.to_string())?;
    difference(&case["migrated"], &migrated).map_or(Ok(()), Err)
}
