//! How far the language agrees with the conformance pack. The pack is not part of the repository; without it the test says so.
#![expect(clippy::print_stderr, reason = "how many cases agree is what these tests tell")]

use std::path::PathBuf;

use jiff::{civil::date, tz::TimeZone};
use mhero_core::{FieldId, GroupId, Lang, LangMap, PersonId};
use mhero_query::{
    Directory, Entry, EntryKind, Environment, FieldValue, Numbers, Problem, Profile, QueryError, check, evaluate,
    lower, parse_in,
};
use serde_json::Value;
use uuid::Uuid;

/// Reads numbers as the pack's country, the United States, writes them.
struct American;

impl Numbers for American {
    fn e164(&self, text: &str) -> Option<String> {
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        match (text.starts_with('+'), digits.len()) {
            (true, 8..=15) => Some(format!("+{digits}")),
            (false, 10) if !digits.starts_with('0') => Some(format!("+1{digits}")),
            _ => None,
        }
    }
}

fn pack(file: &str) -> Option<Value> {
    let shared = std::env::var_os("MHERO_SHARED")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared"), PathBuf::from);
    let path = shared.join("conformance/flow/contactql").join(file);
    let Ok(text) = std::fs::read_to_string(&path) else {
        eprintln!("skipped: no {file} under MHERO_SHARED");
        return None;
    };
    Some(serde_json::from_str(&text).expect("the pack is JSON"))
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap_or_default()
}

/// The fields and groups that a file of the pack resolves names with.
fn directory(resolver: &Value) -> Directory {
    let mut directory = Directory::default();
    let number = |at: usize| Uuid::from_u128(at as u128 + 1);
    for (at, field) in resolver["fields"].as_array().into_iter().flatten().enumerate() {
        let kind = match text(field, "type") {
            "number" => EntryKind::Number,
            "datetime" => EntryKind::Instant,
            _ => EntryKind::Text,
        };
        let key = text(field, "key");
        let names = LangMap::one(Lang::ENGLISH, key);
        directory.fields.add(Entry::new(FieldId::from_uuid(number(at)), names, [key]).kind(kind));
    }
    for (at, group) in resolver["groups"].as_array().into_iter().flatten().enumerate() {
        let names = LangMap::one(Lang::ENGLISH, text(group, "name"));
        directory.groups.add(Entry::new(GroupId::from_uuid(number(at)), names, [""; 0]));
    }
    directory
}

fn environment(redact: bool) -> Environment<'static> {
    let world = Environment::new(TimeZone::UTC, date(2026, 5, 14), &American);
    Environment { redact_urns: redact, ..world }
}

/// What becomes of a text: its canonical form, or an error.
fn outcome(text: &str, directory: Option<&Directory>, redact: bool) -> Result<String, QueryError> {
    let environment = environment(redact);
    let query = parse_in(text, &environment)?;
    if let Some(directory) = directory {
        match check(&query, directory, &environment) {
            // What RapidPro asks and mHero can't yet is still the same text.
            Err(error) if matches!(*error.problem, Problem::UnknownProperty { .. }) && is_foreign(text) => {}
            Err(error) => return Err(error),
            Ok(_) => {}
        }
    }
    Ok(query.qualified())
}

fn is_foreign(text: &str) -> bool {
    let text = text.to_lowercase();
    ["tickets", "id =", "flow", "status", "twitter", "mailto"].iter().any(|word| text.contains(word))
}

fn told(file: &str, agreed: usize, differing: &[String], floor: usize) {
    eprintln!("{file}: {agreed} of {} agree", agreed + differing.len());
    for line in differing {
        eprintln!("  {line}");
    }
    assert!(agreed >= floor, "{file}: {agreed} agree, {floor} did before");
}

#[test]
fn queries_are_read_and_printed_as_in_the_pack() {
    let Some(pack) = pack("parse.json") else { return };
    let directory = directory(&pack["resolver"]);
    let (mut agreed, mut differing) = (0, Vec::new());
    for case in pack["cases"].as_array().expect("cases") {
        let resolver = (case["resolver"] == Value::Bool(true)).then_some(&directory);
        let outcome = outcome(text(case, "text"), resolver, case["redactURNs"] == Value::Bool(true));
        let got = outcome.as_ref().map_or_else(ToString::to_string, Clone::clone);
        let expected = if text(case, "err").is_empty() { text(case, "parsed") } else { text(case, "err") };
        let same = match (&outcome, text(case, "err")) {
            (Ok(printed), "") => printed == text(case, "parsed"),
            (Err(error), message) if !message.is_empty() => same_error(error, message),
            _ => false,
        };
        if same {
            agreed += 1;
        } else {
            differing.push(format!("{}: {got:?} is not {expected:?}", text(case, "id")));
        }
    }
    told("parse.json", agreed, &differing, 131);
}

