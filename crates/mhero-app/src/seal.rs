//! Sealing of secrets: XChaCha20-Poly1305 with a key that lies outside the data directory.
//!
//! What is sealed is bound to its place: a channel's password copied into another row does not open there.

use chacha20poly1305::{
    XChaCha20Poly1305, XNonce,
    aead::{Aead, KeyInit, Payload},
};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::{App, AppError, hex};

/// Bytes of the nonce that stands before what is sealed.
const NONCE_BYTES: usize = 24;
/// Bytes of a secret that follows from the key.
const DERIVED_BYTES: usize = 16;
/// The first byte of everything sealed: how it is sealed.
const VERSION: u8 = 1;
/// Before the key in its file, so that a wrong file is told from a wrong key.
const KEY_WORD: &str = "mhero-seal-1:";

/// A new random key.
pub fn generate_seal_key() -> [u8; 32] {
    rand::random()
}

/// The line that a key file holds.
pub fn format_seal_key(key: &[u8; 32]) -> String {
    format!("{KEY_WORD}{}\n", hex::encode(key))
}

/// Reads the line of a key file.
///
/// # Errors
/// [`AppError::Invalid`] when it holds no key.
pub fn parse_seal_key(text: &str) -> Result<[u8; 32], AppError> {
    let key = text.trim().strip_prefix(KEY_WORD).and_then(hex::decode);
    key.and_then(|key| key.try_into().ok()).ok_or_else(|| AppError::invalid("seal-no-key", []))
}

impl App {
    /// Seals a secret for one place: `what` names the table and column, `about` the row.
    ///
    /// # Errors
    /// [`AppError::Invalid`] when it is larger than the cipher takes (256 GiB).
    pub fn seal(&self, what: &str, about: Uuid, plain: &[u8]) -> Result<Vec<u8>, AppError> {
        seal(self.seal_key(), &place(what, about), plain).ok_or_else(|| AppError::invalid("seal-too-large", []))
    }

    /// A secret that follows from the key: the same each time for one purpose and row, and of no use for guessing another.
    /// Nothing needs to be stored. 32 letters of hexadecimal.
    pub fn derived_secret(&self, what: &str, about: Uuid) -> String {
        let digest = Sha256::new()
            .chain_update(self.seal_key())
            .chain_update(b"derived:")
            .chain_update(place(what, about))
            .finalize();
        hex::encode(&digest[..DERIVED_BYTES])
    }

    /// Opens what was sealed for this place.
    ///
    /// # Errors
    /// [`AppError::Invalid`] when the key is another one, or the text was changed or moved.
    pub fn unseal(&self, what: &str, about: Uuid, sealed: &[u8]) -> Result<Vec<u8>, AppError> {
        open(self.seal_key(), &place(what, about), sealed)
            .ok_or_else(|| AppError::invalid("seal-does-not-open", [("what", what.to_owned())]))
    }
}

/// Seals a secret for one place, the name of which is bound to it; `None` when it is larger than the cipher takes.
fn seal(key: &[u8; 32], place: &str, plain: &[u8]) -> Option<Vec<u8>> {
    let nonce: [u8; NONCE_BYTES] = rand::random();
    let payload = Payload { msg: plain, aad: place.as_bytes() };
    let text = XChaCha20Poly1305::new(key.into()).encrypt(&XNonce::from(nonce), payload).ok()?;
    let mut sealed = Vec::with_capacity(1 + NONCE_BYTES + text.len());
    sealed.push(VERSION);
    sealed.extend(nonce);
    sealed.extend(text);
    Some(sealed)
}

/// Opens what was sealed for this place; `None` when the key is another one, or it was changed or moved.
fn open(key: &[u8; 32], place: &str, sealed: &[u8]) -> Option<Vec<u8>> {
    let (version, rest) = sealed.split_first()?;
    let (nonce, text) = rest.split_first_chunk::<NONCE_BYTES>()?;
    if *version != VERSION {
        return None;
    }
    let payload = Payload { msg: text, aad: place.as_bytes() };
    XChaCha20Poly1305::new(key.into()).decrypt(&XNonce::from(*nonce), payload).ok()
}

fn place(what: &str, about: Uuid) -> String {
    format!("{what}:{about}")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_key_comes_back_from_its_line() {
        let key = generate_seal_key();
        assert_eq!(parse_seal_key(&format_seal_key(&key)).ok(), Some(key));
        assert_ne!(key, generate_seal_key());
        for wrong in ["", "mhero-seal-1:00", "mhero-seal-2:00", &"0".repeat(64)] {
            assert!(parse_seal_key(wrong).is_err(), "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn it_opens_only_whole_in_its_place_with_its_key(
            plain in proptest::collection::vec(any::<u8>(), 0..200),
            key: [u8; 32],
            flip in any::<prop::sample::Index>(),
        ) {
            let sealed = seal(&key, "channel.secret:1", &plain).expect("it is small");
            prop_assert_eq!(open(&key, "channel.secret:1", &sealed), Some(plain));
            prop_assert_eq!(open(&key, "source.secret:1", &sealed), None);
            prop_assert_eq!(open(&key, "channel.secret:2", &sealed), None);
            prop_assert_eq!(open(&key.map(|byte| !byte), "channel.secret:1", &sealed), None);
            let mut changed = sealed.clone();
            changed[flip.index(sealed.len())] ^= 1;
            prop_assert_eq!(open(&key, "channel.secret:1", &changed), None);
            prop_assert_eq!(open(&key, "channel.secret:1", &sealed[..flip.index(sealed.len())]), None);
        }
    }
}
