//! Fronts of a test behind the layer, and other systems that answer as they are told.

use std::{
    collections::VecDeque,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

use async_trait::async_trait;
use axum::{
    Extension, Router,
    body::Body,
    http::{HeaderMap, Request, StatusCode},
    routing::{get, post},
};
use mhero_app::{App, Caller, Facts, NewToken, Options, ports::Words};
use mhero_core::{Lang, LangMap, Role};
use mhero_exchange::{
    clients::{Certificate, Clients, Narrowed, token_of},
    journal::{Journal, JournalSettings, KeepBodies, Line, LineAnswer, LineFailure, Sendable},
    openhim::Mediator,
};
use mhero_store::{Clock, Hand, Location, Store};
use mhero_testkit::{Postgres, TestDatabase};
use mhero_web_exchange::{Watch, watched};
use serde_json::Value;
use tower::ServiceExt;

struct Keys;

impl Words for Keys {
    fn say(&self, _: Lang, key: &str, _: &[(&'static str, String)]) -> String {
        key.to_owned()
    }
}

/// Another system: what it is to answer, and what it was asked.
#[derive(Default)]
pub(crate) struct Other {
    pub(crate) answers: Mutex<VecDeque<Result<LineAnswer, LineFailure>>>,
    pub(crate) asked: Mutex<Vec<Sendable>>,
}

impl Other {
    pub(crate) fn will(&self, status: u16, body: &str) {
        self.answers.lock().unwrap().push_back(Ok(LineAnswer { status, body: body.to_owned() }));
    }

    pub(crate) fn fails(&self) {
        self.answers.lock().unwrap().push_back(Err(LineFailure::NotSent("registry-unreachable".to_owned())));
    }

    pub(crate) fn paths(&self) -> Vec<String> {
        let path = |call: &Sendable| format!("{} {}", call.method, call.url.split_once(".example").unwrap().1);
        self.asked.lock().unwrap().iter().map(path).collect()
    }
}

#[async_trait]
impl Line for Other {
    async fn call(&self, _: &str, call: &Sendable) -> Result<LineAnswer, LineFailure> {
        self.asked.lock().unwrap().push(call.clone());
        let next = self.answers.lock().unwrap().pop_front();
        next.unwrap_or_else(|| Ok(LineAnswer { status: 200, body: String::new() }))
    }
}

/// Says who asks, as every front finds out.
async fn who(app: App, headers: HeaderMap) -> String {
    let token = headers.get("authorization").and_then(|value| token_of(value.to_str().ok()?));
    let account = app.account_of_token(&token.unwrap_or_default()).await.expect("the store answers");
    account.map_or_else(|| "nobody".to_owned(), |account| account.name)
}

/// Says whether the front is told that the account may use some kinds only.
async fn how(narrowed: Option<Extension<Narrowed>>) -> &'static str {
    if narrowed.is_some() { "narrowed" } else { "free" }
}

pub(crate) struct Bench {
    pub(crate) app: App,
    pub(crate) hand: Hand,
    pub(crate) journal: Journal,
    pub(crate) clients: Clients,
    pub(crate) other: Arc<Other>,
    /// How often the front has sent an SMS, so to say.
    pub(crate) sent: Arc<AtomicUsize>,
    fronts: Router,
    _folder: tempfile::TempDir,
    _database: Option<TestDatabase>,
}

/// Runs a test on both engines.
pub(crate) async fn on_both(test: impl AsyncFn(&Bench)) {
    test(&Bench::new(None, |_| None).await).await;
    if let Some(postgres) = Postgres::get() {
        let migrated = |url| async move {
            Store::open_and_migrate(&Location::Postgres(url), Clock::wall()).await.expect("it is migrated");
        };
        let database = postgres.database_like("exchange", migrated).await;
        test(&Bench::new(Some(database), |_| None).await).await;
    }
}

impl Bench {
    pub(crate) async fn new(
        database: Option<TestDatabase>,
        mediator: impl FnOnce(&Journal) -> Option<Mediator>,
    ) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let location = match &database {
            Some(database) => Location::Postgres(database.url()),
            None => Location::File(folder.path().join("mhero.db")),
        };
        let (clock, hand) = Clock::manual("2026-05-14T09:00:00Z".parse().expect("an instant"));
        let store = Store::open_and_migrate(&location, clock).await.expect("a store");
        let app = App::new(Options {
            store,
            drivers: Vec::new(),
            connectors: Vec::new(),
            words: Arc::new(Keys),
            effector: None,
            seal_key: [7; 32],
        });
        let facts = Facts {
            countries: vec!["LR".into()],
            languages: vec![Lang::ENGLISH],
            zone: "Africa/Monrovia".into(),
            ministry: LangMap::one(Lang::ENGLISH, "Ministry of Health"),
            country_name: LangMap::one(Lang::ENGLISH, "Liberia"),
            short_code: None,
            quiet: None,
            demo: false,
        };
        app.set_facts(&Caller::system(), &facts).await.expect("an installation");
        let journal =
            Journal::start(&app, JournalSettings { bodies: KeepBodies::Changes, ..JournalSettings::default() });
        let other = Arc::new(Other::default());
        journal.set_line(Arc::clone(&other) as Arc<dyn Line>);
        let clients = Clients::new(journal.clone());
        let sent = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&sent);
        let mediator = mediator(&journal);
        let known = app.clone();
        let mut routes = Router::new()
            .route("/fhir/Practitioner/_search", post(how))
            .route("/fhir/Practitioner", get(move |headers: HeaderMap| who(known, headers)))
            .route(
                "/fhir/CommunicationRequest",
                post(move |body: String| async move {
                    if body.contains("wrong") {
                        return (StatusCode::BAD_REQUEST, "no".to_owned());
                    }
                    let number = counted.fetch_add(1, Ordering::SeqCst) + 1;
                    (StatusCode::CREATED, format!("sent {number}"))
                }),
            );
        if let Some(mediator) = &mediator {
            routes = routes.merge(mhero_web_exchange::openhim(mediator.clone()));
        }
        let watch = Watch { journal: journal.clone(), clients: clients.clone(), mediator, behind_proxy: true };
        let fronts = watched(routes, watch);
        Self { app, hand, journal, clients, other, sent, fronts, _folder: folder, _database: database }
    }

    pub(crate) fn root(&self) -> Caller {
        Caller::system()
    }

    pub(crate) async fn token(&self, name: &str) -> String {
        let new = NewToken { name: name.into(), role: Role::Integrator, place: None, programme: None };
        self.app.create_token(&self.root(), new).await.expect("a token")
    }

    /// One request: status, headers, body.
    pub(crate) async fn ask(
        &self,
        (method, path): (&str, &str),
        headers: &[(&str, &str)],
        body: &str,
    ) -> (u16, HeaderMap, String) {
        self.ask_over(None, (method, path), headers, body).await
    }

    /// The same over a connection on which a certificate was shown.
    pub(crate) async fn ask_over(
        &self,
        certificate: Option<&Certificate>,
        (method, path): (&str, &str),
        headers: &[(&str, &str)],
        body: &str,
    ) -> (u16, HeaderMap, String) {
        let mut request = Request::builder().method(method).uri(path).header("content-length", body.len());
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let mut request = request.body(Body::from(body.to_owned())).expect("a request");
        if let Some(certificate) = certificate {
            request.extensions_mut().insert(certificate.clone());
        }
        let response = self.fronts.clone().oneshot(request).await.expect("it answers");
        let (parts, body) = response.into_parts();
        let body = axum::body::to_bytes(body, 1 << 20).await.expect("a body");
        (parts.status.as_u16(), parts.headers, String::from_utf8_lossy(&body).into_owned())
    }

    pub(crate) fn sent(&self) -> usize {
        self.sent.load(Ordering::SeqCst)
    }

    pub(crate) async fn log(&self) -> Vec<mhero_app::rows::Exchange> {
        self.journal.flush().await;
        self.app.exchanges(&self.root(), &mhero_app::rows::ExchangeFilter::default(), 100).await.expect("the log")
    }
}

pub(crate) fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|_| panic!("JSON: {text}"))
}
