//! Keys of signed tokens: a JWK set (RFC 7517), or one public key in PEM.

use base64::{Engine as _, engine::general_purpose::STANDARD, engine::general_purpose::URL_SAFE_NO_PAD};
use ring::signature::{ECDSA_P256_SHA256_FIXED, RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents, UnparsedPublicKey};
use serde_json::Value;

/// Keys of one set at most.
const KEYS_MAX: usize = 50;
/// Octets of a set at most.
pub(super) const SET_BYTES_MAX: usize = 256 * 1024;
/// The object identifier of RSA keys, as DER writes it.
const RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01];
/// That of keys on elliptic curves.
const EC: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01];

/// How a token may be signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signing {
    /// RSASSA-PKCS1-v1_5 with SHA-256.
    Rs256,
    /// ECDSA on P-256 with SHA-256.
    Es256,
}

/// One public key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    /// The name of the key (`kid`).
    pub name: Option<String>,
    shape: Shape,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Shape {
    /// Modulus and exponent.
    Rsa(Vec<u8>, Vec<u8>),
    /// An RSA key as PKCS #1 writes it.
    RsaWhole(Vec<u8>),
    /// A point, not compressed.
    Curve(Vec<u8>),
}

impl Key {
    /// Whether a signature is by this key.
    pub fn has_signed(&self, how: Signing, text: &[u8], signature: &[u8]) -> bool {
        match (&self.shape, how) {
            (Shape::Rsa(n, e), Signing::Rs256) => {
                RsaPublicKeyComponents { n, e }.verify(&RSA_PKCS1_2048_8192_SHA256, text, signature).is_ok()
            }
            (Shape::RsaWhole(der), Signing::Rs256) => {
                UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, der).verify(text, signature).is_ok()
            }
            (Shape::Curve(point), Signing::Es256) => {
                UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point).verify(text, signature).is_ok()
            }
            _ => false,
        }
    }
}

/// Reads a JWK set, one JWK, or a public key in PEM; `None` when there is no key in it that is used here.
pub fn read(text: &str) -> Option<Vec<Key>> {
    let text = text.trim();
    if text.len() > SET_BYTES_MAX {
        return None;
    }
    let keys = match text.strip_prefix("-----BEGIN PUBLIC KEY-----") {
        Some(rest) => {
            let body: String =
                rest.split("-----END").next().unwrap_or_default().chars().filter(|c| !c.is_whitespace()).collect();
            vec![of_der(&STANDARD.decode(body).ok()?)?]
        }
        None => {
            let set: Value = serde_json::from_str(text).ok()?;
            match set["keys"].as_array() {
                Some(keys) => keys.iter().take(KEYS_MAX).filter_map(of_jwk).collect(),
                None => vec![of_jwk(&set)?],
            }
        }
    };
    (!keys.is_empty()).then_some(keys)
}

fn of_jwk(key: &Value) -> Option<Key> {
    let octets = |name: &str| URL_SAFE_NO_PAD.decode(key[name].as_str()?.trim_end_matches('=')).ok();
    if key["use"].as_str().is_some_and(|used| used != "sig") {
        return None;
    }
    let shape = match (key["kty"].as_str()?, key["crv"].as_str()) {
        ("RSA", _) => Shape::Rsa(octets("n")?, octets("e")?),
        ("EC", Some("P-256")) => {
            let (x, y) = (octets("x")?, octets("y")?);
            if x.len() != 32 || y.len() != 32 {
                return None;
            }
            Shape::Curve([&[4], x.as_slice(), y.as_slice()].concat())
        }
        _ => return None,
    };
    Some(Key { name: key["kid"].as_str().map(ToOwned::to_owned), shape })
}

/// A `SubjectPublicKeyInfo` (RFC 5280, 4.1): a sequence of the algorithm and of a bit string that is the key.
fn of_der(der: &[u8]) -> Option<Key> {
    let (0x30, whole, _) = part(der)? else { return None };
    let (0x30, algorithm, rest) = part(whole)? else { return None };
    let (0x06, which, _) = part(algorithm)? else { return None };
    let (0x03, bits, _) = part(rest)? else { return None };
    let key = bits.strip_prefix(&[0])?.to_vec();
    let shape = match which {
        RSA => Shape::RsaWhole(key),
        EC if key.len() == 65 => Shape::Curve(key),
        _ => return None,
    };
    Some(Key { name: None, shape })
}

/// The tag and content of the first value, and what follows it.
fn part(der: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (&tag, rest) = der.split_first()?;
    let (&first, rest) = rest.split_first()?;
    let (length, rest) = match first {
        0..=0x7f => (usize::from(first), rest),
        0x81 | 0x82 => {
            let count = usize::from(first - 0x80);
            let (octets, rest) = rest.split_at_checked(count)?;
            (octets.iter().fold(0, |length, octet| length << 8 | usize::from(*octet)), rest)
        }
        _ => return None,
    };
    let (content, rest) = rest.split_at_checked(length)?;
    Some((tag, content, rest))
}
