//! The definitions of the conformance pack: those that are sound load and come back, those that are broken say why.

use std::{collections::HashMap, fs, path::Path};

use crate::common::read;
use mhero_flow::definition::Action;
use serde_json::{Value as Json, json};

/// A file of the pack, with numbers that JSON has not as texts.
fn load(path: &Path) -> Json {
    let text = fs::read_to_string(path).expect("a file of the pack").replace(": Infinity", ": \"Infinity\"");
    serde_json::from_str(&text).expect("the pack is JSON")
}

fn files(dir: &Path) -> Vec<std::path::PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(dir).expect("a folder of the pack").flatten() {
        match entry.path() {
            path if path.is_dir() => found.extend(files(&path)),
            path if path.extension().is_some_and(|ext| ext == "json") => found.push(path),
            _ => {}
        }
    }
    found.sort();
    found
}

/// The definitions of a file, wherever they stand in it.
fn definitions(json: &Json, found: &mut Vec<Json>) {
    match json {
        Json::Object(map) if map.contains_key("nodes") && map.contains_key("language") => found.push(json.clone()),
        Json::Object(map) if map.contains_key("action_sets") => found.push(json.clone()),
        Json::Object(map) => map.values().for_each(|inner| definitions(inner, found)),
        Json::Array(items) => items.iter().for_each(|inner| definitions(inner, found)),
        _ => {}
    }
}

#[test]
fn sound_definitions_load_and_come_back() {
    let Some(pack) = mhero_testkit::shared_dir() else { return eprintln!("skipped: no shared folder") };
    let mut wrong = HashMap::new();
    let mut count = 0;
    for inside in
        ["conformance/flow/runner", "conformance/flow/fixtures", "conformance/flow/engine", "fixtures/rapidpro-exports"]
    {
        for path in files(&pack.join(inside)) {
            let mut found = Vec::new();
            definitions(&load(&path), &mut found);
            for definition in found {
                count += 1;
                let outcome = read(definition).map_err(|error| error.to_string()).and_then(|flow| {
                    let written = flow.to_json();
                    let again = read(written.clone()).map_err(|error| error.to_string())?.to_json();
                    if again == written { Ok(()) } else { Err("differs when read again".to_owned()) }
                });
                if let Err(why) = outcome {
                    wrong.insert(path.file_name().unwrap().to_owned(), why);
                }
            }
        }
    }
    assert!(count > 40, "{count} definitions");
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn actions_come_back_or_say_why_not() {
    let Some(pack) = mhero_testkit::shared_dir() else { return eprintln!("skipped: no shared folder") };
    let dir = pack.join("conformance/flow/actions");
    let assets = load(&dir.join("_assets.json"));
    let mut wrong = Vec::new();
    for path in files(&dir) {
        let Json::Array(cases) = load(&path) else { continue };
        for case in cases {
            let place = usize::from(case["in_flow_type"] == "voice");
            let mut flow = assets["flows"][place].clone();
            flow["nodes"][0]["actions"] = json!([case["action"]]);
            let got = read(flow).err().map(|error| error.fault.to_string());
            let expected = case["read_error"].as_str().map(str::to_owned);
            let written = Action::read(&case["action"]).map(|action| action.to_json());
            if got != expected || (expected.is_none() && written.as_ref() != Ok(&case["action"])) {
                let name = path.file_name().unwrap().to_string_lossy().into_owned();
                wrong.push((name, case["description"].clone(), expected, got, written));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn broken_definitions_say_why() {
    let Some(pack) = mhero_testkit::shared_dir() else { return eprintln!("skipped: no shared folder") };
    let dir = pack.join("conformance/flow/definition");
    let mut wrong = Vec::new();
    for case in load(&dir.join("broken_flows.json"))["cases"].as_array().unwrap() {
        let assets = load(&dir.join("broken_flows").join(case["path"].as_str().unwrap()));
        let flows = assets["flows"].as_array().unwrap();
        let flow = flows.iter().find(|flow| flow["uuid"] == "76f0a02f-3b75-4b86-9064-e9195e1b3a02").unwrap();
        let got = read(flow.clone()).err().map(|error| error.to_string());
        if got.as_deref() != case["error"].as_str() {
            wrong.push((case["path"].clone(), case["error"].clone(), got));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
