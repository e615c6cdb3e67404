//! Somebody types a code. Each counts once; the answer to a wrong one, a used one and one of nobody is the same.

use mhero_app::AppError;
use mhero_core::UserId;
use mhero_store::{Actor, AuditEntry, Queue, StoreError, Unit};
use serde_json::json;
use tokio::sync::Mutex;

use super::{Factors, code, recovery};
use crate::Refused;

/// One code is looked at at a time: many at once must not all begin before the first has failed.
static TURN: Mutex<()> = Mutex::const_new(());

impl Factors {
    /// Checks and uses a code of the phone, or a recovery code.
    ///
    /// # Errors
    /// [`Refused::WrongCode`] for one that is wrong or was used; [`Refused::Wait`] after too many.
    pub async fn prove(&self, user: UserId, typed: &str) -> Result<(), Refused> {
        let _turn = TURN.lock().await;
        if let Some(wait) = self.app.factor_wait(user) {
            return Err(Refused::Wait { wait });
        }
        let tidy = code::tidy(typed);
        let used =
            if code::is_code(&tidy) { self.use_code(user, &tidy).await? } else { self.use_paper(user, &tidy).await? };
        if used {
            self.app.factor_passed(user);
            return Ok(());
        }
        self.app.factor_failed(user);
        self.note(user, "second-factor-refused").await?;
        Err(Refused::WrongCode)
    }

    async fn use_code(&self, user: UserId, tidy: &str) -> Result<bool, AppError> {
        let Some(factor) = self.app.store().second_factor(user).await? else { return Ok(false) };
        let Some(secret) = self.opened(user, &factor)? else { return Ok(false) };
        let Some(step) = code::step(&secret, tidy, self.app.clock().now().as_second())? else { return Ok(false) };
        let mut unit = Unit::new();
        unit.use_second_factor(user, step);
        self.is_written(unit).await
    }

    async fn use_paper(&self, user: UserId, tidy: &str) -> Result<bool, AppError> {
        // A recovery code counts only beside a second factor.
        if !self.is_on(user).await? {
            return Ok(false);
        }
        let mut unit = Unit::new();
        let digest = recovery::digest(&self.app, user, tidy);
        unit.use_recovery_code(user, &digest, self.app.clock().now_micros());
        unit.audit(self.app.store(), &entry(user, "recovery-code-used"));
        self.is_written(unit).await
    }

    /// False when the guard says that the code was used before, or is none.
    async fn is_written(&self, unit: Unit) -> Result<bool, AppError> {
        match self.app.store().write(unit, Queue::Interactive).await {
            Ok(_) => Ok(true),
            Err(StoreError::Guard { .. }) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    async fn note(&self, user: UserId, action: &'static str) -> Result<(), AppError> {
        let mut unit = Unit::new();
        unit.audit(self.app.store(), &entry(user, action));
        self.app.store().write(unit, Queue::Interactive).await?;
        Ok(())
    }
}

fn entry(user: UserId, action: &'static str) -> AuditEntry {
    let actor = Actor { kind: "user", id: Some(user.uuid()) };
    AuditEntry { actor, action, about_kind: "user", about: Some(user.uuid()), facts: json!({}) }
}
