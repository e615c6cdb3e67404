//! The application: a store, the drivers, and this process's name among the nodes.

use std::{collections::BTreeMap, sync::Arc};

use mhero_store::{Clock, Store};
use tokio::sync::Notify;
use uuid::Uuid;

use crate::ports::Driver;

/// What an application is put together from.
pub struct Options {
    /// Where everything is kept.
    pub store: Store,
    /// Kinds of channels.
    pub drivers: Vec<Arc<dyn Driver>>,
    /// The key that seals secrets; it never lies in the data directory.
    pub seal_key: [u8; 32],
}

struct Inner {
    store: Store,
    drivers: BTreeMap<&'static str, Arc<dyn Driver>>,
    seal_key: [u8; 32],
    node: Uuid,
    wake: Notify,
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
            store: options.store,
            drivers,
            seal_key: options.seal_key,
            node,
            wake: Notify::new(),
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

    /// Wakes the runners: something may be ready.
    pub fn wake(&self) {
        self.0.wake.notify_waiters();
    }

    /// Waits until somebody calls [`App::wake`].
    pub async fn woken(&self) {
        self.0.wake.notified().await;
    }

    pub(crate) fn seal_key(&self) -> &[u8; 32] {
        &self.0.seal_key
    }
}
