//! A real FHIR server with the iHRIS export as a source, through the command line, on both engines; and Helios, where its binary
//! stands.

use std::path::Path;

use mhero_testkit::{Finished, Medplum, Postgres, Program, TestDatabase, ihris_transactions};
use serde_json::{Value, json};

/// What runs the requests of a test against the server itself.
struct Peer {
    url: String,
    client: reqwest::Client,
    runtime: tokio::runtime::Runtime,
}

impl Peer {
    fn new(url: String) -> Self {
        mhero_channels::tls::install();
        Self { url, client: reqwest::Client::new(), runtime: tokio::runtime::Runtime::new().unwrap() }
    }

    fn send(&self, method: reqwest::Method, path: &str, body: Option<String>) -> Value {
        let mut request = self.client.request(method, format!("{}{path}", self.url));
        if let Some(body) = body {
            request = request.header("content-type", "application/fhir+json").body(body);
        }
        self.runtime.block_on(async {
            let answer = request.send().await.unwrap();
            let (status, text) = (answer.status(), answer.text().await.unwrap());
            assert!(status.is_success(), "{path}: {status} {}", &text[..text.len().min(500)]);
            serde_json::from_str(&text).unwrap()
        })
    }

    fn load(&self, transactions: &[String]) {
        for transaction in transactions {
            self.send(reqwest::Method::POST, "", Some(transaction.clone()));
        }
    }
}

fn run(data: &Path, database: Option<&TestDatabase>, words: &[&str]) -> Finished {
    let mut command = Program::command();
    command.env("XDG_CONFIG_HOME", data.with_file_name("keys")).env("LC_ALL", "C");
    command.args(words).arg("--data").arg(data);
    if let Some(database) = database {
        command.args(["--database", &database.url()]);
    }
    let output = command.output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Finished { status: output.status, out: text(&output.stdout), err: text(&output.stderr) }
}

#[test]
fn an_ihris_is_read_whole_and_then_what_changed_on_sqlite() {
    story(None);
}

#[test]
fn an_ihris_is_read_whole_and_then_what_changed_on_postgresql() {
    if let Some(postgres) = Postgres::get() {
        story(Some(&postgres.database()));
    }
}

fn story(database: Option<&TestDatabase>) {
    let (Some(medplum), Some(transactions)) = (Medplum::start(), ihris_transactions()) else { return };
    let peer = Peer::new(medplum.url());
    peer.load(&transactions);
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let run = |words: &[&str]| run(&data, database, words);
    let json = |words: &[&str]| -> Value {
        let out = run(words).expect_success();
        serde_json::from_str(&out).unwrap_or_else(|error| panic!("{words:?}: {error}\n{out}"))
    };
    let _ = run(&["init", "--country", "LR", "--language", "en,fr", "--timezone", "Africa/Monrovia"]).expect_success();
    let _ = run(&["source", "add", "ihris", "hr", &medplum.url(), "overlap=0"]).expect_success();
    let looked = run(&["source", "test", "hr"]).expect_success();
    eprintln!("{looked}");
    assert!(looked.contains("1,007") && looked.contains("iHRIS 5"), "{looked}");
    let first = json(&["sync", "hr", "--json"]);
    assert_eq!((&first["created"], &first["rejected"]), (&json!(2_329), &json!(0)), "{first}");
    let people = || json(&["people", "list", "--json"]).as_array().unwrap().clone();
    let reachable = |list: &[Value]| list.iter().filter(|p| !p["phones"].as_array().unwrap().is_empty()).count();
    let all = people();
    assert_eq!((all.len(), reachable(&all)), (1_007, 879));
    let midwives = json(&["people", "list", "--query", "cadre = midwife", "--json"]);
    assert_eq!(midwives.as_array().unwrap().len(), 25);
    // One of them gets a number at the registry; the next run reads nothing else anew.
    let page = peer.send(reqwest::Method::GET, "/Practitioner?_count=1000", None);
    let entries = page["entry"].as_array().unwrap().iter().map(|entry| entry["resource"].clone());
    let mut silent = entries.into_iter().find(|person| person.get("telecom").is_none()).unwrap();
    silent["telecom"] = json!([{"system": "phone", "use": "mobile", "value": "0770999999"}]);
    let place = format!("/Practitioner/{}", silent["id"].as_str().unwrap());
    peer.send(reqwest::Method::PUT, &place, Some(silent.to_string()));
    let second = json(&["sync", "hr", "--json"]);
    assert_eq!(
        (&second["created"], &second["updated"], &second["state"]),
        (&json!(0), &json!(1), &json!("done")),
        "{second}"
    );
    // What the registry was given within the second of the watermark comes once more: how much, its speed decides.
    assert!(second["read"].as_u64().unwrap() < first["read"].as_u64().unwrap(), "what changed is asked for: {second}");
    assert_eq!(reachable(&people()), 880);
    let told = |run: &Value| ["read", "created", "updated"].map(|key| run[key].as_u64().unwrap());
    eprintln!("iHRIS by FHIR (read, created, updated): {:?}, then {:?}", told(&first), told(&second));
}
