//! A country that keeps its RapidPro: flows run there, and mHero starts them and reads back what came. The real peer is a second
//! mHero with an API of that shape and simulated phones; the product itself can't be on this machine.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use mhero_testkit::{Finished, Program};
use serde_json::{Value, json};
use tokio::time::Instant;

/// How long anything may take before the test says what it waited for.
const PATIENCE: Duration = Duration::from_secs(60);
/// Two who can be written to, and one who says STOP there.
const STAFF: &str = "\
staff id,name,phone,cadre,facility,county,language
P1,Martha Kollie,0770000001,midwife,Zorzor Clinic,Lofa,en
P2,Joseph Flomo,0770000002,nurse,Zorzor Clinic,Lofa,en
P3,Ama Togba,0770000003,nurse,Zorzor Clinic,Lofa,en
";
/// The numbers of Martha, of Ama, and of somebody whom no registry knows.
const MARTHA: &str = "+231770000001";
const AMA: &str = "+231770000003";
const STRANGER: &str = "+231770000055";
/// What the back end is called here.
const THERE: &str = "national";
/// A flow of it, as it stands here.
const STOCK: &str = "Stock (at national)";

/// An installation.
struct Site {
    folder: tempfile::TempDir,
}

impl Site {
    fn new() -> Self {
        let site = Self { folder: tempfile::tempdir().unwrap() };
        let place = ["--country", "LR", "--language", "en,fr", "--timezone", "Africa/Monrovia"];
        site.out(&[&["init"], place.as_slice(), &["--quiet-hours", "off"]].concat());
        site
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn prepared(&self, command: &mut std::process::Command) {
        command.env("XDG_CONFIG_HOME", self.folder.path().join("keys")).env("LC_ALL", "C");
        command.arg("--data").arg(self.data());
    }

    fn serve(&self) -> Program {
        let mut command = Program::command();
        command.args(["serve", "--listen", "127.0.0.1:0"]);
        self.prepared(&mut command);
        Program::spawn(&mut command)
    }

    fn run(&self, words: &[&str]) -> Finished {
        let mut command = Program::command();
        command.args(words);
        self.prepared(&mut command);
        let output = command.output().unwrap();
        Finished {
            status: output.status,
            out: String::from_utf8_lossy(&output.stdout).into_owned(),
            err: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    fn out(&self, words: &[&str]) -> String {
        self.run(words).expect_success()
    }

    fn json(&self, words: &[&str]) -> Value {
        let out = self.out(&[words, &["--json"]].concat());
        serde_json::from_str(&out).unwrap_or_else(|error| panic!("{words:?}: {error}\n{out}"))
    }

    fn file(&self, name: &str, text: &str) -> String {
        let path = self.folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path_text(&path)
    }

    /// Reads everything back now.
    fn pull(&self) -> Value {
        self.json(&["backend", "pull", THERE])
    }

    /// The texts of the messages with a number, in and out, the oldest first.
    fn texts(&self, number: &str) -> Vec<(String, String, String)> {
        let messages = self.json(&["messages", "list", "--person", number]);
        let text = |one: &Value, key: &str| one[key].as_str().unwrap_or_default().to_owned();
        let mut all: Vec<_> = messages.as_array().unwrap().to_vec();
        all.sort_by_key(|one| text(one, "at"));
        all.iter().map(|one| (text(one, "direction"), text(one, "text"), text(one, "state"))).collect()
    }
}

fn path_text(path: &Path) -> String {
    path.to_str().unwrap().to_owned()
}

async fn until<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let since = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(since.elapsed() < PATIENCE, "{what} did not come about");
        tokio::task::yield_now().await;
    }
}

/// An export with one flow, which asks how much is left, and the keyword by which anybody begins it.
fn export() -> String {
    let id = |n: u32| format!("3f4c6f3e-6a0f-4f39-9d2c-0c2d6d1f{n:04x}");
    let say = |n: u32, text: &str| json!({ "uuid": id(n), "type": "send_msg", "text": text });
    json!({
        "version": "13",
        "flows": [{
            "uuid": id(1), "name": "Stock", "spec_version": "13.1.0", "language": "eng", "type": "messaging",
            "revision": 1, "expire_after_minutes": 60, "localization": {},
            "nodes": [
                { "uuid": id(2), "actions": [say(11, "How many are left?")],
                  "exits": [{ "uuid": id(7), "destination_uuid": id(3) }] },
                { "uuid": id(3), "actions": [],
                  "router": {
                    "type": "switch", "operand": "@input.text", "wait": { "type": "msg" }, "result_name": "Left",
                    "default_category_uuid": id(6),
                    "categories": [
                        { "uuid": id(5), "name": "Number", "exit_uuid": id(8) },
                        { "uuid": id(6), "name": "Other", "exit_uuid": id(9) }
                    ],
                    "cases": [{ "uuid": id(12), "type": "has_number", "arguments": [], "category_uuid": id(5) }]
                  },
                  "exits": [{ "uuid": id(8), "destination_uuid": id(4) }, { "uuid": id(9), "destination_uuid": id(2) }] },
                { "uuid": id(4), "actions": [say(13, "Thanks for @results.left.")],
                  "exits": [{ "uuid": id(10), "destination_uuid": null }] }
            ]
        }],
        "triggers": [{
            "trigger_type": "K", "keyword": "stock", "keywords": ["stock"], "match_type": "F",
            "flow": { "uuid": id(1), "name": "Stock" }, "groups": [], "exclude_groups": [], "channel": null,
        }],
        "campaigns": [], "fields": [], "groups": [],
    })
    .to_string()
}

/// The starts of flows that the peer knows.
async fn starts_there(server: &Program, token: &str) -> Vec<Value> {
    mhero_channels::tls::install();
    let asked = reqwest::Client::new().get(server.url("/api/v2/flow_starts.json"));
    let answer = asked.header("authorization", format!("Token {token}")).send().await.expect("an answer");
    let page: Value = answer.json().await.expect("JSON");
    page["results"].as_array().expect("a list").clone()
}

/// The two, with the flows of the one standing in the other.
struct Both {
    peer: Site,
    ours: Site,
    there: Program,
    token: String,
}

impl Both {
    fn new() -> (Self, Program) {
        let (peer, ours) = (Site::new(), Site::new());
        peer.out(&["channel", "add", "simulator", "sim"]);
        peer.out(&["flow", "import", &peer.file("flows.json", &export())]);
        let token = peer.out(&["token", "create", "mhero", "--role", "admin"]).trim().to_owned();
        let there = peer.serve();
        ours.out(&["import", &ours.file("staff.csv", STAFF)]);
        let (address, key) = (there.url(""), format!("token={token}"));
        ours.out(&["source", "add", "rapidpro", THERE, address.trim_end_matches('/'), &key, "backend=yes"]);
        let here = ours.serve();
        (Self { peer, ours, there, token }, here)
    }

