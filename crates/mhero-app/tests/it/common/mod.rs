//! An application for tests: SQLite in a temporary folder or a fresh PostgreSQL database, a manual clock, a scripted carrier.

mod carrier;
mod chance;
pub(crate) mod chat;

use std::sync::Arc;

use jiff::Timestamp;
use mhero_app::{
    App, Caller, Facts, Options, QuietHours,
    messaging::{NewChannel, Received},
    ports::{Connector, Effector, Words},
};
use mhero_core::{
    ChannelId, Lang, LangMap,
    record::{Content, Identifier, PersonRecord, RawPhone, Record},
};
use mhero_store::{Clock, Engine, Hand, Location, Store};
use mhero_testkit::{Postgres, TestDatabase};

pub(crate) use carrier::{Chaos, Fake, Script};
pub(crate) use chance::Chance;

/// An application under test. Dropping it drops its data.
pub(crate) struct TestApp {
    pub(crate) app: App,
    pub(crate) hand: Hand,
    pub(crate) fake: Arc<Fake>,
    pub(crate) chat: Arc<chat::Chat>,
    pub(crate) channel: ChannelId,
    pub(crate) location: Location,
    _folder: tempfile::TempDir,
    _database: Option<TestDatabase>,
}

/// Texts as `key name=value`, so that tests need no locale.
struct Keys;

impl Words for Keys {
    fn say(&self, language: Lang, key: &str, _: &[(&'static str, String)]) -> String {
        format!("{key} {language}")
    }
}

/// A Thursday morning, outside quiet hours.
pub(crate) fn morning() -> Timestamp {
    "2026-05-14T09:00:00Z".parse().expect("an instant")
}

/// The engines that a test runs on.
pub(crate) fn engines() -> Vec<Engine> {
    match Postgres::get() {
        Some(_) => vec![Engine::Sqlite, Engine::Postgres],
        None => vec![Engine::Sqlite],
    }
}

impl TestApp {
    /// A fresh application in Liberia with one channel.
    pub(crate) async fn new(engine: Engine) -> Self {
        Self::build(engine, None, Vec::new()).await
    }

    /// The same with somebody who performs outside calls.
    pub(crate) async fn with_effector(engine: Engine, effector: Arc<dyn Effector>) -> Self {
        Self::build(engine, Some(effector), Vec::new()).await
    }

    /// The same with a kind of registry.
    pub(crate) async fn with_connector(engine: Engine, connector: Arc<dyn Connector>) -> Self {
        Self::build(engine, None, vec![connector]).await
    }

    async fn build(engine: Engine, effector: Option<Arc<dyn Effector>>, connectors: Vec<Arc<dyn Connector>>) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let database = match engine {
            Engine::Postgres => Some(Postgres::get().expect("PostgreSQL").database_like("app", migrated).await),
            Engine::Sqlite => None,
        };
        let location = match &database {
            Some(database) => Location::Postgres(database.url()),
            None => Location::File(folder.path().join("mhero.db")),
        };
        let (clock, hand) = Clock::manual(morning());
        let fake = Arc::new(Fake::default());
        let chat = chat::Chat::beside(&fake);
        let app = open(&location, clock, (&fake, &chat), effector, connectors).await;
        app.set_facts(&Caller::system(), &liberia()).await.expect("facts");
        let new = NewChannel { kind: "fake".into(), name: "main".into(), config: [].into() };
        let channel = app.add_channel(&Caller::system(), &new).await.expect("a channel").id;
        Self { app, hand, fake, chat, channel, location, _folder: folder, _database: database }
    }

    /// Another process on the same data.
    pub(crate) async fn second(&self) -> App {
        open(&self.location, self.app.clock().clone(), (&self.fake, &self.chat), None, Vec::new()).await
    }

    /// A text from a phone, accepted and handled.
    pub(crate) async fn hear(&self, from: &str, text: &str) {
        self.receive(from, text, None).await;
        self.app.run_until_idle().await.expect("idle");
    }

    /// A text from a phone, accepted only.
    pub(crate) async fn receive(&self, from: &str, text: &str, carrier_id: Option<&str>) {
        let received = Received {
            channel: self.channel,
            carrier_id: carrier_id.map(ToOwned::to_owned),
            from: from.to_owned(),
            text: text.to_owned(),
        };
        self.app.receive(&received).await.expect("accepted");
    }

    /// Imports people: id, name, language, phones.
    pub(crate) async fn people(&self, people: &[(&str, &str, &str, &[&str])]) {
        let records = people.iter().map(|(id, name, language, phones)| {
            Ok(Record {
                origin: format!("test {id}"),
                kind: "Practitioner".into(),
                id: (*id).to_owned(),
                raw: format!("{id} {name} {language} {phones:?}"),
                warnings: vec![],
                content: Content::Person(Box::new(PersonRecord {
                    name: (*name).to_owned(),
                    given: name.split(' ').next().unwrap_or_default().to_owned(),
                    language: language.parse().ok(),
                    active: true,
                    phones: phones
                        .iter()
                        .map(|raw| RawPhone { raw: (*raw).to_owned(), usage: None, element: "phone".into() })
                        .collect(),
                    identifiers: vec![Identifier {
                        system: "http://moh.example/payroll".into(),
                        value: (*id).to_owned(),
                    }],
                    ..PersonRecord::default()
                })),
            })
        });
        let records: Vec<_> = records.collect();
        mhero_app_import(&self.app, records).await;
    }
}

async fn migrated(url: String) {
    Store::open_and_migrate(&Location::Postgres(url), Clock::wall()).await.expect("an empty database is migrated");
}

async fn open(
    location: &Location,
    clock: Clock,
    (fake, chat): (&Arc<Fake>, &Arc<chat::Chat>),
    effector: Option<Arc<dyn Effector>>,
    connectors: Vec<Arc<dyn Connector>>,
) -> App {
    let store = Store::open_and_migrate(location, clock).await.expect("a store");
    let driver: Arc<dyn mhero_app::ports::Driver> = Arc::new(carrier::FakeDriver(Arc::clone(fake)));
    let chat = Arc::new(chat::ChatDriver(Arc::clone(chat)));
    App::new(Options {
        store,
        drivers: vec![driver, chat],
        connectors,
        words: Arc::new(Keys),
        effector,
        seal_key: [7; 32],
    })
}

async fn mhero_app_import(app: &App, records: Vec<Result<Record, mhero_core::record::Rejection>>) {
    let options = mhero_app::people::ImportOptions::default();
    let report = app.import(&Caller::system(), "files", records.into_iter(), &options).await.expect("an import");
    assert_eq!(report.rejected, 0, "{:?}", report.problems.len());
}

/// The installation of the tests.
pub(crate) fn liberia() -> Facts {
    Facts {
        countries: vec!["LR".into()],
        languages: vec![Lang::ENGLISH, Lang::FRENCH],
        zone: "Africa/Monrovia".into(),
        ministry: LangMap::one(Lang::ENGLISH, "Ministry of Health"),
        country_name: LangMap::one(Lang::ENGLISH, "Liberia"),
        short_code: Some("4636".into()),
        quiet: Some(QuietHours::NATIONAL),
        demo: false,
    }
}
