//! The server killed again and again in the middle of its work, with a real Kannel beside it: everybody was reached and answered
//! once, or the text is `uncertain`.

use std::{
    collections::{BTreeMap, BTreeSet, hash_map::RandomState},
    fs,
    hash::BuildHasher,
    process::Stdio,
    time::{Duration, Instant},
};

use mhero_testkit::Program;
use serde_json::{Value, json};

use super::{Site, phone};

/// People and kills unless the environment says otherwise.
const PEOPLE: usize = 60;
const KILLS: usize = 2;
/// How long no text may come before a test stops waiting for the next.
const QUIET: Duration = Duration::from_secs(30);
/// How long nothing may have changed until everything counts as done: Kannel reports again after a second.
const STILL: Duration = Duration::from_secs(4);
/// How long the end may take, with all that is sent again after two minutes.
const END: Duration = Duration::from_secs(900);
/// What the flow asks, and how it thanks.
const ASKED: [&str; 2] = ["How many doses are left?", "How many children came?"];
const THANKS: &str = "Thanks: ";

/// How large the story is, and its own dice.
struct Size {
    people: usize,
    kills: usize,
    seed: u64,
}

impl Size {
    fn read() -> Self {
        let number = |name: &str| std::env::var(name).ok().and_then(|n| n.parse().ok());
        let seed = number("MHERO_KANNEL_SEED").unwrap_or_else(|| RandomState::new().hash_one(0) >> 32);
        let count = |name: &str, default| number(name).and_then(|n| usize::try_from(n).ok()).unwrap_or(default);
        let size =
            Self { people: count("MHERO_KANNEL_PEOPLE", PEOPLE), kills: count("MHERO_KANNEL_KILLS", KILLS), seed };
        println!("{} people, {} kills, MHERO_KANNEL_SEED={seed}", size.people, size.kills);
        size
    }

    /// Whether the story goes to its very end, with what is sent again only after two minutes.
    fn is_whole(&self) -> bool {
        self.people > PEOPLE
    }

    /// After how many texts each kill comes, of so many that will come if none is lost.
    fn instants(&self, texts: usize) -> Vec<usize> {
        let mut state = self.seed;
        let mut dice = || {
            // Knuth's constants for numbers of 64 bits.
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            usize::try_from(state >> 33).unwrap()
        };
        let mut instants: Vec<usize> = (0..self.kills).map(|_| dice() % (texts * 9 / 10)).collect();
        instants.sort_unstable();
        instants
    }
}

/// Kills the server after so many texts, each time, while not all `last` have come; returns the one that lives.
fn killed_at(site: &Site, mut server: Program, instants: &[usize], last: usize) -> Program {
    for (kill, at) in instants.iter().enumerate() {
        // The first texts of a new server show that it works; what is lost for ever must not keep the rest of the kills away.
        let now = site.kannel.received().len();
        assert!(kill == 0 || now > 0, "no text left at all");
        if now >= last {
            break;
        }
        let came = site.kannel.wait_received((*at).max(now + 1), QUIET);
        println!(
            "kill {} at {} texts{}",
            kill + 1,
            site.kannel.received().len(),
            if came { "" } else { ", nothing came" }
        );
        server.kill();
        server = site.serve();
    }
    server
}

/// How often each text came to each phone.
fn arrived(site: &Site) -> BTreeMap<(String, String), usize> {
    let mut arrived = BTreeMap::new();
    for mt in site.kannel.received() {
        *arrived.entry((mt.to, mt.text)).or_default() += 1;
    }
    arrived
}

/// Messages in one direction: phone, text, state, lane.
fn messages(site: &Site, direction: &str) -> Vec<[String; 4]> {
    let list = site.json(&["messages", "list", "--direction", direction, "--json"]);
    let word = |message: &Value, key: &str| match &message[key] {
        Value::String(word) => word.clone(),
        other => other.to_string(),
    };
    let rows = list.as_array().unwrap().iter();
    rows.map(|row| ["phone", "text", "state", "lane"].map(|key| word(row, key))).collect()
}

