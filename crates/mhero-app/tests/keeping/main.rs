//! Users, sessions, tokens, the audit log, exchanges and backups, on both engines.

mod audit;
mod backup;
mod sessions;
mod tokens;
mod users;

use std::sync::Arc;

use jiff::Timestamp;
use mhero_app::{App, AppError, Caller, NewUser, Options, ports::Words};
use mhero_core::{Lang, Role, UserId};
use mhero_store::{Clock, Hand, Location, Store};
use mhero_testkit::{Postgres, TestDatabase};

/// An application of one test.
pub(crate) struct Bench {
    pub(crate) app: App,
    pub(crate) hand: Hand,
    pub(crate) location: Location,
    clock: Clock,
    _folder: Option<tempfile::TempDir>,
    _database: Option<TestDatabase>,
}

struct NoWords;

impl Words for NoWords {
    fn say(&self, _: Lang, key: &str, _: &[(&'static str, String)]) -> String {
        key.to_owned()
    }
}

impl Bench {
    pub(crate) async fn sqlite() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let location = Location::File(folder.path().join("mhero.db"));
        Self::open(location, Some(folder), None).await
    }

    /// An application on PostgreSQL, or `None` after saying that there is none.
    pub(crate) async fn postgres() -> Option<Self> {
        let migrate = |url| async move {
            drop(Store::open(&Location::Postgres(url), Clock::wall()).await.expect("an empty database is migrated"));
        };
        let database = Postgres::get()?.database_like("keeping", migrate).await;
        Some(Self::open(Location::Postgres(database.url()), None, Some(database)).await)
    }

    async fn open(location: Location, folder: Option<tempfile::TempDir>, database: Option<TestDatabase>) -> Self {
        let (clock, hand) = Clock::manual(start());
        let store = Store::open(&location, clock.clone()).await.expect("the store opens");
        let app = App::new(options(store));
        Self { app, hand, location, clock, _folder: folder, _database: database }
    }

    /// Another node on the same data.
    pub(crate) async fn second(&self) -> App {
        let store = Store::open(&self.location, self.clock.clone()).await.expect("it opens again");
        App::new(options(store))
    }

    /// Adds a user with a password.
    pub(crate) async fn user(&self, email: &str, role: Role) -> UserId {
        self.app.add_user(&root(), new_user(email, role)).await.expect("the user is new")
    }
}

fn options(store: Store) -> Options {
    Options {
        store,
        drivers: Vec::new(),
        connectors: Vec::new(),
        words: Arc::new(NoWords),
        effector: None,
        seal_key: [7; 32],
    }
}

pub(crate) fn new_user(email: &str, role: Role) -> NewUser {
    NewUser {
        email: email.into(),
        name: "Marie Kollie".into(),
        language: Lang::FRENCH,
        role,
        place: None,
        programme: None,
        password: Some(PASSWORD.into()),
    }
}

pub(crate) const PASSWORD: &str = "une phrase courte";

pub(crate) fn start() -> Timestamp {
    "2026-05-14T09:34:00Z".parse().expect("an instant")
}

/// The administrator at the command line.
pub(crate) fn root() -> Caller {
    Caller::command_line(Lang::ENGLISH)
}

/// The locale key of a refusal.
pub(crate) fn key<T: std::fmt::Debug>(result: Result<T, AppError>) -> &'static str {
    match result {
        Err(AppError::Invalid(reason)) => reason.key,
        other => unreachable!("{other:?} is no refusal"),
    }
}

/// Runs a test on each engine.
pub(crate) async fn on_both(test: impl AsyncFn(&Bench)) {
    test(&Bench::sqlite().await).await;
    if let Some(bench) = Bench::postgres().await {
        test(&bench).await;
    }
}
