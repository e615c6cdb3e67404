//! The whole server and rapidpro-python, unmodified: every public method of it, judged by what changed; then what changed is looked
//! at from mHero's own side.

use std::path::Path;

use mhero_testkit::{Peer, Program, require};
use serde_json::Value;

/// A phone that nobody knows, and what it writes.
const STRANGER: &str = "+231886000099";
const TEXT: &str = "hello from nobody in particular";

#[test]
fn the_python_client_of_rapidpro_finds_its_server() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("a project");
    let packages = root.join("target/peers/python");
    let packages = packages.join("temba_client").is_dir().then_some(packages);
    let packages = require(packages, "rapidpro-python (scripts/pip-install tests/peers/requirements.txt)");
    let (Some(mut python), Some(packages)) = (Peer::Python.command(), packages) else { return };
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    let server = Program::start(data, ["demo", "--workers", "300"]);
    let run = |words: &[&str]| Program::run(data, words).expect_success();
    let token = run(&["token", "create", "rapidpro-python", "--role", "admin"]);
    run(&["simulate", "receive", STRANGER, TEXT]);

    let script = root.join("tests/peers/rapidpro.py");
    python.env("PYTHONPATH", packages).arg(script).args([&server.url(""), token.trim(), STRANGER, TEXT]);
    let output = python.output().unwrap();
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{err}\nthe server said: {}", server.err());
    assert!(out.contains("56 methods"), "{out}");

    // What the client said of a person stands under the source of its token, and its texts are in the history.
    let person: Value = serde_json::from_str(&run(&["people", "show", "+231886000100", "--json"])).unwrap();
    assert_eq!(person["name"], "Ama Béa Kollie", "{person}");
    assert!(person["sources"].to_string().contains("API rapidpro-python"), "{}", person["sources"]);
    let id = person["id"].as_str().expect("an id");
    let messages: Value = serde_json::from_str(&run(&["messages", "list", "--person", id, "--json"])).unwrap();
    assert!(messages.to_string().contains("One text from the API"), "{messages}");
}
