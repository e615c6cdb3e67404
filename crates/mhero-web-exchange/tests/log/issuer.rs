//! Who signs tokens, as a country's own service does: with keys on a curve, or with RSA.

use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use ring::{
    hmac,
    rand::SystemRandom,
    rsa::PublicKeyComponents,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair, RSA_PKCS1_SHA256, RsaKeyPair},
};
use serde_json::{Value, json};

/// A key that signs nothing but tokens of these tests: making one takes seconds.
const RSA: &str = include_str!("rsa-for-tests.pem");

pub(crate) enum Issuer {
    Curve(EcdsaKeyPair, &'static str),
    Rsa(RsaKeyPair, &'static str),
}

fn part(json: &Value) -> String {
    URL_SAFE_NO_PAD.encode(json.to_string())
}

impl Issuer {
    pub(crate) fn new(name: &'static str) -> Self {
        let random = SystemRandom::new();
        let document = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).unwrap();
        let key = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, document.as_ref(), &random).unwrap();
        Self::Curve(key, name)
    }

    pub(crate) fn rsa(name: &'static str) -> Self {
        let body: String = RSA.lines().filter(|line| !line.starts_with("-----")).collect();
        Self::Rsa(RsaKeyPair::from_pkcs8(&STANDARD.decode(body).unwrap()).unwrap(), name)
    }

    const fn name(&self) -> &'static str {
        match self {
            Self::Curve(_, name) | Self::Rsa(_, name) => name,
        }
    }

    const fn way(&self) -> &'static str {
        match self {
            Self::Curve(..) => "ES256",
            Self::Rsa(..) => "RS256",
        }
    }

    /// Its key as one of a JWK set.
    pub(crate) fn key(&self) -> Value {
        let encoded = |octets: &[u8]| URL_SAFE_NO_PAD.encode(octets);
        let mut key = match self {
            Self::Curve(pair, _) => {
                let point = pair.public_key().as_ref();
                json!({ "kty": "EC", "crv": "P-256", "x": encoded(&point[1..33]), "y": encoded(&point[33..]) })
            }
            Self::Rsa(pair, _) => {
                let parts = PublicKeyComponents::<Vec<u8>>::from(pair.public());
                json!({ "kty": "RSA", "n": encoded(&parts.n), "e": encoded(&parts.e) })
            }
        };
        key["kid"] = json!(self.name());
        key["use"] = json!("sig");
        key
    }

    pub(crate) fn keys(&self) -> String {
        json!({ "keys": [self.key()] }).to_string()
    }

    /// A token, as it stands in `Authorization`.
    pub(crate) fn signs(&self, claims: &Value) -> String {
        self.signs_under(&json!({ "alg": self.way(), "kid": self.name() }), claims)
    }

    /// The same under a head that may say something else than what is done.
    pub(crate) fn signs_under(&self, head: &Value, claims: &Value) -> String {
        let text = format!("{}.{}", part(head), part(claims));
        let signature = match self {
            Self::Curve(pair, _) => pair.sign(&SystemRandom::new(), text.as_bytes()).unwrap().as_ref().to_vec(),
            Self::Rsa(pair, _) => {
                let mut signature = vec![0; pair.public().modulus_len()];
                pair.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), text.as_bytes(), &mut signature).unwrap();
                signature
            }
        };
        format!("Bearer {text}.{}", URL_SAFE_NO_PAD.encode(signature))
    }
}

/// Tokens that nobody signed, or that were signed by what everybody knows: the public key taken for a shared secret.
pub(crate) fn forged(issuer: &Issuer, claims: &Value) -> Vec<String> {
    let mut forged = Vec::new();
    for way in ["none", "None", "NONE", ""] {
        forged.push(format!("Bearer {}.{}.", part(&json!({ "alg": way, "kid": issuer.name() })), part(claims)));
    }
    for secret in [issuer.keys(), issuer.key().to_string(), issuer.key()["n"].as_str().unwrap_or_default().to_owned()] {
        for way in ["HS256", "RS256", "ES256"] {
            let text = format!("{}.{}", part(&json!({ "alg": way, "kid": issuer.name() })), part(claims));
            let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes()), text.as_bytes());
            forged.push(format!("Bearer {text}.{}", URL_SAFE_NO_PAD.encode(tag.as_ref())));
        }
    }
    forged
}
