//! An application with health workers and a back end, under a clock of its own.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use mhero_app::{
    App, Caller, Facts, Options,
    flows::NewStart,
    people::{ImportOptions, NewSource},
    ports::{Connector, Words},
};
use mhero_backend::{Backends, ListRow};
use mhero_core::{
    Lang, LangMap, PersonId, SourceId, StartId,
    record::{Content, Identifier, PersonRecord, RawPhone, Record},
};
use mhero_store::{BackendCall, BackendPersonShown, Clock, Engine, Hand, Location, Store};
use mhero_testkit::{Postgres, TestDatabase};
use mhero_wire::rapidpro::BackFlow;
use uuid::Uuid;

use crate::{fake::Fake, hr::Hr};

/// Texts as keys; names of flows as people read them.
struct Keys;

impl Words for Keys {
    fn say(&self, _: Lang, key: &str, args: &[(&'static str, String)]) -> String {
        match (key, args) {
            ("backend-flow-name", [(_, name), (_, source)]) => format!("{name} (at {source})"),
            ("backend-text-flow", _) => "Text".to_owned(),
            _ => key.to_owned(),
        }
    }
}

/// An application in Liberia. Dropping it drops its data.
pub(crate) struct World {
    pub(crate) app: App,
    pub(crate) there: Fake,
    /// The register of the ministry, which a test may add as a source of the kind `fake-hr`.
    pub(crate) hr: Hr,
    pub(crate) source: SourceId,
    hand: Hand,
    _folder: tempfile::TempDir,
    _database: Option<TestDatabase>,
}

/// The engines that a test runs on.
pub(crate) fn engines() -> Vec<Engine> {
    match Postgres::get() {
        Some(_) => vec![Engine::Sqlite, Engine::Postgres],
        None => vec![Engine::Sqlite],
    }
}

async fn migrated(url: String) {
    Store::open_and_migrate(&Location::Postgres(url), Clock::wall()).await.expect("an empty database is migrated");
}

fn worker(number: usize) -> Record {
    let raw = format!("+23177000000{number}");
    let person = PersonRecord {
        name: format!("Worker {number}"),
        active: true,
        phones: vec![RawPhone { raw, usage: None, element: "telecom[0].value".into() }],
        identifiers: vec![Identifier { system: "http://moh.example/payroll".into(), value: format!("P{number}") }],
        ..PersonRecord::default()
    };
    Record {
        origin: format!("row {number}"),
        kind: "Practitioner".into(),
        id: format!("P{number}"),
        raw: "{}".into(),
        warnings: Vec::new(),
        content: Content::Person(Box::new(person)),
    }
}

impl World {
    /// With so many workers, numbered from 1, and a flow `f1` there.
    pub(crate) async fn new(engine: Engine, workers: usize) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let database = match engine {
            Engine::Postgres => Some(Postgres::get().expect("PostgreSQL").database_like("backend", migrated).await),
            Engine::Sqlite => None,
        };
        let location = match &database {
            Some(database) => Location::Postgres(database.url()),
            None => Location::File(folder.path().join("mhero.db")),
        };
        let (clock, hand) = Clock::manual("2026-11-22T10:00:00Z".parse().expect("an instant"));
        let (there, hr) = (Fake::default(), Hr::default());
        let mut connectors = mhero_registries::connectors();
        connectors.retain(|own| own.kind() == "dhis2");
        connectors.extend([Arc::new(there.clone()) as Arc<dyn Connector>, Arc::new(hr.clone())]);
        let app = App::new(Options {
            store: Store::open_and_migrate(&location, clock).await.expect("a store"),
            drivers: Vec::new(),
            connectors,
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
        app.set_facts(&Caller::system(), &facts).await.expect("facts");
        let system = Caller::system();
        let add = |name: &str, kind: &str, config: &[(&str, &str)]| NewSource {
            name: name.into(),
            kind: kind.into(),
            url: None,
            config: config.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect(),
            rank: None,
        };
        app.add_source(&system, &add("hr", "files", &[])).await.expect("a source");
        let records = (1..=workers).map(worker).map(Ok).collect::<Vec<_>>();
        app.import(&system, "hr", records.into_iter(), &ImportOptions::default()).await.expect("an import");
        let source = app.add_source(&system, &add("there", "rapidpro", &[("backend", "yes")])).await.expect("one");
        let flow = |id: &str, name: &str| BackFlow {
            id: id.into(),
            name: name.into(),
            kind: "message".into(),
            archived: false,
        };
        there.with(|there| there.flows = vec![flow("f1", "Stock"), flow("f2", "Case report")]);
        Self { app, there, hr, source: source.id, hand, _folder: folder, _database: database }
    }

    pub(crate) fn backends(&self) -> Backends {
        Backends::new(self.app.clone())
    }

    /// Everything that is due, until nothing is.
    pub(crate) async fn pass(&self) {
        self.app.run_until_idle().await.expect("passes");
        self.backends().pass().await.expect("a pass");
    }

    pub(crate) fn wait(&self, seconds: i64) {
        self.hand.advance(SignedDuration::from_secs(seconds));
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.app.clock().now()
    }

    /// Adds a source.
    pub(crate) async fn add_source(&self, name: &str, kind: &str, url: &str, config: &[(&str, &str)]) -> SourceId {
        let new = NewSource {
            name: name.into(),
            kind: kind.into(),
            url: Some(url.into()),
            config: config.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect(),
            // The ministry's own register counts before any other.
            rank: (kind == "fake-hr").then_some(0),
        };
        self.app.add_source(&Caller::system(), &new).await.expect("a source").id
    }

    /// Starts a flow there for everybody.
    pub(crate) async fn start(&self, flow: &str) -> StartId {
        let system = Caller::system();
        let flow = self.app.find_flow(&system, flow).await.expect("the flow stands here").id;
        let start = self.app.start_flow(&system, &NewStart::new(flow, "*")).await.expect("a start");
        self.app.run_until_idle().await.expect("passes");
        start
    }

    /// The calls of a start, in their order.
    pub(crate) async fn calls(&self) -> Vec<BackendCall> {
        let mut open = self.app.store().backend_open_calls(self.source, 100).await.expect("calls");
        open.sort_by_key(|call| (call.created_at, call.number));
        open
    }

    pub(crate) async fn people(&self, start: StartId) -> Vec<BackendPersonShown> {
        let first = PersonId::from_uuid(Uuid::nil());
        let mut all = self.backends().people_of(&Caller::system(), start, first, 1000).await.expect("people");
        all.sort_by(|one, other| one.name.cmp(&other.name));
        all
    }

    pub(crate) async fn states(&self, start: StartId) -> Vec<String> {
        self.people(start).await.into_iter().map(|own| own.state).collect()
    }

    pub(crate) async fn list(&self, list: &str) -> ListRow {
        let all = self.app.store().backend_lists(self.source).await.expect("lists");
        all.into_iter().find(|row| row.list == list).expect("it was read")
    }
}
