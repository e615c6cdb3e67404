//! `mhero flow` as scripts use it: with a server and without one.

use std::path::{Path, PathBuf};

use mhero_testkit::{Finished, Program};
use serde_json::{Value, json};

/// Two people who can be written to.
const STAFF: &str = "\
staff id,name,phone,cadre,facility,county,language
P1,Martha Kollie,0770000001,midwife,Zorzor Clinic,Lofa,en
P2,Joseph Flomo,0770000002,nurse,Zorzor Clinic,Lofa,en
";

struct Site {
    folder: tempfile::TempDir,
}

impl Site {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn prepared(&self, command: &mut std::process::Command) {
        command.env("XDG_CONFIG_HOME", self.folder.path().join("keys")).env("LC_ALL", "C");
        command.arg("--data").arg(self.data());
    }

    fn run(&self, words: &[&str]) -> Finished {
        let mut command = Program::command();
        command.args(words);
        self.prepared(&mut command);
        let output = command.stdin(std::process::Stdio::null()).output().unwrap();
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
        let out = self.out(words);
        serde_json::from_str(&out).unwrap_or_else(|error| panic!("{words:?}: {error}\n{out}"))
    }

    fn code(&self, words: &[&str]) -> i32 {
        self.run(words).status.code().unwrap()
    }

    fn file(&self, name: &str, text: &str) -> String {
        let path = self.folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    }
}

/// An export with one flow: it asks how much is left, keeps the number, and thanks.
fn export() -> String {
    let (flow, ask, split) = (
        "3f4c6f3e-6a0f-4f39-9d2c-0c2d6d1f0001",
        "3f4c6f3e-6a0f-4f39-9d2c-0c2d6d1f0002",
        "3f4c6f3e-6a0f-4f39-9d2c-0c2d6d1f0003",
    );
    let (thanks, number, other) = (
        "3f4c6f3e-6a0f-4f39-9d2c-0c2d6d1f0004",
        "3f4c6f3e-6a0f-4f39-9d2c-0c2d6d1f0005",
        "3f4c6f3e-6a0f-4f39-9d2c-0c2d6d1f0006",
    );
    let (to_split, to_thanks, again, end) = (
        "3f4c6f3e-6a0f-4f39-9d2c-0c2d6d1f0007",
        "3f4c6f3e-6a0f-4f39-9d2c-0c2d6d1f0008",
        "3f4c6f3e-6a0f-4f39-9d2c-0c2d6d1f0009",
        "3f4c6f3e-6a0f-4f39-9d2c-0c2d6d1f000a",
    );
    let say = |uuid: &str, text: &str| json!({ "uuid": uuid, "type": "send_msg", "text": text });
    json!({
        "version": "13",
        "flows": [{
            "uuid": flow, "name": "Stock", "spec_version": "13.1.0", "language": "eng", "type": "messaging",
            "revision": 1, "expire_after_minutes": 60, "localization": {},
            "nodes": [
                { "uuid": ask, "actions": [say("3f4c6f3e-6a0f-4f39-9d2c-0c2d6d1f000b", "How many are left?")],
                  "exits": [{ "uuid": to_split, "destination_uuid": split }] },
                { "uuid": split, "actions": [],
                  "router": {
                    "type": "switch", "operand": "@input.text", "wait": { "type": "msg" }, "result_name": "Left",
                    "default_category_uuid": other,
                    "categories": [
                        { "uuid": number, "name": "Number", "exit_uuid": to_thanks },
                        { "uuid": other, "name": "Other", "exit_uuid": again }
                    ],
                    "cases": [{ "uuid": "3f4c6f3e-6a0f-4f39-9d2c-0c2d6d1f000c", "type": "has_number", "arguments": [],
                        "category_uuid": number }]
                  },
                  "exits": [{ "uuid": to_thanks, "destination_uuid": thanks }, { "uuid": again, "destination_uuid": ask }] },
                { "uuid": thanks, "actions": [say("3f4c6f3e-6a0f-4f39-9d2c-0c2d6d1f000d", "Thanks for @results.left.")],
                  "exits": [{ "uuid": end, "destination_uuid": null }] }
            ]
        }],
        "triggers": [], "campaigns": [], "fields": [], "groups": []
    })
    .to_string()
}

