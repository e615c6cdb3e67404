//! A provider that says what a test tells it to: tokens that a real one would never make.

use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use mhero_signin::{Wire, WireAnswer, WireCall};
use ring::{
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair},
};
use serde_json::{Value, json};

pub(crate) const ISSUER: &str = "https://login.moh.example";

/// What it says, and what it was asked.
pub(crate) struct Said {
    /// The name of its key.
    pub(crate) kid: &'static str,
    /// The claims of the token.
    pub(crate) claims: Value,
    /// What stands at userinfo.
    pub(crate) userinfo: Value,
    /// The head of the token.
    pub(crate) alg: &'static str,
    /// Whether it answers at all.
    pub(crate) is_up: bool,
    /// What it was asked.
    pub(crate) calls: Vec<WireCall>,
    /// Besides the description.
    pub(crate) more: Value,
    /// Codes that were taken.
    pub(crate) used: Vec<String>,
}

/// The provider.
pub(crate) struct Issuer {
    key: Mutex<EcdsaKeyPair>,
    pub(crate) said: Mutex<Said>,
}

fn draw() -> EcdsaKeyPair {
    let random = SystemRandom::new();
    let document = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).unwrap();
    EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, document.as_ref(), &random).unwrap()
}

impl Issuer {
    pub(crate) fn new() -> Self {
        let said = Said {
            kid: "one",
            claims: Value::Null,
            userinfo: Value::Null,
            alg: "ES256",
            is_up: true,
            calls: Vec::new(),
            more: json!({}),
            used: Vec::new(),
        };
        Self { key: Mutex::new(draw()), said: Mutex::new(said) }
    }

    pub(crate) fn tell(&self, change: impl FnOnce(&mut Said)) {
        change(&mut self.said.lock().unwrap_or_else(PoisonError::into_inner));
    }

    /// How often it was asked something.
    pub(crate) fn asked(&self) -> usize {
        self.said.lock().unwrap_or_else(PoisonError::into_inner).calls.len()
    }

    /// It signs by another key from now on, and publishes that.
    pub(crate) fn rotate(&self, kid: &'static str) {
        *self.key.lock().unwrap() = draw();
        self.tell(|said| said.kid = kid);
    }

    fn token(&self, said: &Said) -> String {
        let part = |json: &Value| URL_SAFE_NO_PAD.encode(json.to_string());
        let text = format!("{}.{}", part(&json!({ "alg": said.alg, "kid": said.kid })), part(&said.claims));
        let signature = match said.alg {
            "none" => String::new(),
            _ => {
                let signed = self.key.lock().unwrap().sign(&SystemRandom::new(), text.as_bytes()).unwrap();
                URL_SAFE_NO_PAD.encode(signed.as_ref())
            }
        };
        format!("{text}.{signature}")
    }
}

#[async_trait]
impl Wire for Issuer {
    async fn call(&self, call: &WireCall) -> Result<WireAnswer, String> {
        let mut said = self.said.lock().unwrap_or_else(PoisonError::into_inner);
        if !said.is_up {
            return Err("no connection came about".to_owned());
        }
        said.calls.push(call.clone());
        let path = call.url.strip_prefix(ISSUER).unwrap_or_default().to_owned();
        let at = |path: &str| format!("{ISSUER}{path}");
        let body = match path.as_str() {
            "/.well-known/openid-configuration" => {
                let mut found = json!({
                    "issuer": ISSUER, "authorization_endpoint": at("/auth?of=health"), "token_endpoint": at("/token"),
                    "jwks_uri": at("/jwks"), "userinfo_endpoint": at("/me"), "end_session_endpoint": at("/end"),
                });
                for (name, value) in said.more.as_object().unwrap().clone() {
                    found[name] = value;
                }
                found
            }
            "/jwks" => {
                let key = self.key.lock().unwrap();
                let point = key.public_key().as_ref();
                let (x, y) = (URL_SAFE_NO_PAD.encode(&point[1..33]), URL_SAFE_NO_PAD.encode(&point[33..]));
                json!({ "keys": [{ "kty": "EC", "crv": "P-256", "kid": said.kid, "use": "sig", "x": x, "y": y }] })
            }
            "/token" => {
                let form = call.form.clone().unwrap_or_default();
                if said.used.contains(&form) {
                    return Ok(WireAnswer { status: 400, body: json!({ "error": "invalid_grant" }).to_string() });
                }
                said.used.push(form);
                json!({ "access_token": "access", "token_type": "Bearer", "id_token": self.token(&said) })
            }
            "/me" => said.userinfo.clone(),
            _ => return Ok(WireAnswer { status: 404, body: String::new() }),
        };
        Ok(WireAnswer { status: 200, body: body.to_string() })
    }
}
