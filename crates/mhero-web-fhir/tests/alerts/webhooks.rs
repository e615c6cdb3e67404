//! Web hooks: signed, in order, again after failures and after kills, and nothing for who may not hear it.

use std::{
    collections::BTreeMap,
    future::poll_fn,
    io::Write,
    pin::pin,
    process::{Command, Stdio},
    sync::{
        Arc, Condvar, Mutex,
        atomic::{AtomicU16, Ordering},
    },
    task::Poll,
    time::Duration,
};

use jiff::SignedDuration;
use mhero_app::{AppError, Caller, NewToken, NewUser, flows::NewStart, simulator::SimulatedText};
use mhero_core::{Lang, Role};
use mhero_effects::Settings;
use mhero_exchange::{
    journal::{Journal, JournalSettings, KeepBodies, LetterFilter},
    notices::{SIGNATURE_HEADER, signature},
    webhooks::{NewWebHook, WebHooks},
};
use mhero_store::{Engine, Queue, Unit};
use mhero_testkit::{Asked, Reply, Site};
use serde_json::{Value, json};

use crate::ministry::{JAMES, MARTHA, Ministry, engines, survey};

/// A receiver that answers a status.
fn receiver() -> (Site, Arc<AtomicU16>) {
    let status = Arc::new(AtomicU16::new(200));
    let answer = Arc::clone(&status);
    (Site::start(move |_| Reply::new(answer.load(Ordering::SeqCst), "text/plain", "")), status)
}

fn body(asked: &Asked) -> Value {
    serde_json::from_slice(&asked.body).expect("JSON")
}

fn hook(url: &str, events: &[&str]) -> NewWebHook {
    let events = events.iter().map(|event| (*event).to_owned()).collect();
    NewWebHook { name: "dash".to_owned(), url: url.to_owned(), events, owner: None, once_key: None }
}

