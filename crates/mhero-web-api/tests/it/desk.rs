//! A served installation of two districts with a carrier that is real as far as the application knows, and clients of its API.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use async_trait::async_trait;
use mhero_app::{
    App, AppError, Caller, Facts, NewToken, Options,
    messaging::NewChannel,
    ports::{Carrier, ChannelSettings, Driver, Outcome, Outgoing, Words},
};
use mhero_core::{Lang, LangMap, PlaceId, Role};
use mhero_exchange::{
    clients::{Clients, Reached},
    journal::{Journal, JournalSettings},
};
use mhero_store::{Clock, Engine, Location, Store};
use mhero_testkit::{Postgres, TestDatabase};
use mhero_web_api::{ApiOptions, router, told_everywhere};
use mhero_web_exchange::{Watch, watched};
use mhero_web_fhir::FhirOptions;
use mhero_web_rapidpro::RapidproOptions;
use reqwest::{Method, StatusCode, header::HeaderMap};
use serde_json::{Value, json};
use tokio::{net::TcpListener, task::JoinSet};

pub(crate) const MARTHA: &str = "+231770000001";
pub(crate) const JAMES: &str = "+231770000002";

/// The keys themselves, so that a test sees which words were chosen.
struct Keys;

impl Words for Keys {
    fn say(&self, language: Lang, key: &str, _: &[(&'static str, String)]) -> String {
        format!("{language}:{key}")
    }
}

/// A carrier that takes everything, and remembers which numbers it was given.
#[derive(Clone, Default)]
pub(crate) struct Real(Arc<Mutex<Vec<String>>>);

impl Real {
    pub(crate) fn took(&self) -> Vec<String> {
        self.0.lock().expect("no panic before").clone()
    }
}

impl Driver for Real {
    fn kind(&self) -> &'static str {
        "real"
    }

    fn keys(&self) -> &'static [(&'static str, bool)] {
        &[]
    }

    fn build(&self, _: &App, _: &ChannelSettings) -> Result<Arc<dyn Carrier>, AppError> {
        Ok(Arc::new(self.clone()))
    }
}

#[async_trait]
impl Carrier for Real {
    async fn submit(&self, outgoing: &Outgoing) -> Outcome {
        self.0.lock().expect("no panic before").push(outgoing.to.path().to_owned());
        Outcome::Accepted { carrier_id: None }
    }
}

/// The server of one test.
pub(crate) struct Desk {
    pub(crate) app: App,
    pub(crate) real: Real,
    pub(crate) token: String,
    pub(crate) journal: Journal,
    pub(crate) url: String,
    client: reqwest::Client,
    _serving: JoinSet<()>,
    _folder: tempfile::TempDir,
    _database: Option<TestDatabase>,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Got {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) json: Value,
}

impl Got {
    /// What came back, which is as it should be.
    pub(crate) fn ok(self) -> Value {
        assert!(self.status.is_success(), "{} {}", self.status, self.json);
        self.json
    }

    /// The problem that came back: status, code, field.
    pub(crate) fn problem(&self) -> (u16, String, String) {
        let text = |name: &str| self.json[name].as_str().unwrap_or_default().to_owned();
        assert_eq!(self.headers["content-type"], "application/problem+json", "{}", self.json);
        assert_eq!(self.json["status"], self.status.as_u16());
        (self.status.as_u16(), text("code"), text("field"))
    }
}

/// The engines that a test runs on.
pub(crate) fn engines() -> Vec<Engine> {
    match Postgres::get() {
        Some(_) => vec![Engine::Sqlite, Engine::Postgres],
        None => vec![Engine::Sqlite],
    }
}

impl Desk {
    pub(crate) async fn new(engine: Engine) -> Self {
        mhero_channels::tls::install();
        let folder = tempfile::tempdir().expect("a folder");
        let migrated = |url| async move {
            Store::open_and_migrate(&Location::Postgres(url), Clock::wall()).await.expect("it is migrated");
        };
        let database = match engine {
            Engine::Postgres => Some(Postgres::get().expect("PostgreSQL").database_like("api", migrated).await),
            Engine::Sqlite => None,
        };
        let location = match &database {
            Some(database) => Location::Postgres(database.url()),
            None => Location::File(folder.path().join("mhero.db")),
        };
        let (clock, _) = Clock::manual("2026-05-14T09:00:00Z".parse().expect("an instant"));
        let real = Real::default();
        let app = App::new(Options {
            store: Store::open_and_migrate(&location, clock).await.expect("a store"),
            drivers: vec![Arc::new(real.clone()), Arc::new(mhero_channels::Simulator)],
            connectors: vec![Arc::new(mhero_exchange::heard::FhirClients)],
            words: Arc::new(Keys),
            effector: None,
            seal_key: [7; 32],
        });
        set_up(&app).await;
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let journal = Journal::start(&app, JournalSettings::default());
        let pages = pages(&app, &journal);
        let mut serving = JoinSet::new();
        serving.spawn(async move { axum::serve(listener, pages).await.expect("it serves") });
        let mut desk = Self {
            app,
            real,
            token: String::new(),
            journal,
            url,
            client: reqwest::Client::new(),
            _serving: serving,
            _folder: folder,
            _database: database,
        };
        desk.token = desk.token_at(None).await;
        desk.people().await;
        desk
    }

