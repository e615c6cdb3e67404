//! A server with the samples of CSD in it, and a client of it.

use std::sync::Arc;

use mhero_app::{App, Caller, Facts, NewToken, Options, people::ImportOptions, ports::Words};
use mhero_core::{Lang, LangMap, PlaceId, Role};
use mhero_store::{Clock, Engine, Location, Store};
use mhero_testkit::{Postgres, TestDatabase};
use mhero_web_exchange::{Reached, router};
use mhero_wire::csd::{Entities, Item, record};
use reqwest::{Method, RequestBuilder};
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
    _serving: JoinSet<()>,
    folder: tempfile::TempDir,
    _database: Option<TestDatabase>,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Got {
    pub(crate) status: u16,
    pub(crate) kind: String,
    pub(crate) text: String,
}

/// The engines that a test runs on.
pub(crate) fn engines() -> Vec<Engine> {
    match Postgres::get() {
        Some(_) => vec![Engine::Sqlite, Engine::Postgres],
        None => vec![Engine::Sqlite],
    }
}

async fn migrated(url: String) {
    Store::open_and_migrate(&Location::Postgres(url), Clock::wall()).await.expect("it is migrated");
}

impl Desk {
    pub(crate) async fn new(engine: Engine) -> Self {
        mhero_channels::tls::install();
        let folder = tempfile::tempdir().expect("a folder");
        let database = match engine {
            Engine::Postgres => Some(Postgres::get().expect("PostgreSQL").database_like("exchange", migrated).await),
            Engine::Sqlite => None,
        };
        let location = match &database {
            Some(database) => Location::Postgres(database.url()),
            None => Location::File(folder.path().join("mhero.db")),
        };
        let (clock, _) = Clock::manual("2026-05-14T09:00:00Z".parse().expect("an instant"));
        let app = App::new(Options {
            store: Store::open_and_migrate(&location, clock).await.expect("a store"),
            drivers: Vec::new(),
            connectors: Vec::new(),
            words: Arc::new(Keys),
            effector: None,
            seal_key: [7; 32],
        });
        let facts = Facts {
            countries: vec!["LR".into(), "US".into()],
            languages: vec![Lang::ENGLISH],
            zone: "Africa/Monrovia".into(),
            ministry: LangMap::one(Lang::ENGLISH, "Ministry of Health"),
            country_name: LangMap::one(Lang::ENGLISH, "Liberia"),
            short_code: None,
            quiet: None,
            demo: false,
        };
        app.set_facts(&Caller::system(), &facts).await.expect("facts");
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
        let base = format!("http://{}", listener.local_addr().expect("an address"));
        let pages = router(app.clone(), Reached { https: false, behind_proxy: false });
        let mut serving = JoinSet::new();
        serving.spawn(async move { axum::serve(listener, pages).await.expect("it serves") });
        let mut desk = Self {
            app,
            base,
            token: String::new(),
            client: reqwest::Client::new(),
            _serving: serving,
            folder,
            _database: database,
        };
        desk.token = desk.token_of("all", None).await;
        desk
    }

    /// A token of an integrator, for the country or a place.
    pub(crate) async fn token_of(&self, name: &str, place: Option<PlaceId>) -> String {
        let new = NewToken { name: name.to_owned(), role: Role::Integrator, place, programme: None };
        self.app.create_token(&Caller::system(), new).await.expect("a token")
    }

    /// What was written to a number, oldest first.
    pub(crate) async fn texts_to(&self, path: &str) -> Vec<String> {
        let all = (i64::MIN, i64::MAX);
        let found = self.app.store().recent_messages(&mhero_core::Scope::system(), all, None, 100).await;
        let own = found.expect("a list").into_iter().rev().filter(|message| message.path == path);
        own.filter_map(|message| message.text).collect()
    }

    /// Takes a document of CSD in.
    pub(crate) async fn import(&self, text: &str) {
        let entities = Entities::new(text.as_bytes()).map(|item| item.expect("well-formed"));
        let records = entities.filter_map(|item| match item {
            Item::Entity(entity) => Some(record(&entity, "samples")),
            Item::Oversize { .. } => None,
        });
        let records: Vec<_> = records.collect();
        let options = ImportOptions::default();
        let report = self.app.import(&Caller::system(), "csd", records.into_iter(), &options).await.expect("an import");
        assert_eq!(report.rejected, 0);
    }

    pub(crate) fn ask(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("{}{path}", self.base)).bearer_auth(&self.token)
    }

    pub(crate) async fn get(&self, path: &str) -> Got {
        got(self.ask(Method::GET, path)).await
    }

    pub(crate) async fn post(&self, path: &str, body: &str) -> Got {
        got(self.ask(Method::POST, path).header("content-type", "text/xml").body(body.to_owned())).await
    }

    /// Judges a document by the schema, as xmllint does. What of it is put right before stands in `mhero-registries/tests/csd.rs`:
    /// imports from the web, where `xml:lang` is declared, and the text of other ids.
    pub(crate) fn judge(&self, schema: &std::path::Path, document: &str) {
        let found = std::process::Command::new("xmllint").arg("--version").output().is_ok();
        if mhero_testkit::require(found.then_some(()), "xmllint (libxml2-utils)").is_none() {
            return;
        }
        let schema = std::fs::read_to_string(schema).expect("the schema");
        let functions = schema.find("<xs:element name=\"careServicesFunction\">").expect("as it came");
        let schema = format!("{}</xs:schema>", &schema[..functions]);
        let import = |space: &str| schema.find(&format!("<xs:import namespace=\"{space}\"")).expect("as it came");
        let (one, two) = (import("http://www.w3.org/2001/XMLSchema"), import("http://www.w3.org/XML/1998/namespace"));
        let schema = format!("{}{}", &schema[..one], &schema[two..]).replace(
            "<xs:import namespace=\"http://www.w3.org/XML/1998/namespace\"/>",
            "<xs:import namespace=\"http://www.w3.org/XML/1998/namespace\" schemaLocation=\"xml.xsd\"/>",
        );
        let schema =
            schema.replace("<xs:complexType name=\"otherID\">", "<xs:complexType name=\"otherID\" mixed=\"true\">");
        let xml = "<xs:schema xmlns:xs=\"http://www.w3.org/2001/XMLSchema\" \
                   targetNamespace=\"http://www.w3.org/XML/1998/namespace\"><xs:attribute name=\"lang\" type=\"xs:string\"/></xs:schema>";
        for (name, text) in [("CSD.xsd", schema.as_str()), ("xml.xsd", xml), ("judged.xml", document)] {
            std::fs::write(self.folder.path().join(name), text).expect("written");
        }
        let judged = std::process::Command::new("xmllint")
            .args(["--nonet", "--noout", "--schema", "CSD.xsd", "judged.xml"])
            .current_dir(self.folder.path())
            .output()
            .expect("xmllint runs");
        assert!(judged.status.success(), "{}\n{document}", String::from_utf8_lossy(&judged.stderr));
    }
}

pub(crate) async fn got(request: RequestBuilder) -> Got {
    let response = request.send().await.expect("an answer");
    let status = response.status().as_u16();
    let kind =
        response.headers().get("content-type").and_then(|kind| kind.to_str().ok()).unwrap_or_default().to_owned();
    Got { status, kind, text: response.text().await.expect("a text") }
}
