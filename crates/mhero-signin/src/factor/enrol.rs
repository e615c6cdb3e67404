//! A person sets up their own second factor, replaces it, or takes it away.

use mhero_app::{AppError, Caller};
use mhero_core::UserId;
use mhero_store::{Queue, SecondFactor, StoreError, Unit};
use serde_json::json;

use super::{Enrolment, Factors, SEALED, code, own, recovery};
use crate::Refused;

impl Factors {
    /// Draws a new secret, which counts once a code confirms it; who has a second factor already types a code of that first.
    ///
    /// # Errors
    /// As [`Factors::prove`]; [`AppError::NotFound`] when the caller is no user.
    pub async fn begin(&self, caller: &Caller, typed: &str) -> Result<(), Refused> {
        let owner = own(caller)?;
        if self.is_on(owner).await? {
            self.prove(owner, typed).await?;
        }
        let secret: [u8; code::SECRET_BYTES] = rand::random();
        let sealed = self.app.seal(SEALED, owner.uuid(), &secret)?;
        let mut unit = Unit::new();
        unit.second_factor_waits(owner, &sealed);
        let begun = caller.entry("second-factor-begun", "user", Some(owner.uuid()), json!({}));
        unit.audit(self.app.store(), &begun);
        self.app.store().write(unit, Queue::Interactive).await?;
        Ok(())
    }

    /// What the phone needs, while a secret waits to be confirmed. `issuer` is the name under which the phone keeps it.
    ///
    /// # Errors
    /// [`AppError::Invalid`] when the key that seals secrets is another one.
    pub async fn enrolment(&self, caller: &Caller, issuer: &str) -> Result<Option<Enrolment>, AppError> {
        let owner = own(caller)?;
        let found = self.app.store().second_factor(owner).await?;
        let Some(sealed) = found.and_then(|factor| factor.waiting) else { return Ok(None) };
        let secret = self.app.unseal(SEALED, owner.uuid(), &sealed)?;
        let login = self.app.user(caller, owner).await?.user.email;
        let totp = code::totp(&secret, &login, issuer)?;
        let address = totp.to_url().map_err(|_| AppError::invalid("factor-secret-odd", []))?;
        let secret = code::grouped(&totp.secret().to_base32());
        Ok(Some(Enrolment { secret, picture: code::picture(&address)?, address }))
    }

    /// Confirms the new secret by its first code. Every session ends; the recovery codes are returned, and shown this once.
    ///
    /// # Errors
    /// [`Refused::WrongCode`], [`Refused::Wait`]; [`AppError::Invalid`] when nothing waits.
    pub async fn confirm(&self, caller: &Caller, typed: &str) -> Result<Vec<String>, Refused> {
        let owner = own(caller)?;
        if let Some(wait) = self.app.factor_wait(owner) {
            return Err(Refused::Wait { wait });
        }
        let found = self.app.store().second_factor(owner).await?;
        let waits = found.and_then(|factor| factor.waiting.clone().map(|sealed| (factor, sealed)));
        let (factor, sealed) = waits.ok_or_else(|| AppError::invalid("factor-nothing-waits", []))?;
        let secret = self.app.unseal(SEALED, owner.uuid(), &sealed)?;
        let now = self.app.clock().now();
        let Some(step) = code::step(&secret, &code::tidy(typed), now.as_second())? else {
            self.app.factor_failed(owner);
            return Err(Refused::WrongCode);
        };
        let (codes, mut unit) = self.fresh_codes(owner);
        unit.confirm_second_factor(owner, (factor.version, step), now.as_microsecond());
        unit.end_sessions_of(owner);
        let facts = json!({ "replaced": factor.secret.is_some() });
        unit.audit(self.app.store(), &caller.entry("second-factor-set", "user", Some(owner.uuid()), facts));
        match self.app.store().write(unit, Queue::Interactive).await {
            // Confirmed in another window at the same time.
            Err(StoreError::Guard { .. }) => Err(AppError::invalid("factor-nothing-waits", []).into()),
            other => Ok(other.map(|_| codes)?),
        }
    }

    /// Forgets a secret that was not confirmed.
    ///
    /// # Errors
    /// [`AppError::Store`].
    pub async fn cancel(&self, caller: &Caller) -> Result<(), AppError> {
        let mut unit = Unit::new();
        unit.cancel_second_factor(own(caller)?);
        self.app.store().write(unit, Queue::Interactive).await?;
        Ok(())
    }

    /// Ten new recovery codes in place of the old ones, for who types a code.
    ///
    /// # Errors
    /// As [`Factors::prove`].
    pub async fn renew_codes(&self, caller: &Caller, typed: &str) -> Result<Vec<String>, Refused> {
        let owner = own(caller)?;
        self.prove(owner, typed).await?;
        let (codes, mut unit) = self.fresh_codes(owner);
        unit.audit(self.app.store(), &caller.entry("recovery-codes-made", "user", Some(owner.uuid()), json!({})));
        self.app.store().write(unit, Queue::Interactive).await?;
        Ok(codes)
    }

    /// Takes one's own second factor away, for who types a code. Every session ends.
    ///
    /// # Errors
    /// As [`Factors::prove`]; [`AppError::Invalid`] when the rule asks one of the caller.
    pub async fn remove(&self, caller: &Caller, typed: &str) -> Result<(), Refused> {
        let owner = own(caller)?;
        if self.is_asked_of(&caller.scope).await? {
            return Err(AppError::invalid("factor-is-asked", []).into());
        }
        self.prove(owner, typed).await?;
        let mut unit = Unit::new();
        unit.remove_second_factor(owner).end_sessions_of(owner);
        unit.audit(self.app.store(), &caller.entry("second-factor-removed", "user", Some(owner.uuid()), json!({})));
        self.app.store().write(unit, Queue::Interactive).await?;
        Ok(())
    }

    /// Recovery codes, and what stores them.
    fn fresh_codes(&self, owner: UserId) -> (Vec<String>, Unit) {
        let codes = recovery::draw();
        let digests: Vec<_> = codes.iter().map(|one| recovery::digest(&self.app, owner, &code::tidy(one))).collect();
        let mut unit = Unit::new();
        unit.put_recovery_codes(owner, &digests);
        (codes, unit)
    }

    /// The secret that codes are checked by.
    pub(super) fn opened(&self, owner: UserId, factor: &SecondFactor) -> Result<Option<Vec<u8>>, AppError> {
        factor.secret.as_ref().map(|sealed| self.app.unseal(SEALED, owner.uuid(), sealed)).transpose()
    }
}
