//! The command line as scripts use it: what it prints, how it ends, with a server and without one, on both engines.

use std::{
    ffi::OsStr,
    fs,
    io::{Read, Write},
    net::TcpStream,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use mhero_testkit::{Finished, Postgres, Program, TestDatabase};
use serde_json::{Value, json};

/// A small list: two midwives, one nurse without a number that can be used, one row that names nobody.
const STAFF: &str = "\
staff id,name,phone,cadre,facility,county,language
P1,Martha Kollie,0770000001,midwife,Zorzor Clinic,Lofa,en
P2,Élodie Béavogui,0770000002,midwife,Zorzor Clinic,Lofa,fr
P3,Joseph Flomo,O77OOO,nurse,Zorzor Clinic,Lofa,en
,,,nurse,Zorzor Clinic,Lofa,en
";

/// An installation in a folder of its own, on SQLite or on a database of its own.
struct Site {
    folder: tempfile::TempDir,
    database: Option<TestDatabase>,
}

impl Site {
    fn new(database: Option<TestDatabase>) -> Self {
        let site = Self { folder: tempfile::tempdir().unwrap(), database };
        site.done(&["init", "--country", "LR", "--language", "en,fr", "--timezone", "Africa/Monrovia"]);
        site
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn words(&self, words: &[&str]) -> Vec<String> {
        let mut all: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
        if let Some(database) = &self.database {
            all.extend(["--database".to_owned(), database.url()]);
        }
        all
    }

    fn run(&self, words: &[&str]) -> Finished {
        run(&self.data(), &self.words(words))
    }

    fn done(&self, words: &[&str]) {
        let finished = self.run(words);
        assert_eq!(code(&finished), 0, "{words:?}\n{}\n{}", finished.out, finished.err);
    }

    fn json(&self, words: &[&str]) -> Value {
        let out = self.run(words).expect_success();
        serde_json::from_str(&out).unwrap_or_else(|error| panic!("{words:?}: {error}\n{out}"))
    }

    fn serve(&self) -> Program {
        self.serve_with(&[], &[])
    }

    fn serve_with(&self, more: &[&str], variables: &[(&str, &str)]) -> Program {
        let mut command = Program::command();
        command.envs(variables.iter().copied());
        command.env("XDG_CONFIG_HOME", self.data().with_file_name("keys"));
        command
            .args(self.words(&["serve"]))
            .args(more)
            .arg("--data")
            .arg(self.data())
            .args(["--listen", "127.0.0.1:0"]);
        Program::spawn(&mut command)
    }

    fn file(&self, name: &str, text: &str) -> String {
        let path = self.folder.path().join(name);
        fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    }
}

/// Runs a command with its keys beside the data, not in the home of whoever runs the tests.
fn run<S: AsRef<OsStr>>(data: &Path, words: &[S]) -> Finished {
    let mut command = Program::command();
    command.env("XDG_CONFIG_HOME", data.with_file_name("keys")).env("LC_ALL", "C");
    let output = command.args(words).arg("--data").arg(data).output().unwrap();
    Finished {
        status: output.status,
        out: String::from_utf8_lossy(&output.stdout).into_owned(),
        err: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

fn code(finished: &Finished) -> i32 {
    finished.status.code().unwrap_or_else(|| panic!("{}\n{}", finished.out, finished.err))
}

#[test]
fn a_list_is_imported_asked_and_answered_on_sqlite() {
    story(None);
}

#[test]
fn a_list_is_imported_asked_and_answered_on_postgresql() {
    if let Some(postgres) = Postgres::get() {
        story(Some(postgres.database()));
    }
}

fn story(database: Option<TestDatabase>) {
    let site = Site::new(database);
    import(&site);
    without_a_server(&site);
    with_a_server(&site);
}

fn import(site: &Site) {
    let staff = site.file("staff.csv", STAFF);
    let mend = site.folder.path().join("mend.csv");
    let dry = site.json(&["import", &staff, "--dry-run", "--json"]);
    assert_eq!((&dry["read"], &dry["created"], &dry["rejected"]), (&json!(4), &json!(3), &json!(1)), "{dry}");
    assert_eq!(site.json(&["people", "list", "--json"]), json!([]));
    let first = site.json(&["import", &staff, "--rejected", mend.to_str().unwrap(), "--json"]);
    assert_eq!((&first["read"], &first["created"], &first["rejected"]), (&json!(4), &json!(3), &json!(1)), "{first}");
    let problem = first["problems"].as_array().unwrap().iter().find(|problem| problem["element"] == "phone").unwrap();
    assert!(problem["where"].as_str().unwrap().contains("staff.csv") && problem["reason"].is_string(), "{problem}");
    assert!(fs::read_to_string(&mend).unwrap().contains("mHero: reason"));
    let again = site.json(&["import", &staff, "--json"]);
    assert_eq!(
        (&again["unchanged"], &again["created"], &again["updated"]),
        (&json!(3), &json!(0), &json!(0)),
        "{again}"
    );
    let midwives = site.json(&["people", "list", "--query", "cadre = midwife", "--json"]);
    let phones: Vec<_> = midwives.as_array().unwrap().iter().map(|person| person["phones"][0].clone()).collect();
    assert_eq!(phones.len(), 2, "{midwives}");
    let shown = site.json(&["people", "show", "0770000001", "--json"]);
    assert_eq!(shown["name"], "Martha Kollie");
    assert_eq!(site.json(&["people", "show", "P1", "--json"])["id"], shown["id"]);
    assert_eq!(site.json(&["people", "list", "--limit", "1", "--json"]).as_array().unwrap().len(), 1);
}

fn without_a_server(site: &Site) {
    let text = ["--text", "Can you come?", "--text-fr", "Pouvez-vous venir ?", "--ignore-quiet-hours", "rehearsal"];
    let send = |more: &[&'static str]| {
        let all = [&["send", "--to", "cadre = midwife OR cadre = nurse"], text.as_slice(), more].concat();
        site.run(&all)
    };
    let refused = send(&[]);
    assert_eq!(code(&refused), 2, "nobody is there to confirm");
    assert!(refused.err.contains("Nothing was sent.") && refused.err.contains("--yes"), "{}", refused.err);
    let preview: Value = serde_json::from_str(&send(&["--dry-run", "--json"]).expect_success()).unwrap();
    assert_eq!((&preview["matched"], &preview["recipients"]), (&json!(3), &json!(2)), "{preview}");
    assert_eq!(preview["warnings"], json!(["no-channel"]));
    assert_eq!(site.json(&["messages", "list", "--json"]), json!([]));
    site.done(&["channel", "add", "simulator", "phones"]);
    let sent = send(&["--yes", "--json"]);
    assert!(sent.err.contains("No server runs here"), "{}", sent.err);
    let sent: Value = serde_json::from_str(&sent.expect_success()).unwrap();
    assert_eq!(sent["recipients"], 2, "{sent}");
    assert_eq!(sent["excluded"].as_object().unwrap().values().filter_map(Value::as_i64).sum::<i64>(), 1, "{sent}");
    let broadcast = sent["broadcast"].as_str().unwrap();
    let page = site.json(&["broadcast", "show", broadcast, "--people", "--json"]);
    assert_eq!(page["people"].as_array().unwrap().len(), 3, "{page}");
    assert_eq!(page["states"]["waiting"], 0, "{page}");
    let nobody = site.run(&["send", "--to", "name = Nobody", "--text", "x", "--yes"]);
    assert!(code(&nobody) == 1 && nobody.err.contains("Nothing was sent."), "{}", nobody.err);
    site.done(&["simulate", "receive", "+231770000001", "Yes I come"]);
    let heard = site.json(&["messages", "list", "--direction", "in", "--person", "P1", "--json"]);
    assert_eq!((heard.as_array().unwrap().len(), &heard[0]["text"]), (1, &json!("Yes I come")), "{heard}");
    assert_eq!(heard[0]["answers"], broadcast, "{heard}");
}

fn with_a_server(site: &Site) {
    let server = site.serve();
    let threads = site.json(&["thread", "list", "--json"]);
    let number = threads[0]["number"].to_string();
    let answered = site.run(&["thread", "answer", &number, "Thank you."]);
    assert!(!answered.err.contains("No server runs"), "{}", answered.err);
    assert_eq!(code(&answered), 0);
    assert_eq!(site.json(&["people", "list", "--json"]).as_array().unwrap().len(), 3);
    let unknown = site.run(&["people", "show", "nobody-here", "--lang", "fr"]);
    assert!(code(&unknown) == 1 && unknown.err.contains("personne"), "{}", unknown.err);
    let second = site.run(&["serve", "--listen", "127.0.0.1:0"]);
    assert!(code(&second) == 1 && second.err.contains("Another mhero uses"), "{}", second.err);
    let restore = site.run(&["restore", "none.backup"]);
    assert_eq!(code(&restore), 1);
    let backup = site.folder.path().join("all.backup");
    site.done(&["backup", backup.to_str().unwrap()]);
    assert!(fs::metadata(&backup).unwrap().len() > 100);
    let again = site.run(&["backup", backup.to_str().unwrap()]);
    assert!(code(&again) == 1 && again.err.contains("--force"), "{}", again.err);
    assert!(server.stop().success());
    // A server that was killed leaves its socket behind; neither commands nor the next server mind.
    site.serve().kill();
    assert_eq!(site.json(&["people", "list", "--json"]).as_array().unwrap().len(), 3);
    assert!(site.serve().stop().success());
}

#[test]
fn wrong_use_ends_with_2_and_failure_with_1() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    for wrong in [
        &["sendd"][..],
        &["send", "--to", "*"],
        &["init", "--country", "LR"],
        &["init", "--country", "Utopia", "--language", "en", "--timezone", "UTC"],
        &["init", "--country", "LR", "--language", "en", "--timezone", "Africa/Nowhere"],
        &["messages", "list", "--direction", "sideways"],
        &["approvals", "approve", "1", "--as", "b@moh.example", "--password-stdin"],
        &["approvals", "reject", "1", "--reason", "x", "--as", "b@moh.example"],
        &["people", "list", "--database", "mysql://x"],
    ] {
        let finished = run(&data, wrong);
        assert_eq!(code(&finished), 2, "{wrong:?}: {}", finished.err);
        assert!(finished.out.is_empty() && !finished.err.is_empty(), "{wrong:?}");
    }
    let before = run(&data, &["send", "--to", "*", "--text", "x", "--yes"]);
    assert!(code(&before) == 1 && before.err.contains("Nothing was sent."), "{}", before.err);
    assert!(before.err.contains("mhero init --country LR"), "{}", before.err);
    let french = run(&data, &["import", "staff.csv", "--lang", "fr"]);
    assert!(code(&french) == 1 && french.err.contains("pas encore de pays"), "{}", french.err);
}

#[test]
fn an_unknown_setting_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("own.toml");
    fs::write(&file, "[server]\nlisen = \"127.0.0.1:1\"\n").unwrap();
    let finished = run(&folder.path().join("data"), &["people", "list", "--config", file.to_str().unwrap()]);
    assert!(code(&finished) == 1 && finished.err.contains("server.lisen"), "{}", finished.err);
    let mut command = Program::command();
    command.env("MHERO__SERVER__LISEN", "x").args(["people", "list", "--data"]).arg(folder.path().join("data"));
    let output = command.output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.code() == Some(1) && said.contains("MHERO__SERVER__LISEN"), "{said}");
    let default = run(&folder.path().join("data"), &["config", "default"]).expect_success();
    let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("../config/mhero.default.toml");
    assert_eq!(default, fs::read_to_string(shipped).unwrap());
}

#[test]
fn accounts_tokens_and_the_doctor() {
    let site = Site::new(None);
    let added = site.json(&["user", "add", "A.Kollie@moh.example", "--role", "hr", "--json"]);
    assert!(added["password"].as_str().unwrap().len() >= 16, "{added}");
    let taken = site.run(&["user", "add", "a.kollie@moh.example", "--role", "hr"]);
    assert_eq!(code(&taken), 1, "{}", taken.out);
    let narrow = site.run(&["user", "add", "b@moh.example", "--role", "district"]);
    assert_eq!(code(&narrow), 1, "a district officer needs a place");
    assert_eq!(site.json(&["user", "list", "--json"]).as_array().unwrap().len(), 1);
    let token = site.run(&["token", "create", "dashboard", "--role", "integrator"]).expect_success();
    assert!(token.starts_with("mh_") && token.lines().count() == 1, "{token}");
    assert_eq!(site.json(&["role", "list", "--json"]).as_array().unwrap().len(), 7);
    assert_eq!(site.json(&["approvals", "list", "--all", "--json"]), json!([]));
    let nothing = site.run(&["approvals", "show", "1"]);
    assert!(code(&nothing) == 1 && nothing.err.contains('1'), "{}", nothing.err);
    let doctor = site.json(&["doctor", "--json"]);
    let verdict = |check: &str| {
        doctor["findings"].as_array().unwrap().iter().find(|it| it["check"] == check).unwrap()["verdict"].clone()
    };
    assert_eq!((verdict("database"), verdict("channels")), (json!("ok"), json!("warning")), "{doctor}");
    let migrate = site.json(&["migrate", "--json"]);
    assert_eq!(migrate["pending"], json!([]));
}

/// The same with something on standard input.
fn run_saying(data: &Path, words: &[&str], input: &str) -> Finished {
    use std::process::Stdio;
    let mut command = Program::command();
    command.env("XDG_CONFIG_HOME", data.with_file_name("keys")).env("LC_ALL", "C");
    let command = command.args(words).arg("--data").arg(data);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Finished { status: output.status, out: text(&output.stdout), err: text(&output.stderr) }
}

#[test]
fn what_waits_is_read_and_decided_by_somebody_who_says_who_they_are() {
    const PASSWORD: &str = "rain on the iron roof\n";
    let site = Site::new(None);
    let staff = site.file("staff.csv", STAFF);
    site.done(&["import", &staff]);
    for (email, role) in [("second@moh.example", "approver"), ("hr@moh.example", "hr")] {
        let added = run_saying(&site.data(), &["user", "add", email, "--role", role, "--password-stdin"], PASSWORD);
        assert_eq!(code(&added), 0, "{}", added.err);
    }
    let database = || rusqlite::Connection::open(site.data().join("mhero.db")).unwrap();
    let above = "INSERT INTO setting (key, value, updated_at) VALUES ('approvals', '{\"above\":0,\"minutes\":30}', 0)";
    database().execute(above, []).unwrap();
    let text = "Ministry of Health: a meeting on Monday";
    site.done(&["send", "--to", "*", "--text", text, "--name", "Meeting", "--lane", "normal", "--yes"]);
    site.done(&["send", "--to", "*", "--text", text, "--name", "Practice", "--lane", "bulk", "--drill", "--yes"]);

    let listed = site.json(&["approvals", "list", "--json"]);
    let marks: Vec<_> = listed.as_array().unwrap().iter().map(|one| (&one["number"], &one["mark"])).collect();
    assert_eq!(marks, [(&json!(1), &json!("live")), (&json!(2), &json!("drill"))], "{listed}");
    let read = |number: &str| site.run(&["approvals", "show", number]).expect_success();
    let (live, drill) = (read("1"), read("2"));
    for words in ["[LIVE] Your answer sends to real phones.", text, "How urgent: Normal", "It goes to 2 people", "To "]
    {
        assert!(live.contains(words), "{words}\n{live}");
    }
    for words in ["[DRILL] Its texts begin with DRILL.", "DRILL", "How urgent: It can wait"] {
        assert!(drill.contains(words), "{words}\n{drill}");
    }
    assert!(!drill.contains("LIVE") && !live.contains("DRILL"), "they never look alike");
    let french = site.run(&["approvals", "show", "2", "--lang", "fr"]).expect_success();
    assert!(french.contains("[EXERCICE]") && french.contains("Urgence"), "{french}");

    let decide = |words: &[&str], email: &str, password: &str| {
        let mut all = vec!["approvals"];
        all.extend(words.iter().copied().chain(["--as", email, "--password-stdin"]));
        run_saying(&site.data(), &all, password)
    };
    let yes = ["approve", "1", "--people", "2"];
    let refused = [
        (decide(&yes, "second@moh.example", "another password\n"), "Address or password is wrong"),
        (decide(&yes, "hr@moh.example", PASSWORD), "approve"),
        (decide(&["approve", "1", "--people", "3"], "second@moh.example", PASSWORD), "It goes to 2 people, not to 3"),
        (decide(&["reject", "1", "--reason", " "], "second@moh.example", PASSWORD), "why it goes back"),
    ];
    for (finished, words) in &refused {
        assert!(code(finished) == 1 && finished.err.contains(words), "{words}: {}", finished.err);
    }
    // Nobody is their own second person.
    let own = "UPDATE broadcast SET created_by = (SELECT id FROM app_user WHERE email = 'second@moh.example') WHERE number = 2";
    assert_eq!(database().execute(own, []).unwrap(), 1);
    let own = decide(&["reject", "2", "--reason", "Wrong day"], "second@moh.example", PASSWORD);
    assert!(code(&own) == 1 && own.err.contains("their own broadcast"), "{}", own.err);
    let state = |number: usize| site.json(&["approvals", "list", "--all", "--json"])[number - 1]["state"].clone();
    assert_eq!((state(1), state(2)), (json!("waiting"), json!("waiting")), "nothing was decided");

    let given = decide(&yes, "second@moh.example", PASSWORD);
    assert!(code(&given) == 0 && given.out.contains("1 is approved"), "{}{}", given.out, given.err);
    let shown = site.json(&["approvals", "show", "1", "--json"]);
    assert!(shown["state"] == "approved" && shown["decided_by"].is_string(), "{shown}");
    let late = decide(&["reject", "1", "--reason", "Too late"], "second@moh.example", PASSWORD);
    assert!(code(&late) == 1 && late.err.contains("does not wait"), "{}", late.err);
}

#[test]
fn a_server_says_how_it_is_and_runs_only_the_parts_asked_for() {
    let site = Site::new(None);
    let server = site.serve_with(&[], &[("MHERO__METRICS__LISTEN", "127.0.0.1:0")]);
    let health = get(&server.address().to_string(), "/health");
    assert!(health.starts_with("HTTP/1.1 200") && health.contains("\"healthy\":true"), "{health}");
    assert!(get(&server.address().to_string(), "/sign-in").starts_with("HTTP/1.1 200"));
    let since = Instant::now();
    while !server.err().contains("figures") && since.elapsed() < Duration::from_secs(10) {
        std::thread::yield_now();
    }
    let said = server.err();
    let figures = said.lines().find(|line| line.contains("figures")).unwrap().split("address=").nth(1).unwrap();
    assert!(get(figures.trim(), "/metrics").starts_with("HTTP/1.1 200"));
    assert!(server.stop().success());
    let without_pages = site.serve_with(&["--parts", "runners,channels"], &[]);
    assert!(get(&without_pages.address().to_string(), "/health").starts_with("HTTP/1.1 200"));
    assert!(get(&without_pages.address().to_string(), "/sign-in").starts_with("HTTP/1.1 404"));
    assert!(without_pages.stop().success());
    assert_eq!(code(&site.run(&["serve", "--parts", "everything"])), 2);
    let taken = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let refused = site.run(&["serve", "--listen", &taken.local_addr().unwrap().to_string()]);
    assert!(code(&refused) == 1 && refused.err.contains("--listen 127.0.0.1:0"), "{}", refused.err);
}

/// The whole answer to a plain request.
fn get(address: &str, path: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    write!(stream, "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    String::from_utf8_lossy(&answer).into_owned()
}

#[test]
fn a_backup_of_one_engine_is_restored_into_the_other() {
    let Some(postgres) = Postgres::get() else { return };
    let site = Site::new(None);
    let staff = site.file("staff.csv", STAFF);
    site.done(&["import", &staff]);
    let backup = site.folder.path().join("all.backup");
    let taken = site.json(&["backup", backup.to_str().unwrap(), "--json"]);
    let other = Site { folder: tempfile::tempdir().unwrap(), database: Some(postgres.database()) };
    let restored = other.json(&["restore", backup.to_str().unwrap(), "--json"]);
    assert_eq!(taken["tables"], restored["tables"]);
    let again = other.run(&["restore", backup.to_str().unwrap()]);
    assert_eq!(code(&again), 1, "a target that is not empty");
    assert_eq!(site.json(&["people", "list", "--json"]), other.json(&["people", "list", "--json"]));
}

#[test]
fn the_help_is_as_written_down() {
    let written = Path::new(env!("CARGO_MANIFEST_DIR")).join("../generated/cli.txt");
    let mut said = String::new();
    gather_help(&[], &mut said);
    if std::env::var_os("UPDATE_GENERATED").is_some() {
        fs::create_dir_all(written.parent().unwrap()).unwrap();
        fs::write(&written, &said).unwrap();
    }
    let known = fs::read_to_string(&written).unwrap_or_default();
    assert!(known == said, "generated/cli.txt is not what the program says: run the test with UPDATE_GENERATED=1");
}

/// The help of a command and of those below it; each that does something has an example.
fn gather_help(command: &[&str], said: &mut String) {
    let mut words = command.to_vec();
    words.push("--help");
    let output = Program::command().env("COLUMNS", "110").args(&words).output().unwrap();
    let help = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{command:?}");
    said.push_str(&format!("$ mhero {}\n\n{help}\n", words.join(" ")));
    let listed: Vec<&str> = match help.split_once("\nCommands:\n") {
        Some((_, rest)) => {
            let names = rest.lines().take_while(|line| !line.is_empty());
            let names = names.filter(|line| line.starts_with("  ") && !line.starts_with("   "));
            names.filter_map(|line| line.split_whitespace().next()).filter(|name| *name != "help").collect()
        }
        None => Vec::new(),
    };
    assert!(!listed.is_empty() || help.contains("Example"), "mhero {command:?} --help has no example");
    for name in listed {
        gather_help(&[command, &[name]].concat(), said);
    }
}
