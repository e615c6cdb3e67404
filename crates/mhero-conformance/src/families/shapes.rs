//! `shapes`: serialised examples, each read and written back unchanged.

use std::path::Path;

use mhero_flow::definition::Action;
use serde_json::Value as Json;

use crate::{Tally, pack::json_files};

/// Reads an example and writes it again.
type Round = fn(&Json) -> Result<Json, String>;

/// Runs the cases of the family.
pub(crate) fn run(dir: &Path, tally: &mut Tally) {
    for file in json_files(dir) {
        match file.as_str() {
            "actions.json" => rounds(dir, &file, tally, action),
            _ => tally.case(&file, "file", Err("nobody knows what shapes these are".to_owned())),
        }
    }
}

fn rounds(dir: &Path, file: &str, tally: &mut Tally, round: Round) {
    let Some(json) = tally.load(dir, file) else { return };
    for (n, case) in json["cases"].as_array().into_iter().flatten().enumerate() {
        let outcome = round(&case["json"]).and_then(|written| {
            if written == case["json"] { Ok(()) } else { Err(format!("expected {}, got {written}", case["json"])) }
        });
        tally.case(file, case["id"].as_str().map_or_else(|| n.to_string(), str::to_owned), outcome);
    }
}

fn action(json: &Json) -> Result<Json, String> {
    Action::read(json).map(|action| action.to_json()).map_err(|fault| fault.to_string())
}
