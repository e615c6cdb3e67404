//! The store: open, read on a snapshot, write a unit, decide again.

use std::{
    collections::BTreeSet,
    future::Future,
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
};

use jiff::Timestamp;

use crate::{
    Clock, Done, Mint, Row, Statement, StoreError, Unit, Value,
    disk::{Disk, DiskFault},
    handovers::Handovers,
    postgres::{self, Postgres},
    schema,
    sqlite::{Lent, Readers, Writer},
    unit::Sql,
};

/// How often a decision is taken anew before the contention is reported.
const DECISIONS_MAX: u32 = 20;
/// Tries that follow at once; later ones wait, each about twice as long as the one before, so that every writer's turn comes.
const DECISIONS_AT_ONCE: u32 = 2;
/// Longest wait between two tries, in milliseconds.
const DECISION_WAIT_MAX_MS: u64 = 64;

/// Which database.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Engine {
    /// The embedded one.
    Sqlite,
    /// One that several nodes share.
    Postgres,
}

/// Where the data are.
#[derive(Clone, PartialEq, Eq)]
pub enum Location {
    /// A file of the embedded engine.
    File(PathBuf),
    /// `postgres://user:password@host/database`.
    Postgres(String),
}

impl std::fmt::Debug for Location {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::File(path) => write!(f, "File({})", path.display()),
            Self::Postgres(_) => f.write_str("Postgres(…)"),
        }
    }
}

/// Which queue a unit waits in on SQLite.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Queue {
    /// Somebody or a phone waits for the answer.
    Interactive,
    /// Expansion, import, restore: runs in slices between the others.
    Bulk,
}

#[derive(Debug)]
enum Connections {
    Sqlite { writer: Writer, readers: Arc<Readers> },
    Postgres(Postgres),
}

#[derive(Debug)]
struct Inner {
    connections: Connections,
    clock: Clock,
    mint: Mint,
    executed: Mutex<BTreeSet<&'static str>>,
    lease_offset_micros: std::sync::atomic::AtomicI64,
    handovers: Handovers,
    disk: Disk,
}

/// The store. Clones share it.
#[derive(Clone, Debug)]
pub struct Store(Arc<Inner>);

impl Store {
    /// Opens a store whose schema must fit this program; an empty one is migrated.
    ///
    /// # Errors
    /// [`StoreError::Schema`] when `mhero migrate` must run first, and whatever keeps the engine from opening.
    pub async fn open(location: &Location, clock: Clock) -> Result<Self, StoreError> {
        schema::prepare(location, false).await?;
        Self::open_unchecked(location, clock).await?.refuse_half_restored().await
    }

    /// Opens a store after applying pending migrations.
    ///
    /// # Errors
    /// As [`Store::open`].
    pub async fn open_and_migrate(location: &Location, clock: Clock) -> Result<Self, StoreError> {
        schema::prepare(location, true).await?;
        Self::open_unchecked(location, clock).await?.refuse_half_restored().await
    }

    /// The migrations that `open_and_migrate` would apply.
    ///
    /// # Errors
    /// Whatever keeps the engine from opening.
    pub async fn pending(location: &Location) -> Result<Vec<schema::Change>, StoreError> {
        schema::pending(location).await
    }

    pub(crate) async fn open_unchecked(location: &Location, clock: Clock) -> Result<Self, StoreError> {
        let disk = Disk::default();
        let (connections, handovers) = match location {
            Location::File(path) => {
                let writer = Writer::start(path, disk.clone())?;
                (Connections::Sqlite { writer, readers: Readers::new(path.clone()) }, Handovers::beside(path))
            }
            Location::Postgres(url) => {
                (Connections::Postgres(Postgres::open(url, disk.clone()).await?), Handovers::default())
            }
        };
        Ok(Self(Arc::new(Inner {
            connections,
            mint: Mint::new(clock.clone()),
            clock,
            executed: Mutex::default(),
            lease_offset_micros: 0.into(),
            handovers,
            disk,
        })))
    }

    pub(crate) fn handovers(&self) -> &Handovers {
        &self.0.handovers
    }

