//! The salted token by which OpenHIM's interface lets mediators in (4.x; still known in 8.x).

use sha2::{Digest, Sha512};

/// The headers of one request: `salt` and `ts` as the server has just told them, `request_salt` anything that is new each time.
///
/// ```
/// let headers = mhero_exchange::openhim::token_login("me@moh.example", "secret", ("abc", "2026-11-22T10:00:00.000Z"), "xyz");
/// assert_eq!(headers[0], ("auth-username", "me@moh.example".to_owned()));
/// assert_eq!(headers[3].1.len(), 128);
/// ```
pub fn token_login(
    user: &str,
    password: &str,
    (salt, ts): (&str, &str),
    request_salt: &str,
) -> [(&'static str, String); 4] {
    let hash = digest(&[salt, password]);
    [
        ("auth-username", user.to_owned()),
        ("auth-ts", ts.to_owned()),
        ("auth-salt", request_salt.to_owned()),
        ("auth-token", digest(&[&hash, request_salt, ts])),
    ]
}

fn digest(parts: &[&str]) -> String {
    let mut digest = Sha512::new();
    parts.iter().for_each(|part| digest.update(part.as_bytes()));
    digest.finalize().iter().fold(String::with_capacity(128), |mut text, byte| {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        text.push(char::from(DIGITS[usize::from(byte >> 4)]));
        text.push(char::from(DIGITS[usize::from(byte & 15)]));
        text
    })
}
