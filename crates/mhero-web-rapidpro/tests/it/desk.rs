//! The API over an application of its own, and a client of it.

use std::sync::Arc;

use mhero_app::{App, Caller, Facts, NewToken, Options, ports::Words};
use mhero_core::{Lang, LangMap, PlaceId, Role};
use mhero_effects::{Outside, Settings};
use mhero_store::{Clock, Engine, Hand, Location, Store};
use mhero_testkit::{Postgres, TestDatabase};
use mhero_web_rapidpro::{RapidproOptions, router};
use reqwest::{Method, StatusCode, header::HeaderMap};
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
    pub(crate) hand: Hand,
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
    pub(crate) text: String,
}

impl Got {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).expect(&self.text)
    }

    /// The objects of a list.
    pub(crate) fn results(&self) -> Vec<Value> {
        assert_eq!(self.status, 200, "{}", self.text);
        let json = self.json();
        assert!(json.get("count").is_none() && json.get("next").is_some() && json.get("previous").is_some());
        json["results"].as_array().expect("a list").clone()
    }
}

/// The engines that a test runs on.
pub(crate) fn engines() -> Vec<Engine> {
    match Postgres::get() {
        Some(_) => vec![Engine::Sqlite, Engine::Postgres],
        None => vec![Engine::Sqlite],
    }
}

fn facts() -> Facts {
    Facts {
        countries: vec!["LR".to_owned()],
        languages: vec![Lang::ENGLISH, Lang::FRENCH],
        zone: "Africa/Monrovia".to_owned(),
        ministry: LangMap::one(Lang::ENGLISH, "Ministry of Health"),
        country_name: LangMap::one(Lang::ENGLISH, "Liberia"),
        short_code: None,
        quiet: None,
        demo: false,
    }
}

impl Desk {
    pub(crate) async fn new(engine: Engine, requests_per_hour: u32) -> Self {
        mhero_channels::tls::install();
        let folder = tempfile::tempdir().expect("a folder");
        let migrated = |url| async move {
            Store::open_and_migrate(&Location::Postgres(url), Clock::wall()).await.expect("it is migrated");
        };
        let database = match engine {
            Engine::Postgres => Some(Postgres::get().expect("PostgreSQL").database_like("rapidpro", migrated).await),
            Engine::Sqlite => None,
        };
        let location = match &database {
            Some(database) => Location::Postgres(database.url()),
            None => Location::File(folder.path().join("mhero.db")),
        };
        let (clock, hand) = Clock::manual("2026-05-14T09:00:00Z".parse().expect("an instant"));
        let store = Store::open_and_migrate(&location, clock).await.expect("a store");
        let outside = Settings { allow_private: vec!["127.0.0.0/8".to_owned()], ..Settings::default() };
        let app = App::new(Options {
            store,
            drivers: Vec::new(),
            connectors: Vec::new(),
            words: Arc::new(Keys),
            effector: Some(Arc::new(Outside::new(&outside).expect("outside calls"))),
            seal_key: [7; 32],
        });
        app.set_facts(&Caller::system(), &facts()).await.expect("facts");
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
        let base = format!("http://{}/api/v2", listener.local_addr().expect("an address"));
        let options = RapidproOptions { https: false, behind_proxy: false, requests_per_hour };
        let pages = router(app.clone(), options);
        let mut serving = JoinSet::new();
        serving.spawn(async move { axum::serve(listener, pages).await.expect("it serves") });
        let mut desk = Self {
            app,
            base,
            token: String::new(),
            hand,
            client: reqwest::Client::new(),
            _serving: serving,
            _folder: folder,
            _database: database,
        };
        desk.token = desk.token_of(Role::Admin, None).await;
        desk
    }

    pub(crate) async fn token_of(&self, role: Role, place: Option<PlaceId>) -> String {
        let name = format!("{role} {}", self.app.store().mint().uuid());
        let new = NewToken { name, role, place, programme: None };
        self.app.create_token(&Caller::system(), new).await.expect("a token")
    }

    pub(crate) async fn get(&self, path: &str) -> Got {
        self.ask(Method::GET, path, None, &self.token).await
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Got {
        self.ask(Method::POST, path, Some(body.to_string()), &self.token).await
    }

    pub(crate) async fn delete(&self, path: &str) -> Got {
        self.ask(Method::DELETE, path, None, &self.token).await
    }

    pub(crate) async fn ask(&self, method: Method, path: &str, body: Option<String>, token: &str) -> Got {
        let url = if path.starts_with("http") { path.to_owned() } else { format!("{}/{path}", self.base) };
        let mut request = self.client.request(method, url).header("authorization", format!("Token {token}"));
        if let Some(body) = body {
            request = request.header("content-type", "application/json").body(body);
        }
        got(request).await
    }

    pub(crate) async fn once(&self, path: &str, body: &Value, key: &str) -> Got {
        let request = self.client.post(format!("{}/{path}", self.base)).header("idempotency-key", key);
        got(request.header("authorization", format!("Token {}", self.token)).body(body.to_string())).await
    }

    pub(crate) async fn plain(&self, path: &str, headers: &[(&str, &str)]) -> Got {
        let mut request = self.client.get(format!("{}{path}", self.base));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        got(request).await
    }

    /// A contact that is made.
    pub(crate) async fn contact(&self, name: &str, urn: &str) -> String {
        let made = self.post("contacts.json", &serde_json::json!({ "name": name, "urns": [urn] })).await;
        assert_eq!(made.status, 201, "{}", made.text);
        made.json()["uuid"].as_str().expect("a uuid").to_owned()
    }
}

async fn got(request: reqwest::RequestBuilder) -> Got {
    let response = request.send().await.expect("an answer");
    let (status, headers) = (response.status(), response.headers().clone());
    Got { status, headers, text: response.text().await.expect("a text") }
}
