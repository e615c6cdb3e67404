//! The contract is what the program says: `generated/openapi.json` shows in a diff what a change changes for others.

use std::path::Path;

use serde_json::Value;

#[test]
fn the_contract_is_the_one_in_the_repository() {
    let said = serde_json::to_string_pretty(&mhero_web_api::document()).expect("it is JSON") + "\n";
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../generated/openapi.json");
    if std::env::var_os("UPDATE_GENERATED").is_some() {
        std::fs::write(&file, &said).expect("it can be written");
    }
    let known = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(known == said, "generated/openapi.json is not what the program says: run the test with UPDATE_GENERATED=1");
}

#[test]
fn every_operation_is_named_once_and_says_how_it_fails() {
    let contract = serde_json::to_value(mhero_web_api::document()).expect("it is JSON");
    assert_eq!(contract["openapi"], "3.1.0");
    let mut names = Vec::new();
    for (path, item) in contract["paths"].as_object().expect("paths") {
        assert!(path.starts_with("/api/v1/"), "{path}");
        for (method, operation) in item.as_object().expect("operations") {
            let name = operation["operationId"].as_str().expect("a name");
            assert!(operation["responses"]["default"]["content"]["application/problem+json"].is_object(), "{path}");
            let text = operation["summary"].as_str().or(operation["description"].as_str()).unwrap_or_default();
            assert!(!text.is_empty(), "{method} {path} says nothing");
            names.push(name.to_owned());
        }
    }
    let parameters = |method: &str, path: &str| contract["paths"][path][method]["parameters"].clone();
    let named = |all: &Value, name: &str| all.as_array().is_some_and(|all| all.iter().any(|one| one["name"] == name));
    assert!(named(&parameters("post", "/api/v1/broadcasts"), "Idempotency-Key"));
    let all = names.len();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), all, "a name is given twice: {names:?}");
}
