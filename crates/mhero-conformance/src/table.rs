//! Families whose files are tables of cases.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
};

use serde_json::Value as Json;

use crate::{
    Tally,
    pack::json_files,
    typed::{Outcome, list},
};

/// What to do with one case of a table: the table, the case.
pub(crate) type Run = fn(&Json, &Json) -> Outcome;

/// Runs the tables of a folder, each file by the function beside its name. A file that nobody knows is a failure, and so is a case
/// that makes the program panic.
pub(crate) fn run_tables(dir: &Path, tally: &mut Tally, tables: &[(&str, Run)]) {
    for file in json_files(dir) {
        let name = file.trim_end_matches(".json");
        match tables.iter().find(|(table, _)| *table == name) {
            Some((_, run)) => run_table(dir, tally, &file, *run),
            None => tally.case(&file, "file", Err("no runner knows this file".to_owned())),
        }
    }
}

/// Runs the cases of one table.
pub(crate) fn run_table(dir: &Path, tally: &mut Tally, file: &str, run: impl Fn(&Json, &Json) -> Outcome) {
    let Some(table) = tally.load(dir, file) else { return };
    let Some(cases) = table["cases"].as_array() else {
        tally.case(file, "cases", Err("there is no list of cases".to_owned()));
        return;
    };
    for (n, case) in cases.iter().enumerate() {
        let number =
            case["id"].as_str().and_then(|id| id.rsplit_once('#')).map_or_else(|| n.to_string(), |(_, n)| n.to_owned());
        let outcome = catch_unwind(AssertUnwindSafe(|| run(&table, case)));
        tally.case(file, number, outcome.unwrap_or_else(|_| Err("it panicked".to_owned())));
    }
}

/// Counts beside the cases how many errors have the pack's very words, which is a gate of its own. `None` where a case has none.
pub(crate) fn count_wording(dir: &Path, tally: &mut Tally, file: &str, same: fn(&Json, &Json) -> Option<bool>) {
    let Some(table) = tally.load(dir, file) else { return };
    let all: Vec<bool> = list(&table["cases"]).iter().filter_map(|case| same(&table, case)).collect();
    let counts = tally.also.entry("error wording".to_owned()).or_default();
    counts.0 += all.iter().filter(|same| **same).count();
    counts.1 += all.len();
}
