//! The program against an SMS centre that others wrote (npm `smpp`): texts out, receipts and texts of phones in, a restart in
//! between, and an account that is refused.

use std::{
    io::{BufRead as _, BufReader, Write as _},
    net::TcpListener,
    path::Path,
    process::{Child, Stdio},
    sync::mpsc::{Receiver, channel},
    time::{Duration, Instant},
};

use mhero_testkit::{Peer, Program, require};
use serde_json::{Value, json};

/// How long anything may take before a test says what it waited for.
const PATIENCE: Duration = Duration::from_secs(60);

/// The SMS centre, ended when dropped.
struct Centre {
    child: Child,
    lines: Receiver<Value>,
    port: u16,
}

impl Centre {
    fn start() -> Option<Self> {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("peers/smsc.mjs");
        let package = Path::new(env!("CARGO_MANIFEST_DIR")).join("peers/node_modules/smpp");
        let mut node = Peer::Node.command()?;
        require(package.is_dir().then_some(()), "the npm package smpp (scripts/npm-install tests/peers)")?;
        let mut child = node.arg(script).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("node runs");
        let (told, lines) = channel::<Value>();
        let out = BufReader::new(child.stdout.take().expect("it is piped"));
        std::thread::spawn(move || {
            for line in out.lines().map_while(Result::ok) {
                if told.send(serde_json::from_str(&line).expect("a line of JSON")).is_err() {
                    return;
                }
            }
        });
        let port = lines.recv_timeout(PATIENCE).expect("it starts")["port"].as_u64().expect("a port");
        Some(Self { child, lines, port: u16::try_from(port).expect("a port") })
    }

    /// The next line that has this field.
    fn next(&self, field: &str) -> Value {
        loop {
            let line = self.lines.recv_timeout(PATIENCE).unwrap_or_else(|_| panic!("no {field} came"));
            if !line[field].is_null() {
                return line;
            }
        }
    }

    /// A phone writes.
    fn deliver(&mut self, from: &str, text: &str) {
        let order = json!({ "deliver": { "from": from, "text": text } });
        writeln!(self.child.stdin.as_mut().expect("it is piped"), "{order}").expect("it listens");
    }
}

impl Drop for Centre {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

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

fn serve(data: &Path, port: u16) -> Program {
    let mut command = Program::command();
    command.arg("serve").args(["--listen", &format!("127.0.0.1:{port}"), "--data"]).arg(data);
    Program::spawn(&mut command)
}

#[test]
fn an_sms_centre_carries_texts_both_ways() {
    let Some(mut centre) = Centre::start() else { return };
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    let place = ["--country", "LR", "--language", "en,fr", "--timezone", "Africa/Monrovia", "--quiet-hours", "off"];
    run(data, &[&["init"], &place[..]].concat());
    std::fs::write(data.join("staff.csv"), "id,name,phone\nP1,Martha Kollie,+231770000001\n").unwrap();
    run(data, &["import", data.join("staff.csv").to_str().unwrap()]);
    let port = format!("port={}", centre.port);
    let settings = ["host=127.0.0.1", port.as_str(), "system_id=moh", "password=secret08", "sender=MOH"];
    run(data, &[&["channel", "add", "smpp", "orange"], &settings[..]].concat());
    run(data, &["channel", "test", "orange"]);
    centre.next("bound");

    let own = TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port();
    let server = serve(data, own);
    assert_eq!(centre.next("bound")["bound"], true);
    let send = |text: &str| {
        let sent = list(data, &["send", "--to", "phone = +231770000001", "--text", text, "--yes", "--json"]);
        sent["broadcast"].as_str().unwrap().to_owned()
    };
    let delivered = |broadcast: &str| {
        wait("the receipt", || list(data, &["broadcast", "show", broadcast, "--json"])["states"]["delivered"] == 1);
    };
    let broadcast = send("Présence à 8 h [oui] ou non?");
    let taken = centre.next("to");
    assert_eq!((taken["to"].as_str(), taken["from"].as_str()), (Some("231770000001"), Some("MOH")));
    assert_eq!(taken["text"], "Présence à 8 h [oui] ou non?");
    delivered(&broadcast);
    let long = "Le ministère rappelle que la campagne de vaccination commence lundi. ".repeat(5);
    let broadcast = send(long.trim());
    let mut parts: Vec<String> = Vec::new();
    while parts.concat().chars().count() < long.trim().chars().count() {
        let part = centre.next("to");
        // The element of the header: identifier, length, reference, how many, which.
        assert_eq!((&part["part"][3], &part["part"][4]), (&json!(3), &json!(parts.len() + 1)), "{part}");
        parts.push(part["text"].as_str().unwrap().to_owned());
    }
    assert_eq!((parts.len(), parts.concat()), (3, long.trim().to_owned()));
    delivered(&broadcast);

    centre.deliver("231770000001", "Merci, reçu");
    assert_eq!(centre.next("acknowledged")["acknowledged"], 0);
    drop(server);
    let _server = serve(data, own);
    assert_eq!(centre.next("bound")["bound"], true);
    wait("the text of the phone", || {
        let inbound = list(data, &["messages", "list", "--direction", "in", "--json"]);
        inbound.as_array().is_some_and(|all| all.iter().any(|message| message["text"] == "Merci, reçu"))
    });
    delivered(&send("After the restart"));
}

#[test]
fn a_refused_account_is_said_in_words() {
    let Some(centre) = Centre::start() else { return };
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    run(data, &["init", "--country", "LR", "--language", "en,fr", "--timezone", "Africa/Monrovia"]);
    let port = format!("port={}", centre.port);
    let settings = ["host=127.0.0.1", port.as_str(), "system_id=moh", "password=wrong"];
    run(data, &[&["channel", "add", "smpp", "orange"], &settings[..]].concat());
    let tested = Program::run(data, ["channel", "test", "orange"]);
    assert!(!tested.status.success());
    assert!(tested.err.contains("password"), "{}", tested.err);
}
