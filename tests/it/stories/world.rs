//! The server of a story.

use std::{
    future::Future,
    net::SocketAddr,
    sync::Arc,
    time::{Duration, Instant},
};

use axum::Router;
use jiff::{SignedDuration, Timestamp};
use mhero_app::{
    App, Caller, Facts, NewUser, Options, QuietHours, messaging::NewChannel, people::PeopleAsked, ports,
    sync::SourceStatus,
};
use mhero_core::{Lang, LangMap, Role, UserId};
use mhero_exchange::{
    clients::Clients,
    journal::{Journal, JournalSettings},
};
use mhero_store::{Clock, Engine, Hand, Location, Store};
use mhero_testkit::{Postgres, TestDatabase};
use mhero_web::{
    WebOptions,
    words::{Arg, Words},
};
use mhero_web_exchange::{Watch, watched};
use mhero_web_fhir::FhirOptions;
use mhero_web_rapidpro::RapidproOptions;
use tokio::{net::TcpListener, sync::watch, task::JoinSet};

use super::Browser;

/// How long anything may take before a story says what it waited for.
const PATIENCE: Duration = Duration::from_secs(120);
/// Looks after which the runners are woken once more.
const LOOKS: u32 = 5;
/// A password that is long enough.
pub(super) const PASSWORD: &str = "rain on the iron roof";

/// A served installation of Liberia with a simulator and one administrator.
pub(super) struct World {
    pub(super) app: App,
    /// The administrator.
    pub(super) user: UserId,
    /// The exchange log.
    pub(super) journal: Journal,
    hand: Hand,
    address: SocketAddr,
    engine: Engine,
    stop: watch::Sender<bool>,
    _runners: JoinSet<()>,
    folder: tempfile::TempDir,
    _database: Option<TestDatabase>,
}

/// The texts of automatic replies, as the program has them.
struct SmsWords;

