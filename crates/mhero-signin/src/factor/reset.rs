//! What an administrator does for others: who has lost phone and paper is let in by the password alone, and sets up anew.

use std::collections::HashSet;

use mhero_app::{AppError, Caller};
use mhero_core::{Right, UserId};
use mhero_store::{Queue, Unit, UserIdentity};
use serde_json::json;

use super::Factors;

impl Factors {
    /// Users who have a second factor.
    ///
    /// # Errors
    /// [`AppError::NotAllowed`].
    pub async fn owners(&self, caller: &Caller) -> Result<HashSet<UserId>, AppError> {
        caller.must(Right::Settings)?;
        Ok(self.app.store().second_factor_owners().await?.into_iter().collect())
    }

    /// Takes somebody's second factor and recovery codes away and ends their sessions. False when there was none.
    ///
    /// # Errors
    /// [`AppError::Invalid`] for one's own, which takes a code; [`AppError::NotAllowed`], [`AppError::NotFound`].
    pub async fn reset(&self, caller: &Caller, user: UserId) -> Result<bool, AppError> {
        caller.must(Right::Settings)?;
        if caller.actor.kind == "user" && caller.actor.id == Some(user.uuid()) {
            return Err(AppError::invalid("factor-reset-own", []));
        }
        self.app.user(caller, user).await?;
        if self.app.store().second_factor(user).await?.is_none() {
            return Ok(false);
        }
        let mut unit = Unit::new();
        unit.remove_second_factor(user).end_sessions_of(user);
        unit.audit(self.app.store(), &caller.entry("second-factor-reset", "user", Some(user.uuid()), json!({})));
        self.app.store().write(unit, Queue::Interactive).await?;
        Ok(true)
    }

    /// Who a user is at providers of OpenID Connect.
    ///
    /// # Errors
    /// [`AppError::NotAllowed`].
    pub async fn identities(&self, caller: &Caller, user: UserId) -> Result<Vec<UserIdentity>, AppError> {
        caller.must(Right::Settings)?;
        Ok(self.app.store().identities_of(user).await?)
    }

    /// Forgets who a user is at providers and ends their sessions: the next sign-in there is matched by the address again.
    ///
    /// # Errors
    /// [`AppError::NotAllowed`], [`AppError::NotFound`].
    pub async fn unlink(&self, caller: &Caller, user: UserId) -> Result<(), AppError> {
        caller.must(Right::Settings)?;
        self.app.user(caller, user).await?;
        let mut unit = Unit::new();
        unit.unlink_identities(user).end_sessions_of(user);
        unit.audit(self.app.store(), &caller.entry("identity-unlinked", "user", Some(user.uuid()), json!({})));
        self.app.store().write(unit, Queue::Interactive).await?;
        Ok(())
    }
}
