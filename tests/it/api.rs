//! The whole server and schemathesis: requests of every kind that our own OpenAPI document allows, and of kinds that it does not, are
//! answered as it says, and never by an error of the server. Then a token of the sandbox, made as an administrator makes it.

use std::path::Path;

use mhero_testkit::{Peer, Program, require};
use serde_json::{Value, json};

/// Checks of schemathesis: what must never happen.
const CHECKS: &str = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance";

#[test]
fn schemathesis_finds_no_error_and_the_sandbox_is_told_apart() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("a project");
    let packages = root.join("target/peers/python");
    let packages = packages.join("schemathesis").is_dir().then_some(packages);
    let packages = require(packages, "schemathesis (scripts/pip-install tests/peers/requirements.txt)");
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    let server = Program::start(data, ["demo", "--workers", "300"]);
    let run = |words: &[&str]| Program::run(data, words).expect_success();
    let token = run(&["token", "create", "schemathesis", "--role", "integrator"]);

    if let (Some(mut python), Some(packages)) = (Peer::Python.command(), packages) {
        let contract = server.url("/api/v1/openapi.json");
        python.env("PYTHONPATH", packages).current_dir(data).args(["-m", "schemathesis.cli", "run", &contract]);
        python.args(["--header", &format!("Authorization: Bearer {}", token.trim()), "--checks", CHECKS]);
        python.args(["--phases", "examples,fuzzing", "--max-examples", "2", "--seed", "20261122"]);
        python.args(["--generation-database", "none", "--no-color", "--workers", "2"]);
        let output = python.output().unwrap();
        let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert!(output.status.success(), "{out}\n{err}\nthe server said: {}", server.err());
    }

    let trial = run(&["token", "create", "trial", "--role", "integrator", "--sandbox"]);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        mhero_channels::tls::install();
        let client = reqwest::Client::new();
        let get = async |path: &str| -> Value {
            let answer = client.get(server.url(path)).bearer_auth(trial.trim()).send().await.unwrap();
            serde_json::from_str(&answer.text().await.unwrap()).unwrap()
        };
        assert_eq!(get("/api/v1/me").await["sandbox"], true);
        let people = get("/api/v1/people").await;
        let phone = people["items"][0]["phones"][0].as_str().expect("a phone");
        assert!(phone.starts_with("+999"), "{people}");
        let send = async |key: &str| {
            let text = json!({ "to": phone, "text": "Hello" });
            let request = client.post(server.url("/api/v1/messages")).bearer_auth(trial.trim());
            let answer = request.header("idempotency-key", key).json(&text).send().await.unwrap();
            let status = answer.status();
            let message: Value = serde_json::from_str(&answer.text().await.unwrap()).unwrap();
            assert_eq!(status, 201, "{message}");
            message["id"].as_str().expect("an id").to_owned()
        };
        assert_eq!(send("a").await, send("a").await);
    });
}