impl ports::Words for SmsWords {
    fn say(&self, language: Lang, key: &str, args: &[(&'static str, String)]) -> String {
        let args: Vec<_> = args.iter().map(|(name, value)| (*name, Arg::Text(value.clone()))).collect();
        Words::of(language).with(key, &args)
    }
}

/// A Monday morning, outside quiet hours.
pub(super) fn morning() -> Timestamp {
    "2026-11-23T09:00:00Z".parse().expect("an instant")
}

impl World {
    /// A fresh server on an engine. `None`, after saying so, where the engine is not installed.
    pub(super) async fn new(engine: Engine) -> Option<Self> {
        mhero_channels::tls::install();
        let folder = tempfile::tempdir().expect("a folder");
        let database = match engine {
            Engine::Postgres => Some(Postgres::get()?.database_like("stories", migrated).await),
            Engine::Sqlite => None,
        };
        let location = match &database {
            Some(database) => Location::Postgres(database.url()),
            None => Location::File(folder.path().join("mhero.db")),
        };
        let (clock, hand) = Clock::manual(morning());
        let app = App::new(Options {
            store: Store::open_and_migrate(&location, clock).await.expect("a store"),
            drivers: vec![
                Arc::new(mhero_channels::Simulator),
                Arc::new(mhero_channels::Telegram::default()),
                Arc::new(mhero_channels::Twilio::default()),
            ],
            connectors: connectors(),
            words: Arc::new(SmsWords),
            effector: None,
            seal_key: [7; 32],
        });
        let user = set_up(&app).await;
        let shelf = mhero_registries::shelf::Folder::new(folder.path().join("uploads"));
        let options = WebOptions { shelf: Some(Arc::new(shelf)), ..WebOptions::default() };
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("its port");
        let journal = Journal::start(&app, JournalSettings::default());
        let pages = mhero_web::router(app.clone(), options).merge(fronts(&app, &journal));
        let pages = pages.into_make_service_with_connect_info::<SocketAddr>();
        let (stop, stopping) = watch::channel(false);
        let mut runners = app.start_runners(&stopping);
        mhero_exchange::golden::start(&app, &mut runners, &stopping);
        runners.spawn(async move { axum::serve(listener, pages).await.expect("it serves") });
        Some(Self { app, user, journal, hand, address, engine, stop, _runners: runners, folder, _database: database })
    }

    /// The file of a database of SQLite.
    pub(super) fn database_file(&self) -> std::path::PathBuf {
        self.folder.path().join("mhero.db")
    }

    /// Where a path of the console is.
    pub(super) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// A browser in which the administrator has signed in.
    pub(super) async fn admin(&self) -> Browser<'_> {
        Browser::sign_in(self, "admin@moh.example").await
    }

    /// Moves the clock on.
    pub(super) fn pass(&self, time: SignedDuration) {
        let micros = i64::try_from(time.as_micros()).expect("a short time");
        if self.engine == Engine::Postgres {
            self.app.store().shift_lease_time(micros);
        }
        self.hand.advance(time);
        self.app.wake();
    }

    /// Now, by the server's clock.
    pub(super) fn now(&self) -> Timestamp {
        self.app.clock().now()
    }

    /// Waits until something is so; `what` says it in words.
    pub(super) async fn until<T, F: Future<Output = Option<T>>>(&self, what: &str, look: impl Fn() -> F) -> T {
        let since = Instant::now();
        for looks in 1u32.. {
            if let Some(found) = look().await {
                return found;
            }
            assert!(since.elapsed() < PATIENCE, "not {what}");
            if looks.is_multiple_of(LOOKS) {
                self.app.wake();
            }
            tokio::task::yield_now().await;
        }
        unreachable!("it waits for long")
    }

    /// How a source stands.
    pub(super) async fn status(&self, source: &str) -> SourceStatus {
        let statuses = self.app.source_statuses(&Caller::system()).await.expect("statuses");
        statuses.into_iter().find(|status| status.source.name == source).expect("the source")
    }

    /// Waits until a source's next run, by whatever it was wanted, is over; returns how it stands then.
    pub(super) async fn ran(&self, source: &str, before: &SourceStatus) -> SourceStatus {
        let what = format!("a run of {source} over");
        self.until(&what, async || {
            let status = self.status(source).await;
            let last = |status: &SourceStatus| {
                (status.succeeded_at, status.failed_at, status.failures, status.asks.as_ref().map(|asks| asks.0))
            };
            (!status.is_queued && last(&status) != last(before)).then_some(status)
        })
        .await
    }

    /// The texts that a simulated phone has got, the latest last.
    pub(super) async fn got(&self, phone: &str) -> Vec<String> {
        let phone = self.app.simulated_phone(&Caller::system(), phone, 100).await.expect("a phone");
        phone.texts.into_iter().filter(|text| text.is_to_phone).map(|text| text.text).collect()
    }

    /// Waits until a phone has got a text with some words in it.
    pub(super) async fn gets(&self, phone: &str, words: &str) -> String {
        self.until(&format!("{words:?} on {phone}"), async || {
            self.got(phone).await.into_iter().find(|text| text.contains(words))
        })
        .await
    }

    /// How many people a query finds, and how many of them can be reached.
    pub(super) async fn people(&self, query: &str) -> (i64, i64) {
        let asked = PeopleAsked { query, ..PeopleAsked::default() };
        let counts = self.app.count_people(&Caller::system(), &asked).await.expect("counts");
        (counts.matched, counts.with_number)
    }
}

impl Drop for World {
    fn drop(&mut self) {
        self.stop.send_replace(true);
    }
}

/// What programs call, with the exchange log around it.
fn fronts(app: &App, journal: &Journal) -> Router {
    let at_fhir = FhirOptions { https: false, behind_proxy: false };
    let at_rapidpro = RapidproOptions { https: false, behind_proxy: false, requests_per_hour: 100_000 };
    let reached = mhero_web_exchange::Reached { https: false, behind_proxy: false };
    let fronts = mhero_web_fhir::router(app.clone(), at_fhir)
        .merge(mhero_web_fhir::emnutt_router(app.clone(), at_fhir))
        .merge(mhero_web_exchange::router(app.clone(), reached))
        .merge(mhero_web_rapidpro::router(app.clone(), at_rapidpro));
    let clients = Clients::new(journal.clone());
    watched(fronts, Watch { journal: journal.clone(), clients, mediator: None, behind_proxy: false })
}

/// As the program has them.
fn connectors() -> Vec<Arc<dyn ports::Connector>> {
    let mut connectors = mhero_registries::connectors();
    connectors.push(Arc::new(mhero_exchange::heard::FhirClients));
    connectors
}

async fn migrated(url: String) {
    Store::open_and_migrate(&Location::Postgres(url), Clock::wall()).await.expect("an empty database is migrated");
}

async fn set_up(app: &App) -> UserId {
    let system = Caller::system();
    let facts = Facts {
        countries: vec!["LR".into()],
        languages: vec![Lang::ENGLISH, Lang::FRENCH],
        zone: "Africa/Monrovia".into(),
        ministry: LangMap::one(Lang::ENGLISH, "Ministry of Health"),
        country_name: LangMap::one(Lang::ENGLISH, "Liberia"),
        short_code: Some("4636".into()),
        quiet: Some(QuietHours::NATIONAL),
        demo: false,
    };
    app.set_facts(&system, &facts).await.expect("facts");
    let new = NewChannel { kind: "simulator".into(), name: "phones".into(), config: [].into() };
    app.add_channel(&system, &new).await.expect("a channel");
    let admin = NewUser {
        email: "admin@moh.example".into(),
        name: "Hawa Karnley".into(),
        language: Lang::ENGLISH,
        role: Role::Admin,
        place: None,
        programme: None,
        password: Some(PASSWORD.into()),
    };
    app.add_user(&system, admin).await.expect("a user")
}
