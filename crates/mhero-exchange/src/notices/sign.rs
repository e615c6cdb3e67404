//! How a receiver knows that a notice is ours, and not an old one sent again by somebody else.

use ring::hmac;

/// The header of the signature.
pub const SIGNATURE_HEADER: &str = "X-MHero-Signature";

/// The signature of a body that leaves at a moment, in seconds since 1970: `t=1795336200,v1=HEX`, where `HEX` is HMAC-SHA-256 by the
/// target's key over the moment, a full stop, and the body. A receiver compares both, and refuses moments that are long gone.
///
/// ```
/// let signature = mhero_exchange::notices::signature("s3cret", 1_795_336_200, r#"{"a":1}"#);
/// assert!(signature.starts_with("t=1795336200,v1=") && signature.len() == 16 + 64);
/// ```
pub fn signature(key: &str, seconds: i64, body: &str) -> String {
    signatures([key], seconds, body)
}

/// As [`signature`], by each of some keys: while a key is being changed a receiver that knows either is served.
/// `t=1795336200,v1=HEX,v1=HEX`.
pub fn signatures<'k>(keys: impl IntoIterator<Item = &'k str>, seconds: i64, body: &str) -> String {
    let said = format!("{seconds}.{body}");
    keys.into_iter().fold(format!("t={seconds}"), |header, key| {
        let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key.as_bytes()), said.as_bytes());
        tag.as_ref().iter().fold(header + ",v1=", |header, byte| header + &format!("{byte:02x}"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moment_and_body_and_key_all_count() {
        let one = signature("key", 1, "body");
        assert_eq!(one, signature("key", 1, "body"));
        for other in [signature("key", 2, "body"), signature("key", 1, "bodY"), signature("kez", 1, "body")] {
            assert_ne!(one[5..], other[5..]);
        }
        let both = signatures(["key", "old"], 1, "body");
        assert_eq!(both, format!("{one},{}", &signature("old", 1, "body")[4..]));
    }
}
