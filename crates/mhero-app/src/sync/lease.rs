//! Leases that are kept as long as something takes: what dies loses them within seconds, what is slow does not.

use std::{convert::Infallible, future::Future, pin::pin, slice};

use futures::future::{Either, select};
use mhero_store::Lease;

use crate::{
    App, AppError,
    people::import::{LEASE_MICROS, LEASE_RENEWED_AFTER},
};

impl App {
    /// Does something under the lease that only one import has. It is given back however that ends.
    pub(crate) async fn as_the_only_import<T>(
        &self,
        work: impl AsyncFnOnce(Lease) -> Result<T, AppError>,
    ) -> Result<T, AppError> {
        let lease = self.import_lease().await?;
        let done = self.while_held(slice::from_ref(&lease), work(lease.clone())).await;
        self.store().give_back_lease(&lease).await?;
        done
    }

    /// Renews leases as long as something takes.
    pub async fn while_held<T>(&self, leases: &[Lease], work: impl Future<Output = T>) -> T {
        match select(Box::pin(work), pin!(self.renew(leases))).await {
            Either::Left((done, _)) => done,
            Either::Right((never, _)) => match never {},
        }
    }

    async fn renew(&self, leases: &[Lease]) -> Infallible {
        loop {
            tokio::time::sleep(LEASE_RENEWED_AFTER).await;
            for lease in leases {
                // When one is lost, the next unit's own guard fails.
                if let Err(error) = self.store().take_lease(&lease.name, lease.holder, LEASE_MICROS).await {
                    tracing::error!(lease = lease.name, %error, "a lease could not be renewed");
                }
            }
        }
    }
}
