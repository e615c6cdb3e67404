//! The program between a gateway over HTTP and its officials: a text leaves, its report and a reply come back by the addresses that
//! the program prints, and who stopped us at the gateway hears nothing more.

use std::{
    net::TcpListener,
    path::Path,
    time::{Duration, Instant},
};

use mhero_testkit::{Operator, Program};
use serde_json::Value;

/// How long anything may take before a test says what it waited for.
const PATIENCE: Duration = Duration::from_secs(60);
/// What it asks the gateway.
const BODY: &str = r#"{"ref":{{uuid}},"to":{{to_no_plus}},"text":{{text}}}"#;

fn run(data: &Path, words: &[&str]) -> String {
    Program::run(data, words).expect_success()
}

fn list(data: &Path, words: &[&str]) -> Value {
    serde_json::from_str(&run(data, words)).expect("JSON")
}

fn wait(what: &str, is_so: impl Fn() -> bool) {
    let since = Instant::now();
    while !is_so() {
        assert!(since.elapsed() < PATIENCE, "waited too long for {what}");
    }
}

/// What the gateway was asked about each text.
fn texts(operator: &Operator) -> Vec<Value> {
    let sent = operator.asked().into_iter().filter(|asked| asked.method == "POST");
    sent.map(|asked| serde_json::from_slice(&asked.body).expect("JSON")).collect()
}

/// A server with one person and one channel of a kind, and the address of that channel for an action.
fn served(data: &Path, kind: &str, settings: &[&str]) -> (Program, impl Fn(&str) -> String + use<>) {
    let place = ["--country", "LR", "--language", "en,fr", "--timezone", "Africa/Monrovia", "--quiet-hours", "off"];
    run(data, &[&["init"], &place[..]].concat());
    std::fs::write(data.join("staff.csv"), "id,name,phone\nP1,Martha Kollie,+231770000001\n").unwrap();
    run(data, &["import", data.join("staff.csv").to_str().unwrap()]);
    let own = TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port();
    let callback = format!("callback=http://127.0.0.1:{own}");
    run(data, &[&["channel", "add", kind, "gate", callback.as_str()], settings].concat());
    let mut command = Program::command();
    command.arg("serve").args(["--listen", &format!("127.0.0.1:{own}"), "--data"]).arg(data);
    let server = Program::spawn(&mut command);
    let channels = list(data, &["channel", "list", "--json"]);
    (server, move |name: &str| channels[0]["addresses"][name].as_str().expect("an address").to_owned())
}

fn send(data: &Path, text: &str) -> String {
    let sent = list(data, &["send", "--to", "phone = +231770000001", "--text", text, "--yes", "--json"]);
    sent["broadcast"].as_str().unwrap().to_owned()
}

fn state(data: &Path, broadcast: &str, state: &str) {
    wait(state, || list(data, &["broadcast", "show", broadcast, "--json"])["states"][state] == 1);
}

fn heard(data: &Path, text: &str) {
    wait("the text of the phone", || {
        let inbound = list(data, &["messages", "list", "--direction", "in", "--json"]);
        inbound.as_array().is_some_and(|all| all.iter().any(|message| message["text"] == text))
    });
}

