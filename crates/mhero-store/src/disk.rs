//! Disks that fail, for tests: what the engine would report at the end of a transaction is said in its place.

use std::sync::{
    Arc,
    atomic::{AtomicU8, Ordering},
};

use crate::{Engine, StoreError};

/// What goes wrong at the end of each transaction. For tests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DiskFault {
    /// There is no room: nothing of the transaction is stored, and the next one may be.
    Full,
    /// The flush fails and nothing of the transaction is stored.
    FlushFails,
    /// The flush fails, and yet the transaction is stored: nobody is told.
    FlushUntold,
}

/// The disk under a store; clones are the same disk.
#[derive(Clone, Debug, Default)]
pub(crate) struct Disk(Arc<AtomicU8>);

impl Disk {
    /// Lets it fail from now on, or work again.
    pub(crate) fn spoil(&self, fault: Option<DiskFault>) {
        let number = match fault {
            None => 0,
            Some(DiskFault::Full) => 1,
            Some(DiskFault::FlushFails) => 2,
            Some(DiskFault::FlushUntold) => 3,
        };
        self.0.store(number, Ordering::SeqCst);
    }

    /// What goes wrong just now.
    pub(crate) fn fault(&self) -> Option<DiskFault> {
        match self.0.load(Ordering::SeqCst) {
            1 => Some(DiskFault::Full),
            2 => Some(DiskFault::FlushFails),
            3 => Some(DiskFault::FlushUntold),
            _ => None,
        }
    }
}

impl DiskFault {
    /// Whether the transaction is stored all the same.
    pub(crate) const fn is_stored(self) -> bool {
        matches!(self, Self::FlushUntold)
    }

    /// What an engine reports: PostgreSQL ends the connection where it can't flush, and starts again by itself.
    pub(crate) fn error(self, engine: Engine) -> StoreError {
        let detail = || "a fault of a test".to_owned();
        match (self, engine) {
            (Self::Full, _) => StoreError::DiskFull,
            (_, Engine::Sqlite) => StoreError::FlushFailed { detail: detail() },
            (_, Engine::Postgres) => StoreError::Database { statement: "COMMIT".to_owned(), detail: detail() },
        }
    }
}
