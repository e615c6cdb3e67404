//! Requests that carry a key are done once: the same again gets the first answer, another body under the key is refused.

use mhero_app::AppError;
use mhero_store::{OnceAnswer, Queue, StoreError, Unit};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::Journal;

/// What the seal of an answer is bound to.
const SEALED: &str = "exchange_once.answer";
/// Octets of an answer that is kept to be given again.
const ANSWER_BYTES_MAX: usize = 1 << 20;
/// Longest key, in characters.
const KEY_CHARS_MAX: usize = 255;

/// An answer that was given, and is given again.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GivenAgain {
    /// The status.
    pub status: u16,
    /// What the body is.
    pub form: String,
    /// Where what was made stands.
    pub location: Option<String>,
    /// Its version.
    pub etag: Option<String>,
    /// The body; empty where it was too large to be kept.
    pub body: Vec<u8>,
}

impl std::fmt::Debug for GivenAgain {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("GivenAgain").field("status", &self.status).finish_non_exhaustive()
    }
}

/// What may be done under a key.
#[derive(Debug, PartialEq, Eq)]
pub enum Claim {
    /// It is new: do it, then say [`Journal::answered_once`] or [`Journal::give_back_once`].
    Mine,
    /// It was done: this was answered.
    Done(GivenAgain),
    /// Another request was made under this key.
    Other,
    /// It is being done just now, or ended in the middle: nobody knows.
    Open,
    /// The key is empty or too long.
    NoKey,
}

impl Journal {
    /// Claims a key of a client for a request of which `parts` are method, address and body.
    ///
    /// # Errors
    /// [`AppError::Store`].
    pub async fn claim_once(&self, client: Uuid, key: &str, parts: &[&[u8]]) -> Result<Claim, AppError> {
        if key.is_empty() || key.chars().count() > KEY_CHARS_MAX {
            return Ok(Claim::NoKey);
        }
        let store = self.app().store();
        let digest = digest_of(parts);
        let mut unit = Unit::new();
        unit.claim_once(client, key, &digest, self.app().clock().now_micros());
        match store.write(unit, Queue::Interactive).await {
            Ok(_) => return Ok(Claim::Mine),
            Err(StoreError::Guard { .. }) => {}
            Err(error) => return Err(error.into()),
        }
        match store.once(client, key).await? {
            // It was given back between the two.
            None => Ok(Claim::Open),
            Some(known) if known.digest != digest => Ok(Claim::Other),
            Some(known) => match known.answer {
                None => Ok(Claim::Open),
                Some(answer) => {
                    let plain = self.app().unseal(SEALED, client, &answer.sealed)?;
                    Ok(serde_json::from_slice(&plain).map_or(Claim::Open, Claim::Done))
                }
            },
        }
    }

    /// Keeps what was answered under a key that was claimed.
    ///
    /// # Errors
    /// [`AppError::Store`].
    pub async fn answered_once(&self, client: Uuid, key: &str, given: &GivenAgain) -> Result<(), AppError> {
        let mut given = given.clone();
        if given.body.len() > ANSWER_BYTES_MAX {
            given.body = Vec::new();
        }
        let plain = serde_json::to_vec(&given).unwrap_or_default();
        let sealed = self.app().seal(SEALED, client, &plain)?;
        let mut unit = Unit::new();
        unit.once_answered(client, key, &OnceAnswer { status: i64::from(given.status), sealed });
        self.app().store().write(unit, Queue::Interactive).await?;
        Ok(())
    }

    /// Gives a key back: nothing was done, so the next request may do it.
    ///
    /// # Errors
    /// [`AppError::Store`].
    pub async fn give_back_once(&self, client: Uuid, key: &str) -> Result<(), AppError> {
        let mut unit = Unit::new();
        unit.give_back_once(client, key);
        self.app().store().write(unit, Queue::Interactive).await?;
        Ok(())
    }

    /// The key under which a request of an exchange in between (OpenHIM) is done: that of the transaction that it repeats, however
    /// often it was repeated.
    ///
    /// # Errors
    /// [`AppError::Store`].
    pub async fn key_of_transaction(&self, transaction: &str, parent: Option<&str>) -> Result<String, AppError> {
        let Some(parent) = parent.filter(|parent| !parent.is_empty()) else { return Ok(own_key(transaction)) };
        let known = self.app().store().exchange_of_transaction(parent).await?;
        Ok(known.and_then(|known| known.details.once).unwrap_or_else(|| own_key(parent)))
    }
}

fn own_key(transaction: &str) -> String {
    format!("openhim:{transaction}")
}

/// A digest of all parts that no other division of the same octets has.
fn digest_of(parts: &[&[u8]]) -> Vec<u8> {
    let mut digest = Sha256::new();
    for part in parts {
        digest.update((part.len() as u64).to_be_bytes());
        digest.update(part);
    }
    digest.finalize().to_vec()
}
