//! Recovery codes: ten, each used once. Only digests are kept, made with a secret that follows from the key outside of the data
//! directory, so that who reads the database can't try them out.

use mhero_app::App;
use mhero_core::UserId;
use ring::hmac;

/// How many there are.
pub const RECOVERY_CODES: usize = 10;
/// Letters of one: 50 random bits.
const LETTERS: usize = 10;
/// Letters that nobody takes for another.
const ALPHABET: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";

/// New codes, as they are written down: `k3mfp-7xw2c`.
pub(super) fn draw() -> Vec<String> {
    (0..RECOVERY_CODES)
        .map(|_| {
            let chance: [u8; LETTERS] = rand::random();
            let letters: String = chance.iter().map(|byte| char::from(ALPHABET[usize::from(byte % 32)])).collect();
            let (first, second) = letters.split_at(LETTERS / 2);
            format!("{first}-{second}")
        })
        .collect()
}

/// What is kept of a code of a user; it was tidied before.
pub(super) fn digest(app: &App, owner: UserId, tidy: &str) -> Vec<u8> {
    let secret = app.derived_secret("recovery_code", owner.uuid());
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
    hmac::sign(&key, tidy.as_bytes()).as_ref().to_vec()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn ten_codes_that_differ_and_can_be_typed() {
        let codes = draw();
        assert_eq!(codes.iter().collect::<BTreeSet<_>>().len(), RECOVERY_CODES);
        let fits = |code: &String| {
            code.len() == LETTERS + 1 && code.as_bytes()[5] == b'-' && !code.contains(['0', 'o', '1', 'l'])
        };
        assert!(codes.iter().all(fits), "{codes:?}");
    }
}
