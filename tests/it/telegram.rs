//! The whole server and a Bot API like Telegram's: people open a chat, show their number, are known by it and answered; and what fails.

use std::{path::Path, time::Duration};

use mhero_testkit::{BOT_TOKEN, BotApi, BotFault, Program};
use serde_json::{Value, json};
use tokio::time::Instant;

/// How long anything may take before a test says what it waited for.
const PATIENCE: Duration = Duration::from_secs(60);

fn run(data: &Path, words: &[&str]) -> String {
    Program::run(data, words).expect_success()
}

fn list(data: &Path, words: &[&str]) -> Value {
    serde_json::from_str(&run(data, words)).expect("JSON")
}

fn until(what: &str, is_so: impl Fn() -> bool) {
    let since = Instant::now();
    while !is_so() {
        assert!(since.elapsed() < PATIENCE, "waited too long for {what}");
        std::thread::yield_now();
    }
}

fn begin(data: &Path, settings: &[&str]) -> Program {
    let place = ["--country", "LR", "--language", "en,fr", "--timezone", "Africa/Monrovia", "--quiet-hours", "off"];
    run(data, &[&["init"], &place[..]].concat());
    std::fs::write(data.join("staff.csv"), "id,name,phone\nP1,Martha Kollie,+231770000001\n").unwrap();
    run(data, &["import", data.join("staff.csv").to_str().unwrap()]);
    run(data, &[&["channel", "add", "simulator", "phones"], &[][..]].concat());
    run(data, &[&["channel", "add", "telegram", "bot"], settings].concat());
    Program::start(data, ["serve"])
}

fn said(api: &BotApi, at: usize) -> String {
    api.sent()[at]["text"].as_str().expect("a text").to_owned()
}

#[test]
fn who_shows_a_number_is_known_by_it() {
    let api = BotApi::start();
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    let base = format!("base_url={}", api.url());
    let token = format!("token={BOT_TOKEN}");
    let _server = begin(data, &[&base, &token]);
    let tested = run(data, &["channel", "test", "bot"]);
    assert!(tested.contains("@moh_bot"), "{tested}");

    api.writes(42, json!({"text": "/start"}));
    until("the welcome", || api.sent().len() == 1);
    let button = &api.sent()[0]["reply_markup"]["keyboard"][0][0];
    assert_eq!(button["request_contact"], true, "{button}");
    assert_eq!((api.sent()[0]["chat_id"].as_i64(), api.sent()[0].get("parse_mode")), (Some(42), None));
    // The card of somebody else says nothing about who sends it.
    api.writes(42, json!({"contact": {"phone_number": "231770000001", "user_id": 77}}));
    api.writes(42, json!({"contact": {"phone_number": "231770000001", "user_id": 42}}));
    until("the thanks", || api.sent().iter().any(|sent| sent["text"].as_str().unwrap().contains("now yours")));
    let count = api.sent().len();
    api.writes(42, json!({"text": "STOP"}));
    until("the confirmation", || api.sent().len() > count);
    assert!(said(&api, count).contains("START"), "{}", said(&api, count));
    let texts = || list(data, &["messages", "list", "--direction", "in", "--json"]);
    until("what was written", || texts().as_array().unwrap().iter().any(|text| text["text"] == "STOP"));
    let of = list(data, &["people", "show", "+231770000001", "--json"])["id"].clone();
    let hers = list(data, &["messages", "list", "--person", of.as_str().unwrap(), "--direction", "in", "--json"]);
    assert!(hers.as_array().unwrap().iter().any(|text| text["text"] == "STOP"), "{hers}");
}

#[test]
fn what_fails_waits_or_is_said_to_have_failed() {
    let api = BotApi::start();
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    let base = format!("base_url={}", api.url());
    let token = format!("token={BOT_TOKEN}");
    let _server = begin(data, &[&base, &token]);
    api.fails(&[BotFault::Slower(1)]);
    api.writes(43, json!({"text": "/start"}));
    until("the welcome after a rest", || api.sent().len() == 1);
    api.fails(&[BotFault::Blocked]);
    api.writes(43, json!({"text": "HELP"}));
    let failed = || {
        let out = list(data, &["messages", "list", "--direction", "out", "--json"]);
        out.as_array().unwrap().iter().filter(|message| message["state"] == "failed").count()
    };
    until("the block", || failed() == 1);
    // Opening the chat again lifts it.
    api.writes(43, json!({"text": "/start"}));
    until("the welcome", || api.sent().len() == 2);

    run(data, &["channel", "set", "bot", "token=123456:wrong"]);
    let tested = Program::run(data, ["channel", "test", "bot"]);
    assert!(!tested.status.success() && tested.err.contains("token"), "{}", tested.err);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_brought_needs_the_secret() {
    let api = BotApi::start();
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().to_owned();
    let base = format!("base_url={}", api.url());
    let token = format!("token={BOT_TOKEN}");
    let settings = [base.as_str(), token.as_str(), "mode=webhook", "callback=https://moh.example"];
    let server = begin(&data, &settings);
    until("the webhook", || api.webhook().is_some());
    let told = api.webhook().expect("it is there");
    let (url, secret) = (told["url"].as_str().unwrap(), told["secret_token"].as_str().unwrap());
    let path = url.strip_prefix("https://moh.example").expect("the address of this server");
    let update = json!({"update_id": 5, "message": {"message_id": 1, "text": "/start", "from": {"id": 44},
        "chat": {"id": 44, "type": "private"}}});
    mhero_channels::tls::install();
    let client = reqwest::Client::new();
    for (given, status) in [("wrong", 403), (secret, 200)] {
        let call = client.post(server.url(path)).header("x-telegram-bot-api-secret-token", given);
        let answer = call.header("content-type", "application/json").body(update.to_string()).send().await.unwrap();
        assert_eq!(answer.status().as_u16(), status);
    }
    until("the welcome", || api.sent().len() == 1);
}