    /// Waits until a phone there shows a text.
    async fn shows(&self, phone: &str, text: &str) {
        until(text, || self.peer.out(&["simulate", "phone", phone]).contains(text).then_some(())).await;
    }

    /// One answers, one says STOP, and somebody whom nobody knows begins by themselves.
    async fn people_answer(&self) {
        self.shows(MARTHA, "How many are left?").await;
        self.peer.out(&["simulate", "receive", MARTHA, "7"]);
        self.shows(MARTHA, "Thanks for 7.").await;
        self.peer.out(&["simulate", "receive", AMA, "STOP"]);
        self.peer.out(&["simulate", "receive", STRANGER, "stock"]);
        self.shows(STRANGER, "How many are left?").await;
        self.peer.out(&["simulate", "receive", STRANGER, "4"]);
        self.shows(STRANGER, "Thanks for 4.").await;
    }

    /// Starts the flow there for everybody; with the power cut at once, nobody is started twice. The number of the start.
    async fn start_and_cut(&self, here: Program) -> (String, Program) {
        let started = self.ours.json(&["flow", "start", STOCK, "--to", "*", "--yes"]);
        assert_eq!(started["recipients"], 3, "{started}");
        here.kill();
        let here = self.ours.serve();
        let number = started["number"].to_string();
        until("everybody is started there", || {
            let people = self.ours.json(&["backend", "people", &number]);
            let people = people.as_array().unwrap();
            (people.len() == 3 && people.iter().all(|own| own["state"] == "started")).then_some(())
        })
        .await;
        let starts = starts_there(&self.there, &self.token).await;
        assert_eq!(starts.len(), 1, "{starts:?}");
        assert_eq!(starts[0]["contacts"].as_array().map(Vec::len), Some(3), "{starts:?}");
        assert!(starts[0]["params"]["mhero_reference"].is_string(), "{starts:?}");
        (number, here)
    }

