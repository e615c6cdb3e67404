//! The application: a store, the drivers, and this process's name among the nodes.

use std::{
    collections::{BTreeMap, HashSet},
    sync::{Arc, PoisonError, RwLock},
};

use mhero_core::MessageId;
use mhero_store::{Clock, Store};
use tokio::sync::Notify;
use uuid::Uuid;

use crate::{
    AppError, Facts, InstallationWords,
    delivery_rules::Rules,
    messaging::{Carriers, Rates},
    ports::{Connector, Driver, Effector, Words},
};

/// How long facts of the installation are taken from memory before the store is asked again, in microseconds: a change made
/// on another node is seen within this time.
const FACTS_FRESH_MICROS: i64 = 5_000_000;

/// What an application is put together from.
pub struct Options {
    /// Where everything is kept.
    pub store: Store,
    /// Kinds of channels.
    pub drivers: Vec<Arc<dyn Driver>>,
    /// Kinds of registries.
    pub connectors: Vec<Arc<dyn Connector>>,
    /// The texts of automatic replies, by language.
    pub words: Arc<dyn Words>,
    /// Who performs the outside calls that flows ask for; `None` refuses them all.
    pub effector: Option<Arc<dyn Effector>>,
    /// The key that seals secrets; it never lies in the data directory.
    pub seal_key: [u8; 32],
}

/// Facts as last read, and when.
struct Remembered {
    delivery: Arc<Rules>,
    facts: Arc<Facts>,
    numbering: Arc<mhero_text::phone::Numbering>,
    words: Arc<InstallationWords>,
    vocabulary: Arc<mhero_text::reply::Vocabulary>,
    at: i64,
}

struct Inner {
    store: Store,
    drivers: BTreeMap<&'static str, Arc<dyn Driver>>,
    connectors: BTreeMap<&'static str, Arc<dyn Connector>>,
    words: Arc<dyn Words>,
    effector: Option<Arc<dyn Effector>>,
    seal_key: [u8; 32],
    node: Uuid,
    wake: Notify,
    heard: Notify,
    doors: crate::users::Doors,
    remembered: RwLock<Option<Arc<Remembered>>>,
    rates: Rates,
    shelf: crate::flows::Shelf,
    carriers: Carriers,
    costs: crate::costs::Memory,
    linking: crate::linking::Memory,
    /// Messages that this process is handing to carriers just now.
    under_way: std::sync::Mutex<HashSet<MessageId>>,
    /// Who is told of calls to other systems.
    witness: std::sync::OnceLock<Arc<dyn crate::ports::Witness>>,
    /// Accounts whose signed tokens were just checked, by the pass that stands for them within this process.
    passes: crate::tokens::Passes,
    /// Counts claims, so that broadcasts take turns.
    turn: std::sync::atomic::AtomicUsize,
    /// When times that a clock set back had left in the future were mended last, in UTC microseconds.
    last_mended: std::sync::atomic::AtomicI64,
}

/// The application. Clones share it.
#[derive(Clone)]
pub struct App(Arc<Inner>);

impl std::fmt::Debug for App {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("App").field("node", &self.0.node).finish_non_exhaustive()
    }
}

impl App {
    /// Puts an application together. Nothing runs yet.
    pub fn new(options: Options) -> Self {
        let node = options.store.mint().uuid();
        let drivers = options.drivers.into_iter().map(|driver| (driver.kind(), driver)).collect();
        Self(Arc::new(Inner {
            doors: crate::users::Doors::new(options.store.clock()),
            store: options.store,
            drivers,
            connectors: options.connectors.into_iter().map(|connector| (connector.kind(), connector)).collect(),
            words: options.words,
            effector: options.effector,
            seal_key: options.seal_key,
            node,
            wake: Notify::new(),
            heard: Notify::new(),
            remembered: RwLock::new(None),
            rates: Rates::default(),
            shelf: crate::flows::Shelf::default(),
            carriers: Carriers::default(),
            costs: crate::costs::Memory::default(),
            linking: crate::linking::Memory::default(),
            under_way: std::sync::Mutex::default(),
            witness: std::sync::OnceLock::new(),
            passes: crate::tokens::Passes::default(),
            turn: 0.into(),
            last_mended: i64::MIN.into(),
        }))
    }

    /// The store.
    pub fn store(&self) -> &Store {
        &self.0.store
    }

    /// The clock that everything goes by.
    pub fn clock(&self) -> &Clock {
        self.0.store.clock()
    }

    /// This process among the nodes, in claims and leases.
    pub fn node(&self) -> Uuid {
        self.0.node
    }

    /// The driver of a kind of channel.
    pub fn driver(&self, kind: &str) -> Option<&Arc<dyn Driver>> {
        self.0.drivers.get(kind)
    }

    /// The kinds of channels there are.
    pub fn driver_kinds(&self) -> impl Iterator<Item = &'static str> + '_ {
        self.0.drivers.keys().copied()
    }

    /// The connector of a kind of registry.
    pub fn connector(&self, kind: &str) -> Option<&Arc<dyn Connector>> {
        self.0.connectors.get(kind)
    }

