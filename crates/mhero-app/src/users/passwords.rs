//! Passwords: argon2id, on threads of their own, few at a time.

use std::sync::OnceLock;

use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{PasswordHasher, PasswordVerifier, phc},
};
use mhero_store::{PasswordHash, StoreError};
use tokio::sync::{Semaphore, SemaphorePermit};

use crate::AppError;

/// Shortest password, in characters.
pub const PASSWORD_CHARS_MIN: usize = 10;
/// Longest password, in bytes.
const PASSWORD_BYTES_MAX: usize = 1_024;
/// Memory of one hash, in KiB. With two rounds and one lane this is what OWASP recommends for argon2id.
const MEMORY_KIB: u32 = 19 * 1_024;
/// Rounds over that memory.
const ROUNDS: u32 = 2;
/// Hashes computed at the same time; more tries wait, so that they can't take the machine's memory.
const HASHES_AT_ONCE: usize = 3;

static TURNS: Semaphore = Semaphore::const_new(HASHES_AT_ONCE);

/// A turn to compute a hash.
pub(super) struct Turn {
    _permit: SemaphorePermit<'static>,
}

/// Waits for a turn.
pub(super) async fn turn() -> Result<Turn, AppError> {
    TURNS.acquire().await.map(|_permit| Turn { _permit }).map_err(|_| StoreError::Closed.into())
}

/// Refuses passwords that are too short, too long or of one letter only.
pub(super) fn check(password: &str) -> Result<(), AppError> {
    let chars = password.chars().count();
    if chars < PASSWORD_CHARS_MIN {
        let args = [("count", chars.to_string()), ("min", PASSWORD_CHARS_MIN.to_string())];
        return Err(AppError::invalid("user-password-short", args));
    }
    if password.len() > PASSWORD_BYTES_MAX {
        return Err(AppError::invalid("user-password-long", [("max", PASSWORD_BYTES_MAX.to_string())]));
    }
    let first = password.chars().next();
    if password.chars().all(|letter| Some(letter) == first) {
        return Err(AppError::invalid("user-password-one-letter", []));
    }
    Ok(())
}

/// Hashes a password that was checked.
pub(super) async fn hash(password: &str) -> Result<PasswordHash, AppError> {
    let turn = turn().await?;
    let password = password.to_owned();
    let work = move || hash_here(password.as_bytes());
    let hash = tokio::task::spawn_blocking(work).await.map_err(|_| StoreError::Closed)?;
    drop(turn);
    hash.ok_or_else(|| AppError::invalid("user-password-not-hashed", []))
}

/// Whether a password is the one of this hash. Without a hash it takes as long and says no.
pub(super) async fn verify(turn: Turn, password: &str, hash: Option<PasswordHash>) -> Result<bool, AppError> {
    let password = password.to_owned();
    let work = move || {
        let known = hash.is_some();
        let hash = hash.map(|hash| hash.0).or_else(|| nobody().clone()).unwrap_or_default();
        let Ok(hash) = phc::PasswordHash::new(&hash) else { return false };
        let fits = password.len() <= PASSWORD_BYTES_MAX
            && Argon2::default().verify_password(password.as_bytes(), &hash).is_ok();
        fits && known
    };
    let fits = tokio::task::spawn_blocking(work).await.map_err(|_| StoreError::Closed)?;
    drop(turn);
    Ok(fits)
}

fn hash_here(password: &[u8]) -> Option<PasswordHash> {
    let params = Params::new(MEMORY_KIB, ROUNDS, 1, None).ok()?;
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    let hash: phc::PasswordHash = argon2.hash_password(password).ok()?;
    Some(PasswordHash(hash.to_string()))
}

/// The hash of a password that nobody has, for addresses that nobody has.
fn nobody() -> &'static Option<String> {
    static NOBODY: OnceLock<Option<String>> = OnceLock::new();
    NOBODY.get_or_init(|| hash_here(&rand::random::<[u8; 32]>()).map(|hash| hash.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_long_and_simple_passwords_are_refused() {
        assert!(check("motdepasse").is_ok() && check("ééééééééèè").is_ok());
        for wrong in ["", "ninechars", "éééééééé", "aaaaaaaaaaaa", &"ab".repeat(600)] {
            assert!(check(wrong).is_err(), "{wrong}");
        }
    }

    #[tokio::test]
    async fn a_password_fits_its_own_hash_only() {
        let stored = hash("correct horse").await.expect("it is hashed");
        assert!(stored.0.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{}", stored.0);
        assert!(!format!("{stored:?}").contains("argon2id"));
        let tries = async |password: &str, hash: Option<PasswordHash>| {
            verify(turn().await.expect("a turn"), password, hash).await.expect("it is tried")
        };
        assert!(tries("correct horse", Some(stored.clone())).await);
        assert!(!tries("correct horse ", Some(stored)).await);
        assert!(!tries("correct horse", None).await);
        assert!(!tries("correct horse", Some(PasswordHash("nonsense".into()))).await);
    }
}