    /// Results are those of the flow here, and messages those of the persons here, once, however often they are read.
    async fn answers_come_back(&self, number: &str) {
        let ours = &self.ours;
        let pulled = ours.pull();
        assert_eq!(pulled["failed"], Value::Null, "{pulled}");
        let results = until("the answers are here", || {
            ours.pull();
            let results = ours.json(&["flow", "results", STOCK]);
            (results["runs"]["completed"] == 2).then_some(results)
        })
        .await;
        assert_eq!(results["results"], json!([{ "key": "left", "name": "Left", "categories": { "Number": 2 } }]));
        assert_eq!(results["funnel"]["complete"], 2, "{results}");
        let people = ours.json(&["backend", "people", number]);
        let martha = people.as_array().unwrap().iter().find(|own| own["name"] == "Martha Kollie").unwrap().clone();
        assert_eq!((&martha["state"], &martha["run"]), (&json!("started"), &json!("completed")), "{people}");
        let before = (ours.texts(MARTHA), ours.texts(STRANGER));
        let own: Vec<&str> = before.0.iter().map(|(_, text, _)| text.as_str()).collect();
        assert_eq!(own, ["How many are left?", "7", "Thanks for 7."]);
        assert_eq!(before.1.iter().filter(|(direction, ..)| direction == "in").count(), 2, "{:?}", before.1);
        ours.pull();
        let after = (ours.texts(MARTHA), ours.texts(STRANGER));
        assert_eq!((before.0.len(), before.1.len()), (after.0.len(), after.1.len()));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn flows_run_in_the_rapidpro_that_a_country_keeps() {
    let (both, here) = Both::new();
    let ours = &both.ours;
    until("the flows of the back end", || {
        let flows = ours.json(&["backend", "show", THERE])["flows"].to_string();
        (flows.contains(STOCK) && flows.contains("Text message (at national)")).then_some(())
    })
    .await;
    let (number, here) = both.start_and_cut(here).await;
    both.people_answer().await;
    both.answers_come_back(&number).await;

    // Who stopped there has stopped here.
    let preview = until("the stop is here", || {
        ours.pull();
        let preview = ours.json(&["flow", "start", STOCK, "--to", "*", "--dry-run"]);
        (preview["recipients"] == 2).then_some(preview)
    })
    .await;
    assert_eq!(preview["excluded"], json!({ "stopped": 1 }), "{preview}");

    // A text through it reaches the phones there, and comes back into the conversation here.
    ours.out(&["backend", "send", THERE, "--to", "cadre = midwife", "--text", "Meeting on Friday."]);
    both.shows(MARTHA, "Meeting on Friday.").await;
    until("the text is in the conversation here", || {
        ours.pull();
        ours.texts(MARTHA).iter().any(|(_, text, _)| text == "Meeting on Friday.").then_some(())
    })
    .await;
    assert!(!here.err().contains("panicked"), "{}", here.err());
}
