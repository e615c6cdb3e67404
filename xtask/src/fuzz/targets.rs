//! The readers of foreign input that are tried, with their seeds.

use std::{fs, path::Path};

use jiff::{Timestamp, tz::TimeZone};
use mhero_expr::{Context, Env, Object, Template, TopLevels, Value};
use mhero_flow::{
    checks::{CheckOptions, check},
    definition::{Flow, ReadOptions},
    inspect::inspect,
    session::Session,
};
use serde_json::Value as Json;
use uuid::Uuid;

use super::registries;

/// The library of ready flows, from the project's root.
const LIBRARY: &str = "library";
/// Longest text that is a seed, in bytes.
const TEXT_BYTES_MAX: usize = 4 * 1024;
/// Texts of which expressions read something.
const CONTEXT: &str = r#"{"contact": {"name": "Ama Béa", "first_name": "Ama", "fields": {"age": 23, "joined": "2024-02-29T10:00:00Z"}},
"fields": {"age": 23}, "results": {"q": {"value": "12", "category": "Yes"}}, "input": {"text": "yes 12, no 7"}, "list": [3, "x", null],
"webhook": {"json": {"a": [1, {"b": "c"}]}}, "globals": {"org": "MoH"}, "trigger": {"params": {}}}"#;

/// Judges an input: whether the reader took it. It must not panic.
pub type Judge = Box<dyn FnMut(&[u8]) -> bool>;

/// A reader of foreign input.
pub struct Target {
    /// Its name.
    pub name: &'static str,
    /// What it is tried with.
    pub seeds: fn() -> Vec<Vec<u8>>,
    /// Makes what tries it.
    pub judge: fn() -> Judge,
}

/// Every target.
pub const ALL: [Target; 9] = [
    Target { name: "dhis2", seeds: registries::dhis2_seeds, judge: registries::dhis2 },
    Target { name: "rapidpro", seeds: registries::rapidpro_seeds, judge: registries::rapidpro },
    Target { name: "expressions", seeds: expression_seeds, judge: expressions },
    Target { name: "queries", seeds: query_seeds, judge: queries },
    Target { name: "definitions", seeds: definition_seeds, judge: definitions },
    Target { name: "sessions", seeds: session_seeds, judge: sessions },
    Target { name: "csd", seeds: super::csd::seeds, judge: super::csd::judge },
    Target { name: "fhir", seeds: super::fhir::seeds, judge: super::fhir::judge },
    Target { name: "searches", seeds: super::fhir::search_seeds, judge: super::fhir::searches },
];

/// Templates are read, rendered within the budget, and their expressions written and read again.
fn expressions() -> Judge {
    let context = match Value::from_json_text(CONTEXT) {
        Ok(Value::Object(object)) => object,
        _ => Object::new(std::iter::empty::<(String, Value)>()).into(),
    };
    let names = TopLevels::flow();
    let env = Env::new(Timestamp::UNIX_EPOCH, TimeZone::UTC);
    Box::new(move |input| {
        let text = String::from_utf8_lossy(input);
        let template = Template::parse_any(&text, &names);
        let rendered = template.render(&*context as &dyn Context, &env);
        let _ = (template.paths(), template.faults(&names), template.canonical());
        rendered.problems.is_empty()
    })
}

/// What is read is written in the language's own way, and must then be read again.
fn queries() -> Judge {
    Box::new(|input| match mhero_query::parse(&String::from_utf8_lossy(input)) {
        Ok(query) => {
            let written = query.to_string();
            let again = mhero_query::parse(&written).map(|again| again.to_string());
            assert_eq!(again.as_ref(), Ok(&written), "what is written is not read as the same");
            true
        }
        Err(error) => {
            let _ = error.reason();
            false
        }
    })
}

/// Definitions of any version are read, inspected, checked, written and read again.
fn definitions() -> Judge {
    let mut minted = 0u128;
    Box::new(move |input| {
        let mut mint = || {
            minted += 1;
            Uuid::from_u128(minted)
        };
        let Ok(flow) = Flow::from_slice(input, &ReadOptions::default(), &mut mint) else { return false };
        let _ = (inspect(&flow, None), check(&flow, &CheckOptions { known: None, languages: &[], segments: 1 }));
        let written = flow.to_json().to_string();
        let again = Flow::from_slice(written.as_bytes(), &ReadOptions::default(), &mut mint);
        assert!(again.is_ok(), "what is written is not read again");
        true
    })
}

/// What is read is written and read as the same.
fn sessions() -> Judge {
    Box::new(|input| match Session::from_blob(input) {
        Ok(session) => {
            let blob = session.to_blob();
            assert!(Session::from_blob(&blob).is_ok(), "what is written is not read again");
            true
        }
        Err(_) => false,
    })
}

fn expression_seeds() -> Vec<Vec<u8>> {
    let mut seeds = texts_of("conformance/flow/excellent");
    seeds.extend(texts_of("conformance/flow/router_tests"));
    seeds.extend(seeds_of(&[
        "@(1 + 2)",
        "@(upper(contact.name))",
        "@contact.fields.age",
        "@(foreach(list, (x) => x & 1))",
    ]));
    seeds
}

fn query_seeds() -> Vec<Vec<u8>> {
    let mut seeds = texts_of("conformance/flow/contactql");
    seeds.extend(seeds_of(&[
        "cadre = midwife AND place = \"Nimbara\"",
        "name ~ \"a\" OR (age > 3 AND NOT group = x)",
        "+231770000001",
    ]));
    seeds
}

fn definition_seeds() -> Vec<Vec<u8>> {
    let mut flows = Vec::new();
    let mut take = |json: &Json| {
        let all = json["flows"].as_array().into_iter().flatten();
        flows.extend(all.map(|flow| flow.to_string().into_bytes()));
    };
    let entries = fs::read_dir(LIBRARY).into_iter().flatten().flatten();
    entries.filter_map(|entry| json(&entry.path().join("export.json"))).for_each(|json| take(&json));
    for folder in ["conformance/flow/runner", "conformance/flow/legacy", "fixtures/rapidpro-exports"] {
        files(folder).iter().for_each(&mut take);
    }
    flows
}

fn session_seeds() -> Vec<Vec<u8>> {
    let files = files("conformance/flow/runner");
    let outputs = files.iter().filter_map(|json| json["outputs"].as_array()).flatten();
    let sessions = outputs.filter_map(|output| serde_json::from_value::<Session>(output["session"].clone()).ok());
    sessions.map(|session| session.to_blob()).collect()
}

fn seeds_of(texts: &[&str]) -> Vec<Vec<u8>> {
    texts.iter().map(|text| text.as_bytes().to_vec()).collect()
}

/// Every text in the JSON files of a shared folder.
fn texts_of(folder: &str) -> Vec<Vec<u8>> {
    let mut texts = Vec::new();
    for json in files(folder) {
        let mut open = vec![&json];
        while let Some(value) = open.pop() {
            match value {
                Json::String(text) if text.len() <= TEXT_BYTES_MAX => texts.push(text.as_bytes().to_vec()),
                Json::Array(items) => open.extend(items),
                Json::Object(items) => open.extend(items.values()),
                _ => {}
            }
        }
    }
    texts
}

fn files(folder: &str) -> Vec<Json> {
    let folder = mhero_testkit::shared_dir().map(|shared| shared.join(folder));
    let entries = folder.and_then(|folder| fs::read_dir(folder).ok()).into_iter().flatten().flatten();
    entries.filter_map(|entry| json(&entry.path())).collect()
}

fn json(path: &Path) -> Option<Json> {
    serde_json::from_slice(&fs::read(path).ok()?).ok()
}