/// Our wording follows the pack's where the words are the same; else the codes must speak of the same thing.
fn same_error(error: &QueryError, message: &str) -> bool {
    let begins = match error.code() {
        "invalid_number" | "invalid_date" => "can't convert",
        "invalid_language" => "is not a valid language code",
        "invalid_group" => "is not a valid group name",
        "invalid_status" => "is not a valid contact status",
        _ => return error.to_string() == message,
    };
    message.contains(begins) && error.params().iter().all(|(_, value)| message.contains(value.as_str()))
}

#[test]
fn errors_bear_the_codes_of_the_pack() {
    let Some(pack) = pack("parse_errors.json") else { return };
    let directory = directory(&pack["resolver"]);
    let (mut agreed, mut differing) = (0, Vec::new());
    for case in pack["cases"].as_array().expect("cases") {
        let query = text(case, "query");
        let parsed = parse_in(query, &environment(false));
        let Err(error) = parsed.and_then(|query| check(&query, &directory, &environment(false))) else {
            differing.push(format!("{query}: no error"));
            continue;
        };
        let params: serde_json::Map<String, Value> =
            error.params().into_iter().map(|(name, value)| (name.to_owned(), Value::from(value))).collect();
        let extra = case["errExtra"].as_object().cloned().unwrap_or_default();
        if error.code() == text(case, "errCode") && params == extra {
            agreed += 1;
        } else {
            differing.push(format!("{query}: {} {params:?} is not {}", error.code(), case));
        }
    }
    told("parse_errors.json", agreed, &differing, 15);
}

#[test]
fn queries_are_simplified_as_in_the_pack() {
    let Some(pack) = pack("simplify.json") else { return };
    for case in pack["cases"].as_array().expect("cases") {
        let printed = parse_in(text(case, "text"), &environment(false)).expect("a query").qualified();
        assert_eq!(printed, text(case, "parsed"));
    }
}

/// The person of `evaluate.json`, as far as mHero knows such things.
fn bob(object: &Value, directory: &Directory) -> Profile {
    let first = |key: &str| object[key][0].clone();
    let mut bob = Profile {
        person: first("uuid").as_str().and_then(|id| id.parse().ok()).unwrap_or(PersonId::from_uuid(Uuid::nil())),
        name: first("name").as_str().unwrap_or_default().to_owned(),
        phones: vec![first("tel").as_str().unwrap_or_default().to_owned()],
        ..Profile::default()
    };
    for key in ["gender", "age", "dob", "state", "district", "ward", "empty"] {
        let value = first(key);
        let number = value["number"].as_str().and_then(|number| number.parse().ok());
        let instant = value["datetime"].as_str().and_then(|instant| instant.parse().ok()).map(mhero_core::micros);
        let own = FieldValue { text: value.as_str().unwrap_or_default().to_owned(), number, instant, place: None };
        let field = directory.fields.find(key)[0].id;
        bob.fields.insert(field, own);
    }
    bob
}

#[test]
fn people_are_found_as_in_the_pack() {
    let Some(pack) = pack("evaluate.json") else { return };
    let directory = directory(&pack["resolver"]);
    let bob = bob(&pack["object"], &directory);
    let (mut agreed, mut differing) = (0, Vec::new());
    for case in pack["cases"].as_array().expect("cases") {
        let query = text(case, "query");
        if ["id =", "ref", "flow", "twitter", "whatsapp"].iter().any(|word| query.starts_with(word)) {
            continue;
        }
        let world = environment(false);
        let found = parse_in(query, &world)
            .and_then(|query| check(&query, &directory, &world))
            .map(|audience| evaluate(&lower(&audience), &bob));
        if found.as_ref().ok() == case["result"].as_bool().as_ref() {
            agreed += 1;
        } else {
            differing.push(format!("{query}: {found:?} is not {}", case["result"]));
        }
    }
    told("evaluate.json", agreed, &differing, 52);
}
