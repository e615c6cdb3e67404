//! API tokens: only their digest is kept; what they may do stands in grants.

use jiff::Timestamp;
use mhero_core::TokenId;

use crate::{Queue, Row, Store, StoreError, Unit, params, statement::statements};

statements! {
    ADD = "INSERT INTO api_token (id, name, digest, created_at, used_at, revoked_at) VALUES ($1, $2, $3, $4, NULL, NULL)";
    BY_DIGEST = "SELECT id, name, created_at, used_at, revoked_at FROM api_token WHERE digest = $1 AND revoked_at IS NULL";
    BY_NAME = "SELECT id, name, created_at, used_at, revoked_at FROM api_token WHERE name = $1";
    BY_ID = "SELECT id, name, created_at, used_at, revoked_at FROM api_token WHERE id = $1";
    LIST = "SELECT id, name, created_at, used_at, revoked_at FROM api_token ORDER BY name ASC NULLS LAST";
    USED = "UPDATE api_token SET used_at = $2 WHERE id = $1 AND (used_at IS NULL OR used_at <= $3)";
    REVOKE = "UPDATE api_token SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL";
}

/// An API token, without its secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// Its id.
    pub id: TokenId,
    /// What it is for.
    pub name: String,
    /// Since when.
    pub created_at: Timestamp,
    /// When it was last used, to the minute.
    pub used_at: Option<Timestamp>,
    /// Since when it is refused.
    pub revoked_at: Option<Timestamp>,
}

fn read(row: &Row) -> Result<Token, StoreError> {
    Ok(Token {
        id: row.get(0)?,
        name: row.get(1)?,
        created_at: row.get(2)?,
        used_at: row.get(3)?,
        revoked_at: row.get(4)?,
    })
}

impl Unit {
    /// Adds a token; [`StoreError::Exists`] when the name is taken.
    pub fn add_token(&mut self, id: TokenId, name: &str, digest: &[u8], at: i64) -> &mut Self {
        self.one(&ADD, params![id, name, digest, at])
    }

    /// Revokes a token; the unit fails when it is revoked already.
    pub fn revoke_token(&mut self, id: TokenId, at: i64) -> &mut Self {
        self.one(&REVOKE, params![id, at])
    }
}

impl Store {
    /// The token with this digest, unless it was revoked.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn token_by_digest(&self, digest: &[u8]) -> Result<Option<Token>, StoreError> {
        self.first(&BY_DIGEST, params![digest]).await?.as_ref().map(read).transpose()
    }

    /// The token with this name, revoked or not.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn token_by_name(&self, name: &str) -> Result<Option<Token>, StoreError> {
        self.first(&BY_NAME, params![name]).await?.as_ref().map(read).transpose()
    }

    /// A token by id, revoked or not.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn token(&self, id: TokenId) -> Result<Option<Token>, StoreError> {
        self.first(&BY_ID, params![id]).await?.as_ref().map(read).transpose()
    }

    /// All tokens, by name.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn tokens(&self) -> Result<Vec<Token>, StoreError> {
        self.query(&LIST, vec![]).await?.iter().map(read).collect()
    }

    /// Notes that a token was used, unless that was noted after `not_since`.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn token_used(&self, id: TokenId, at: i64, not_since: i64) -> Result<(), StoreError> {
        let mut unit = Unit::new();
        unit.run(&USED, params![id, at, not_since]);
        self.write(unit, Queue::Interactive).await.map(|_| ())
    }
}
