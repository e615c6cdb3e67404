//! A real OpenHIM (npm, 4.x): registration, heartbeat, a transaction and its rerun, polling with orchestrations. What stands below it
//! is no MongoDB but a small store that speaks its protocol: this shows OpenHIM's interfaces, not MongoDB.

use std::{
    net::TcpListener,
    path::Path,
    time::{Duration, Instant},
};

use mhero_exchange::openhim::token_login;
use mhero_testkit::{Finished, OPENHIM_PASSWORD, OPENHIM_USER, OpenHim, Program, Reply, Site};
use reqwest::Method;
use serde_json::{Value, json};

/// How long anything may take on a slow machine.
const LIMIT: Duration = Duration::from_secs(60);
const PHONE: &str = "+231770123456";

/// OpenHIM as an operator sees it.
struct Operator<'o> {
    peer: &'o OpenHim,
    client: reqwest::Client,
    runtime: tokio::runtime::Runtime,
}

impl Operator<'_> {
    fn api(&self, method: Method, path: &str, body: Option<&Value>) -> (u16, Value) {
        self.runtime.block_on(async {
            let url = |path: &str| format!("{}{path}", self.peer.api());
            let salt = self.client.get(url(&format!("/authenticate/{OPENHIM_USER}"))).send().await.unwrap();
            let salt: Value = salt.json().await.unwrap();
            let (salt, ts) = (salt["salt"].as_str().unwrap(), salt["ts"].as_str().unwrap());
            let mut request = self.client.request(method, url(path));
            for (name, value) in token_login(OPENHIM_USER, OPENHIM_PASSWORD, (salt, ts), "request") {
                request = request.header(name, value);
            }
            if let Some(body) = body {
                request = request.json(body);
            }
            let answer = request.send().await.unwrap();
            let status = answer.status().as_u16();
            (status, serde_json::from_str(&answer.text().await.unwrap()).unwrap_or_default())
        })
    }

    /// A request of a client, through the router: status and body.
    fn through(&self, method: Method, path: &str, body: &Value) -> (u16, String) {
        self.runtime.block_on(async {
            let request = self.client.request(method, format!("{}{path}", self.peer.router()));
            let request = request.basic_auth("ihris", Some("ihris")).header("content-type", "application/fhir+json");
            let answer = request.body(body.to_string()).send().await.unwrap();
            (answer.status().as_u16(), answer.text().await.unwrap())
        })
    }

    fn transactions(&self) -> Vec<Value> {
        let path = "/transactions?filterPage=0&filterLimit=50&filterRepresentation=full&filters=%7B%7D";
        self.api(Method::GET, path, None).1.as_array().cloned().unwrap_or_default()
    }
}

fn until<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let began = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(began.elapsed() < LIMIT, "not in time: {what}");
        std::thread::yield_now();
    }
}

fn run(data: &Path, words: &[&str]) -> Finished {
    let mut command = Program::command();
    command.env("XDG_CONFIG_HOME", data.with_file_name("keys")).env("LC_ALL", "C");
    let output = command.args(words).arg("--data").arg(data).output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Finished { status: output.status, out: text(&output.stdout), err: text(&output.stderr) }
}

#[test]
fn openhim_knows_us_passes_requests_on_repeats_them_safely_and_polls() {
    let Some(peer) = OpenHim::start() else { return };
    mhero_channels::tls::install();
    let client = reqwest::Client::builder().danger_accept_invalid_certs(true).build().unwrap();
    let operator = Operator { peer: &peer, client, runtime: tokio::runtime::Runtime::new().unwrap() };
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let said = |words: &[&str]| run(&data, words).expect_success();
    // No quiet hours: an urgent request of a client is no alert, and this must pass at night too.
    said(&["init", "--country", "LR", "--language", "en", "--timezone", "Africa/Monrovia", "--quiet-hours", "off"]);
    said(&["channel", "add", "simulator", "phones"]);
    let token = said(&["token", "create", "openhim", "--role", "integrator"]).trim().to_owned();
    let registry = Site::start(|_| Reply::json(503, json!({ "resourceType": "OperationOutcome" })));
    said(&["source", "add", "fhir", "ihris", &registry.url()]);
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port().to_string();
    let password = folder.path().join("password");
    std::fs::write(&password, OPENHIM_PASSWORD).unwrap();
    let mut command = Program::command();
    command
        .env("XDG_CONFIG_HOME", data.with_file_name("keys"))
        .env("MHERO__OPENHIM__URL", peer.api())
        .env("MHERO__OPENHIM__USER", OPENHIM_USER)
        .env("MHERO__OPENHIM__PASSWORD_FILE", &password)
        .env("MHERO__OPENHIM__CA_FILE", peer.certificate())
        .env("MHERO__OPENHIM__HOST", "127.0.0.1")
        .env("MHERO__OPENHIM__PORT", &port)
        .args(["serve", "--listen", &format!("127.0.0.1:{port}"), "--data"])
        .arg(&data);
    let server = Program::spawn(&mut command);
    let mediator = until("the first heartbeat", || {
        let (_, known) = operator.api(Method::GET, "/mediators/urn%3Amediator%3Amhero", None);
        known["_lastHeartbeat"].is_string().then_some(known)
    });
    assert_eq!(
        (&mediator["name"], &mediator["endpoints"][0]["port"]),
        (&json!("mHero"), &json!(port.parse::<u16>().unwrap()))
    );
    let set = json!({ "sources": "ihris", "bodies": "all", "wait_seconds": 30 });
    assert_eq!(operator.api(Method::PUT, "/mediators/urn%3Amediator%3Amhero/config", Some(&set)).0, 200);
    sends_once(&operator, &token, &port, &said);
    polls(&operator, &token, &said);
    assert!(server.stop().success());
}

