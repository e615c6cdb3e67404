//! A phone with the Android app, as the app speaks, against the whole server: it comes in, is claimed, is given texts and tells what
//! became of them; and what it may not do.

use std::{
    collections::BTreeMap,
    path::Path,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use base64::{Engine as _, engine::general_purpose::URL_SAFE};
use mhero_testkit::Program;
use ring::hmac;
use serde_json::{Value, json};
use tokio::time::Instant;

/// How long anything may take before a test says what it waited for.
const PATIENCE: Duration = Duration::from_secs(60);
/// How long the phone lets a question be held, in seconds.
const WAIT: u64 = 20;

/// The app on a phone.
struct Phone {
    server: String,
    client: reqwest::Client,
    number: i64,
    secret: String,
    code: String,
    /// Texts that it was given, by their number: to whom, what.
    given: BTreeMap<i64, (String, String)>,
    /// What it has not sent yet.
    pending: Vec<i64>,
    p_id: i64,
}

impl Phone {
    async fn register(server: &Program) -> Self {
        mhero_channels::tls::install();
        let client = reqwest::Client::new();
        let address = server.url("");
        let address = address.trim_end_matches('/').to_owned();
        let cmds =
            json!({"cmds": [{"cmd": "fcm", "fcm_id": "f", "uuid": "u", "p_id": 1}, {"cmd": "status", "dev": "A04"}]});
        let url = format!("{address}/relayers/relayer/register/");
        let answer = client.post(url).body(cmds.to_string()).send().await.expect("an answer");
        let said: Value = answer.json().await.expect("JSON");
        let reg = &said["cmds"][0];
        let word = |key: &str| reg[key].as_str().expect("a text").to_owned();
        let (secret, code) = (word("relayer_secret"), word("relayer_claim_code"));
        assert_eq!((reg["cmd"].as_str(), secret.len(), code.len()), (Some("reg"), 64, 9));
        let number = reg["relayer_id"].as_i64().expect("a number");
        Self { server: address, client, number, secret, code, given: BTreeMap::new(), pending: Vec::new(), p_id: 10 }
    }

    fn next(&mut self) -> i64 {
        self.p_id += 1;
        self.p_id
    }

    /// What every question begins with.
    fn head(&mut self) -> Vec<Value> {
        let (one, two) = (self.next(), self.next());
        vec![
            json!({"cmd": "fcm", "fcm_id": "f", "uuid": "u", "p_id": one}),
            json!({"cmd": "status", "p_id": two, "p_src": "BAT", "p_lvl": 80, "p_sts": "DIS", "net": "3G", "dev": "A04",
                "app_version": "1.9", "org_id": 1, "pending": self.pending, "retry": []}),
        ]
    }

    /// Asks, and gives back status and answer.
    async fn post(&self, cmds: &[Value], secret: &str, age: i64, wait: Option<u64>) -> (u16, Value) {
        let body = json!({ "cmds": cmds }).to_string();
        let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_secs();
        let ts = i64::try_from(now).expect("a time") - age;
        let key = hmac::Key::new(hmac::HMAC_SHA256, format!("{secret}{ts}").as_bytes());
        let signature = URL_SAFE.encode(hmac::sign(&key, body.as_bytes())).replace('=', "%3D");
        let wait = wait.map(|seconds| format!("&wait={seconds}")).unwrap_or_default();
        let url = format!("{}/relayers/relayer/sync/{}/?ts={ts}&signature={signature}{wait}", self.server, self.number);
        let answer = self.client.post(url).body(body).send().await.expect("an answer");
        (answer.status().as_u16(), answer.json().await.expect("JSON"))
    }

    /// Asks with what it tells, and keeps what it is given. Gives back the other commands.
    async fn sync(&mut self, told: Vec<Value>, wait: Option<u64>) -> Vec<Value> {
        let cmds = [self.head(), told].concat();
        let (status, said) = self.post(&cmds, &self.secret, 0, wait).await;
        assert_eq!(status, 200, "{said}");
        let mut rest = Vec::new();
        for cmd in said["cmds"].as_array().expect("a list") {
            if cmd["cmd"] != "mt_bcast" {
                rest.push(cmd.clone());
                continue;
            }
            for to in cmd["to"].as_array().expect("a list") {
                let id = to["id"].as_i64().expect("a number");
                let text = (to["phone"].as_str().unwrap().to_owned(), cmd["msg"].as_str().unwrap().to_owned());
                self.pending.push(id);
                self.given.insert(id, text);
            }
        }
        rest
    }

    fn about(&mut self, cmd: &str, id: i64) -> Value {
        json!({"cmd": cmd, "msg_id": id, "ts": 1_700_000_000_000_i64, "p_id": self.next()})
    }
}

fn run(data: &Path, words: &[&str]) -> String {
    Program::run(data, words).expect_success()
}

fn list(data: &Path, words: &[&str]) -> Value {
    serde_json::from_str(&run(data, words)).expect("JSON")
}

fn begin(data: &Path) -> Program {
    let place = ["--country", "LR", "--language", "en,fr", "--timezone", "Africa/Monrovia", "--quiet-hours", "off"];
    run(data, &[&["init"], &place[..]].concat());
    let staff = "id,name,phone\nP1,Martha Kollie,+231770000001\nP2,Joseph Tarr,+231770000002\n";
    std::fs::write(data.join("staff.csv"), staff).unwrap();
    run(data, &["import", data.join("staff.csv").to_str().unwrap()]);
    run(data, &["channel", "add", "android", "district"]);
    Program::start(data, ["serve"])
}

fn send(data: &Path, to: &str, text: &str) -> String {
    let sent = list(data, &["send", "--to", to, "--text", text, "--lane", "normal", "--yes", "--json"]);
    sent["broadcast"].as_str().unwrap().to_owned()
}

fn state(data: &Path, broadcast: &str, state: &str) -> i64 {
    list(data, &["broadcast", "show", broadcast, "--json"])["states"][state].as_i64().unwrap_or_default()
}

async fn until(what: &str, is_so: impl Fn() -> bool) {
    let since = Instant::now();
    while !is_so() {
        assert!(since.elapsed() < PATIENCE, "waited too long for {what}");
        tokio::task::yield_now().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_phone_carries_texts_both_ways() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    let server = begin(data);
    let mut phone = Phone::register(&server).await;
    let head = phone.head();
    let (status, said) = phone.post(&head, &phone.secret, 0, None).await;
    assert_eq!((status, said["error_id"].as_i64()), (401, Some(4)), "nobody has claimed it");
    assert!(!Program::run(data, ["channel", "claim", "district", "AAAAAAAAA"]).status.success());
    run(data, &["channel", "claim", "district", &phone.code.to_lowercase()]);

    let broadcast = send(data, "phone = +231770000001 or phone = +231770000002", "Présence à 8 h?");
    let since = Instant::now();
    while phone.given.len() < 2 {
        assert!(since.elapsed() < PATIENCE, "the texts did not come");
        phone.sync(Vec::new(), Some(WAIT)).await;
    }
    let phones: Vec<&str> = phone.given.values().map(|(to, _)| to.as_str()).collect();
    assert!(phones.contains(&"+231770000001") && phones.contains(&"+231770000002"));
    assert!(phone.given.values().all(|(_, text)| text == "Présence à 8 h?"));
    // It says that it has both: they have left, and are not given again.
    phone.sync(Vec::new(), None).await;
    assert_eq!(phone.pending.len(), 2, "nothing is given twice");
    until("both to be sent", || state(data, &broadcast, "sent") == 2).await;

    let ids: Vec<i64> = phone.given.keys().copied().collect();
    let told = vec![phone.about("mt_sent", ids[0]), phone.about("mt_dlvd", ids[0]), phone.about("mt_fail", ids[1])];
    let text = json!({"cmd": "mo_sms", "phone": "0770000001", "msg": "Oui, présente", "ts": 1_700_000_001_000_i64, "p_id": 90});
    phone.pending.clear();
    let acks = phone.sync([told.clone(), vec![text.clone()]].concat(), None).await;
    assert_eq!(acks.iter().filter(|ack| ack["cmd"] == "ack").count(), 4, "{acks:?}");
    assert!(acks.iter().any(|ack| ack["p_id"] == 90 && ack["extra"]["msg_id"].is_i64()), "{acks:?}");
    until("what the phone said", || {
        state(data, &broadcast, "delivered") == 1 && state(data, &broadcast, "failed") == 1
    })
    .await;
    // The answer was lost on its way: the phone says it all again, and nothing is doubled or goes back.
    let again = phone.sync([told, vec![text]].concat(), None).await;
    assert_eq!(again.len(), acks.len());
    let inbound = || list(data, &["messages", "list", "--direction", "in", "--json"]).as_array().unwrap().len();
    until("the text of a phone", || inbound() == 1).await;
    assert_eq!((state(data, &broadcast, "delivered"), inbound(), phone.pending.len()), (1, 1, 0));

    // A question that is held back is answered when there is something, not when its time is over.
    let second = send(data, "phone = +231770000001", "Merci");
    let since = Instant::now();
    while phone.pending.is_empty() {
        assert!(since.elapsed() < PATIENCE, "the text did not come");
        phone.sync(Vec::new(), Some(WAIT)).await;
    }
    // It could not send it, and does not have it any more: it is given the same again, under the same number.
    let id = phone.pending[0];
    let erred = phone.about("mt_error", id);
    phone.pending.clear();
    phone.sync(vec![erred], None).await;
    assert_eq!(phone.pending, [id]);
    let sent = phone.about("mt_sent", id);
    phone.sync(vec![sent], None).await;
    until("the second to be sent", || state(data, &second, "sent") == 1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_phone_that_is_not_ours_gets_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    let server = begin(data);
    let mut phone = Phone::register(&server).await;
    run(data, &["channel", "claim", "district", &phone.code]);
    let other = Phone::register(&server).await;
    let broadcast = send(data, "phone = +231770000001", "For its own phone");
    let head = phone.head();
    let refused = async |secret: &str, age: i64, cmds: &[Value]| {
        let (status, said) = phone.post(cmds, secret, age, None).await;
        assert_eq!(said["cmds"], json!([]));
        (status, said["error_id"].as_i64().unwrap_or_default())
    };
    assert_eq!(refused(&other.secret, 0, &head).await, (401, 1), "signed with another's secret");
    assert_eq!(refused("", 0, &head).await, (401, 1));
    assert_eq!(refused(&phone.secret, 901, &head).await, (401, 3), "sixteen minutes old");
    assert_eq!(refused(&phone.secret, 0, &head[1..]).await, (401, 4), "it does not begin with who it is");
    let (_, unknown) = Phone { number: 4_711, ..Phone::register(&server).await }.post(&head, "x", 0, None).await;
    assert_eq!(unknown["cmds"], json!([{"cmd": "rel", "relayer_id": 4_711}]));
    let raw = phone.client.post(format!("{}/relayers/relayer/sync/{}/", phone.server, phone.number)).body("[").send();
    assert_eq!(raw.await.unwrap().status(), 401);

    // It lets us go: the channel has no phone, says so, and what waits stays until there is another.
    let acks = phone.sync(vec![json!({"cmd": "reset", "p_id": 70})], None).await;
    assert_eq!(acks, [json!({"cmd": "ack", "p_id": 70})]);
    let released = phone.sync(Vec::new(), None).await;
    assert_eq!(released, [json!({"cmd": "rel", "relayer_id": phone.number})]);
    let tested = Program::run(data, ["channel", "test", "district"]);
    assert!(!tested.status.success() && tested.err.contains("code"), "{}", tested.err);
    let mut second = other;
    run(data, &["channel", "claim", "district", &second.code]);
    let since = Instant::now();
    while second.given.is_empty() {
        assert!(since.elapsed() < PATIENCE, "the text did not come");
        second.sync(Vec::new(), Some(WAIT)).await;
    }
    assert!(phone.given.is_empty());
    second.sync(Vec::new(), None).await;
    until("it to be sent", || state(data, &broadcast, "sent") == 1).await;
}
