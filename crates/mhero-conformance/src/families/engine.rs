//! Templates in the fixture session.

use std::path::Path;

use serde_json::Value as Json;

use super::{
    fixture::{Fixture, Webhook},
    sessions::same,
};
use crate::Tally;

/// Runs the cases of the family.
pub(crate) fn run(dir: &Path, tally: &mut Tally) {
    let session = dir.parent().unwrap_or(dir).join("fixtures/session");
    let fixture = match Fixture::load(&session) {
        Ok(fixture) => fixture,
        Err(why) => return tally.case("fixtures/session", "file", Err(why)),
    };
    if let Some(table) = tally.load(dir, "run_context.json") {
        // No server answers here.
        each(&table["cases"], "run_context.json", tally, &|case| evaluate(&fixture, case, "expected", Webhook::Fails));
    }
    if let Some(table) = tally.load(dir, "legacy_extra.json") {
        let body = table["webhook_body"].as_str().unwrap_or_default();
        each(&table["cases"], "legacy_extra.json", tally, &|case| {
            evaluate(&fixture, case, "output", Webhook::Gives(body))
        });
    }
    if let Some(cases) = tally.load(dir, "templates.json") {
        each(&cases, "templates.json", tally, &|case| fixture.evaluate(case, Webhook::Works)?.check(case));
    }
}

fn each(cases: &Json, file: &str, tally: &mut Tally, run: &dyn Fn(&Json) -> Result<(), String>) {
    for (n, case) in cases.as_array().into_iter().flatten().enumerate() {
        let id = case["id"].as_str().map_or_else(|| n.to_string(), str::to_owned);
        tally.case(file, id, run(case));
    }
}

fn evaluate(fixture: &Fixture, case: &Json, key: &str, webhook: Webhook<'_>) -> Result<(), String> {
    let seen = fixture.evaluate(case, webhook)?;
    let expected = case[key].as_str().unwrap_or_default();
    same("", &Json::from(expected), &Json::from(seen.text), &[])
}