    /// The engine underneath.
    pub fn engine(&self) -> Engine {
        match self.0.connections {
            Connections::Sqlite { .. } => Engine::Sqlite,
            Connections::Postgres(_) => Engine::Postgres,
        }
    }

    /// The clock that this store and everything above it go by.
    pub fn clock(&self) -> &Clock {
        &self.0.clock
    }

    /// Now, by the store's clock.
    pub fn now(&self) -> Timestamp {
        self.0.clock.now()
    }

    /// Where new ids come from.
    pub fn mint(&self) -> &Mint {
        &self.0.mint
    }

    /// False once a flush has failed and nothing more is accepted.
    pub fn is_healthy(&self) -> bool {
        match &self.0.connections {
            Connections::Sqlite { writer, .. } => writer.is_healthy(),
            Connections::Postgres(_) => true,
        }
    }

    /// One query by itself.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn query(&self, statement: &'static Statement, params: Vec<Value>) -> Result<Vec<Row>, StoreError> {
        self.query_sql(Sql::Named(statement), params).await
    }

    /// A query that was put together at run time.
    pub(crate) async fn query_composed(&self, sql: String, params: Vec<Value>) -> Result<Vec<Row>, StoreError> {
        self.query_sql(Sql::Composed(sql), params).await
    }

    async fn query_sql(&self, sql: Sql, params: Vec<Value>) -> Result<Vec<Row>, StoreError> {
        refuse_nul(&params)?;
        self.note(&sql);
        match &self.0.connections {
            Connections::Sqlite { readers, .. } => readers.lend(false).await?.query(sql, params).await,
            Connections::Postgres(postgres) => postgres::query(&postgres.client().await?, &sql, &params).await,
        }
    }

    /// The first row of a query, if any.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn first(&self, statement: &'static Statement, params: Vec<Value>) -> Result<Option<Row>, StoreError> {
        Ok(self.query(statement, params).await?.into_iter().next())
    }

    /// Several reads of one state of the data.
    ///
    /// # Errors
    /// Whatever keeps the engine from answering.
    pub async fn snapshot(&self) -> Result<Snapshot, StoreError> {
        let reader = match &self.0.connections {
            Connections::Sqlite { readers, .. } => Reader::Sqlite(readers.lend(true).await?),
            Connections::Postgres(postgres) => {
                let client = postgres.client().await?;
                client
                    .batch_execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
                    .await
                    .map_err(|e| postgres::classify("BEGIN", &e))?;
                Reader::Postgres(Some(client))
            }
        };
        Ok(Snapshot { store: self.clone(), reader })
    }

    /// Writes a unit. When this returns, the unit is on disk or nothing of it is.
    ///
    /// # Errors
    /// [`StoreError::Guard`] when a guard failed, and whatever the engine reports.
    pub async fn write(&self, unit: impl Into<Arc<Unit>>, queue: Queue) -> Result<Done, StoreError> {
        let unit = unit.into();
        if unit.is_empty() {
            return Ok(Done::default());
        }
        for step in &unit.steps {
            refuse_nul(&step.params)?;
            self.note(&step.sql);
        }
        match &self.0.connections {
            Connections::Sqlite { writer, .. } => writer.write(unit, queue).await,
            Connections::Postgres(postgres) => write_again(|| postgres.write(&unit)).await,
        }
    }

    /// Takes a decision, and takes it again on fresh data as long as another writer was faster.
    ///
    /// # Errors
    /// The decision's own error; the last contention after twenty tries.
    pub async fn decide<T, E, F>(&self, mut decision: impl FnMut() -> F) -> Result<T, E>
    where
        E: DecideAgain,
        F: Future<Output = Result<T, E>>,
    {
        let mut tries = 0;
        loop {
            tries += 1;
            match decision().await {
                Err(error) if error.is_decide_again() && tries < DECISIONS_MAX => wait_a_little(tries).await,
                other => return other,
            }
        }
    }

    /// The names of the statements that have run on this store.
    pub fn executed(&self) -> BTreeSet<&'static str> {
        self.0.executed.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Shifts the time of leases on PostgreSQL, which otherwise is the database's own. For tests.
    pub fn shift_lease_time(&self, micros: i64) {
        self.0.lease_offset_micros.store(micros, std::sync::atomic::Ordering::SeqCst);
    }

    /// Lets the disk fail from now on, or work again. For tests.
    pub fn spoil_disk(&self, fault: Option<DiskFault>) {
        self.0.disk.spoil(fault);
    }

    pub(crate) fn lease_offset(&self) -> i64 {
        self.0.lease_offset_micros.load(std::sync::atomic::Ordering::SeqCst)
    }

    fn note(&self, sql: &Sql) {
        if let Sql::Named(statement) = sql {
            let mut executed = self.0.executed.lock().unwrap_or_else(PoisonError::into_inner);
            if !executed.contains(statement.name) {
                executed.insert(statement.name);
            }
        }
    }
}

