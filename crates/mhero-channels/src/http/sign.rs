//! Signatures of calls, compared in a time that does not tell where they differ.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use ring::hmac;

/// Whether two secrets are the same, in a time that does not tell where they differ.
pub(crate) fn same(given: &[u8], known: &[u8]) -> bool {
    let differ = given.iter().zip(known).fold(0, |differ, (a, b)| differ | (a ^ b));
    given.len() == known.len() && differ == 0
}

/// Whether this is the HMAC with SHA-256 of some bytes, in hexadecimal letters.
pub(crate) fn is_sha256_hex(key: &[u8], signed: &[u8], given: &str) -> bool {
    let key = hmac::Key::new(hmac::HMAC_SHA256, key);
    from_hex(given).is_some_and(|given| hmac::verify(&key, signed, &given).is_ok())
}

/// The HMAC with SHA-256 of some bytes, in small hexadecimal letters.
pub(crate) fn sha256_hex(key: &[u8], signed: &[u8]) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, key);
    hmac::sign(&key, signed).as_ref().iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}

/// Whether this is the HMAC with SHA-256 of some bytes, in base 64.
pub(crate) fn is_sha256_base64(key: &[u8], signed: &[u8], given: &str) -> bool {
    let key = hmac::Key::new(hmac::HMAC_SHA256, key);
    STANDARD.decode(given.trim()).is_ok_and(|given| hmac::verify(&key, signed, &given).is_ok())
}

/// Whether this is the HMAC with SHA-1 of some bytes, in base 64: weak as a digest, still sound in this use.
pub(crate) fn is_sha1_base64(key: &[u8], signed: &[u8], given: &str) -> bool {
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, key);
    STANDARD.decode(given.trim()).is_ok_and(|given| hmac::verify(&key, signed, &given).is_ok())
}

/// A name and a password for `Authorization`.
pub(crate) fn basic(user: &str, password: &str) -> String {
    format!("Basic {}", STANDARD.encode(format!("{user}:{password}")))
}

fn from_hex(text: &str) -> Option<Vec<u8>> {
    let text = text.trim().as_bytes();
    if !text.len().is_multiple_of(2) {
        return None;
    }
    let digit = |byte: u8| char::from(byte).to_digit(16);
    let byte = |pair: &[u8]| u8::try_from(digit(pair[0])? * 16 + digit(pair[1])?).ok();
    text.chunks_exact(2).map(byte).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_answers_of_rfc_2202_and_4231_are_recognised() {
        let (key, text) = (b"Jefe", b"what do ya want for nothing?");
        let hex = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
        assert_eq!(sha256_hex(key, text), hex);
        assert!(is_sha256_hex(key, text, hex) && is_sha256_hex(key, text, &hex.to_uppercase()));
        assert!(is_sha256_base64(key, text, "W9zBRr9gdU5qBCQmCJV1x1oAPwidJzmDnexYuWTsOEM="));
        assert!(is_sha1_base64(key, text, "7/zfauXrL6LSdBbV8YTfnCWafHk="));
        for wrong in ["", "zz", "5bd", &hex[2..], "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3844"] {
            assert!(!is_sha256_hex(key, text, wrong) && !is_sha256_base64(key, text, wrong), "{wrong}");
            assert!(!is_sha1_base64(key, text, wrong), "{wrong}");
        }
        assert!(same(b"abc", b"abc") && !same(b"abc", b"abd") && !same(b"", b"a") && !same(b"ab", b"abc"));
    }
}
