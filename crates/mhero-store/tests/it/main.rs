//! The store on both engines. Each test gets a store of its own; where PostgreSQL is not installed its half says so.

mod audience;
mod catalog;
mod changes;
mod fhir;
mod flows;
mod leases;
mod migrations;
mod numbers;
mod outbox;
mod people;
mod population;
mod prepared;
mod units;
mod values;
mod work;

use jiff::{SignedDuration, Timestamp};
use mhero_store::{Clock, Done, Hand, Location, Queue, Statement, Store, StoreError, Unit, Value};
use mhero_testkit::{Postgres, TestDatabase};

/// A store of one test, with the hand of its clock.
pub(crate) struct Bench {
    pub(crate) store: Store,
    pub(crate) hand: Hand,
    pub(crate) location: Location,
    clock: Clock,
    shifted: std::cell::Cell<i64>,
    _folder: Option<tempfile::TempDir>,
    _database: Option<TestDatabase>,
}

impl Bench {
    pub(crate) async fn sqlite() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let location = Location::File(folder.path().join("mhero.db"));
        Self::open(location, Some(folder), None).await
    }

    /// A store on PostgreSQL, or `None` after saying that there is none.
    pub(crate) async fn postgres() -> Option<Self> {
        let migrate = |url| async move {
            let store =
                Store::open(&Location::Postgres(url), Clock::wall()).await.expect("an empty database is migrated");
            drop(store);
        };
        let database = Postgres::get()?.database_like("store", migrate).await;
        Some(Self::open(Location::Postgres(database.url()), None, Some(database)).await)
    }

    async fn open(location: Location, folder: Option<tempfile::TempDir>, database: Option<TestDatabase>) -> Self {
        let (clock, hand) = Clock::manual(start());
        let store = Store::open(&location, clock.clone()).await.expect("the store opens");
        Self { store, hand, location, clock, shifted: 0.into(), _folder: folder, _database: database }
    }

    /// Another handle of the same data, as a second node has it.
    pub(crate) async fn second(&self) -> Store {
        let store = Store::open(&self.location, self.clock.clone()).await.expect("it opens again");
        store.shift_lease_time(self.shifted.get());
        store
    }

    /// Lets time pass, for leases on PostgreSQL too.
    pub(crate) fn pass(&self, stores: &[&Store], time: SignedDuration) {
        if self.store.engine() == mhero_store::Engine::Sqlite {
            self.hand.advance(time);
            return;
        }
        self.hand.advance(time);
        let shift = self.shifted.get() + i64::try_from(time.as_micros()).expect("a short time");
        self.shifted.set(shift);
        for store in std::iter::once(&&self.store).chain(stores) {
            store.shift_lease_time(shift);
        }
    }

    /// Runs one statement as a unit.
    pub(crate) async fn run(&self, statement: &'static Statement, params: Vec<Value>) -> Result<Done, StoreError> {
        let mut unit = Unit::new();
        unit.run(statement, params);
        self.store.write(unit, Queue::Interactive).await
    }
}

fn start() -> Timestamp {
    "2026-05-14T09:34:00Z".parse().expect("an instant")
}

/// Runs a test on each engine.
pub(crate) async fn on_both(test: impl AsyncFn(&Bench)) {
    test(&Bench::sqlite().await).await;
    if let Some(bench) = Bench::postgres().await {
        test(&bench).await;
    }
}
