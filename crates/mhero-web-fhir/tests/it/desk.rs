//! A FHIR server over an application of its own, and a client of it.

use std::sync::Arc;

use mhero_app::{App, Caller, Facts, NewToken, Options, ports::Words};
use mhero_core::{Lang, LangMap, PlaceId, Role};
use mhero_store::{Clock, Engine, Location, Store};
use mhero_testkit::{Postgres, TestDatabase};
use mhero_web_fhir::{FhirOptions, router};
use reqwest::{Method, RequestBuilder, StatusCode, header::HeaderMap};
use serde_json::Value;
use tokio::{net::TcpListener, task::JoinSet};

struct Keys;

impl Words for Keys {
    fn say(&self, _: Lang, key: &str, _: &[(&'static str, String)]) -> String {
        key.to_owned()
    }
}

/// The server of one test.
pub(crate) struct Desk {
    pub(crate) app: App,
    pub(crate) base: String,
    pub(crate) token: String,
    client: reqwest::Client,
    serving: JoinSet<()>,
    _folder: tempfile::TempDir,
    _database: Option<TestDatabase>,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Got {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Got {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).expect(&self.text)
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// The first issue: its code and words.
    pub(crate) fn issue(&self) -> (String, String) {
        let json = self.json();
        assert_eq!(json["resourceType"], "OperationOutcome", "{json}");
        let text = |name: &str| json["issue"][0][name].as_str().unwrap_or_default().to_owned();
        (text("code"), text("diagnostics"))
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
            Engine::Postgres => Some(Postgres::get().expect("PostgreSQL").database_like("fhir", migrated).await),
            Engine::Sqlite => None,
        };
        let location = match &database {
            Some(database) => Location::Postgres(database.url()),
            None => Location::File(folder.path().join("mhero.db")),
        };
        let (clock, _) = Clock::manual("2026-05-14T09:00:00Z".parse().expect("an instant"));
        let store = Store::open_and_migrate(&location, clock).await.expect("a store");
        let app = App::new(Options {
            store,
            drivers: Vec::new(),
            connectors: vec![Arc::new(mhero_exchange::heard::FhirClients)],
            words: Arc::new(Keys),
            effector: None,
            seal_key: [7; 32],
        });
        app.set_facts(&Caller::system(), &liberia()).await.expect("an installation");
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
        let base = format!("http://{}/fhir", listener.local_addr().expect("an address"));
        let pages = router(app.clone(), FhirOptions { https: false, behind_proxy: false });
        let mut serving = JoinSet::new();
        serving.spawn(async move { axum::serve(listener, pages).await.expect("it serves") });
        let mut desk = Self {
            app,
            base,
            token: String::new(),
            client: reqwest::Client::new(),
            serving,
            _folder: folder,
            _database: database,
        };
        desk.token = desk.token_of(Role::Integrator).await;
        desk
    }

    pub(crate) async fn token_of(&self, role: Role) -> String {
        self.token_at(role, None).await
    }

    /// A token that is narrowed to a place.
    pub(crate) async fn token_at(&self, role: Role, place: Option<PlaceId>) -> String {
        let new = NewToken { name: format!("{role} {}", rand_name(self)), role, place, programme: None };
        self.app.create_token(&Caller::system(), new).await.expect("a token")
    }

    /// The address under which accounts are answered that are narrowed to some kinds.
    pub(crate) async fn narrowed(&mut self) -> String {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
        let base = format!("http://{}/fhir", listener.local_addr().expect("an address"));
        let pages = router(self.app.clone(), FhirOptions { https: false, behind_proxy: false });
        let pages = pages.layer(axum::Extension(mhero_exchange::clients::Narrowed));
        self.serving.spawn(async move { axum::serve(listener, pages).await.expect("it serves") });
        base
    }

    /// Everything that is ready happens: the register hears, and shows.
    pub(crate) async fn rest(&self) {
        mhero_exchange::golden::run_until_idle(&self.app).await.expect("it comes to rest");
    }

    pub(crate) fn ask(&self, method: Method, path: &str) -> RequestBuilder {
        let url = if path.starts_with("http") { path.to_owned() } else { format!("{}{path}", self.base) };
        self.client.request(method, url).bearer_auth(&self.token)
    }

    pub(crate) async fn get(&self, path: &str) -> Got {
        got(self.ask(Method::GET, path)).await
    }

    pub(crate) async fn send(&self, method: Method, path: &str, body: &Value) -> Got {
        got(self.ask(method, path).header("content-type", "application/fhir+json").body(body.to_string())).await
    }

    pub(crate) async fn put(&self, body: &Value) -> Got {
        let name = |name: &str| body[name].as_str().expect("it has a name");
        self.send(Method::PUT, &format!("/{}/{}", name("resourceType"), name("id")), body).await
    }

    /// The ids of a search, page by page.
    pub(crate) async fn found(&self, asked: &str) -> Vec<String> {
        let mut page = self.get(&format!("/{asked}")).await;
        let mut ids = Vec::new();
        loop {
            assert_eq!(page.status, 200, "{asked}: {}", page.text);
            let json = page.json();
            for entry in json["entry"].as_array().into_iter().flatten() {
                let text = |name: &str| entry["resource"][name].as_str().unwrap_or_default();
                ids.push(if entry["search"]["mode"] == "match" {
                    text("id").to_owned()
                } else {
                    format!("+{}", text("id"))
                });
            }
            let links = json["link"].as_array().cloned().unwrap_or_default();
            match links.iter().find(|link| link["relation"] == "next") {
                Some(next) => page = self.get(next["url"].as_str().expect("an address")).await,
                None => return ids,
            }
        }
    }
}

fn liberia() -> Facts {
    let language = Lang::ENGLISH;
    Facts {
        countries: vec!["LR".to_owned()],
        languages: vec![language],
        zone: "Africa/Monrovia".to_owned(),
        ministry: LangMap::one(language, "Ministry of Health"),
        country_name: LangMap::one(language, "Liberia"),
        short_code: None,
        quiet: None,
        demo: false,
    }
}

fn rand_name(desk: &Desk) -> uuid::Uuid {
    desk.app.store().mint().uuid()
}

pub(crate) async fn got(request: RequestBuilder) -> Got {
    let response = request.send().await.expect("an answer");
    let (status, headers) = (response.status(), response.headers().clone());
    Got { status, headers, text: response.text().await.expect("a text") }
}