/// Waits until nothing is under way and nothing has changed for a while; returns the messages to phones.
fn settled(site: &Site, is_whole: bool) -> Vec<[String; 4]> {
    let (begun, mut since, mut last) = (Instant::now(), Instant::now(), (Vec::new(), 0, 0));
    loop {
        let now = (messages(site, "out"), messages(site, "in").len(), site.kannel.received().len());
        let is_open = |[_, _, state, lane]: &[String; 4]| match state.as_str() {
            "waiting" | "submitting" | "sent" => true,
            // Sent again after two minutes.
            "uncertain" => is_whole && (lane == "reply" || lane == "alert"),
            _ => false,
        };
        let open = now.0.iter().filter(|row| is_open(row)).count();
        if now != last {
            (since, last) = (Instant::now(), now);
        } else if open == 0 && since.elapsed() > STILL {
            return last.0;
        }
        assert!(
            begun.elapsed() < END,
            "{open} of {} messages are still under way, first {:?}",
            last.0.len(),
            last.0.first()
        );
    }
}

/// What is wrong with messages to phones: each delivered one came once, and of none that came is it said that nobody knows.
fn wrong_deliveries(site: &Site, sent: &[[String; 4]]) -> Vec<String> {
    let (arrived, mut wrong, mut known) = (arrived(site), Vec::new(), BTreeSet::new());
    for [phone, text, state, _] in sent {
        let key = (phone.clone(), text.clone());
        let times = arrived.get(&key).copied().unwrap_or(0);
        let is_right = match state.as_str() {
            "delivered" => times == 1,
            // Had it come, Kannel would have said so by now.
            "uncertain" => times == 0,
            _ => false,
        };
        if !is_right {
            wrong.push(format!("{phone}: {text:?} is {state} and came {times} times"));
        }
        if !known.insert(key) {
            wrong.push(format!("{phone}: {text:?} is stored twice"));
        }
    }
    wrong.extend(
        arrived.keys().filter(|key| !known.contains(*key)).map(|key| format!("{key:?} came and is not stored")),
    );
    wrong
}

fn count(sent: &[[String; 4]]) -> BTreeMap<String, usize> {
    let mut states = BTreeMap::new();
    for [_, _, state, _] in sent {
        *states.entry(state.clone()).or_default() += 1;
    }
    states
}

#[test]
fn after_kills_everybody_was_reached_once_or_is_uncertain() {
    let size = Size::read();
    let Some(mut site) = Site::new(size.people, &["connections=8"]) else { return };
    site.kannel.phones_answer(Box::new(|_| None));
    let server = site.serve();
    site.send("*", "MOH: a meeting tomorrow");
    let server = killed_at(&site, server, &size.instants(size.people), size.people);
    let sent = settled(&site, size.is_whole());
    println!("broadcast: {:?}", count(&sent));
    assert_eq!(sent.len(), size.people);
    let wrong = wrong_deliveries(&site, &sent);
    assert!(wrong.is_empty(), "{} wrong: {:?}", wrong.len(), wrong.iter().take(10).collect::<Vec<_>>());
    drop(server);
}

/// An export with one flow: two questions, each asked again until the answer is a number, and thanks that repeat both.
fn two_questions() -> String {
    let id = |n: u32| format!("5b1f0c9e-52c4-4f0a-9a55-c0ffee00{n:04}");
    let say = |n: u32, text: &str| json!({ "uuid": id(n), "type": "send_msg", "text": text });
    let ask = |n: u32, text: &str, next: u32| {
        json!({ "uuid": id(n), "actions": [say(n + 1, text)],
            "exits": [{ "uuid": id(n + 2), "destination_uuid": id(next) }] })
    };
    let wait = |n: u32, name: &str, again: u32, next: u32| {
        json!({ "uuid": id(n), "actions": [],
            "router": { "type": "switch", "operand": "@input.text", "wait": { "type": "msg" }, "result_name": name,
                "default_category_uuid": id(n + 1),
                "categories": [{ "uuid": id(n + 2), "name": "Number", "exit_uuid": id(n + 3) },
                    { "uuid": id(n + 1), "name": "Other", "exit_uuid": id(n + 4) }],
                "cases": [{ "uuid": id(n + 5), "type": "has_number", "arguments": [], "category_uuid": id(n + 2) }] },
            "exits": [{ "uuid": id(n + 3), "destination_uuid": id(next) },
                { "uuid": id(n + 4), "destination_uuid": id(again) }] })
    };
    let thanks = json!({ "uuid": id(90), "actions": [say(91, &format!("{THANKS}@results.left, @results.came"))],
        "exits": [{ "uuid": id(92), "destination_uuid": null }] });
    let nodes =
        [ask(10, ASKED[0], 20), wait(20, "Left", 10, 30), ask(30, ASKED[1], 40), wait(40, "Came", 30, 90), thanks];
    json!({
        "version": "13",
        "flows": [{ "uuid": id(1), "name": "Doses", "spec_version": "13.1.0", "language": "eng", "type": "messaging",
            "revision": 1, "expire_after_minutes": 1440, "localization": {}, "nodes": nodes }],
        "triggers": [], "campaigns": [], "fields": [], "groups": []
    })
    .to_string()
}

