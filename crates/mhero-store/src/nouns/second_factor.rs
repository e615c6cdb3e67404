//! How users sign in beside the password: a sealed secret, recovery codes, and who they are at a provider.

use jiff::Timestamp;
use mhero_core::UserId;

use crate::{Store, StoreError, Unit, params, statement::statements};

statements! {
    WAIT = "INSERT INTO second_factor (owner, secret, waiting, last_step, confirmed_at, version) VALUES ($1, NULL, $2, 0, NULL, 1) ON CONFLICT (owner) DO UPDATE SET waiting = $2, version = second_factor.version + 1";
    CANCEL = "UPDATE second_factor SET waiting = NULL, version = version + 1 WHERE owner = $1";
    CONFIRM = "UPDATE second_factor SET secret = waiting, waiting = NULL, last_step = $3, confirmed_at = $4, version = version + 1 WHERE owner = $1 AND version = $2 AND waiting IS NOT NULL";
    GET = "SELECT secret, waiting, last_step, confirmed_at, version FROM second_factor WHERE owner = $1";
    OWNERS = "SELECT owner FROM second_factor WHERE secret IS NOT NULL ORDER BY owner ASC NULLS LAST";
    /// A code counts once, and so does none that is older than one that was used.
    USE_STEP = "UPDATE second_factor SET last_step = $2 WHERE owner = $1 AND secret IS NOT NULL AND last_step < $2";
    REMOVE = "DELETE FROM second_factor WHERE owner = $1";
    FORGET_CODES = "DELETE FROM recovery_code WHERE owner = $1";
    ADD_CODE = "INSERT INTO recovery_code (owner, digest, used_at) VALUES ($1, $2, NULL)";
    USE_CODE = "UPDATE recovery_code SET used_at = $3 WHERE owner = $1 AND digest = $2 AND used_at IS NULL";
    CODES_LEFT = "SELECT CAST(COUNT(*) AS BIGINT) FROM recovery_code WHERE owner = $1 AND used_at IS NULL";
    LINK = "INSERT INTO user_identity (issuer, subject, owner, linked_at) VALUES ($1, $2, $3, $4)";
    UNLINK = "DELETE FROM user_identity WHERE owner = $1";
    KNOWN_AS = "SELECT owner FROM user_identity WHERE issuer = $1 AND subject = $2";
    IDENTITIES = "SELECT issuer, subject, linked_at FROM user_identity WHERE owner = $1 ORDER BY issuer ASC NULLS LAST";
}

/// The second factor of a user. It never shows its secrets.
#[derive(Clone, PartialEq, Eq)]
pub struct SecondFactor {
    /// The sealed secret that codes are checked by; `None` until one is confirmed.
    pub secret: Option<Vec<u8>>,
    /// A sealed secret that nobody has confirmed.
    pub waiting: Option<Vec<u8>>,
    /// The last step of 30 seconds whose code was used.
    pub last_step: i64,
    /// Since when it counts.
    pub confirmed_at: Option<Timestamp>,
    /// Grows with each change.
    pub version: i64,
}

impl std::fmt::Debug for SecondFactor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SecondFactor").field("confirmed_at", &self.confirmed_at).finish_non_exhaustive()
    }
}

/// Who a user is at a provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserIdentity {
    /// The provider.
    pub issuer: String,
    /// Its name for the user, which never changes.
    pub subject: String,
    /// Since when both are known to be one.
    pub linked_at: Timestamp,
}

impl Unit {
    /// Keeps a sealed secret until it is confirmed; one that counts already goes on counting.
    pub fn second_factor_waits(&mut self, owner: UserId, sealed: &[u8]) -> &mut Self {
        self.one(&WAIT, params![owner, sealed])
    }

    /// Forgets a secret that was not confirmed.
    pub fn cancel_second_factor(&mut self, owner: UserId) -> &mut Self {
        self.run(&CANCEL, params![owner])
    }

    /// What waits counts from now on, its first code used; the unit fails when it has changed since it was read.
    pub fn confirm_second_factor(&mut self, owner: UserId, (version, step): (i64, i64), at: i64) -> &mut Self {
        self.one(&CONFIRM, params![owner, version, step, at])
    }

    /// Uses the code of a step; the unit fails when that one or a later one was used.
    pub fn use_second_factor(&mut self, owner: UserId, step: i64) -> &mut Self {
        self.one(&USE_STEP, params![owner, step])
    }

    /// Takes secret and recovery codes away.
    pub fn remove_second_factor(&mut self, owner: UserId) -> &mut Self {
        self.run(&FORGET_CODES, params![owner]);
        self.run(&REMOVE, params![owner])
    }

    /// Replaces the recovery codes.
    pub fn put_recovery_codes(&mut self, owner: UserId, digests: &[Vec<u8>]) -> &mut Self {
        self.run(&FORGET_CODES, params![owner]);
        for digest in digests {
            self.one(&ADD_CODE, params![owner, digest.as_slice()]);
        }
        self
    }

    /// Uses a recovery code; the unit fails when there is none such, or it was used.
    pub fn use_recovery_code(&mut self, owner: UserId, digest: &[u8], at: i64) -> &mut Self {
        self.one(&USE_CODE, params![owner, digest, at])
    }

    /// Says who a user is at a provider; [`StoreError::Exists`] when that is somebody already, or the user somebody else there.
    pub fn link_identity(&mut self, (issuer, subject): (&str, &str), owner: UserId, at: i64) -> &mut Self {
        self.one(&LINK, params![issuer, subject, owner, at])
    }

    /// Forgets who a user is at providers.
    pub fn unlink_identities(&mut self, owner: UserId) -> &mut Self {
        self.run(&UNLINK, params![owner])
    }
}

impl Store {
    /// The second factor of a user.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn second_factor(&self, owner: UserId) -> Result<Option<SecondFactor>, StoreError> {
        let row = self.first(&GET, params![owner]).await?;
        row.map(|row| {
            Ok(SecondFactor {
                secret: row.get(0)?,
                waiting: row.get(1)?,
                last_step: row.get(2)?,
                confirmed_at: row.get(3)?,
                version: row.get(4)?,
            })
        })
        .transpose()
    }

    /// Users who have one that counts.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn second_factor_owners(&self) -> Result<Vec<UserId>, StoreError> {
        self.query(&OWNERS, vec![]).await?.iter().map(|row| row.get(0)).collect()
    }

    /// How many recovery codes of a user were not used.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn recovery_codes_left(&self, owner: UserId) -> Result<i64, StoreError> {
        self.first(&CODES_LEFT, params![owner]).await?.map_or(Ok(0), |row| row.get(0))
    }

    /// The user that a provider calls so.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn user_known_as(&self, issuer: &str, subject: &str) -> Result<Option<UserId>, StoreError> {
        self.first(&KNOWN_AS, params![issuer, subject]).await?.map(|row| row.get(0)).transpose()
    }

    /// Who a user is at providers.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn identities_of(&self, owner: UserId) -> Result<Vec<UserIdentity>, StoreError> {
        let rows = self.query(&IDENTITIES, params![owner]).await?;
        rows.iter()
            .map(|row| Ok(UserIdentity { issuer: row.get(0)?, subject: row.get(1)?, linked_at: row.get(2)? }))
            .collect()
    }
}
