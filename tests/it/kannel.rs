//! The real Kannel with its fake network: what arrives at phones, what phones write, reports, failures, kills.

use std::{
    collections::BTreeMap,
    fs,
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    path::Path,
    time::{Duration, Instant},
};

use mhero_testkit::{KANNEL_PASSWORD, KANNEL_STATUS_PASSWORD, KANNEL_USER, Kannel, Mt, Program};
use serde_json::Value;

mod kills;

/// How long anything may take before a test says what it waited for.
const PATIENCE: Duration = Duration::from_secs(120);

/// An installation beside a Kannel, with a server at an address that stays the same over restarts.
struct Site {
    folder: tempfile::TempDir,
    kannel: Kannel,
    port: u16,
}

impl Site {
    /// With so many people, and the channel `main` by Kannel, over which further settings go.
    fn new(people: usize, settings: &[&str]) -> Option<Self> {
        let kannel = Kannel::start()?;
        let port = TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port();
        let site = Self { folder: tempfile::tempdir().unwrap(), kannel, port };
        site.run(&[
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
        let staff = site.data().join("staff.csv");
        let mut file = fs::File::create(&staff).unwrap();
        writeln!(file, "id,name,phone").unwrap();
        for n in 0..people {
            writeln!(file, "P{n},Person {n},{}", phone(n)).unwrap();
        }
        drop(file);
        site.run(&["import", staff.to_str().unwrap()]);
        let mut all: BTreeMap<String, String> = BTreeMap::new();
        let own = [format!("callback=http://127.0.0.1:{port}"), format!("admin={}", site.kannel.admin_url())];
        let own = own.into_iter().chain([format!("admin_password={KANNEL_STATUS_PASSWORD}")]);
        let given = settings.iter().map(ToString::to_string);
        for pair in site.kannel.settings().into_iter().chain(own).chain(given) {
            let (key, value) = pair.split_once('=').unwrap();
            all.insert(key.to_owned(), value.to_owned());
        }
        let pairs: Vec<String> = all.iter().map(|(key, value)| format!("{key}={value}")).collect();
        let mut words = vec!["channel", "add", "kannel", "main"];
        words.extend(pairs.iter().map(String::as_str));
        site.run(&words);
        Some(site)
    }

    fn data(&self) -> &Path {
        self.folder.path()
    }

    fn run(&self, words: &[&str]) -> String {
        Program::run(self.data(), words).expect_success()
    }

    fn json(&self, words: &[&str]) -> Value {
        let out = self.run(words);
        serde_json::from_str(&out).unwrap_or_else(|error| panic!("{words:?}: {error}\n{out}"))
    }

    fn serve(&self) -> Program {
        let mut command = Program::command();
        command.arg("serve").args(["--listen", &format!("127.0.0.1:{}", self.port), "--data"]).arg(self.data());
        Program::spawn(&mut command)
    }

    /// The path that Kannel is to call, by its name in `kannel.conf`, with the secret.
    fn address(&self, name: &str) -> String {
        let channels = self.json(&["channel", "list", "--json"]);
        channels[0]["addresses"][name].as_str().unwrap().to_owned()
    }

    fn send(&self, to: &str, text: &str) -> String {
        let words = ["send", "--to", to, "--text", text, "--yes", "--json"];
        self.json(&words)["broadcast"].as_str().unwrap().to_owned()
    }

    /// Messages of a broadcast by state.
    fn states(&self, broadcast: &str) -> BTreeMap<String, i64> {
        serde_json::from_value(self.json(&["broadcast", "show", broadcast, "--json"])["states"].clone()).unwrap()
    }

    /// Waits until a broadcast stands like this; `what` says it in words.
    fn wait(
        &self,
        broadcast: &str,
        what: &str,
        is_so: impl Fn(&BTreeMap<String, i64>) -> bool,
    ) -> BTreeMap<String, i64> {
        let since = Instant::now();
        loop {
            let states = self.states(broadcast);
            if is_so(&states) {
                return states;
            }
            assert!(since.elapsed() < PATIENCE, "not {what}: {states:?}");
        }
    }

    fn wait_all(&self, broadcast: &str, state: &str, count: i64) {
        self.wait(broadcast, state, |states| states.get(state) == Some(&count));
    }
}

fn phone(n: usize) -> String {
    format!("+2317{:08}", 70_000_000 + n)
}

/// What each phone shows, the parts of one text put together.
fn shown(texts: &[Mt]) -> BTreeMap<String, String> {
    let mut phones: BTreeMap<String, String> = BTreeMap::new();
    for mt in texts {
        phones.entry(mt.to.clone()).or_default().push_str(&mt.text);
    }
    phones
}

/// Asks our server the way a gateway does; returns the status and the body.
fn http(port: u16, request: &str) -> (u16, String) {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let status = answer.split(' ').nth(1).unwrap().parse().unwrap();
    (status, answer.split_once("\r\n\r\n").unwrap().1.to_owned())
}

fn get(port: u16, path: &str) -> (u16, String) {
    http(port, &format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
}

fn post(port: u16, path: &str, form: &str) -> (u16, String) {
    let kind = "application/x-www-form-urlencoded";
    let head = format!("POST {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: {kind}\r\n");
    http(port, &format!("{head}Content-Length: {}\r\n\r\n{form}", form.len()))
}

/// Waits until so many texts of phones are stored; returns them by sender.
fn inbound(site: &Site, count: usize) -> Vec<(String, String)> {
    let since = Instant::now();
    loop {
        let list = site.json(&["messages", "list", "--direction", "in", "--json"]);
        let word = |message: &Value, key: &str| message[key].as_str().unwrap_or_default().to_owned();
        let found: Vec<_> =
            list.as_array().unwrap().iter().map(|message| (word(message, "phone"), word(message, "text"))).collect();
        if found.len() >= count {
            return found;
        }
        assert!(since.elapsed() < PATIENCE, "{} of {count} texts came in", found.len());
    }
}

#[test]
fn every_letter_arrives_and_the_reports_come_back() {
    let texts = [
        "MOH: plain words, 100% & more + a = b?".to_owned(),
        "Où est l'été? Ça coûte 5 € [près] {d'ici} ~ ^ | \\".replace("Ça coûte", "Il est à"),
        "Contrôle à l'hôpital: ça va?".to_owned(),
        "لقاح الحصبة غدا 😀👍🏾".to_owned(),
        "Δ_ΦΓΛΩΠΨΣΘΞ £$¥èéùìòÇØøÅåÆæßÉ!\"#¤%&'()*+,-./:;<=>?¡ÄÖÑÜ§¿äöñüà".to_owned(),
        "A long text of the ministry about measles. ".repeat(9).trim_end().to_owned(),
        "Un texte très long où il y a des « guillemets » et des œufs 🥚. ".repeat(4).trim_end().to_owned(),
    ];
    let Some(site) = Site::new(texts.len(), &[]) else { return };
    let _server = site.serve();
    let sent: Vec<String> =
        (0..).zip(&texts).map(|(n, text)| site.send(&format!("phone = {}", phone(n)), text)).collect();
    for broadcast in &sent {
        site.wait_all(broadcast, "delivered", 1);
    }
    let arrived = shown(&site.kannel.received());
    for (n, text) in texts.iter().enumerate() {
        assert_eq!(arrived.get(&phone(n)), Some(text), "to {n}");
    }
    let all = site.kannel.received();
    let how = |n: usize| all.iter().find(|mt| mt.to == phone(n)).map(|mt| mt.coding.as_str());
    assert_eq!((how(0), how(1), how(2), how(4)), (Some("text"), Some("text"), Some("ucs-2"), Some("text")));
    assert!(all.iter().all(|mt| mt.from == "4636"));
}

#[test]
fn what_phones_write_comes_in_once_and_is_stored_before_it_is_acknowledged() {
    let Some(mut site) = Site::new(1, &[]) else { return };
    let server = site.serve();
    let get_url = site.address("get-url");
    site.kannel.set_get_url(&get_url);
    site.kannel.phones_write(&[
        ("231770000000", "text bonjour & merci + 100%"),
        ("+231770000000", "text été à l'école"),
        ("231880000007", "ucs2 %06%44%06%42%06%27%06%2D"),
    ]);
    let found = inbound(&site, 3);
    for expected in ["bonjour & merci + 100%", "été à l'école", "لقاح"] {
        assert!(found.iter().any(|(_, text)| text == expected), "{expected} among {found:?}");
    }
    // By hand, the way RapidPro's gateways do, twice, and then wrongly.
    let path = get_url.split_once("/c/").map(|(_, path)| format!("/c/{path}")).unwrap();
    let (path, secret) =
        (path.split('?').next().unwrap().to_owned(), path.split(['?', '&']).nth(1).unwrap().to_owned());
    let form = "id=abc-1&ts=1795308384&sender=%2B231770000000&message=une+fois";
    for _ in 0..2 {
        let (status, body) = post(site.port, &format!("{path}?{secret}"), form);
        assert_eq!(status, 200, "{body}");
        assert!(body.contains("Message Accepted"), "{body}");
    }
    assert_eq!(post(site.port, &path, form).0, 403);
    assert_eq!(post(site.port, &format!("{path}?secret=nonsense"), form).0, 403);
    assert_eq!(post(site.port, &format!("{}?{secret}", path.replace("/kn/", "/t/")), form).0, 404);
    let (status, body) = get(site.port, &format!("{path}?{secret}&text=nobody"));
    assert!(status == 400 && body.contains("sender is missing"), "{status} {body}");
    let (status, body) = get(site.port, &format!("{path}?{secret}&from=nobody&text=x"));
    assert!(status == 400 && body.contains("no phone number"), "{status} {body}");
    let long = format!("{form}{}", "x".repeat(100_000));
    assert_eq!(post(site.port, &format!("{path}?{secret}"), &long).0, 413);
    let found = inbound(&site, 4);
    assert_eq!(found.iter().filter(|(_, text)| text == "une fois").count(), 1, "{found:?}");
    assert_eq!(found.len(), 4, "{found:?}");
    let log = server.err() + &server.out();
    assert!(!log.contains("231770000000") && !log.contains("bonjour") && !log.contains(&secret), "{log}");
}

#[test]
fn a_kannel_that_is_down_or_refuses_us_costs_no_message() {
    let Some(mut site) = Site::new(40, &[]) else { return };
    assert!(site.run(&["channel", "test", "main"]).contains("works"));
    let said = |words: &[&str]| {
        let finished = Program::run(site.folder.path(), words);
        assert!(!finished.status.success(), "{}", finished.out);
        assert!(!finished.err.contains(KANNEL_PASSWORD) && !finished.err.contains("rain"), "{}", finished.err);
        finished.err
    };
    let url = site.kannel.url();
    let (user, wrong) = (format!("username={KANNEL_USER}"), "password=wrong but long");
    site.run(&["channel", "add", "kannel", "stranger", &format!("url={url}"), &user, wrong]);
    assert!(said(&["channel", "test", "stranger"]).contains("user-allow-ip"));
    assert!(said(&["channel", "test", "stranger", "--lang", "fr"]).contains("refuse le nom d’utilisateur"));
    site.run(&["channel", "add", "kannel", "lost", &format!("url={url}/elsewhere"), &user, wrong]);
    assert!(said(&["channel", "test", "lost"]).contains("no sendsms at /elsewhere"));
    site.kannel.cut_network();
    let said = |words: &[&str]| Program::run(site.folder.path(), words).err;
    assert!(said(&["channel", "test", "main"]).contains("FAKE1"));
    site.kannel.stop_smsbox();
    let said = |words: &[&str]| Program::run(site.folder.path(), words).err;
    assert!(said(&["channel", "test", "main"]).contains("Nobody answers"));

    let server = site.serve();
    let broadcast = site.send("*", "MOH: a meeting tomorrow");
    site.wait(&broadcast, "waiting", |states| states.get("waiting") == Some(&40));
    assert_eq!(site.kannel.received().len(), 0);
    site.kannel.start_smsbox();
    site.kannel.phones_write(&[]);
    let states = site.wait(&broadcast, "delivered", |states| {
        let done = |state: &str| states.get(state).copied().unwrap_or(0);
        done("delivered") + done("uncertain") == 40
    });
    assert_eq!(states.get("delivered"), Some(&40), "nothing was handed over while it was down");
    assert_eq!(site.kannel.received().len(), 40);
    let log = server.err() + &server.out();
    assert!(!log.contains("rain") && !log.contains("meeting") && !log.contains("+2317"), "{log}");
}

#[test]
fn messages_wait_while_the_password_is_wrong() {
    let Some(site) = Site::new(60, &["password=not the one"]) else { return };
    let _server = site.serve();
    let broadcast = site.send("*", "MOH: a meeting tomorrow");
    // The channel rests longer and longer, and one goes ahead each time.
    site.wait(&broadcast, "all waiting", |states| states.get("waiting") == Some(&60));
    let tried = site.json(&["messages", "list", "--direction", "out", "--json"]);
    let tried = tried.as_array().unwrap().iter().filter(|message| message["failure"].is_string()).count();
    assert!((1..20).contains(&tried), "{tried} were tried, although the first answers said that it is in vain");
    assert!(site.kannel.received().is_empty());
}
