//! How a run writes: one unit at a time and in their order, each only as long as no other import has taken over. Where nobody
//! reads in between, a unit is written while the next one is made ready.

use std::{sync::Arc, time::Instant};

use mhero_store::{Queue, Store, StoreError, Unit};
use tokio::task::JoinHandle;

use super::{LEASE, LEASE_MICROS, LEASE_RENEWED_AFTER, run::Run};
use crate::AppError;

/// What a run writes just now.
#[derive(Default)]
pub(crate) struct Writing {
    /// Whether the next unit is made ready meanwhile. Whoever reads what the run wrote then asks for [`Run::store_now`].
    pub(crate) is_behind: bool,
    under_way: Option<JoinHandle<Result<(), StoreError>>>,
}

impl<'a> Run<'a> {
    /// Writes a unit, if this run writes at all, as long as no other import has taken over.
    pub(crate) async fn write(&mut self, unit: Unit) -> Result<(), AppError> {
        self.write_behind(unit).await?;
        self.on_disk().await
    }

    /// The same; where the run writes behind, the unit may still be under way afterwards. When it fails, the next call says so,
    /// and nothing after it is written.
    pub(super) async fn write_behind(&mut self, mut unit: Unit) -> Result<(), AppError> {
        let Some(lease) = &mut self.lease else { return Ok(()) };
        if unit.is_empty() {
            return Ok(());
        }
        if self.renewed.elapsed() > LEASE_RENEWED_AFTER {
            let lost = || AppError::invalid("import-taken-over", []);
            *lease = self.app.store().take_lease(LEASE, lease.holder, LEASE_MICROS).await?.ok_or_else(lost)?;
            self.renewed = Instant::now();
        }
        unit.only_if_held(lease);
        let store = self.store_now().await?.clone();
        let unit = Arc::new(unit);
        let written = async move {
            let written = store.decide(|| store.write(Arc::clone(&unit), Queue::Bulk)).await;
            written.map(|_| ())
        };
        if self.writing.is_behind {
            self.writing.under_way = Some(tokio::spawn(written));
            return Ok(());
        }
        Ok(written.await?)
    }

    /// Waits until all that this run wrote is on disk.
    pub(crate) async fn on_disk(&mut self) -> Result<(), AppError> {
        self.store_now().await.map(|_| ())
    }

    /// The store, once all that this run wrote is in it.
    pub(super) async fn store_now(&mut self) -> Result<&'a Store, AppError> {
        if let Some(under_way) = self.writing.under_way.take() {
            under_way.await.map_err(|_| StoreError::Closed)??;
        }
        Ok(self.app.store())
    }
}
