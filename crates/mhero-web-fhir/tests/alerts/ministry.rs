//! A served installation with simulated phones, a few health workers, and a neighbour with a token.

use std::{sync::Arc, time::Duration};

use jiff::{SignedDuration, Timestamp};
use mhero_app::{App, Caller, Facts, NewToken, Options, messaging::NewChannel, ports::Words, simulator::SimulatedText};
use mhero_core::{Lang, LangMap, Role};
use mhero_effects::{Outside, Settings};
use mhero_store::{Clock, Engine, Hand, Location, Store};
use mhero_testkit::{Postgres, TestDatabase};
use mhero_web_fhir::{FhirOptions, emnutt_router, router};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tokio::{net::TcpListener, task::JoinSet};

pub(crate) const MARTHA: &str = "+231770000001";
pub(crate) const JAMES: &str = "+231770000002";

/// The keys themselves, so that a test sees which words were chosen.
struct Keys;

impl Words for Keys {
    fn say(&self, _: Lang, key: &str, _: &[(&'static str, String)]) -> String {
        key.to_owned()
    }
}

/// The server of one test.
pub(crate) struct Ministry {
    pub(crate) app: App,
    pub(crate) url: String,
    token: String,
    hand: Hand,
    engine: Engine,
    client: reqwest::Client,
    _serving: JoinSet<()>,
    _folder: tempfile::TempDir,
    _database: Option<TestDatabase>,
}

pub(crate) fn engines() -> Vec<Engine> {
    match Postgres::get() {
        Some(_) => vec![Engine::Sqlite, Engine::Postgres],
        None => vec![Engine::Sqlite],
    }
}

impl Ministry {
    pub(crate) async fn new(engine: Engine) -> Self {
        let outside = Settings { allow_private: vec!["127.0.0.0/8".to_owned()], ..Settings::default() };
        Self::calling(engine, outside).await
    }

    /// One whose calls to others go by these rules.
    pub(crate) async fn calling(engine: Engine, outside: Settings) -> Self {
        mhero_channels::tls::install();
        let folder = tempfile::tempdir().expect("a folder");
        let migrated = |url| async move {
            Store::open_and_migrate(&Location::Postgres(url), Clock::wall()).await.expect("it is migrated");
        };
        let database = match engine {
            Engine::Postgres => Some(Postgres::get().expect("PostgreSQL").database_like("alerts", migrated).await),
            Engine::Sqlite => None,
        };
        let location = match &database {
            Some(database) => Location::Postgres(database.url()),
            None => Location::File(folder.path().join("mhero.db")),
        };
        let (clock, hand) = Clock::manual("2026-05-14T09:00:00Z".parse().expect("an instant"));
        let app = App::new(Options {
            store: Store::open_and_migrate(&location, clock).await.expect("a store"),
            drivers: vec![Arc::new(mhero_channels::Simulator)],
            connectors: vec![Arc::new(mhero_exchange::heard::FhirClients)],
            words: Arc::new(Keys),
            effector: Some(Arc::new(Outside::new(&outside).expect("outside calls"))),
            seal_key: [7; 32],
        });
        let token = set_up(&app).await;
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let options = FhirOptions { https: false, behind_proxy: false };
        let pages = router(app.clone(), options).merge(emnutt_router(app.clone(), options));
        let mut serving = JoinSet::new();
        serving.spawn(async move { axum::serve(listener, pages).await.expect("it serves") });
        let ministry = Self {
            app,
            url,
            token,
            hand,
            engine,
            client: reqwest::Client::new(),
            _serving: serving,
            _folder: folder,
            _database: database,
        };
        ministry.people().await;
        ministry
    }

    /// A country of one district with a clinic, and three health workers of whom two have a phone.
    async fn people(&self) {
        let place = |id: &str, name: &str, part_of: Option<&str>| {
            let mut place = json!({ "resourceType": "Location", "id": id, "status": "active", "name": name });
            if let Some(part_of) = part_of {
                place["partOf"] = json!({ "reference": format!("Location/{part_of}") });
            }
            place
        };
        let worker = |id: &str, name: &str, phone: Option<&str>| {
            let mut worker = json!({ "resourceType": "Practitioner", "id": id, "active": true,
                "name": [{ "use": "official", "family": name, "given": ["A"] }] });
            if let Some(phone) = phone {
                worker["telecom"] = json!([{ "system": "phone", "use": "mobile", "value": phone }]);
            }
            worker
        };
        let role = |id: &str, person: &str| {
            json!({ "resourceType": "PractitionerRole", "id": id, "active": true,
                "practitioner": { "reference": format!("Practitioner/{person}") },
                "location": [{ "reference": "Location/F1" }] })
        };
        for resource in [
            place("LR", "Liberia", None),
            place("D1", "Montserrado", Some("LR")),
            place("F1", "Clara Town Clinic", Some("D1")),
            worker("P1", "Kollie", Some(MARTHA)),
            worker("P2", "Johnson", Some(JAMES)),
            worker("P3", "Silent", None),
            role("R1", "P1"),
            role("R2", "P2"),
            role("R3", "P3"),
        ] {
            let name = format!(
                "/fhir/{}/{}",
                resource["resourceType"].as_str().expect("a kind"),
                resource["id"].as_str().expect("an id")
            );
            let (status, said) = self.send(Method::PUT, &name, &resource).await;
            assert!(status.is_success(), "{name}: {status} {said}");
        }
        self.idle().await;
    }

    /// Lets everything happen that is ready.
    pub(crate) async fn idle(&self) {
        // Some runners rest between their passes by the wall clock: what they leave is looked for again.
        for _ in 0..3 {
            Box::pin(mhero_exchange::golden::run_until_idle(&self.app)).await.expect("it comes to rest");
        }
    }

    /// Lets things happen until something is so.
    pub(crate) async fn until<T>(&self, what: &str, mut look: impl AsyncFnMut() -> Option<T>) -> T {
        let since = std::time::Instant::now();
        loop {
            self.idle().await;
            if let Some(found) = look().await {
                return found;
            }
            assert!(since.elapsed() < Duration::from_secs(120), "not {what}");
            tokio::task::yield_now().await;
        }
    }

    /// Moves the clock on.
    pub(crate) fn pass(&self, time: SignedDuration) {
        if self.engine == Engine::Postgres {
            self.app.store().shift_lease_time(i64::try_from(time.as_micros()).expect("a short time"));
        }
        self.hand.advance(time);
        self.app.wake();
    }

    /// The neighbour with the token.
    pub(crate) async fn neighbour(&self) -> Caller {
        self.app.caller_of_token(&self.token).await.expect("a store").expect("a token")
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.app.clock().now()
    }

    pub(crate) async fn send(&self, method: Method, path: &str, body: &Value) -> (StatusCode, Value) {
        let request = self.client.request(method, format!("{}{path}", self.url)).basic_auth("ihris", Some(&self.token));
        let request = request.header("content-type", "application/json").body(body.to_string());
        let response = request.send().await.expect("an answer");
        let status = response.status();
        let text = response.text().await.expect("a text");
        (status, serde_json::from_str(&text).unwrap_or(Value::Null))
    }

    pub(crate) async fn get(&self, path: &str) -> Value {
        let request = self.client.get(format!("{}{path}", self.url)).basic_auth("ihris", Some(&self.token));
        let response = request.send().await.expect("an answer");
        let status = response.status();
        let text = response.text().await.expect("a text");
        assert!(status.is_success(), "{path}: {status} {text}");
        serde_json::from_str(&text).unwrap_or(Value::Null)
    }

    /// The resources that a search finds.
    pub(crate) async fn found(&self, search: &str) -> Vec<Value> {
        let page = self.get(&format!("/fhir/{search}")).await;
        page["entry"].as_array().into_iter().flatten().map(|entry| entry["resource"].clone()).collect()
    }

    /// What a phone has got.
    pub(crate) async fn got(&self, phone: &str) -> Vec<String> {
        let phone = self.app.simulated_phone(&Caller::system(), phone, 100).await.expect("a phone");
        phone.texts.into_iter().filter(|text| text.is_to_phone).map(|text| text.text).collect()
    }

    /// Somebody writes.
    pub(crate) async fn write(&self, phone: &str, text: &str) {
        let text = SimulatedText { from: phone.to_owned(), text: text.to_owned(), channel: None, once: None };
        self.app.simulate_receive(&Caller::system(), &text).await.expect("it is taken");
        self.idle().await;
    }
}

async fn set_up(app: &App) -> String {
    let system = Caller::system();
    let facts = Facts {
        countries: vec!["LR".into()],
        languages: vec![Lang::ENGLISH, Lang::FRENCH],
        zone: "Africa/Monrovia".into(),
        ministry: LangMap::one(Lang::ENGLISH, "Ministry of Health"),
        country_name: LangMap::one(Lang::ENGLISH, "Liberia"),
        short_code: Some("4636".into()),
        quiet: None,
        demo: false,
    };
    app.set_facts(&system, &facts).await.expect("facts");
    let new = NewChannel { kind: "simulator".into(), name: "phones".into(), config: [].into() };
    app.add_channel(&system, &new).await.expect("a channel");
    let new = NewToken { name: "ihris".into(), role: Role::Integrator, place: None, programme: None };
    app.create_token(&system, new).await.expect("a token")
}

/// A flow that asks one question and keeps the answer.
pub(crate) fn survey() -> (String, Vec<u8>) {
    let id = |n: u128| uuid::Uuid::from_u128(0xf10e_0000_0000_4000_8000_0000_0000_0000 + n).to_string();
    let category = |n: u128, name: &str| json!({ "uuid": id(n), "name": name, "exit_uuid": id(n + 100) });
    let flow = json!({
        "uuid": id(1), "name": "Stock check", "spec_version": "14.4.2", "language": "eng", "type": "messaging",
        "revision": 1, "expire_after_minutes": 720, "localization": {},
        "nodes": [
            { "uuid": id(2), "actions": [{ "uuid": id(3), "type": "send_msg", "text": "Do you have gloves?" }],
              "exits": [{ "uuid": id(4), "destination_uuid": id(5) }] },
            { "uuid": id(5), "actions": [],
              "router": { "type": "switch", "wait": { "type": "msg" }, "result_name": "Gloves",
                "operand": "@input.text", "default_category_uuid": id(12),
                "cases": [{ "uuid": id(20), "type": "has_any_word", "arguments": ["yes"], "category_uuid": id(11) }],
                "categories": [category(11, "Yes"), category(12, "Other")] },
              "exits": [{ "uuid": id(111) }, { "uuid": id(112) }] },
        ],
    });
    (id(1), flow.to_string().into_bytes())
}
