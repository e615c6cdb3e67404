//! The whole server and a network that brings phones which dial a code, on both engines: screens, pages, calls that come twice, phones
//! that hang up, flows that are not ready in time.

use std::{
    net::TcpListener,
    path::Path,
    sync::mpsc,
    time::{Duration, Instant},
};

use mhero_testkit::{Operator, Postgres, Program, Reply, Site, TestDatabase};
use serde_json::{Value, json};

/// How long anything may take before a test says what it waited for.
const PATIENCE: Duration = Duration::from_secs(60);
/// Who dials.
const STAFF: &str = "id,name,phone\nP1,Martha Kollie,+231770000001\nP2,Joseph Flomo,+231770000002\n";

/// A network, and the server that it calls.
struct Network<'a> {
    data: &'a Path,
    database: Option<&'a TestDatabase>,
    server: Option<Program>,
    screen: String,
    over: String,
}

fn run(data: &Path, database: Option<&TestDatabase>, words: &[&str]) -> String {
    let mut command = Program::command();
    command.env("XDG_CONFIG_HOME", data.with_file_name("keys")).env("LC_ALL", "C");
    command.args(words).arg("--data").arg(data);
    if let Some(database) = database {
        command.args(["--database", &database.url()]);
    }
    let output = command.output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{words:?}: {said}");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

impl<'a> Network<'a> {
    fn start(data: &'a Path, database: Option<&'a TestDatabase>, export: &Value, settings: &[&str]) -> Self {
        let run = |words: &[&str]| run(data, database, words);
        run(&[
            "init",
            "--country",
            "LR",
            "--language",
            "en,fr",
            "--timezone",
            "Africa/Monrovia",
            "--quiet-hours",
            "off",
        ]);
        std::fs::write(data.join("staff.csv"), STAFF).unwrap();
        run(&["import", data.join("staff.csv").to_str().unwrap()]);
        std::fs::write(data.join("export.json"), export.to_string()).unwrap();
        run(&["flow", "import", data.join("export.json").to_str().unwrap()]);
        run(&["flow", "trigger", "Stock", "--word", "menu"]);
        let own = TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port();
        let callback = format!("callback=http://127.0.0.1:{own}");
        // The first channel that is on: it must not become that of everything which names none.
        run(&[&["channel", "add", "ussd", "code", "word=MENU", callback.as_str()], settings].concat());
        run(&["channel", "add", "simulator", "phones"]);
        let channels: Value = serde_json::from_str(&run(&["channel", "list", "--json"])).unwrap();
        let addresses =
            channels.as_array().unwrap().iter().find(|one| one["name"] == "code").unwrap()["addresses"].clone();
        let at = |name: &str| addresses[name].as_str().expect("an address").to_owned();
        let mut command = Program::command();
        command.env("XDG_CONFIG_HOME", data.with_file_name("keys")).env("MHERO__EFFECTS__ALLOW_PRIVATE", "127.0.0.0/8");
        command.arg("serve").args(["--listen", &format!("127.0.0.1:{own}"), "--data"]).arg(data);
        if let Some(database) = database {
            command.args(["--database", &database.url()]);
        }
        let server = Some(Program::spawn(&mut command));
        Self { data, database, server, screen: at("Callback URL"), over: at("Events URL") }
    }

    fn json(&self, words: &[&str]) -> Value {
        serde_json::from_str(&run(self.data, self.database, words)).expect("JSON")
    }

    /// What a phone sees that has typed all this.
    fn sees(&self, session: &str, phone: &str, text: &str) -> String {
        let form = [("Content-Type", "application/x-www-form-urlencoded")];
        let body =
            format!("sessionId={session}&serviceCode=*384*55%23&phoneNumber=%2B{phone}&networkCode=63902&text={text}");
        let (status, screen) = Operator::call(&self.screen, &form, &body);
        assert_eq!(status, 200, "{screen}");
        screen
    }

    fn hangs_up(&self, session: &str, phone: &str) {
        let form = [("Content-Type", "application/x-www-form-urlencoded")];
        let body = format!("sessionId={session}&phoneNumber=%2B{phone}&status=Incomplete&durationInMillis=9000");
        assert_eq!(Operator::call(&self.over, &form, &body).0, 200);
    }

    fn inbound(&self) -> Vec<String> {
        let all = self.json(&["messages", "list", "--direction", "in", "--json"]);
        all.as_array().unwrap().iter().map(|message| message["text"].as_str().unwrap().to_owned()).collect()
    }

    /// What a simulated phone got as SMS.
    fn sms(&self, phone: &str) -> String {
        run(self.data, self.database, &["simulate", "phone", phone])
    }

    fn until(&self, what: &str, is_so: impl Fn(&Self) -> bool) {
        let since = Instant::now();
        while !is_so(self) {
            assert!(since.elapsed() < PATIENCE, "waited too long for {what}");
        }
    }
}

fn id(number: u32) -> String {
    format!("3f4c6f3e-6a0f-4f39-9d2c-0c2d6d2f{number:04x}")
}

fn say(number: u32, text: &str) -> Value {
    json!({ "uuid": id(number), "type": "send_msg", "text": text })
}

/// An export with one flow: two texts and a question, a long text and a second question, then thanks. `calls` stands before those.
fn export(calls: Option<&Value>) -> Value {
    let facilities: String = (1..=20).map(|number| format!("{number} Health facility {number}\n")).collect();
    let mut last: Vec<Value> = calls.cloned().into_iter().collect();
    last.push(say(32, "Thanks for @results.left at facility @results.place."));
    let ask = |at: u32, name: &str, next: u32, again: u32| {
        json!({ "uuid": id(at), "actions": [], "router": {
            "type": "switch", "operand": "@input.text", "wait": { "type": "msg" }, "result_name": name,
            "default_category_uuid": id(at + 1),
            "categories": [{ "uuid": id(at + 2), "name": "Number", "exit_uuid": id(at + 3) },
                { "uuid": id(at + 1), "name": "Other", "exit_uuid": id(at + 4) }],
            "cases": [{ "uuid": id(at + 5), "type": "has_number", "arguments": [], "category_uuid": id(at + 2) }] },
          "exits": [{ "uuid": id(at + 3), "destination_uuid": id(next) },
            { "uuid": id(at + 4), "destination_uuid": id(again) }] })
    };
    let node = |at: u32, actions: Value, next: Option<u32>| {
        json!({ "uuid": id(at), "actions": actions,
            "exits": [{ "uuid": id(at + 1), "destination_uuid": next.map(id) }] })
    };
    json!({
        "version": "13",
        "flows": [{
            "uuid": id(0), "name": "Stock", "spec_version": "13.1.0", "language": "eng", "type": "messaging",
            "revision": 1, "expire_after_minutes": 60, "localization": {},
            "nodes": [
                node(1, json!([say(3, "Stock of vaccines"), say(4, "How many are left?")]), Some(10)),
                ask(10, "Left", 20, 1),
                node(20, json!([say(22, &facilities)]), Some(40)),
                ask(40, "Place", 30, 20),
                node(30, json!(last), None),
            ]
        }],
        "triggers": [], "campaigns": [], "fields": [], "groups": []
    })
}

#[test]
fn phones_go_through_screens_on_sqlite() {
    screens(None);
}

#[test]
fn phones_go_through_screens_on_postgresql() {
    if let Some(postgres) = Postgres::get() {
        screens(Some(&postgres.database()));
    }
}

fn screens(database: Option<&TestDatabase>) {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    std::fs::create_dir(&data).unwrap();
    let mut network = Network::start(&data, database, &export(None), &[]);
    let martha = "231770000001";
    let tested = run(&data, database, &["channel", "test", "code"]);
    assert!(tested.contains("dial the code once"), "{tested}");

    // All texts up to the next question make one screen, and the same call again changes nothing.
    for _ in 0..3 {
        assert_eq!(network.sees("s1", martha, ""), "CON Stock of vaccines\nHow many are left?");
    }
    assert_eq!(network.inbound(), ["MENU"]);
    assert_eq!(network.sees("s1", martha, "many"), "CON Stock of vaccines\nHow many are left?", "it asks again");
    let page = network.sees("s1", martha, "many*12");
    assert!(page.starts_with("CON 1 Health facility 1\n") && page.ends_with("\n98 More"), "{page}");
    assert!(page.trim_start_matches("CON ").len() <= 160, "{page}");
    assert_eq!(network.sees("s1", martha, "many*12"), page, "it came again");
    let second = network.sees("s1", martha, "many*12*98");
    assert!(second.starts_with("CON ") && second != page, "{second}");
    assert_eq!(network.sees("s1", martha, "many"), second, "an old call came late");
    let thanks = network.sees("s1", martha, "many*12*98*7");
    assert_eq!(thanks, "END Thanks for 12 at facility 7.");
    assert_eq!(network.sees("s1", martha, "many*12*98*7"), thanks);
    assert_eq!(network.inbound().len(), 4, "the key for the next page is no answer: {:?}", network.inbound());

    // Two phones at a time, each its own screens; and answers dialled along with the code.
    assert_eq!(network.sees("s2", "231770000002", "9*3"), "END Thanks for 9 at facility 3.");

    // Hung up in the middle: dialling again goes on there, and so does an SMS.
    assert!(network.sees("s3", martha, "").starts_with("CON Stock"));
    assert!(network.sees("s3", martha, "5").starts_with("CON 1 Health"));
    network.hangs_up("s3", martha);
    let again = network.sees("s4", martha, "");
    assert!(again.starts_with("CON 1 Health"), "{again}");
    network.hangs_up("s4", martha);
    run(&data, database, &["simulate", "receive", &format!("+{martha}"), "2"]);
    network.until("the thanks by SMS", |network| {
        network.sms(&format!("+{martha}")).contains("Thanks for 5 at facility 2.")
    });

    // Who has not the secret is no network; nor is another phone in a dialogue that is not its own.
    let bare = network.screen.split('?').next().unwrap();
    let form = [("Content-Type", "application/x-www-form-urlencoded")];
    assert_eq!(Operator::call(bare, &form, "sessionId=s5&phoneNumber=%2B231770000001&text=").0, 403);
    let other = "sessionId=s1&phoneNumber=%2B231770000002&text=9";
    assert_eq!(Operator::call(&network.screen, &form, other).0, 400);
    let out = network.json(&["messages", "list", "--direction", "out", "--json"]);
    let waiting = out.as_array().unwrap().iter().filter(|message| message["state"] == "waiting").count();
    assert_eq!(waiting, 0, "nothing waits for a screen that nobody looks at: {out}");
    let status = network.server.take().unwrap().stop();
    assert!(status.success(), "{status}");
}

#[test]
fn what_is_not_ready_in_time_comes_by_sms() {
    let (release, held) = mpsc::channel::<()>();
    let held = std::sync::Mutex::new(held);
    let slow = Site::start(move |_| {
        // Until the test lets it answer.
        let _ = held.lock().unwrap().recv();
        Reply::json(200, json!({}))
    });
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    std::fs::create_dir(&data).unwrap();
    let call =
        json!({ "uuid": id(31), "type": "call_webhook", "method": "GET", "url": slow.url(), "result_name": "Looked" });
    let network = Network::start(&data, None, &export(Some(&call)), &["answer_within=2", "sms=phones"]);
    let joseph = "231770000002";
    let late = network.sees("s1", joseph, "4*6");
    assert!(late.starts_with("END ") && late.contains("SMS"), "{late}");
    assert_eq!(network.sees("s1", joseph, "4*6"), late);
    release.send(()).unwrap();
    network.until("the answer by SMS", |network| {
        network.sms(&format!("+{joseph}")).contains("Thanks for 4 at facility 6.")
    });
}
