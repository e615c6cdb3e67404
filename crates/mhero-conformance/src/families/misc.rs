//! Small tools: patterns with stars, and the best language for a reader.

use std::path::Path;

use mhero_text::{best_locale, glob_match};
use serde_json::Value as Json;

use super::cases::{same, text};
use crate::{Tally, table::run_tables};

pub(super) fn run(dir: &Path, tally: &mut Tally) {
    run_tables(
        dir,
        tally,
        &[
            ("glob_match", |_, case| {
                let matches = glob_match(text(case, "pattern"), text(case, "input"));
                same("matches", &Json::from(matches), &case["matches"])
            }),
            ("locale_matcher", |_, case| {
                let list = |key: &str| -> Vec<&str> {
                    case[key].as_array().into_iter().flatten().map(|one| one.as_str().unwrap_or_default()).collect()
                };
                let available = list("available");
                let best = best_locale(&list("preferred"), &available).map_or("", |at| available[at]);
                same("best", best, text(case, "best"))
            }),
        ],
    );
}