/// A message through OpenHIM, and the rerun of its transaction.
fn sends_once(operator: &Operator<'_>, token: &str, port: &str, said: &dyn Fn(&[&str]) -> String) {
    // sha512("ihris" + "salt"), as OpenHIM keeps it.
    let hash = {
        use sha2::{Digest, Sha512};
        Sha512::digest("ihrissalt").iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
    };
    let account = json!({
        "clientID": "ihris", "name": "iHRIS", "roles": ["mhero"],
        "passwordAlgorithm": "sha512", "passwordSalt": "salt", "passwordHash": hash,
    });
    assert_eq!(operator.api(Method::POST, "/clients", Some(&account)).0, 201);
    let channel = json!({
        "name": "mHero", "urlPattern": "^/fhir(/.*)?$", "type": "http", "authType": "private", "allow": ["mhero"],
        "methods": ["GET", "POST", "PUT"], "requestBody": true, "responseBody": true,
        "routes": [{ "name": "mHero", "type": "http", "status": "enabled", "host": "127.0.0.1", "port": port,
            "primary": true, "username": "openhim", "password": token }],
    });
    assert_eq!(operator.api(Method::POST, "/channels", Some(&channel)).0, 201);
    let worker = json!({
        "resourceType": "Practitioner", "id": "P1", "active": true, "name": [{ "family": "Kollie", "given": ["Martha"] }],
        "telecom": [{ "system": "phone", "use": "mobile", "value": PHONE }],
    });
    until("the channel", || (operator.through(Method::PUT, "/fhir/Practitioner/P1", &worker).0 < 300).then_some(()));
    until("the worker", || said(&["people", "list", "--json"]).contains("Kollie").then_some(()));
    let alert = json!({
        "resourceType": "CommunicationRequest", "status": "active", "priority": "urgent",
        "recipient": [{ "reference": "Practitioner/P1" }],
        "payload": [{ "contentString": "Cholera in D1: boil water" }],
    });
    let (status, made) = operator.through(Method::POST, "/fhir/CommunicationRequest", &alert);
    assert_eq!(status, 201, "{made}");
    let texts = || said(&["simulate", "phone", PHONE]).matches("Cholera in D1").count();
    until("the SMS", || (texts() == 1).then_some(()));
    let of_alert = |all: &[Value]| -> Vec<Value> {
        all.iter().filter(|one| one["request"]["path"] == "/fhir/CommunicationRequest").cloned().collect()
    };
    let first = until("its transaction", || {
        of_alert(&operator.transactions()).into_iter().find(|one| one["status"] == "Successful")
    });
    let id = first["_id"].as_str().expect("an id");
    let task = json!({ "tids": [id], "batchSize": 1, "paused": false });
    assert_eq!(operator.api(Method::POST, "/tasks", Some(&task)).0, 201);
    let child = until("the rerun", || {
        let all = of_alert(&operator.transactions());
        all.into_iter().find(|one| one["parentID"] == id && one["status"] == "Successful")
    });
    assert_eq!(child["response"]["body"], first["response"]["body"], "the first answer again");
    let log: Value = serde_json::from_str(&said(&["exchange", "list", "--with", "openhim", "--json"])).unwrap();
    let again: Vec<&Value> =
        log.as_array().unwrap().iter().filter(|one| one["what"] == "POST /fhir/CommunicationRequest").collect();
    assert_eq!(again.len(), 2, "{log}");
    assert!(again.iter().any(|one| one["reason"] == "exchange-done-before"), "{again:?}");
    assert!(again.iter().any(|one| one["transaction"] == id), "{again:?}");
    assert_eq!(texts(), 1, "no second SMS");
}

/// OpenHIM calls by a schedule; the transaction says which calls were made, and that the registry is down.
fn polls(operator: &Operator<'_>, token: &str, said: &dyn Fn(&[&str]) -> String) {
    said(&["openhim", "polling", "1 minute", "--token", token]);
    let polled = until("the polling transaction", || {
        operator.transactions().into_iter().find(|one| {
            one["request"]["path"] == "/trigger" && !matches!(one["status"].as_str(), None | Some("Processing"))
        })
    });
    assert_eq!(polled["status"], "Failed", "{polled}");
    let names: Vec<&Value> = polled["orchestrations"].as_array().unwrap().iter().map(|one| &one["name"]).collect();
    assert!(names.contains(&&json!("ihris")), "{names:?}");
    assert!(polled["properties"]["ihris"].as_str().is_some_and(|said| said.starts_with("failed")), "{polled}");
}
