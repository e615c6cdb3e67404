//! Readers: a few connections that only read, each lent to one snapshot at a time.

use std::{
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
};

use rusqlite::Connection;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::{open, query};
use crate::{Row, StoreError, Value, unit::Sql};

/// Connections that read at the same time.
const READERS: usize = 6;

#[derive(Debug)]
pub(crate) struct Readers {
    path: PathBuf,
    idle: Mutex<Vec<Connection>>,
    permits: Arc<Semaphore>,
}

/// A reader lent to a snapshot; it goes back when dropped.
#[derive(Debug)]
pub(crate) struct Lent {
    readers: Arc<Readers>,
    connection: Option<Connection>,
    in_transaction: bool,
    _permit: OwnedSemaphorePermit,
}

impl Readers {
    pub(crate) fn new(path: PathBuf) -> Arc<Self> {
        Arc::new(Self { path, idle: Mutex::new(Vec::new()), permits: Arc::new(Semaphore::new(READERS)) })
    }

    pub(crate) async fn lend(self: &Arc<Self>, transaction: bool) -> Result<Lent, StoreError> {
        let permit = Arc::clone(&self.permits).acquire_owned().await.map_err(|_| StoreError::Closed)?;
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let connection = if let Some(connection) = idle {
            connection
        } else {
            let path = self.path.clone();
            tokio::task::spawn_blocking(move || open(&path, false)).await.map_err(|_| StoreError::Closed)??
        };
        if transaction {
            connection.execute_batch("BEGIN").map_err(|e| super::classify("BEGIN", &e))?;
        }
        Ok(Lent {
            readers: Arc::clone(self),
            connection: Some(connection),
            in_transaction: transaction,
            _permit: permit,
        })
    }
}

impl Lent {
    pub(crate) async fn query(&mut self, sql: Sql, params: Vec<Value>) -> Result<Vec<Row>, StoreError> {
        let connection = self.connection.take().ok_or(StoreError::Closed)?;
        let task = tokio::task::spawn_blocking(move || {
            let rows = query(&connection, sql.name(), &sql.text(crate::Engine::Sqlite), &params);
            (connection, rows)
        });
        let (connection, rows) = task.await.map_err(|_| StoreError::Closed)?;
        self.connection = Some(connection);
        rows
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        let Some(connection) = self.connection.take() else { return };
        if self.in_transaction && connection.execute_batch("ROLLBACK").is_err() {
            return;
        }
        self.readers.idle.lock().unwrap_or_else(PoisonError::into_inner).push(connection);
    }
}
