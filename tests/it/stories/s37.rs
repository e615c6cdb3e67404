//! S37: what is not somebody's to see or do is refused, and it is noted: a district officer who asks for the country by the console, by
//! API v2 and by FHIR, a call that pretends to be the carrier's, one that is repeated, a stranger who approves by SMS. Secrets stand in
//! no log, and sessions end by themselves.

use std::{
    io::Write,
    sync::{Arc, Mutex, OnceLock, PoisonError},
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use jiff::SignedDuration;
use mhero_app::{
    Caller, NewUser,
    approvals::ApprovalSettings,
    broadcasts::{Draft, Release},
    messaging::NewChannel,
    people::ImportOptions,
};
use mhero_core::{
    Lane, Lang, LangMap, PlaceId, Role,
    record::{Content, PersonRecord, PlaceRecord, PositionRecord, RawPhone, Record, Ref},
};
use mhero_store::{AuditFilter, Engine};
use reqwest::Method;
use tracing_subscriber::fmt::MakeWriter;

use super::{Browser, World, neighbour::Neighbour, world::PASSWORD};

/// The secret of the signed channel.
const AUTH_TOKEN: &str = "c0ffee5ecret0ftwilio";
/// The phones of the two health workers.
const NEAR: &str = "+231779371001";
const FAR: &str = "+231779371002";
/// Who has nothing to approve.
const STRANGER: &str = "+231880000009";
/// Where Twilio believes that it calls.
const CALLED_AT: &str = "https://mhero.example.org";

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_theirs_is_refused_and_noted_on_sqlite() {
    story(Engine::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_theirs_is_refused_and_noted_on_postgresql() {
    story(Engine::Postgres).await;
}

fn record(kind: &str, id: &str, content: Content) -> Record {
    let (kind, id) = (kind.to_owned(), id.to_owned());
    Record { origin: id.clone(), raw: id.clone(), kind, id, warnings: Vec::new(), content }
}

fn place(id: &str) -> Record {
    let content = PlaceRecord {
        name: LangMap::one(Lang::ENGLISH, id),
        is_facility: true,
        active: true,
        ..PlaceRecord::default()
    };
    record("Location", id, Content::Place(content))
}

fn worker(phone: &str, place: &str) -> Record {
    let position = PositionRecord {
        place: Some(Ref::Id { kind: "Location".into(), id: place.into() }),
        active: true,
        ..PositionRecord::default()
    };
    let content = PersonRecord {
        name: format!("Worker of {place}"),
        given: "Worker".to_owned(),
        active: true,
        phones: vec![RawPhone { raw: phone.to_owned(), usage: None, element: "phone".into() }],
        positions: vec![position],
        ..PersonRecord::default()
    };
    record("Practitioner", &format!("P-{place}"), Content::Person(Box::new(content)))
}

async fn story(engine: Engine) {
    let log = Captured::listen();
    let Some(world) = World::new(engine).await else { return };
    let system = Caller::system();
    let records = [place("Bong"), place("Lofa"), worker(NEAR, "Bong"), worker(FAR, "Lofa")];
    let done = world.app.import(&system, "hr", records.into_iter().map(Ok), &ImportOptions::default()).await;
    assert_eq!(done.expect("an import").rejected, 0);
    let places = world.app.places(&system, None).await.expect("places");
    let bong = places.iter().find(|row| row.place.name.best(Lang::ENGLISH) == "Bong").expect("Bong").place.id;
    let near = world.app.find_person(&system, "P-Bong").await.expect("a person").to_string();
    let far = world.app.find_person(&system, "P-Lofa").await.expect("a person").to_string();

    by_console(&world, bong, (&near, &far)).await;
    let token = by_program(&world, bong, (&near, &far)).await;
    forged_and_repeated(&world).await;
    a_stranger_approves(&world).await;
    sessions_end(&world).await;
    world.journal.flush().await;
    let written = log.text();
    assert!(written.contains("request"), "the log was listened to");
    for secret in [token.as_str(), AUTH_TOKEN, PASSWORD] {
        assert!(!written.contains(secret), "a secret stands in the log");
    }
    for private in [&NEAR[1..], &FAR[1..], "Worker of Lofa", "whoever you are"] {
        assert!(!written.contains(private), "{private} stands in the log");
    }
}

/// How often something stands in the audit.
async fn noted(world: &World, action: &str) -> usize {
    let filter = AuditFilter { action: Some(action.to_owned()), ..AuditFilter::default() };
    world.app.audit_log(&Caller::system(), &filter, 100).await.expect("the audit").len()
}

async fn by_console(world: &World, bong: PlaceId, (near, far): (&str, &str)) {
    let new = NewUser {
        email: "bong@moh.example".into(),
        name: "Kou Flomo".into(),
        language: Lang::ENGLISH,
        role: Role::District,
        place: Some(bong),
        programme: None,
        password: Some(PASSWORD.into()),
    };
    world.app.add_user(&Caller::system(), new).await.expect("a user");
    let officer = Browser::sign_in(world, "bong@moh.example").await;
    officer.get(&format!("/people/{near}")).await.must_have("Worker of Bong");
    assert_eq!(noted(world, "access-refused").await, 0);
    let people = officer.get("/people?q=*").await;
    people.must_have("Worker of Bong");
    assert!(!people.text().contains("Lofa"), "{}", people.text());
    assert_eq!(officer.get(&format!("/people/{far}")).await.status, 404);
    assert_eq!(officer.get("/audit").await.status, 403);
    assert_eq!(officer.post(&format!("/people/{far}/held"), &[("do", "file")]).await.status, 403);
    assert_eq!(officer.get("/settings/users").await.status, 403);
    assert_eq!(noted(world, "access-refused").await, 4, "each of them is noted");
    let admin = world.admin().await;
    admin.get("/audit").await.must_have("Kou Flomo asked for a page and was refused.");
}

async fn by_program(world: &World, bong: PlaceId, (near, far): (&str, &str)) -> String {
    let program = Neighbour::narrowed(world, "bong-app", (Some(bong), None)).await;
    world
        .until("the register at /fhir", async || (program.found("/fhir/Practitioner").await.len() == 1).then_some(()))
        .await;
    // FHIR: whoever lies elsewhere is not there, and nothing of the register is written.
    assert_eq!(program.found("/fhir/Practitioner?name=Worker").await[0]["id"], "P-Bong");
    for (method, path, status) in [
        (Method::GET, "/fhir/Practitioner/P-Lofa".to_owned(), 404),
        (Method::GET, "/fhir/_history".to_owned(), 403),
        (Method::GET, "/fhir/AuditEvent".to_owned(), 403),
        (Method::DELETE, "/fhir/Practitioner/P-Bong".to_owned(), 403),
    ] {
        let told = program.ask(method.clone(), &path, &[], None).await;
        assert_eq!(told.status, status, "{method} {path}: {}", told.json);
    }
    let to = |id: &str| {
        serde_json::json!({ "resourceType": "CommunicationRequest", "status": "active", "priority": "urgent",
            "payload": [{ "contentString": "Meeting on Friday, whoever you are." }],
            "recipient": [{ "reference": format!("Practitioner/{id}") }] })
    };
    let elsewhere = program.post("/fhir/CommunicationRequest", &to("P-Lofa")).await;
    assert_eq!(elsewhere.status, 400, "{}", elsewhere.json);
    let own = program.post("/fhir/CommunicationRequest", &to("P-Bong")).await;
    assert_eq!(own.status, 201, "{}", own.json);
    // Its own request it reads again.
    let id = own.json["id"].as_str().expect("an id").to_owned();
    let again = program.get(&format!("/fhir/CommunicationRequest/{id}")).await;
    assert_eq!(again["recipient"][0]["reference"], "Practitioner/P-Bong");
    assert_eq!(program.found("/fhir/CommunicationRequest").await.len(), 1);
    world.gets(NEAR, "Meeting on Friday").await;
    assert!(world.got(FAR).await.is_empty());
    let other = Neighbour::narrowed(world, "other-app", (Some(bong), None)).await;
    assert_eq!(other.ask(Method::GET, &format!("/fhir/CommunicationRequest/{id}"), &[], None).await.status, 404);
    // API v2: the contacts of the district, and no other by its id.
    let contacts = program.get("/api/v2/contacts.json").await;
    let listed: Vec<&str> =
        contacts["results"].as_array().expect("contacts").iter().filter_map(|one| one["uuid"].as_str()).collect();
    assert_eq!(listed, [near], "{contacts}");
    let one = program.get(&format!("/api/v2/contacts.json?uuid={far}")).await;
    assert_eq!(one["results"].as_array().map(Vec::len), Some(0), "{one}");
    // A stranger's token, and what was refused to this one, stand in the exchange log.
    let stranger = reqwest::Client::new().get(world.url("/fhir/Practitioner")).bearer_auth("mh_not_a_token_of_ours");
    assert_eq!(stranger.send().await.expect("an answer").status(), 401);
    let admin = world.admin().await;
    world
        .until("the refusals in the exchange log", async || {
            world.journal.flush().await;
            let log = admin.get("/exchange?result=refused").await.text();
            let log = format!("{log} {}", admin.get("/exchange").await.text());
            (log.contains("GET /fhir/AuditEvent") && log.contains("403") && log.contains("401")).then_some(())
        })
        .await;
    program.token.clone()
}

/// A channel whose carrier signs: a call that is signed wrongly does nothing and is noted, one that is repeated counts once.
async fn forged_and_repeated(world: &World) {
    let new = NewChannel {
        kind: "twilio".into(),
        name: "signed".into(),
        config: [
            ("account_sid".to_owned(), "AC0123".to_owned()),
            ("auth_token".to_owned(), AUTH_TOKEN.to_owned()),
            ("from".to_owned(), "+15005550006".to_owned()),
            ("base_url".to_owned(), "http://127.0.0.1:9".to_owned()),
            ("callback".to_owned(), CALLED_AT.to_owned()),
        ]
        .into(),
    };
    let channel = world.app.add_channel(&Caller::system(), &new).await.expect("a channel").id;
    let path = format!("/c/t/{channel}/receive");
    let form = [("Body", "We have no gloves"), ("From", FAR), ("MessageSid", "SM1"), ("To", "+15005550006")];
    let client = reqwest::Client::new();
    let call = async |key: &str| -> u16 {
        let mut signed = format!("{CALLED_AT}{path}");
        for (name, value) in &form {
            signed += name;
            signed += value;
        }
        let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, key.as_bytes());
        let signature = STANDARD.encode(ring::hmac::sign(&key, signed.as_bytes()));
        let asked = client.post(world.url(&path)).form(&form).header("x-twilio-signature", signature);
        asked.send().await.expect("an answer").status().as_u16()
    };
    assert_eq!(call("guessed").await, 403);
    assert_eq!(call("guessed again").await, 403);
    assert_eq!(noted(world, "carrier-call-refused").await, 1, "once a minute: whoever forges does not fill the audit");
    assert_eq!(call(AUTH_TOKEN).await, 200);
    assert_eq!(call(AUTH_TOKEN).await, 200, "the carrier hears that it is known");
    let heard = async || {
        let all = world.app.store().recent_messages(&Caller::system().scope, (0, i64::MAX), None, 100).await;
        let all = all.expect("messages");
        all.iter().filter(|message| message.text.as_deref() == Some("We have no gloves")).count()
    };
    world.until("the text", async || (heard().await == 1).then_some(())).await;
    world.pass(SignedDuration::from_mins(5));
    assert_eq!(call(AUTH_TOKEN).await, 200);
    world.app.wake();
    assert_eq!(heard().await, 1, "however often it is repeated");
    let admin = world.admin().await;
    admin.get("/audit").await.must_have("refused a call at the door of a channel");
}

/// A broadcast waits; a number that belongs to nobody who may agree says yes.
async fn a_stranger_approves(world: &World) {
    let system = Caller::system();
    let director = NewUser {
        email: "director@moh.example".into(),
        name: "Massa Barclay".into(),
        language: Lang::ENGLISH,
        role: Role::Approver,
        place: None,
        programme: None,
        password: Some(PASSWORD.into()),
    };
    world.app.add_user(&system, director).await.expect("a user");
    world.app.set_approvals(&system, &ApprovalSettings { above: Some(0), minutes: 30 }).await.expect("set");
    let admin = world.app.caller_of_user(world.user).await.expect("read").expect("there");
    let draft = Draft {
        name: "All".into(),
        query: "phone != \"\"".into(),
        texts: vec![(Lang::ENGLISH, "MOH: an audit begins on Monday.".into())],
        lane: Lane::Normal,
        release: Release::AfterUndo,
        ..Draft::empty(&[])
    };
    let id = world.app.send(&admin, &draft).await.expect("it waits");
    let page = world.app.broadcast_page(&system, id).await.expect("a page");
    assert_eq!(page.broadcast.status, "approval");
    let browser = world.admin().await;
    browser.write(STRANGER, &format!("APPROVE {}", page.broadcast.number)).await;
    let answer = world.gets(STRANGER, "not allowed to approve").await;
    assert!(answer.contains("If you changed phone"), "{answer}");
    assert_eq!(noted(world, "approval-not-allowed").await, 1);
    let page = world.app.broadcast_page(&system, id).await.expect("a page");
    assert_eq!(page.broadcast.status, "approval", "it still waits");
    browser.get("/audit").await.must_have("tried to approve a broadcast and may not");
}

/// A session that nobody uses ends after eight hours, and each after seven days.
async fn sessions_end(world: &World) {
    let ended = async |browser: &Browser<'_>| browser.post("/inbox/none", &[]).await.to.starts_with("/sign-in");
    let browser = world.admin().await;
    world.pass(SignedDuration::from_hours(7));
    assert!(!ended(&browser).await);
    world.pass(SignedDuration::from_hours(9));
    assert!(ended(&browser).await, "nobody has used it for long");
    let browser = world.admin().await;
    for _ in 0..24 {
        world.pass(SignedDuration::from_hours(7));
        let _ = ended(&browser).await;
    }
    assert!(ended(&browser).await, "it is a week old");
}

/// All that this process logs from the first of these stories on: what stands there must hold no secret, whoever wrote it.
#[derive(Clone, Default)]
struct Captured(Arc<Mutex<Vec<u8>>>);

static LOG: OnceLock<Captured> = OnceLock::new();

impl Captured {
    /// Begins to listen, once.
    fn listen() -> &'static Self {
        LOG.get_or_init(|| {
            let log = Self::default();
            let subscriber = tracing_subscriber::fmt().with_max_level(tracing::Level::INFO).with_writer(log.clone());
            tracing::subscriber::set_global_default(subscriber.with_ansi(false).finish()).expect("nobody else listens");
            log
        })
    }

    fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().unwrap_or_else(PoisonError::into_inner)).into_owned()
    }
}

impl Write for Captured {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'w> MakeWriter<'w> for Captured {
    type Writer = Self;

    fn make_writer(&'w self) -> Self {
        self.clone()
    }
}