    /// The kinds of registries there are.
    pub fn connector_kinds(&self) -> impl Iterator<Item = &'static str> + '_ {
        self.0.connectors.keys().copied()
    }

    /// Wakes the runners: something may be ready.
    pub fn wake(&self) {
        self.0.wake.notify_waiters();
    }

    /// Wakes the runner of the intake alone: a text has come. What it leads to wakes the others.
    pub(crate) fn wake_intake(&self) {
        self.0.heard.notify_waiters();
    }

    /// Waits until somebody calls [`App::wake_intake`]; calls count as those of [`App::woken`].
    pub(crate) fn intake_woken(&self) -> impl Future<Output = ()> + Send + '_ {
        self.0.heard.notified()
    }

    /// Waits until somebody calls [`App::wake`]; calls count from when this is made, before it is awaited.
    pub fn woken(&self) -> impl Future<Output = ()> + Send + '_ {
        self.0.wake.notified()
    }

    /// The texts of automatic replies, by language.
    pub fn words(&self) -> &dyn Words {
        self.0.words.as_ref()
    }

    /// The facts of this installation, from memory where they are fresh.
    ///
    /// # Errors
    /// [`AppError::NotInitialised`] before `mhero init`.
    pub async fn facts_cached(&self) -> Result<Arc<Facts>, AppError> {
        Ok(Arc::clone(&self.remember().await?.facts))
    }

    /// How numbers are read, from memory where the facts are fresh.
    ///
    /// # Errors
    /// [`AppError::NotInitialised`] before `mhero init`.
    pub async fn numbering_cached(&self) -> Result<Arc<mhero_text::phone::Numbering>, AppError> {
        Ok(Arc::clone(&self.remember().await?.numbering))
    }

    /// The rules of delivery, from memory where they are fresh.
    pub(crate) async fn rules_cached(&self) -> Result<Arc<Rules>, AppError> {
        Ok(Arc::clone(&self.remember().await?.delivery))
    }

    /// The words of this installation and the same made ready for reading, from memory where they are fresh.
    pub(crate) async fn words_cached(
        &self,
    ) -> Result<(Arc<InstallationWords>, Arc<mhero_text::reply::Vocabulary>), AppError> {
        let known = self.remember().await?;
        Ok((Arc::clone(&known.words), Arc::clone(&known.vocabulary)))
    }

    async fn remember(&self) -> Result<Arc<Remembered>, AppError> {
        let now = self.clock().now_micros();
        if let Some(known) = &*self.0.remembered.read().unwrap_or_else(PoisonError::into_inner)
            && (known.at..known.at + FACTS_FRESH_MICROS).contains(&now)
        {
            return Ok(Arc::clone(known));
        }
        let facts = self.facts().await?;
        let words = self.all_words(&facts).await?;
        let fresh = Arc::new(Remembered {
            numbering: Arc::new(facts.numbering()?),
            vocabulary: Arc::new(mhero_text::reply::Vocabulary::new(&words.control, &words.keywords)),
            delivery: Arc::new(self.read_rules(&facts).await?),
            facts: Arc::new(facts),
            words: Arc::new(words),
            at: now,
        });
        *self.0.remembered.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&fresh));
        Ok(fresh)
    }

    /// Forgets remembered facts: they have just been changed here.
    pub(crate) fn forget_facts(&self) {
        *self.0.remembered.write().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// What is compared to find people who are one, kept in memory.
    pub(crate) fn linking_memory(&self) -> &crate::linking::Memory {
        &self.0.linking
    }

    /// Who performs outside calls; `None` where they are not set up.
    pub fn effector(&self) -> Option<&dyn Effector> {
        self.0.effector.as_deref()
    }

    pub(crate) fn rates(&self) -> &Rates {
        &self.0.rates
    }

    /// What this process remembers of prices and of what was spent.
    pub(crate) fn costs(&self) -> &crate::costs::Memory {
        &self.0.costs
    }

    pub(crate) fn carriers(&self) -> &Carriers {
        &self.0.carriers
    }

    pub(crate) fn shelf(&self) -> &crate::flows::Shelf {
        &self.0.shelf
    }

    pub(crate) fn under_way(&self) -> std::sync::MutexGuard<'_, HashSet<MessageId>> {
        self.0.under_way.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn witness_slot(&self) -> &std::sync::OnceLock<Arc<dyn crate::ports::Witness>> {
        &self.0.witness
    }

    pub(crate) fn passes(&self) -> &crate::tokens::Passes {
        &self.0.passes
    }

    pub(crate) fn last_mended(&self) -> &std::sync::atomic::AtomicI64 {
        &self.0.last_mended
    }

    pub(crate) fn next_turn(&self) -> usize {
        self.0.turn.fetch_add(1, std::sync::atomic::Ordering::Relaxed)
    }

    pub(crate) fn doors(&self) -> &crate::users::Doors {
        &self.0.doors
    }

    pub(crate) fn seal_key(&self) -> &[u8; 32] {
        &self.0.seal_key
    }
}
