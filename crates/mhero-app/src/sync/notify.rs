//! A registry tells that something has changed: a run is queued, and nothing of what it says is believed.

use mhero_core::{Right, SourceId};
use mhero_store::{Queue, Unit};
use sha2::{Digest, Sha256};

use crate::{App, AppError, Caller};

/// What the secret in a source's address is derived for.
const SECRET: &str = "source.notify";

impl App {
    /// Takes a notification of a registry: a run of the source is queued.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for a source that is not there or a secret that is not its own, which look the same.
    pub async fn notified(&self, source: SourceId, secret: &str) -> Result<(), AppError> {
        let unknown = || AppError::not_found("source", source);
        let own = self.derived_secret(SECRET, source.uuid());
        // Digests are compared, so that the time it takes says nothing about the secret.
        if Sha256::digest(secret.as_bytes()) != Sha256::digest(own.as_bytes()) {
            return Err(unknown());
        }
        let known = self.store().sources().await?.into_iter().find(|known| known.id == source);
        let known = known.filter(|known| self.connector(&known.kind).is_some()).ok_or_else(unknown)?;
        let states = self.store().sync_states().await?;
        if states.iter().any(|state| state.source == known.id && state.queued_at == Some(self.clock().now_micros())) {
            return Ok(());
        }
        let mut unit = Unit::new();
        unit.queue_sync(known.id, "notified", false, self.clock().now_micros());
        self.store().write(unit, Queue::Interactive).await?;
        self.wake();
        Ok(())
    }

    /// The path under which a registry notifies us of changes of a source, with its secret.
    ///
    /// # Errors
    /// [`AppError::NotAllowed`].
    pub fn notify_path(&self, caller: &Caller, source: SourceId) -> Result<String, AppError> {
        caller.must(Right::Settings)?;
        Ok(format!("/registry/{source}/{}", self.derived_secret(SECRET, source.uuid())))
    }

    /// Wants a run of a source as soon as possible.
    ///
    /// # Errors
    /// [`AppError::NotFound`], [`AppError::NotAllowed`].
    pub async fn queue_sync(&self, caller: &Caller, source: SourceId) -> Result<(), AppError> {
        caller.must(Right::Settings)?;
        let source = self.source_by_id(source).await?;
        let mut unit = Unit::new();
        unit.queue_sync(source.id, "now", false, self.clock().now_micros());
        let facts = serde_json::json!({});
        unit.audit(self.store(), &caller.entry("sync-queued", "source", Some(source.id.uuid()), facts));
        self.store().write(unit, Queue::Interactive).await?;
        self.wake();
        Ok(())
    }
}
