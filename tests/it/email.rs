//! The whole server and a mail server that others wrote (npm `smtp-server`): officials get what is written to people as mails, over
//! STARTTLS and TLS; mailboxes that are busy are tried again, unknown ones fail, wrong passwords and certificates are named.

use std::{
    io::{BufRead as _, BufReader},
    path::{Path, PathBuf},
    process::{Child, Stdio},
    sync::mpsc::{Receiver, channel},
    time::{Duration, Instant},
};

use mhero_testkit::{Finished, Peer, Program, require};
use serde_json::Value;

/// How long anything may take before a test says what it waited for.
const PATIENCE: Duration = Duration::from_secs(90);
/// Officials with their mail addresses; the last has none.
const STAFF: &str = "id,name,phone,email\nP1,Martha Kollie,+231770000001,martha@moh.example\n\
P2,Joseph Flomo,+231770000002,gone@moh.example\nP3,Ama Toe,+231770000003,full@moh.example\nP4,Sia Gaye,+231770000004,\n";

/// The mail server, ended when dropped.
struct Server {
    child: Child,
    lines: Receiver<Value>,
    port: u16,
}

fn peers() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("peers")
}

impl Server {
    fn start(kind: &str) -> Option<Self> {
        let mut node = Peer::Node.command()?;
        let package = peers().join("node_modules/smtp-server");
        require(package.is_dir().then_some(()), "the npm package smtp-server (scripts/npm-install tests/peers)")?;
        node.arg(peers().join("mail.mjs"))
            .arg(peers().join("mail/server-key.pem"))
            .arg(peers().join("mail/server.pem"));
        let mut child = node.arg(kind).stdout(Stdio::piped()).spawn().expect("node runs");
        let (told, lines) = channel::<Value>();
        let out = BufReader::new(child.stdout.take().expect("it is piped"));
        std::thread::spawn(move || {
            for line in out.lines().map_while(Result::ok) {
                if told.send(serde_json::from_str(&line).expect("a line of JSON")).is_err() {
                    return;
                }
            }
        });
        let mut server = Self { child, lines, port: 0 };
        server.port = u16::try_from(server.next("port")["port"].as_u64().expect("a port")).expect("a port");
        Some(server)
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
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn run(data: &Path, words: &[&str]) -> String {
    Program::run(data, words).expect_success()
}

fn states(data: &Path, broadcast: &str) -> Value {
    let shown = run(data, &["broadcast", "show", broadcast, "--json"]);
    serde_json::from_str::<Value>(&shown).expect("JSON")["states"].clone()
}

fn prepared(data: &Path, server: &Server, settings: &[&str]) -> Finished {
    let (port, ca) =
        (format!("port={}", server.port), std::fs::read_to_string(peers().join("mail/authority.pem")).unwrap());
    let ca = format!("ca={ca}");
    let base = ["host=localhost", "from=Ministry of Health <mhero@moh.example>", "username=mhero", port.as_str()];
    Program::run(data, [&["channel", "add", "email"], settings, &base[..], &[ca.as_str()]].concat())
}

#[test]
fn officials_get_mails() {
    let Some(server) = Server::start("starttls") else { return };
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    let place = ["--country", "LR", "--language", "en,fr", "--timezone", "Africa/Monrovia", "--quiet-hours", "off"];
    run(data, &[&["init"], &place[..]].concat());
    std::fs::write(data.join("staff.csv"), STAFF).unwrap();
    run(data, &["import", data.join("staff.csv").to_str().unwrap()]);
    // The first channel that is on, and yet not the one of what names none.
    let _ = prepared(data, &server, &["officials", "password=secret08"]).expect_success();
    run(data, &["channel", "add", "simulator", "phones"]);
    let tested = run(data, &["channel", "test", "officials"]);
    assert!(tested.contains("lets mHero in"), "{tested}");

    let _program = Program::start(data, ["serve"]);
    let to = "phone = +231770000001 OR phone = +231770000002 OR phone = +231770000003 OR phone = +231770000004";
    let text = "Réunion demain à 8 h. Merci de confirmer.";
    let sent = run(data, &["send", "--to", to, "--text", text, "--channel", "officials", "--yes", "--json"]);
    let broadcast = serde_json::from_str::<Value>(&sent).unwrap()["broadcast"].as_str().unwrap().to_owned();
    let mails = [server.next("mail"), server.next("mail")];
    let to: Vec<&str> = mails.iter().map(|mail| mail["to"][0].as_str().unwrap()).collect();
    assert!(to.contains(&"martha@moh.example") && to.contains(&"full@moh.example"), "{to:?}");
    for mail in &mails {
        assert_eq!(mail["isEncrypted"], true, "{mail}");
        let raw = mail["mail"].as_str().unwrap();
        assert!(raw.contains("Message-ID: <") && raw.contains("@moh.example>"), "{raw}");
        assert!(raw.contains("text/plain") && raw.contains("Merci de confirmer."), "{raw}");
    }
    let since = Instant::now();
    loop {
        let states = states(data, &broadcast);
        if states["sent"] == 2 && states["failed"] == 2 {
            break;
        }
        assert!(since.elapsed() < PATIENCE, "{states}");
    }
    let people = run(data, &["broadcast", "show", &broadcast, "--people"]);
    assert!(people.contains("no such mailbox") && people.contains("no address"), "{people}");
    run(data, &["send", "--to", "phone = +231770000001", "--text", "By SMS", "--yes"]);
    let since = Instant::now();
    while !run(data, &["simulate", "phone", "+231770000001"]).contains("By SMS") {
        assert!(since.elapsed() < PATIENCE, "what names no channel goes by SMS");
    }
}

#[test]
fn what_is_wrong_with_a_mail_server_is_named() {
    let Some(server) = Server::start("tls") else { return };
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    run(data, &["init", "--country", "LR", "--language", "en", "--timezone", "Africa/Monrovia"]);
    let _ = prepared(data, &server, &["right", "password=secret08", "security=tls"]).expect_success();
    assert!(run(data, &["channel", "test", "right"]).contains("lets mHero in"));
    let _ = prepared(data, &server, &["wrong", "password=nonsense", "security=tls"]).expect_success();
    let port = format!("port={}", server.port);
    let stranger =
        ["channel", "add", "email", "stranger", "host=localhost", "from=a@moh.example", "security=tls", &port];
    run(data, &stranger);
    let nobody = ["channel", "add", "email", "nobody", "host=127.0.0.1", "port=9", "from=a@moh.example"];
    run(data, &nobody);
    for (name, said) in
        [("wrong", "refuses user name or password"), ("stranger", "certificate"), ("nobody", "Nobody answers")]
    {
        let tested = Program::run(data, ["channel", "test", name]);
        assert_eq!(tested.status.code(), Some(1), "{tested:?}");
        assert!(tested.err.contains(said), "{name}: {tested:?}");
    }
    let open = ["host=mail.moh.example", "from=a@moh.example", "username=mhero", "password=secret08", "security=none"];
    let clear = Program::run(data, [&["channel", "add", "email", "clear"], &open[..]].concat());
    assert_eq!(clear.status.code(), Some(1), "{clear:?}");
    assert!(clear.err.contains("read the password"), "{clear:?}");
}
