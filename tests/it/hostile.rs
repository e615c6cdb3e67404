//! The program before a hostile SMS centre, killed again and again in the middle of a window while a broadcast leaves and phones write.
//! What was accepted is never lost, nothing is silently doubled, and what a phone was told to be taken is kept.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use mhero_testkit::{Accepted, Conduct, Ledger, Postgres, Program, Smsc, TestDatabase, Took, Wrote, from_phone};
use serde_json::Value;
use tokio::runtime::Runtime;

/// People of the broadcast.
const PEOPLE: usize = 400;
/// How often the server is killed, by engine: on PostgreSQL the next one waits until the leases of the dead one are over.
const KILLS_SQLITE: usize = 6;
const KILLS_POSTGRES: usize = 2;
/// Submissions that wait for their answer at a time.
const WINDOW: usize = 10;
/// How long anything may take before a test says what it waited for.
const PATIENCE: Duration = Duration::from_secs(120);
/// Between two texts of phones.
const TEXTS_EACH: Duration = Duration::from_millis(20);
/// How long a text of a phone waits for its acknowledgement before the centre hands it over again.
const ACKNOWLEDGED_WITHIN: Duration = Duration::from_secs(5);

/// An installation with a channel to the centre.
struct Site {
    folder: tempfile::TempDir,
    database: Option<TestDatabase>,
}

impl Site {
    fn new(postgres: bool, smsc: &Smsc) -> Option<Self> {
        let database = if postgres { Some(Postgres::get()?.database()) } else { None };
        let site = Self { folder: tempfile::tempdir().unwrap(), database };
        let place = ["--country", "LR", "--language", "en", "--timezone", "Africa/Monrovia", "--quiet-hours", "off"];
        site.run(&[&["init"], &place[..]].concat());
        let people = (0..PEOPLE).map(|n| format!("P{n},Worker {n},{}\n", phone(n))).collect::<String>();
        let staff = site.data().join("staff.csv");
        std::fs::write(&staff, format!("id,name,phone\n{people}")).unwrap();
        site.run(&["import", staff.to_str().unwrap()]);
        let window = format!("window={WINDOW}");
        let settings = smsc.settings().into_iter().chain([window, "timeout=1".into(), "enquire=1".into()]);
        let settings: Vec<String> = settings.collect();
        let words = ["channel", "add", "smpp", "line"].into_iter().chain(settings.iter().map(String::as_str));
        site.run(&words.collect::<Vec<_>>());
        Some(site)
    }

    fn data(&self) -> &Path {
        self.folder.path()
    }

    fn arguments(&self, words: &[&str]) -> Vec<String> {
        let mut all: Vec<String> = words.iter().map(ToString::to_string).collect();
        if let Some(database) = &self.database {
            all.extend(["--database".to_owned(), database.url()]);
        }
        all
    }

    fn run(&self, words: &[&str]) -> String {
        Program::run(self.data(), self.arguments(words)).expect_success()
    }

    fn json(&self, words: &[&str]) -> Value {
        serde_json::from_str(&self.run(words)).unwrap()
    }

    fn serve(&self) -> Program {
        Program::start(self.data(), self.arguments(&["serve"]))
    }
}

fn phone(n: usize) -> String {
    format!("+2317700{n:05}")
}

/// A centre that doubles, reorders, loses and hurries, and takes its time for each answer, so that a window is always under way.
fn hostile(seed: u64) -> Conduct {
    Conduct {
        seed,
        throttles: 0.005,
        loses_answers: 0.005,
        doubles_answers: 0.1,
        reorders: 1.0,
        cuts: 0.002,
        hurries_receipts: 0.2,
        doubles_receipts: 0.1,
        lies: 0.05,
        ..Conduct::default()
    }
}

/// What phones wrote.
type Written = Arc<Mutex<BTreeMap<String, Wrote>>>;

/// Phones write all the time, each text until it is acknowledged.
async fn phones(smsc: Arc<Smsc>, written: Written, over: Arc<AtomicBool>) {
    let (mut number, mut turns) = (0, tokio::time::interval(TEXTS_EACH));
    while !over.load(Ordering::SeqCst) {
        turns.tick().await;
        number += 1;
        let text = format!("T{number} how many boxes of gloves are there?");
        loop {
            written.lock().unwrap().entry(text.clone()).or_default().tries += 1;
            let from = phone(number % PEOPLE);
            let told = smsc.deliver(from_phone(from.trim_start_matches('+'), 0, text.as_bytes(), 0));
            if let Ok(Some(0)) = tokio::time::timeout(ACKNOWLEDGED_WITHIN, told).await {
                written.lock().unwrap().entry(text).or_default().is_acknowledged = true;
                break;
            }
            turns.tick().await;
        }
    }
}

fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let since = Instant::now();
    while !is_so() {
        assert!(since.elapsed() < PATIENCE, "waited too long for {what}");
        std::thread::yield_now();
    }
}

fn took(smsc: &Smsc) -> Vec<Took> {
    let word = |octets: &[u8]| String::from_utf8_lossy(octets).split(' ').next().unwrap_or_default().to_owned();
    let all = smsc.taken().into_iter().map(|one| Took { phone: format!("+{}", one.to), word: word(&one.octets) });
    all.filter(|took| took.word == "B1").collect()
}

fn kills(postgres: bool, times: usize) {
    let runtime = Runtime::new().unwrap();
    let smsc = Arc::new(runtime.block_on(Smsc::start(hostile(5))));
    let Some(site) = Site::new(postgres, &smsc) else { return };
    let (written, over) = (Written::default(), Arc::new(AtomicBool::new(false)));
    let mut server = site.serve();
    let writing = runtime.spawn(phones(Arc::clone(&smsc), Arc::clone(&written), Arc::clone(&over)));
    let sent = site.json(&["send", "--to", "*", "--text", "B1 vaccines come on Monday", "--yes", "--json"]);
    let broadcast = sent["broadcast"].as_str().unwrap().to_owned();
    assert_eq!(sent["recipients"], PEOPLE);
    for kill in 1..=times {
        // While answers to a window are still under way.
        let wanted = kill * PEOPLE / (times + 2);
        until("the next window", || took(&smsc).len() >= wanted);
        server.kill();
        server = site.serve();
    }
    let mut states = Value::Null;
    until("the last text", || {
        states = site.json(&["broadcast", "show", &broadcast, "--json"])["states"].clone();
        let busy = ["waiting", "submitting"].iter().filter_map(|state| states[*state].as_u64()).sum::<u64>();
        busy == 0 && states.as_object().is_some_and(|states| !states.is_empty())
    });
    over.store(true, Ordering::SeqCst);
    runtime.block_on(writing).unwrap();
    check(&site, &broadcast, &smsc, &written.lock().unwrap());
    println!("{states}, {} texts of phones", written.lock().unwrap().len());
    drop(server);
}

fn check(site: &Site, broadcast: &str, smsc: &Smsc, written: &BTreeMap<String, Wrote>) {
    let shown = site.json(&["broadcast", "show", broadcast, "--people", "--json"]);
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let accepted = shown["people"].as_array().unwrap().iter().map(|person| Accepted {
        phone: text(&person["phone"]),
        word: "B1".into(),
        state: text(&person["state"]),
        // Nobody has decided to send any of it again, so that none may be there twice.
        doubts: 0,
        rank: None,
        // Nobody stops in this history.
        is_stoppable: false,
        begun: 0,
    });
    let accepted: Vec<Accepted> = accepted.collect();
    assert_eq!(accepted.len(), PEOPLE);
    let doubted = accepted.iter().filter(|one| one.state == "uncertain").count();
    // What was being handed over at a kill or a cut, and now and then an answer that was lost.
    assert!(doubted < PEOPLE, "{doubted} are uncertain");
    let (mut kept, read) = (Vec::new(), written.values().filter(|wrote| wrote.is_acknowledged).count());
    until("the texts of phones that were taken last", || {
        let inbound = site.json(&["messages", "list", "--direction", "in", "--json"]);
        kept = inbound.as_array().unwrap().iter().map(|message| text(&message["text"])).collect();
        kept.iter().collect::<BTreeSet<_>>().len() >= read
    });
    let ledger = Ledger { taken: took(smsc), accepted, written: written.clone(), kept, stopped: BTreeMap::new() };
    let broken = ledger.broken();
    assert!(broken.is_empty(), "{} broken: {:#?}", broken.len(), &broken[..broken.len().min(10)]);
}

#[test]
fn kills_in_the_middle_of_a_window_lose_and_double_nothing_on_sqlite() {
    kills(false, KILLS_SQLITE);
}

#[test]
fn kills_in_the_middle_of_a_window_lose_and_double_nothing_on_postgresql() {
    kills(true, KILLS_POSTGRES);
}