/// What the phone answers to a question, each its own number.
fn reply(phone: &str, question: usize) -> String {
    let number: usize = phone[phone.len() - 6..].parse().unwrap();
    (number * 2 + question + 1).to_string()
}

#[test]
fn after_kills_everybody_has_been_led_through_a_flow_once_or_a_text_of_it_is_uncertain() {
    let size = Size::read();
    let Some(mut site) = Site::new(size.people, &["connections=8"]) else { return };
    site.kannel.set_get_url(&site.address("get-url"));
    site.kannel.phones_answer(Box::new(|mt| {
        let question = ASKED.iter().position(|text| *text == mt.text)?;
        Some(reply(&mt.to, question))
    }));
    let file = site.data().join("doses.json");
    fs::write(&file, two_questions()).unwrap();
    site.run(&["flow", "import", file.to_str().unwrap()]);
    let server = site.serve();
    // It waits for the server, which will be killed meanwhile.
    let start = ["flow", "start", "Doses", "--to", "*", "--yes", "--data"];
    let mut starting =
        Program::command().args(start).arg(site.data()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let server = killed_at(&site, server, &size.instants(size.people * 3), size.people * 3);
    // It may have heard of the end of the server or of the flow.
    let _ = starting.kill();
    starting.wait().unwrap();
    let sent = settled(&site, size.is_whole());
    println!("flow: {:?}", count(&sent));
    let mut wrong = wrong_deliveries(&site, &sent);
    wrong.extend(wrong_answers(&site));
    wrong.extend(wrong_runs(&site, &sent, size.people));
    assert!(wrong.is_empty(), "{} wrong: {:?}", wrong.len(), wrong.iter().take(10).collect::<Vec<_>>());
    drop(server);
}

/// Each text that a phone wrote is stored once.
fn wrong_answers(site: &Site) -> Vec<String> {
    let mut written: BTreeMap<(String, String), i64> = BTreeMap::new();
    for answer in site.kannel.answers() {
        *written.entry(answer).or_default() += 1;
    }
    for [phone, text, ..] in messages(site, "in") {
        *written.entry((phone, text)).or_default() -= 1;
    }
    let differ = written.into_iter().filter(|(_, difference)| *difference != 0);
    differ.map(|(answer, difference)| format!("{answer:?}: {difference} more were written than are stored")).collect()
}

/// Each person got all texts of the flow in turn, up to one that is uncertain; and the results hold what each answered.
fn wrong_runs(site: &Site, sent: &[[String; 4]], people: usize) -> Vec<String> {
    let mut states: BTreeMap<(&str, &str), &str> = BTreeMap::new();
    for [phone, text, state, _] in sent {
        states.insert((phone, text), state);
    }
    let (mut wrong, mut completed) = (Vec::new(), 0);
    let file = site.data().join("answers.csv");
    let results = site.json(&["flow", "results", "Doses", "--csv", file.to_str().unwrap(), "--json"]);
    let table = fs::read_to_string(&file).unwrap();
    let rows: BTreeSet<&str> = table.lines().collect();
    for n in 0..people {
        let phone = phone(n);
        let answers = [0, 1].map(|question| reply(&phone, question));
        let thanks = format!("{THANKS}{}, {}", answers[0], answers[1]);
        let texts = [ASKED[0], ASKED[1], &thanks];
        let got = texts.map(|text| states.get(&(&phone, text)).copied());
        match got {
            // Whatever came of the thanks, nothing more is to be said.
            [Some("delivered"), Some("delivered"), Some(_)] => {
                completed += 1;
                let is_kept = |row: &&str| answers.iter().all(|answer| row.split(',').any(|cell| cell == answer));
                let found = rows.iter().filter(|row| is_kept(row)).count();
                if found != 1 {
                    wrong.push(format!("{phone}: {found} rows of results"));
                }
            }
            [Some("uncertain"), None, None] | [Some("delivered"), Some("uncertain"), None] => {}
            _ => wrong.push(format!("{phone} got {got:?}")),
        }
    }
    if results["runs"]["completed"] != completed {
        wrong.push(format!("{completed} people were thanked, and the runs are {}", results["runs"]));
    }
    println!("flow: {completed} of {people} were led to its end, runs {}", results["runs"]);
    wrong
}