#[test]
fn an_external_gateway_carries_texts_both_ways() {
    let operator = Operator::start();
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    let (send_url, body) = (format!("send_url={}/send", operator.url()), format!("body={BODY}"));
    let (_server, at) =
        served(data, "external", &[&send_url, "content_type=json", &body, "mt_response_check=Accepted"]);
    run(data, &["channel", "test", "gate"]);

    let broadcast = send(data, "Présence à 8 h?");
    wait("the gateway", || texts(&operator).len() == 1);
    let asked = texts(&operator).remove(0);
    assert_eq!((&asked["to"], &asked["text"]), (&"231770000001".into(), &"Présence à 8 h?".into()));
    state(data, &broadcast, "sent");
    let form = [("Content-Type", "application/x-www-form-urlencoded")];
    let report = format!("uuid={}", asked["ref"].as_str().unwrap());
    let stranger = at("delivered").split('?').next().unwrap().to_owned();
    assert_eq!(Operator::call(&stranger, &form, &report).0, 403, "without the secret");
    for _ in 0..2 {
        assert_eq!(Operator::call(&at("delivered"), &form, &report).0, 200, "reports may come twice");
    }
    state(data, &broadcast, "delivered");

    let (status, said) = Operator::call(&at("receive"), &form, "from=%2B231770000001&text=Oui%2C+pr%C3%A9sente");
    assert!(status == 200 && said.contains("Message Accepted"), "{status} {said}");
    heard(data, "Oui, présente");
    assert_eq!(Operator::call(&at("receive"), &form, "from=nobody&text=x").0, 400);

    assert_eq!(Operator::call(&at("stopped"), &form, "from=%2B231770000001").0, 200);
    let before = texts(&operator).len();
    // Whether it is refused since nobody is left, or is a broadcast to nobody.
    let _ = Program::run(data, ["send", "--to", "phone = +231770000001", "--text", "Encore", "--yes"]);
    assert_eq!(Operator::call(&at("receive"), &form, "from=%2B231770000001&text=3+cas+de+rougeole").0, 200);
    heard(data, "3 cas de rougeole");
    let after = texts(&operator).split_off(before);
    assert!(after.iter().all(|asked| asked["text"] != "Encore"), "who stopped us there hears nothing more");
}

#[test]
fn an_aggregator_of_a_file_carries_texts_both_ways() {
    let operator = Operator::start();
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    let file = data.join("gate.toml");
    let text = format!(
        r#"
        name = "Gate"
        settings = {{ key = "the key of the account" }}
        response = {{ contains = "Accepted" }}
        receive = {{ from = "msisdn", text = "message", id = "id", answer = "ok" }}
        status = {{ ours = "ref", state = "state", delivered = ["DELIVRD"], failed = ["UNDELIV"] }}
        [request]
        url = "{}/send?key={{{{key}}}}"
        type = "application/json"
        body = '{{"ref": {{{{id}}}}, "to": {{{{to_no_plus}}}}, "text": {{{{text}}}}}}'
        "#,
        operator.url()
    );
    std::fs::write(&file, text).unwrap();
    let given = format!("file={}", file.display());
    let (_server, at) = served(data, "template", &[&given, "key=k3y"]);
    let broadcast = send(data, "Demain, 8 h");
    wait("the gateway", || texts(&operator).len() == 1);
    let asked = operator.asked().into_iter().find(|asked| asked.method == "POST").unwrap();
    assert_eq!(asked.path, "/send?key=k3y");
    let reference = texts(&operator)[0]["ref"].as_str().unwrap().to_owned();
    let json = [("Content-Type", "application/json")];
    let report = format!(r#"{{"ref":"{reference}","state":"DELIVRD"}}"#);
    assert_eq!(Operator::call(&at("status"), &json, &report).0, 200);
    state(data, &broadcast, "delivered");
    let text = r#"{"msisdn":"231770000001","message":"Compris","id":7}"#;
    for _ in 0..2 {
        assert_eq!(Operator::call(&at("receive"), &json, text), (200, "ok".to_owned()));
    }
    heard(data, "Compris");
    let inbound = list(data, &["messages", "list", "--direction", "in", "--json"]);
    assert_eq!(inbound.as_array().unwrap().len(), 1, "its id says that it is the same text");
}

#[test]
fn a_file_that_is_wrong_is_named_with_its_key_and_value() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    run(data, &["init", "--country", "LR", "--language", "en", "--timezone", "Africa/Monrovia"]);
    let file = data.join("gate.toml");
    std::fs::write(&file, "name = \"x\"\n[request]\nurl = \"https://h/?t={{txt}}\"\n").unwrap();
    let given = format!("file={}", file.display());
    let finished = Program::run(data, ["channel", "add", "template", "gate", given.as_str()]);
    let said = format!("{finished:?}");
    assert!(said.contains("gate.toml") && said.contains("request.url") && said.contains("txt"), "{said}");
}