fn texts(events: &Value) -> Vec<String> {
    let created = events.as_array().unwrap().iter().filter(|event| event["type"] == "msg_created");
    created.map(|event| event["msg"]["text"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_file_is_played_before_there_is_an_installation() {
    let site = Site::new();
    let file = site.file("export.json", &export());
    let said = site.out(&["flow", "play", &file, "--reply", "many", "--reply", "12"]);
    let talk: Vec<_> = said.lines().filter(|line| !line.starts_with('·')).collect();
    let expected = ["< How many are left?", "> many", "< How many are left?", "> 12", "< Thanks for 12."];
    assert_eq!(talk, expected, "{said}");
    let events = site.json(&["flow", "play", &file, "--reply", "7", "--json"]);
    assert_eq!(texts(&events), ["How many are left?", "Thanks for 7."]);
    let waits = site.json(&["flow", "play", &file, "--flow", "Stock", "--reply", "x", "--json"]);
    assert_eq!(texts(&waits).len(), 2);
    assert_eq!(site.code(&["flow", "play", &file, "--flow", "Nothing", "--reply", "x"]), 1);
    assert_eq!(site.code(&["flow", "play", "no-such-file.json"]), 1);
    assert_eq!(site.code(&["flow", "play", &site.file("x.json", "{}"), "--reply", "x"]), 1);
}

#[test]
fn typed_lines_are_replies() {
    use std::io::Write;
    let site = Site::new();
    let file = site.file("export.json", &export());
    let mut command = Program::command();
    command.args(["flow", "play", &file]);
    site.prepared(&mut command);
    let pipe = std::process::Stdio::piped;
    let mut child = command.stdin(pipe()).stdout(pipe()).stderr(pipe()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(b"5\n").unwrap();
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success() && said.contains("< Thanks for 5."), "{said}");
}

#[test]
fn a_flow_comes_in_starts_is_answered_and_goes_out_again() {
    let site = Site::new();
    site.out(&["init", "--country", "LR", "--language", "en,fr", "--timezone", "Africa/Monrovia"]);
    site.out(&["channel", "add", "simulator", "phones"]);
    let staff = site.file("staff.csv", STAFF);
    site.out(&["import", &staff]);
    let file = site.file("export.json", &export());
    let report = site.json(&["flow", "import", &file, "--json"]);
    assert_eq!(report["flows"]["created"], 1, "{report}");
    let again = site.json(&["flow", "import", &file, "--json"]);
    assert_eq!((&again["flows"]["known"], &again["flows"]["created"]), (&json!(1), &json!(0)), "{again}");
    site.out(&["flow", "trigger", "stock", "--word", "soh"]);
    assert_eq!(site.code(&["flow", "trigger", "stock", "--word", "stop"]), 1);
    let preview = site.json(&["flow", "start", "Stock", "--to", "cadre = midwife", "--dry-run", "--json"]);
    assert_eq!(preview["recipients"], 1, "{preview}");
    assert_eq!(site.code(&["flow", "start", "Stock", "--to", "cadre = midwife"]), 2, "nobody is there to say yes");
    let start = site.json(&["flow", "start", "Stock", "--to", "cadre = midwife", "--yes", "--json"]);
    assert_eq!((&start["recipients"], &start["number"]), (&json!(1), &json!(1)), "{start}");
    site.out(&["simulate", "receive", "0770000001", "42"]);
    site.out(&["simulate", "receive", "0770000002", "soh"]);
    let results = site.json(&["flow", "results", "Stock", "--json"]);
    assert_eq!(results["results"][0]["categories"]["Number"], 1, "{results}");
    assert_eq!(results["runs"]["completed"], 1, "{results}");
    assert_eq!(site.json(&["flow", "list", "--json"])[0]["live"], 1);
    taken_away(&site);
    let out = site.folder.path().join("out.json");
    site.out(&["flow", "export", "Stock", "--out", out.to_str().unwrap()]);
    let exported: Value = serde_json::from_str(&std::fs::read_to_string(&out).unwrap()).unwrap();
    assert_eq!(exported["flows"][0]["name"], "Stock");
    assert_eq!(exported["triggers"][0]["keywords"], json!(["soh"]));
    assert_eq!(site.code(&["flow", "results", "Nothing"]), 1);
    assert_eq!(site.json(&["flow", "move", "Stock", "--json"])["stranded"], 0);
}

/// Tables of the answers, asked of a running server.
fn taken_away(site: &Site) {
    let mut command = Program::command();
    command.args(["serve", "--listen", "127.0.0.1:0"]);
    site.prepared(&mut command);
    let server = Program::spawn(&mut command);
    let (csv, xlsx) = (site.folder.path().join("answers.csv"), site.folder.path().join("answers.xlsx"));
    let name = |path: &Path| path.to_str().unwrap().to_owned();
    site.out(&["flow", "results", "Stock", "--csv", &name(&csv), "--xlsx", &name(&xlsx)]);
    let table = std::fs::read_to_string(&csv).unwrap();
    assert!(table.lines().count() == 3 && table.contains("Martha Kollie") && table.contains("42"), "{table}");
    assert!(std::fs::read(&xlsx).unwrap().starts_with(b"PK"));
    let file = site.file("export.json", &export());
    let events = site.json(&["flow", "play", &file, "--reply", "3", "--json"]);
    assert_eq!(texts(&events).last().unwrap(), "Thanks for 3.");
    drop(server);
}
