//! An application, a source, and a sink that keeps what a pull tells.

use std::{collections::BTreeMap, sync::Arc};

use async_trait::async_trait;
use mhero_app::{
    App, AppError, Caller, Facts, Options, QuietHours,
    people::{ImportOptions, ImportReport, NewSource},
    ports::{Connector, Pull, PullError, PullSink, Pulled, Registry, SourceSettings, Words},
    sync::{SyncOptions, SyncOutcome},
};
use mhero_core::{
    Lang, LangMap, SourceId,
    record::{Reason, Record, Rejection},
};
use mhero_store::{Clock, Engine, Location, Statement, Store};
use mhero_testkit::{Postgres, TestDatabase};

/// Texts as keys, so that tests need no locale.
struct Keys;

impl Words for Keys {
    fn say(&self, language: Lang, key: &str, _: &[(&'static str, String)]) -> String {
        format!("{key} {language}")
    }
}

/// An application in Liberia. Dropping it drops its data.
pub(crate) struct World {
    pub(crate) app: App,
    _folder: tempfile::TempDir,
    _database: Option<TestDatabase>,
}

/// What a pull told.
#[derive(Default)]
pub(crate) struct Told {
    pub(crate) records: Vec<Result<Record, Rejection>>,
    pub(crate) removed: Vec<(String, String)>,
    pub(crate) remarks: Vec<Reason>,
}

/// The engines that a test runs on.
pub(crate) fn engines() -> Vec<Engine> {
    match Postgres::get() {
        Some(_) => vec![Engine::Sqlite, Engine::Postgres],
        None => vec![Engine::Sqlite],
    }
}

impl World {
    pub(crate) async fn new(engine: Engine) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let database = match engine {
            Engine::Postgres => Some(Postgres::get().expect("PostgreSQL").database_like("app", migrated).await),
            Engine::Sqlite => None,
        };
        let location = match &database {
            Some(database) => Location::Postgres(database.url()),
            None => Location::File(folder.path().join("mhero.db")),
        };
        let (clock, _) = Clock::manual("2026-11-22T06:00:00Z".parse().expect("an instant"));
        let app = App::new(Options {
            store: Store::open_and_migrate(&location, clock).await.expect("a store"),
            drivers: Vec::new(),
            connectors: mhero_registries::connectors(),
            words: Arc::new(Keys),
            effector: None,
            seal_key: [7; 32],
        });
        let facts = Facts {
            countries: vec!["SL".into(), "LR".into()],
            languages: vec![Lang::ENGLISH, Lang::FRENCH],
            zone: "Africa/Freetown".into(),
            ministry: LangMap::one(Lang::ENGLISH, "Ministry of Health"),
            country_name: LangMap::one(Lang::ENGLISH, "Sierra Leone"),
            short_code: Some("4636".into()),
            quiet: Some(QuietHours::NATIONAL),
            demo: false,
        };
        app.set_facts(&Caller::system(), &facts).await.expect("facts");
        Self { app, _folder: folder, _database: database }
    }

    /// The registry of a source with settings.
    pub(crate) fn registry(
        &self,
        connector: &dyn Connector,
        url: &str,
        config: &[(&str, &str)],
    ) -> Result<Arc<dyn Registry>, AppError> {
        connector.build(&self.app, &settings(url, config))
    }

    /// Adds a source.
    pub(crate) async fn add_source(&self, name: &str, kind: &str, url: &str, config: &[(&str, &str)]) {
        let config = config.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
        let new = NewSource { name: name.into(), kind: kind.into(), url: Some(url.into()), config, rank: None };
        self.app.add_source(&Caller::system(), &new).await.expect("a source");
    }

    /// Synchronises with a source.
    pub(crate) async fn sync(&self, source: &str, whole: bool) -> SyncOutcome {
        let options = SyncOptions { whole, ..SyncOptions::default() };
        self.app.sync(&Caller::system(), source, &options).await.expect("a run")
    }

    /// Takes what was told into a source.
    pub(crate) async fn import(&self, source: &str, told: Told) -> ImportReport {
        let options = ImportOptions::default();
        self.app.import(&Caller::system(), source, told.records.into_iter(), &options).await.expect("an import")
    }

    /// One number of a query.
    pub(crate) async fn number(&self, statement: &'static Statement) -> i64 {
        let row = self.app.store().first(statement, vec![]).await.expect("it answers").expect("a row");
        row.get(0).expect("a number")
    }
}

async fn migrated(url: String) {
    Store::open_and_migrate(&Location::Postgres(url), Clock::wall()).await.expect("an empty database is migrated");
}

/// A source at an address.
pub(crate) fn settings(url: &str, config: &[(&str, &str)]) -> SourceSettings {
    let config: BTreeMap<_, _> = config.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
    SourceSettings { id: SourceId::from_uuid(uuid::Uuid::nil()), name: "source".into(), url: Some(url.into()), config }
}

/// Pulls since a watermark.
pub(crate) async fn pull(registry: &dyn Registry, since: Option<&str>) -> (Result<Pulled, PullError>, Told) {
    let mut told = Told::default();
    let pulled = registry.pull(&Pull { since: since.map(str::to_owned) }, &mut told).await;
    (pulled, told)
}

impl Told {
    /// The keys of the remarks.
    pub(crate) fn keys(&self) -> Vec<&'static str> {
        self.remarks.iter().map(|remark| remark.key).collect()
    }

    /// How many records of a kind came, and all are whole.
    pub(crate) fn count(&self, kind: &str) -> usize {
        let records = self.records.iter().map(|record| record.as_ref().expect("a record"));
        records.filter(|record| record.kind == kind).count()
    }

    /// The record of an id.
    pub(crate) fn record(&self, id: &str) -> &Record {
        self.records.iter().flatten().find(|record| record.id == id).expect("it came")
    }
}

#[async_trait]
impl PullSink for Told {
    async fn take(&mut self, page: Vec<Result<Record, Rejection>>) -> Result<(), AppError> {
        self.records.extend(page);
        Ok(())
    }

    async fn removed(&mut self, kind: &str, id: &str) -> Result<(), AppError> {
        self.removed.push((kind.to_owned(), id.to_owned()));
        Ok(())
    }

    fn remark(&mut self, remark: Reason) {
        self.remarks.push(remark);
    }
}
