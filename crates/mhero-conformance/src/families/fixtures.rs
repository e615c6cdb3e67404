//! Known answers: the generators, and the fixture session.

use std::path::Path;

use jiff::{SignedDuration, Timestamp};
use serde_json::Value as Json;

use crate::{
    Tally,
    prng::Pcg,
    typed::{Outcome, list, same},
};

/// When the mock universe starts; each reading of its clock takes a second.
const UNIVERSE_START: &str = "2025-05-04T12:30:45.123456789Z";

/// Runs the family.
pub(crate) fn run(dir: &Path, tally: &mut Tally) {
    let file = "prng.json";
    if let Some(answers) = tally.load(dir, file) {
        for (name, outcome) in generators(&answers) {
            tally.case(file, name, outcome);
        }
    }
    super::fixture::run(&dir.join("session"), tally);
}

fn generators(answers: &Json) -> Vec<(&'static str, Outcome)> {
    let stream = || Pcg::new(answers["seed"].as_u64().unwrap_or(0));
    let check = |key: &str, next: &mut dyn FnMut() -> String| {
        let wanted: Vec<String> =
            list(&answers[key]).iter().map(|v| v.as_str().map_or_else(|| v.to_string(), str::to_owned)).collect();
        let got: Vec<String> = wanted.iter().map(|_| next()).collect();
        if wanted.is_empty() { Err("there are no answers".to_owned()) } else { same(got, wanted) }
    };
    let (mut bits, mut floats, mut tens, mut more, mut v4, mut v7) =
        (stream(), stream(), stream(), stream(), stream(), stream());
    let mut now: Timestamp = UNIVERSE_START.parse().unwrap_or(Timestamp::UNIX_EPOCH);
    vec![
        ("uint64_hex", check("uint64_hex", &mut || format!("{:016x}", bits.bits()))),
        ("float64", check("float64", &mut || floats.float().to_string())),
        ("intn_10", check("intn_10", &mut || tens.below(10).to_string())),
        ("intn_36", check("intn_36", &mut || more.below(36).to_string())),
        ("uuid_v4", check("uuid_v4", &mut || v4.uuid_v4().to_string())),
        (
            "uuid_v7_mock_start",
            check("uuid_v7_mock_start", &mut || {
                let uuid = v7.uuid_v7(now).to_string();
                now = now.checked_add(SignedDuration::from_secs(1)).unwrap_or(now);
                uuid
            }),
        ),
    ]
}