/// What came, each once by its id: later attempts must say the same.
fn heard(site: &Site) -> BTreeMap<String, Value> {
    let mut heard = BTreeMap::new();
    for asked in site.asked() {
        let body = body(&asked);
        let id = body["id"].as_str().expect("an id").to_owned();
        assert_eq!(asked.header("idempotency-key"), Some(id.as_str()));
        if let Some(known) = heard.insert(id, body.clone()) {
            assert_eq!(known, body, "the same event says the same");
        }
    }
    heard
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receiver_is_told_signed_in_order_and_again() {
    for engine in engines() {
        let ministry = Ministry::new(engine).await;
        let (site, status) = receiver();
        let (desk, caller) = (WebHooks::new(&ministry.app), ministry.neighbour().await);
        refuses_what_it_can_not_do(&ministry, &desk, &caller).await;
        Box::pin(is_made_once_under_a_key(&ministry, &caller)).await;
        let (made, secret) = desk.add(&caller, hook(&format!("{}/in/", site.url()), &[])).await.expect("a web hook");
        assert_eq!((made.events.len(), made.state.as_str()), (6, "on"));
        assert!(!format!("{:?}", ministry.app.store().notice_targets("web-hook", "").await).contains(&secret));
        ministry.write(MARTHA, "no gloves since Monday").await;
        let told = ministry.until("told", async || Some(site.asked()).filter(|asked| !asked.is_empty())).await;
        let first = body(&told[0]);
        assert_eq!((told[0].method.as_str(), told[0].path.as_str()), ("POST", "/in/"));
        assert_eq!((&first["type"], &first["sequence"]), (&json!("message.received"), &json!(1)));
        assert_eq!(first["data"]["message"]["text"], "no gloves since Monday");
        assert_eq!(first["data"]["message"]["address"], format!("tel:{MARTHA}"));
        let signed = told[0].header(&SIGNATURE_HEADER.to_lowercase()).expect("a signature");
        assert_eq!(signed, signature(&secret, ministry.now().as_second(), &told[0].text()));
        assert!(told.iter().skip(1).all(|asked| !asked.text().contains("since Monday")), "states hold no words");
        python_agrees(signed, &told[0].text(), &secret, ministry.now().as_second());
        // A receiver that is down hears it later, under the same id, before what came after it.
        status.store(503, Ordering::SeqCst);
        let before = site.asked().len();
        ministry.write(JAMES, "second").await;
        ministry.write(JAMES, "third").await;
        assert_eq!(site.asked().len(), before + 1, "one at a time");
        status.store(200, Ordering::SeqCst);
        ministry.pass(SignedDuration::from_secs(10));
        ministry
            .until("told again", async || {
                heard(&site).values().any(|one| one.to_string().contains("third")).then_some(())
            })
            .await;
        let mut numbers: Vec<i64> = heard(&site).values().filter_map(|one| one["sequence"].as_i64()).collect();
        numbers.sort_unstable();
        assert_eq!(numbers, (1..=i64::try_from(numbers.len()).expect("few")).collect::<Vec<_>>(), "without gaps");
        rotates(&ministry, &desk, (&caller, &secret), &site).await;
        tells_of_runs_and_people(&ministry, &site).await;
        is_refused_and_tried_again(&ministry, &site, &status).await;
        fails_and_goes_on(&ministry, &desk, &caller, (&site, &status)).await;
        ministry.app.revoke_token(&Caller::system(), "ihris").await.expect("it is taken back");
        let before = site.asked().len();
        ministry.write(MARTHA, "for nobody").await;
        assert_eq!(site.asked().len(), before, "whose token was taken back hears nothing");
        assert_eq!(desk.one(&Caller::system(), "dash").await.expect("it").state, "off");
    }
}

async fn refuses_what_it_can_not_do(ministry: &Ministry, desk: &WebHooks, caller: &Caller) {
    for (url, key) in [
        ("http://10.0.0.7/in", "webhook-refused"),
        ("https://169.254.169.254/latest", "webhook-refused"),
        ("https://[::1]/in", "webhook-refused"),
        ("http://no-such-host.invalid/in", "webhook-https"),
        ("https://a:b@hr.example/in", "notice-url-password"),
        ("nonsense", "notice-url"),
    ] {
        let refused = desk.add(caller, hook(url, &[])).await.expect_err(url);
        assert!(matches!(&refused, AppError::Invalid(reason) if reason.key == key), "{url}: {refused}");
    }
    let refused = desk.add(caller, hook("http://127.0.0.1:9/", &["message.gone"])).await.expect_err("no event");
    assert!(matches!(&refused, AppError::Invalid(reason) if reason.key == "webhook-event"), "{refused}");
    // A neighbour sees and changes their own alone.
    let (made, _) = desk.add(&Caller::system(), hook("http://127.0.0.1:9/", &["person.changed"])).await.expect("one");
    assert!(desk.list(caller).await.expect("a list").is_empty());
    assert!(matches!(desk.remove(caller, "dash").await, Err(AppError::NotFound { .. })));
    let taken = desk.add(caller, hook("http://127.0.0.1:9/", &[])).await.expect_err("the name is taken");
    assert!(matches!(&taken, AppError::Invalid(reason) if reason.key == "webhook-name-taken"), "{taken}");
    desk.remove(&Caller::system(), &made.id.to_string()).await.expect("it goes");
    ministry.idle().await;
}

/// Two nodes that work on one request at once, which neither knows of the other, make one web hook and tell one secret.
async fn is_made_once_under_a_key(ministry: &Ministry, caller: &Caller) {
    let under = |key: &str, name: &str| NewWebHook {
        name: name.to_owned(),
        once_key: Some(key.to_owned()),
        ..hook("http://127.0.0.1:9/", &["person.changed"])
    };
    let (one, other) = (WebHooks::new(&ministry.app), WebHooks::new(&ministry.app));
    let add = async |desk: &WebHooks| desk.add(caller, under("api/one/1", "twice")).await.expect("a web hook");
    let made = tokio::join!(add(&one), add(&other), add(&one), add(&other));
    let known = one.list(caller).await.expect("a list");
    assert_eq!(known.iter().map(|hook| hook.name.as_str()).collect::<Vec<_>>(), ["twice"]);
    for (hook, secret) in [&made.1, &made.2, &made.3, &add(&other).await] {
        assert_eq!((hook.id, secret), (known[0].id, &made.0.1), "the same, also later");
    }
    for (new, key) in [
        (under("api/one/1", "else"), "webhook-key-used"),
        (under("api/two/1", "twice"), "webhook-name-taken"),
        (NewWebHook { once_key: None, ..under("", "twice") }, "webhook-name-taken"),
    ] {
        let refused = one.add(caller, new).await.expect_err(key);
        assert!(matches!(&refused, AppError::Invalid(reason) if reason.key == key), "{key}: {refused}");
    }
    // A secret that is changed under a key is changed once, and a test is one event.
    let rotate = async |desk: &WebHooks, key| desk.rotate(caller, "twice", key).await.expect("a secret");
    let (left, right) = tokio::join!(rotate(&one, Some("k1")), rotate(&other, Some("k1")));
    assert!(left == right && left != made.0.1);
    assert_ne!(rotate(&one, Some("k2")).await, left);
    let ping = async |desk: &WebHooks| desk.test(caller, "twice", Some("k3")).await.expect("an event");
    let (left, right) = tokio::join!(ping(&one), ping(&other));
    assert_eq!((left, ping(&one).await), (right, right));
    assert_eq!(one.deliveries(caller, "twice", None).await.expect("a list").len(), 1);
    // Once it is gone the request makes it anew.
    one.remove(caller, "twice").await.expect("it goes");
    assert_ne!(add(&one).await.1, made.0.1);
    one.remove(caller, "twice").await.expect("it goes");
}

/// The snippet of the guide says the same of signatures as we do.
fn python_agrees(signed: &str, body: &str, secret: &str, now: i64) {
    let guide = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/admin/webhooks.md");
    let guide = std::fs::read_to_string(guide).expect("the guide");
    let snippet = guide.split("```python\n").nth(1).and_then(|rest| rest.split("```").next()).expect("a snippet");
    let asks = "\nimport json, sys\nfor header, body, secret, now in json.load(sys.stdin):\n    print(is_from_mhero(header, body.encode(), secret, now))\n";
    let mut python = Command::new("python3")
        .args(["-c", &format!("{snippet}{asks}")])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("python3");
    let two = format!("t={now},v1=00,{}", signed.split_once(',').expect("two parts").1);
    let asked = json!([
        [signed, body, secret, now],
        [two, body, secret, now + 299],
        [signed, body, secret, now + 301],
        [signed, format!("{body} "), secret, now],
        [signed, body, "other", now],
        ["v1=00", body, secret, now],
    ]);
    python.stdin.take().expect("a pipe").write_all(asked.to_string().as_bytes()).expect("it listens");
    let said = python.wait_with_output().expect("it ends");
    assert_eq!(
        String::from_utf8_lossy(&said.stdout).split_whitespace().collect::<Vec<_>>(),
        ["True", "True", "False", "False", "False", "False"]
    );
}

async fn rotates(ministry: &Ministry, desk: &WebHooks, (caller, old): (&Caller, &str), site: &Site) {
    let new = desk.rotate(caller, "dash", None).await.expect("a secret");
    let signatures = async |what: &str| {
        let id = desk.test(caller, "dash", None).await.expect("a test").to_string();
        let found = async || site.asked().into_iter().find(|asked| asked.header("idempotency-key") == Some(&id));
        let asked = ministry.until(what, found).await;
        assert_eq!(body(&asked)["type"], "ping");
        let header = asked.header(&SIGNATURE_HEADER.to_lowercase()).expect("a signature").to_owned();
        let by = |key: &str| signature(key, ministry.now().as_second(), &asked.text())[13..].to_owned();
        (header.contains(&by(&new)), header.contains(&by(old)))
    };
    assert_eq!(signatures("both").await, (true, true));
    ministry.pass(SignedDuration::from_hours(25));
    assert_eq!(signatures("the new one").await, (true, false));
}

async fn tells_of_runs_and_people(ministry: &Ministry, site: &Site) {
    let (flow, definition) = survey();
    ministry.app.save_flow(&Caller::system(), &definition, "test").await.expect("a flow");
    let flow = mhero_core::FlowId::from_uuid(flow.parse().expect("an id"));
    let start = NewStart::new(flow, "*");
    ministry.app.start_flow(&Caller::system(), &start).await.expect("a start");
    ministry
        .until("a question", async || {
            ministry.got(JAMES).await.iter().any(|text| text.contains("gloves")).then_some(())
        })
        .await;
    ministry.write(JAMES, "yes").await;
    let run = async || heard(site).into_values().find(|one| one["type"] == "run.finished");
    let run = ministry.until("a run", run).await;
    assert_eq!(run["data"]["run"]["results"]["gloves"]["category"], "Yes", "{run}");
    assert_eq!(run["data"]["run"]["flow"]["name"], "Stock check");
    let change = json!({ "resourceType": "Practitioner", "id": "P1", "active": true,
        "name": [{ "use": "official", "family": "Kollie-Doe", "given": ["A"] }],
        "telecom": [{ "system": "phone", "use": "mobile", "value": MARTHA }] });
    let status = ministry.send(reqwest::Method::PUT, "/fhir/Practitioner/P1", &change).await.0;
    assert!(status.is_success(), "{status}");
    ministry
        .until("a person", async || heard(site).values().any(|one| one["type"] == "person.changed").then_some(()))
        .await;
}

/// What is refused for good is a dead letter among all calls that must arrive, and is told again from there.
async fn is_refused_and_tried_again(ministry: &Ministry, site: &Site, status: &AtomicU16) {
    let settings = JournalSettings { bodies: KeepBodies::Off, body_days: 1, days: 1 };
    let (journal, system) = (Journal::start(&ministry.app, settings), Caller::system());
    status.store(400, Ordering::SeqCst);
    ministry.write(MARTHA, "nobody understands this").await;
    let dead = async || {
        ministry.pass(SignedDuration::from_secs(40));
        let letters = journal.letters(&system, LetterFilter { dead: true, before: None }, 50).await.expect("a list");
        letters.into_iter().next()
    };
    let dead = ministry.until("a dead letter", dead).await;
    assert_eq!((dead.peer.as_str(), dead.status, dead.attempts), ("dash", Some(400), 3));
    assert!(!dead.what.contains("understands"), "{}", dead.what);
    status.store(200, Ordering::SeqCst);
    let before = site.asked().len();
    assert!(journal.revive(&system, &[dead.id]).await.expect("it is tried again") == 1);
    ministry
        .until("understood", async || {
            site.asked()[before..].iter().any(|asked| asked.text().contains("nobody understands")).then_some(())
        })
        .await;
    let none = journal.letter_counts(&system).await.expect("a count").1;
    assert_eq!(none, 0, "nothing is dead any more");
    ministry.pass(SignedDuration::from_secs(40));
    ministry.idle().await;
}

async fn fails_and_goes_on(ministry: &Ministry, desk: &WebHooks, caller: &Caller, (site, status): (&Site, &AtomicU16)) {
    let new = NewUser {
        email: "admin@moh.example".to_owned(),
        name: "Admin".to_owned(),
        language: Lang::ENGLISH,
        role: Role::Admin,
        place: None,
        programme: None,
        password: None,
    };
    let admin = ministry.app.add_user(&Caller::system(), new).await.expect("a user");
    ministry.app.set_user_phone(&Caller::system(), admin, "+231770000009").await.expect("a phone");
    status.store(410, Ordering::SeqCst);
    ministry.write(MARTHA, "while it is gone").await;
    let off = async || desk.one(caller, "dash").await.ok().filter(|hook| hook.state == "failed");
    let failed = ministry.until("off", off).await;
    assert!(failed.failure.is_some() && failed.waiting > 0, "{failed:?}");
    ministry
        .until("an SMS", async || {
            let got = ministry.got("+231770000009").await;
            got.iter().any(|text| text.contains("alert-webhook-failed")).then_some(())
        })
        .await;
    let before = site.asked().len();
    ministry.write(MARTHA, "and later").await;
    assert_eq!(site.asked().len(), before, "who is off is not asked");
    // A refusal that stays is a dead letter among all that must arrive.
    status.store(200, Ordering::SeqCst);
    desk.enable(caller, "dash").await.expect("it goes on");
    ministry
        .until("all of it", async || {
            let all: Vec<String> = site.asked()[before..].iter().map(Asked::text).collect();
            let at = |words: &str| all.iter().position(|one| one.contains(words));
            at("while it is gone").zip(at("and later")).map(|(one, two)| assert!(one < two, "in order"))
        })
        .await;
    assert!(ministry.got("+231770000009").await.iter().filter(|text| text.contains("alert-webhook")).count() == 1);
    let delivered = async || {
        let told = desk.deliveries(caller, "dash", None).await.expect("a list");
        told.iter().all(|one| one.state == "delivered").then_some(told)
    };
    let told = ministry.until("all delivered", delivered).await;
    assert!(told.iter().any(|one| one.event == "message.received"));
}

/// Drops a future after so many turns: as a process that is killed there. True when it had ended by then.
async fn killed<T>(turns: usize, future: impl Future<Output = T>) -> bool {
    let mut future = pin!(future);
    let mut left = turns;
    poll_fn(|context| match future.as_mut().poll(context) {
        Poll::Ready(_) => Poll::Ready(true),
        Poll::Pending if left == 0 => Poll::Ready(false),
        Poll::Pending => {
            left -= 1;
            Poll::Pending
        }
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kill_at_any_instant_loses_nothing() {
    for engine in engines() {
        let ministry = Ministry::new(engine).await;
        let (site, _) = receiver();
        let (desk, caller) = (WebHooks::new(&ministry.app), ministry.neighbour().await);
        desk.add(&caller, hook(&site.url(), &["message.received"])).await.expect("a web hook");
        // A turn takes longer there, and the instants between which a process may end are the same.
        let step = if engine == Engine::Postgres { 16 } else { 4 };
        let turns: Vec<usize> = (0..160).step_by(step).collect();
        for turns in &turns {
            let from = format!("+23177{:07}", 1_000 + turns);
            let text = SimulatedText { from, text: format!("text {turns}."), channel: None, once: None };
            ministry.app.simulate_receive(&Caller::system(), &text).await.expect("it is taken");
            killed(*turns, Box::pin(mhero_exchange::golden::run_until_idle(&ministry.app))).await;
        }
        // What a killed process had claimed is free after a while.
        ministry.pass(SignedDuration::from_mins(10));
        let all = async || Some(heard(&site)).filter(|heard| heard.len() == turns.len());
        let heard = ministry.until("every one of them", all).await;
        let mut numbers: Vec<i64> = heard.values().filter_map(|one| one["sequence"].as_i64()).collect();
        numbers.sort_unstable();
        assert_eq!(numbers, (1..=i64::try_from(turns.len()).expect("few")).collect::<Vec<_>>());
        for turns in &turns {
            let words = format!("text {turns}.");
            assert_eq!(heard.values().filter(|one| one["data"]["message"]["text"] == *words).count(), 1, "{words}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_slow_keeps_nobody_waiting_and_what_waits_is_bounded() {
    let whole = Duration::from_millis(400);
    let rules = Settings { allow_private: vec!["127.0.0.0/8".to_owned()], whole, ..Settings::default() };
    let ministry = Ministry::calling(Engine::Sqlite, rules).await;
    // Answers well, but only once it was given up.
    let open = Arc::new((Mutex::new(false), Condvar::new()));
    let gate = Arc::clone(&open);
    let slow = Site::start(move |_| {
        let (lock, bell) = &*gate;
        let _open = bell.wait_while(lock.lock().expect("whole"), |open| !*open).expect("whole");
        Reply::new(200, "text/plain", "")
    });
    let away = Site::start(|_| Reply::new(302, "text/plain", "").header("Location", "/sign-in"));
    let (quick, _) = receiver();
    let (desk, system) = (WebHooks::new(&ministry.app), Caller::system());
    for (name, site) in [("slow", &slow), ("away", &away), ("quick", &quick)] {
        let new = NewWebHook { name: name.to_owned(), ..hook(&site.url(), &["message.received"]) };
        desk.add(&system, new).await.expect("a web hook");
    }
    for n in 0..5 {
        ministry.write(MARTHA, &format!("text {n}")).await;
    }
    ministry.until("quick", async || Some(heard(&quick)).filter(|heard| heard.len() == 5)).await;
    let waits = async |name: &str| desk.one(&system, name).await.expect("it").waiting;
    assert_eq!((waits("slow").await, waits("away").await, waits("quick").await), (5, 5, 0));
    let last = desk.deliveries(&system, "slow", None).await.expect("a list").pop().expect("one");
    assert!(last.attempts >= 1 && last.failure.is_some_and(|why| why.contains("no answer came in time")));
    assert!(away.asked().iter().all(|asked| asked.path == "/" && asked.method == "POST"), "never sent on");
    *open.0.lock().expect("whole") = true;
    open.1.notify_all();
    ministry.pass(SignedDuration::from_mins(1));
    ministry.until("the slow one, too", async || Some(heard(&slow)).filter(|heard| heard.len() == 5)).await;
    // Ten thousand changes: what waits for one receiver stays within bounds, the rest waits where it happened.
    let new = NewWebHook { name: "flood".to_owned(), ..hook(&away.url(), &["person.changed"]) };
    desk.add(&system, new).await.expect("a web hook");
    let martha = ministry.app.store().holders("tel", MARTHA).await.expect("a store")[0].person;
    let now = ministry.app.clock().now_micros();
    for _ in 0..10 {
        let mut unit = Unit::new();
        for _ in 0..1_000 {
            unit.changed("person", martha.uuid(), "updated", now);
        }
        ministry.app.store().write(unit, Queue::Bulk).await.expect("it is written");
    }
    ministry.until("a flood", async || Some(waits("flood").await).filter(|waits| *waits >= 1_000)).await;
    ministry.idle().await;
    assert!(waits("flood").await <= 1_200, "{}", waits("flood").await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_place_hears_of_its_own_people_alone() {
    let ministry = Ministry::new(Engine::Sqlite).await;
    let (site, _) = receiver();
    let system = Caller::system();
    let put = async |path: &str, resource: Value| {
        assert!(ministry.send(reqwest::Method::PUT, path, &resource).await.0.is_success(), "{path}");
    };
    put(
        "/fhir/Location/D2",
        json!({ "resourceType": "Location", "id": "D2", "status": "active", "name": "Bong",
        "partOf": { "reference": "Location/LR" } }),
    )
    .await;
    put(
        "/fhir/PractitionerRole/R2",
        json!({ "resourceType": "PractitionerRole", "id": "R2", "active": true,
        "practitioner": { "reference": "Practitioner/P2" }, "location": [{ "reference": "Location/D2" }] }),
    )
    .await;
    ministry.idle().await;
    let bong = ministry.app.store().places_called("bong", "bong").await.expect("a store")[0].id;
    let new = NewToken { name: "bong".into(), role: Role::Integrator, place: Some(bong), programme: None };
    let token = ministry.app.create_token(&system, new).await.expect("a token");
    let caller = ministry.app.caller_of_token(&token).await.expect("a store").expect("a caller");
    WebHooks::new(&ministry.app).add(&caller, hook(&site.url(), &[])).await.expect("a web hook");
    ministry.write(MARTHA, "from Montserrado").await;
    ministry.write(JAMES, "from Bong").await;
    ministry
        .until("Bong", async || heard(&site).values().any(|one| one.to_string().contains("from Bong")).then_some(()))
        .await;
    assert!(heard(&site).values().all(|one| !one.to_string().contains(MARTHA)), "not of other places");
}