/// Both engines refuse the same: PostgreSQL keeps no U+0000, and SQLite would keep what no other part can read.
fn refuse_nul(params: &[Value]) -> Result<(), StoreError> {
    let has_nul = |value: &Value| matches!(value, Value::Text(Some(text)) if text.contains('\0'));
    if params.iter().any(has_nul) { Err(StoreError::NulInText) } else { Ok(()) }
}

/// Writes again what the database has taken back to free others: a deadlock's victim has left nothing behind, and its
/// guards are looked at anew. A guard that fails is the caller's to decide on.
async fn write_again<F>(mut attempt: impl FnMut() -> F) -> Result<Done, StoreError>
where
    F: Future<Output = Result<Done, StoreError>>,
{
    let mut tries = 0;
    loop {
        tries += 1;
        match attempt().await {
            Err(StoreError::Contention) if tries < DECISIONS_MAX => wait_a_little(tries).await,
            other => return other,
        }
    }
}

/// Waits a random part of a time that doubles with each try: writers that met do not meet again at once.
async fn wait_a_little(tries: u32) {
    let Some(late) = tries.checked_sub(DECISIONS_AT_ONCE) else { return tokio::task::yield_now().await };
    let most_micros = (1_000_u64 << late.min(20)).min(DECISION_WAIT_MAX_MS * 1_000);
    let chance = uuid::Uuid::new_v4().as_u64_pair().1;
    tokio::time::sleep(std::time::Duration::from_micros(chance % most_micros)).await;
}

/// Errors that may mean "another writer was faster".
pub trait DecideAgain {
    /// Whether the decision should be taken again on fresh data.
    fn is_decide_again(&self) -> bool;
}

impl DecideAgain for StoreError {
    fn is_decide_again(&self) -> bool {
        Self::is_decide_again(self)
    }
}

#[derive(Debug)]
enum Reader {
    Sqlite(Lent),
    Postgres(Option<deadpool_postgres::Object>),
}

/// One state of the data, for several reads.
#[derive(Debug)]
pub struct Snapshot {
    store: Store,
    reader: Reader,
}

impl Snapshot {
    /// A query on this state.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn query(&mut self, statement: &'static Statement, params: Vec<Value>) -> Result<Vec<Row>, StoreError> {
        self.query_sql(Sql::Named(statement), params).await
    }

    /// A query that was put together at run time.
    pub(crate) async fn query_composed(&mut self, sql: String, params: Vec<Value>) -> Result<Vec<Row>, StoreError> {
        self.query_sql(Sql::Composed(sql), params).await
    }

    async fn query_sql(&mut self, sql: Sql, params: Vec<Value>) -> Result<Vec<Row>, StoreError> {
        refuse_nul(&params)?;
        self.store.note(&sql);
        match &mut self.reader {
            Reader::Sqlite(lent) => lent.query(sql, params).await,
            Reader::Postgres(Some(client)) => postgres::query(client, &sql, &params).await,
            Reader::Postgres(None) => Err(StoreError::Closed),
        }
    }
}

impl Drop for Snapshot {
    fn drop(&mut self) {
        if let Reader::Postgres(client) = &mut self.reader
            && let Some(client) = client.take()
            && let Ok(runtime) = tokio::runtime::Handle::try_current()
        {
            // The connection goes back to the pool only after its transaction has ended.
            runtime.spawn(async move {
                let _ = client.batch_execute("ROLLBACK").await;
            });
        }
    }
}
