//! Finds the pack, runs a file's cases, and holds the count against its floor.

use std::path::PathBuf;

use serde_json::Value as Json;

/// What one case gave: nothing, or what differed.
pub type Outcome = Result<(), String>;

/// Runs the cases of a file, e.g. `excellent/operators`, and asserts that at least `floor` pass. `run` gives `None` for a case
/// that is not for this gate.
pub fn gate(file: &str, floor: usize, run: impl Fn(&Json, &Json) -> Option<Outcome>) {
    let Some(pack) = load(file) else { return };
    let cases = pack["cases"].as_array().expect("a list of cases");
    let (mut passed, mut total) = (0, 0);
    for case in cases {
        let Some(outcome) = run(&pack, case) else { continue };
        total += 1;
        match outcome {
            Ok(()) => passed += 1,
            Err(difference) => eprintln!("{}: {difference}", case["id"].as_str().unwrap_or(file)),
        }
    }
    eprintln!("{file}: {passed} of {total} pass");
    assert!(passed >= floor, "{file}: {passed} of {total} pass, and at least {floor} did before");
}

/// Equality with a message.
#[expect(clippy::needless_pass_by_value, reason = "callers compare what they have just made")]
pub fn same<T: PartialEq + std::fmt::Display>(got: T, expected: T) -> Outcome {
    if got == expected { Ok(()) } else { Err(format!("got {got}, expected {expected}")) }
}

/// A text of a case.
pub fn text<'j>(case: &'j Json, key: &str) -> &'j str {
    case[key].as_str().unwrap_or_default()
}

fn load(file: &str) -> Option<Json> {
    let shared = std::env::var_os("MHERO_SHARED").map_or_else(
        || PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default()).join("../../../shared"),
        PathBuf::from,
    );
    let path = shared.join("conformance/flow").join(file).with_extension("json");
    let Ok(bytes) = std::fs::read(&path) else {
        eprintln!("{file}: skipped, the shared folder is not there");
        return None;
    };
    Some(serde_json::from_slice(&bytes).expect("the pack is JSON"))
}