    /// A token of an integrator, perhaps narrowed to a place.
    pub(crate) async fn token_at(&self, place: Option<PlaceId>) -> String {
        let name = self.app.store().mint().uuid().to_string();
        let new = NewToken { name, role: Role::Integrator, place, programme: None };
        self.app.create_token(&Caller::system(), new).await.expect("a token")
    }

    /// A token of the sandbox.
    pub(crate) async fn token_to_try(&self) -> String {
        let place = self.app.make_sandbox(&Caller::system()).await.expect("a sandbox");
        self.token_at(Some(place)).await
    }

    /// The place of a name.
    pub(crate) async fn place(&self, name: &str) -> PlaceId {
        let found = self.get(&format!("/api/v1/places?find={name}")).await.ok();
        found["items"][0]["id"].as_str().expect(name).parse().expect("an id")
    }

    /// Two districts with a clinic each; Martha works in one, James in the other.
    async fn people(&self) {
        let place = |id: &str, name: &str, part_of: &str| {
            json!({ "resourceType": "Location", "id": id, "status": "active", "name": name,
                "partOf": { "reference": format!("Location/{part_of}") } })
        };
        let worker = |id: &str, name: &str, phone: &str| {
            json!({ "resourceType": "Practitioner", "id": id, "active": true,
                "name": [{ "use": "official", "family": name, "given": ["A"] }],
                "telecom": [{ "system": "phone", "use": "mobile", "value": phone }] })
        };
        let role = |id: &str, person: &str, place: &str| {
            json!({ "resourceType": "PractitionerRole", "id": id, "active": true,
                "practitioner": { "reference": format!("Practitioner/{person}") },
                "location": [{ "reference": format!("Location/{place}") }] })
        };
        for resource in [
            json!({ "resourceType": "Location", "id": "LR", "status": "active", "name": "Liberia" }),
            place("D1", "Montserrado", "LR"),
            place("D2", "Lofa", "LR"),
            place("F1", "Clara Town Clinic", "D1"),
            place("F2", "Voinjama Clinic", "D2"),
            worker("P1", "Kollie", MARTHA),
            worker("P2", "Johnson", JAMES),
            role("R1", "P1", "F1"),
            role("R2", "P2", "F2"),
        ] {
            let (kind, id) = (resource["resourceType"].as_str().expect("a kind"), &resource["id"]);
            let path = format!("/fhir/{kind}/{}", id.as_str().expect("an id"));
            self.ask(Method::PUT, &path, Some(&resource), &self.token.clone(), &[]).await.ok();
        }
        self.until("everybody is known", async || {
            let people = self.get("/api/v1/people").await.ok();
            people["items"].as_array().filter(|items| items.len() == 2).map(|_| ())
        })
        .await;
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

    /// Lets everything happen that is ready.
    pub(crate) async fn idle(&self) {
        for _ in 0..2 {
            Box::pin(mhero_exchange::golden::run_until_idle(&self.app)).await.expect("it comes to rest");
        }
    }

    pub(crate) async fn get(&self, path: &str) -> Got {
        self.ask(Method::GET, path, None, &self.token, &[]).await
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Got {
        self.ask(Method::POST, path, Some(body), &self.token, &[]).await
    }

    pub(crate) async fn once(&self, path: &str, body: &Value, key: &str) -> Got {
        self.ask(Method::POST, path, Some(body), &self.token, &[("idempotency-key", key)]).await
    }

    pub(crate) async fn ask(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
        token: &str,
        headers: &[(&str, &str)],
    ) -> Got {
        let mut request = self.client.request(method, format!("{}{path}", self.url)).bearer_auth(token);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(body) = body {
            request = request.header("content-type", "application/json").body(body.to_string());
        }
        got(request).await
    }

    /// A request as it is, with the token alone.
    pub(crate) async fn raw(&self, method: Method, path: &str, body: Vec<u8>, form: &str) -> Got {
        let request = self.client.request(method, format!("{}{path}", self.url)).bearer_auth(&self.token);
        got(request.header("content-type", form).body(body)).await
    }

    /// A request without any token.
    pub(crate) async fn nobody(&self, path: &str) -> Got {
        got(self.client.get(format!("{}{path}", self.url)).header("accept-language", "fr")).await
    }
}

async fn got(request: reqwest::RequestBuilder) -> Got {
    let response = request.send().await.expect("an answer");
    let (status, headers) = (response.status(), response.headers().clone());
    let text = response.text().await.expect("a text");
    Got { status, headers, json: serde_json::from_str(&text).unwrap_or(Value::String(text)) }
}

/// The fronts as the program wires them.
fn pages(app: &App, journal: &Journal) -> axum::Router {
    let fronts = mhero_web_fhir::router(app.clone(), FhirOptions { https: false, behind_proxy: false })
        .merge(mhero_web_rapidpro::router(
            app.clone(),
            RapidproOptions { https: false, behind_proxy: false, requests_per_hour: 100_000 },
        ))
        .merge(mhero_web_exchange::router(app.clone(), Reached { https: false, behind_proxy: false }))
        .merge(router(
            app.clone(),
            ApiOptions { reached: Reached { https: false, behind_proxy: false }, requests_per_hour: 100_000 },
        ));
    let journal = journal.clone();
    let clients = Clients::new(journal.clone());
    told_everywhere(watched(fronts, Watch { journal, clients, mediator: None, behind_proxy: false }), app.clone())
}

async fn set_up(app: &App) {
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
    let new = NewChannel { kind: "real".into(), name: "main".into(), config: [].into() };
    app.add_channel(&system, &new).await.expect("a channel");
}
