//! Addresses: taken apart, put together, normalised, validated, shown; and phone numbers by country.

use std::path::Path;

use mhero_core::ContactUrn;
use mhero_text::{
    phone::{Allowed, dialled},
    urn,
};
use serde_json::{Map, Value as Json};

use super::cases::{same, text};
use crate::{Tally, table::run_tables};

pub(super) fn run(dir: &Path, tally: &mut Tally) {
    run_tables(
        dir,
        tally,
        &[
            ("new_from_parts", |_, case| from_parts(case)),
            ("normalize", |_, case| {
                let raw = text(case, "rawURN");
                // What is no address stays as it is.
                let normal =
                    ContactUrn::parse(raw).map_or_else(|_| raw.to_owned(), |urn| urn::normalized(urn).to_string());
                same("urn", normal.as_str(), text(case, "expected"))
            }),
            ("parse", |_, case| {
                let (urn, error) = match ContactUrn::parse(text(case, "input")) {
                    Ok(urn) => (urn.to_string(), String::new()),
                    Err(problem) => (String::new(), problem.to_string()),
                };
                same("error", error.as_str(), text(case, "expectedError"))?;
                same("urn", urn.as_str(), text(case, "urn"))
            }),
            ("parse_and_back", |_, case| parse_and_back(case)),
            ("parse_number", |_, case| {
                let read = dialled(text(case, "input"), case["country"].as_str(), allowed(case));
                same_or_error(case, read.map_err(|problem| problem.to_string()), "expectedNum")
            }),
            ("parse_phone", |_, case| {
                let read = urn::of_phone(text(case, "input"), case["country"].as_str(), allowed(case));
                same_or_error(
                    case,
                    read.map(|urn| urn.to_string()).map_err(|problem| problem.to_string()),
                    "expectedURN",
                )
            }),
            ("properties", |_, case| {
                let urn = ContactUrn::parse(text(case, "urn")).map_err(|problem| problem.to_string())?;
                same("display", urn.display(), text(case, "display"))?;
                same("format", urn::shown(&urn).as_str(), text(case, "format"))?;
                same("raw query", urn.raw_query(), text(case, "rawQuery"))?;
                let mut query = Map::new();
                for (key, value) in urn.query() {
                    let values = query.entry(key).or_insert_with(|| Json::Array(Vec::new()));
                    values.as_array_mut().expect("an array was put there").push(Json::from(value));
                }
                same("query", &Json::Object(query), &case["query"])
            }),
            ("validate", |_, case| {
                let parsed = ContactUrn::parse(text(case, "urn"));
                let problem = match parsed {
                    Ok(urn) => urn.validate().err().map(|problem| problem.to_string()),
                    Err(_) => {
                        ContactUrn::from_parts("", "", "", "").validate().err().map(|problem| problem.to_string())
                    }
                };
                let (problem, expected) = (problem.unwrap_or_default(), text(case, "expectedError"));
                // Some cases name only the end of the sentence.
                if problem == expected || (!expected.is_empty() && problem.ends_with(expected)) {
                    return Ok(());
                }
                same("error", problem.as_str(), expected)
            }),
        ],
    );
}

fn allowed(case: &Json) -> Allowed {
    let is = |key: &str| case[key] == Json::Bool(true);
    Allowed { short_codes: is("allowShort"), sender_ids: is("allowSenderID") }
}

fn same_or_error(case: &Json, read: Result<String, String>, key: &str) -> Result<(), String> {
    let (read, error) = read.map_or_else(|error| (String::new(), error), |read| (read, String::new()));
    same("error", error.as_str(), text(case, "expectedErr"))?;
    same(key, read.as_str(), text(case, key))
}

fn from_parts(case: &Json) -> Result<(), String> {
    let mut query = Vec::new();
    for (key, values) in case["query"].as_object().into_iter().flatten() {
        for value in values.as_array().into_iter().flatten() {
            query.push((key.clone(), value.as_str().unwrap_or_default().to_owned()));
        }
    }
    let made = urn::of_parts(text(&case["scheme"], "Prefix"), text(case, "path"), &query, text(case, "display"));
    same("has error", &Json::from(made.is_err()), &case["hasError"])?;
    // The identity of no address is written as a lone colon.
    let (urn, identity) = made.map_or((String::new(), ":".to_owned()), |urn| (urn.to_string(), urn.identity()));
    same("urn", urn.as_str(), text(case, "expected"))?;
    same("identity", identity.as_str(), text(case, "identity"))
}

fn parse_and_back(case: &Json) -> Result<(), String> {
    let input = text(case, "input");
    let parsed = ContactUrn::parse(input);
    same("has error", &Json::from(parsed.is_err()), &case["hasError"])?;
    let Ok(urn) = parsed else { return Ok(()) };
    for (key, own) in [
        ("scheme", urn.scheme()),
        ("path", urn.path()),
        ("query", urn.raw_query()),
        ("fragment", urn.display()),
        ("input", &urn.to_string()),
    ] {
        same(key, own, text(case, key))?;
    }
    Ok(())
}
