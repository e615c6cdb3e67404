//! The audit log: read by who may, sealed in blocks by one node, checked from end to end.

use mhero_core::Right;
use mhero_store::{AuditBlock, AuditFilter, Audited, BrokenSeal};

use crate::{App, AppError, Caller};

/// The lease whose holder seals.
const LEASE: &str = "audit-seal";
/// How long it is held, in microseconds.
const LEASE_MICROS: i64 = 60_000_000;
/// Most blocks sealed in one go.
const BLOCKS_MAX: usize = 100;

impl App {
    /// Decisions, newest first, at most `limit`.
    ///
    /// # Errors
    /// [`AppError::NotAllowed`].
    pub async fn audit_log(&self, caller: &Caller, filter: &AuditFilter, limit: i64) -> Result<Vec<Audited>, AppError> {
        caller.must(Right::Audit)?;
        Ok(self.store().audit_log(&caller.scope, filter, limit).await?)
    }

    /// The actions that stand in the log.
    ///
    /// # Errors
    /// [`AppError::NotAllowed`].
    pub async fn audit_actions(&self, caller: &Caller) -> Result<Vec<String>, AppError> {
        caller.must(Right::Audit)?;
        Ok(self.store().audit_actions().await?)
    }

    /// Seals what is not sealed yet, if no other node does; returns how many entries. A runner calls it now and then.
    ///
    /// # Errors
    /// [`AppError::Store`].
    pub async fn seal_audit(&self) -> Result<usize, AppError> {
        // Asked first, so that a quiet system writes nothing.
        if self.store().first_unsealed_audit().await?.is_none() {
            return Ok(0);
        }
        let Some(lease) = self.store().take_lease(LEASE, self.node(), LEASE_MICROS).await? else { return Ok(0) };
        let mut sealed = 0;
        for _ in 0..BLOCKS_MAX {
            match self.store().decide(|| self.store().seal_audit_block(&lease)).await {
                Ok(0) => break,
                Ok(count) => sealed += count,
                // The lease went to another node, which seals the rest.
                Err(error) if error.is_decide_again() => break,
                Err(error) => return Err(error.into()),
            }
        }
        Ok(sealed)
    }

    /// Reads the whole log and says where it first does not hold together; `None` when it does.
    ///
    /// # Errors
    /// [`AppError::NotAllowed`].
    pub async fn check_audit(&self, caller: &Caller) -> Result<Option<BrokenSeal>, AppError> {
        caller.must(Right::Audit)?;
        Ok(self.store().check_audit().await?)
    }

    /// The last sealed block. Its number and hash, written down elsewhere, show later whether the log was cut.
    ///
    /// # Errors
    /// [`AppError::NotAllowed`].
    pub async fn last_audit_block(&self, caller: &Caller) -> Result<Option<AuditBlock>, AppError> {
        caller.must(Right::Audit)?;
        Ok(self.store().last_audit_block().await?)
    }
}
