//! Signed tokens (JWT, RFC 7519 and 7515): RS256 and ES256, nothing else.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::Value;

use super::{
    error::Turned,
    keys::{Key, Signing},
};

/// Longest token, in octets.
const TOKEN_BYTES_MAX: usize = 16 * 1024;
/// How far the clocks of two systems may differ, in seconds.
const LEEWAY_SECONDS: i64 = 60;

/// A token that was read, and not believed yet.
#[derive(Clone, Debug, PartialEq)]
pub struct Signed<'t> {
    text: &'t str,
    signature: Vec<u8>,
    how: Signing,
    /// The name of the key.
    pub key: Option<String>,
    claims: Value,
}

impl<'t> Signed<'t> {
    /// Whether a text looks like one.
    pub fn is_one(text: &str) -> bool {
        text.starts_with("eyJ") && text.matches('.').count() == 2
    }

    /// Reads a token.
    ///
    /// # Errors
    /// [`Turned::Unsigned`] when it is none, or signed in a way that is not taken: `none` and shared secrets among them.
    pub fn read(token: &'t str) -> Result<Self, Turned> {
        let odd = Turned::Unsigned("it can't be read");
        if token.len() > TOKEN_BYTES_MAX {
            return Err(odd);
        }
        let (text, signature) = token.rsplit_once('.').ok_or(odd)?;
        let (head, claims) = text.split_once('.').ok_or(odd)?;
        let json = |part: &str| -> Option<Value> { serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).ok()?).ok() };
        let head = json(head).ok_or(odd)?;
        // RFC 7515, 4.1.11: what is critical and not understood makes a token void.
        if !head["crit"].is_null() {
            return Err(Turned::Unsigned("it holds something critical that is not known here (crit)"));
        }
        let how = match head["alg"].as_str() {
            Some("RS256") => Signing::Rs256,
            Some("ES256") => Signing::Es256,
            // "none" and secrets that both sides know among them.
            _ => return Err(Turned::Unsigned("it is signed by neither RS256 nor ES256")),
        };
        Ok(Self {
            text,
            signature: URL_SAFE_NO_PAD.decode(signature).map_err(|_| odd)?,
            how,
            key: head["kid"].as_str().map(ToOwned::to_owned),
            claims: json(claims).ok_or(odd)?,
        })
    }

    /// What it says. Nothing of it is believed before [`Signed::check`].
    pub const fn claims(&self) -> &Value {
        &self.claims
    }

    /// Who says to have signed it.
    pub fn issuer(&self) -> Option<&str> {
        self.claims["iss"].as_str()
    }

    /// Whose it says to be.
    pub fn subject(&self) -> Option<&str> {
        self.claims["sub"].as_str()
    }

    /// Whether it is signed by one of these keys, for this audience, and of today. `now` in seconds since 1970.
    ///
    /// # Errors
    /// [`Turned::Unsigned`] with the reason.
    pub fn check(&self, keys: &[Key], audience: Option<&str>, now: i64) -> Result<(), Turned> {
        let named = |key: &&Key| self.key.is_none() || key.name.is_none() || key.name == self.key;
        let is_signed =
            keys.iter().filter(named).any(|key| key.has_signed(self.how, self.text.as_bytes(), &self.signature));
        if !is_signed {
            return Err(Turned::Unsigned("no key that is known here has signed it"));
        }
        let seconds = |name: &str| self.claims[name].as_f64().map(floor);
        match seconds("exp") {
            None => return Err(Turned::Unsigned("it does not say when it ends (exp)")),
            Some(end) if now >= end.saturating_add(LEEWAY_SECONDS) => return Err(Turned::Unsigned("its time is over")),
            Some(_) => {}
        }
        if seconds("nbf").is_some_and(|begin| now < begin.saturating_sub(LEEWAY_SECONDS)) {
            return Err(Turned::Unsigned("its time has not begun"));
        }
        if let Some(wanted) = audience {
            let is_for = match &self.claims["aud"] {
                Value::String(one) => one == wanted,
                Value::Array(all) => all.iter().any(|one| one.as_str() == Some(wanted)),
                _ => false,
            };
            if !is_for {
                return Err(Turned::Unsigned("it is for somebody else (aud)"));
            }
        }
        Ok(())
    }
}

#[expect(clippy::cast_possible_truncation, reason = "a conversion from float to integer stays within its bounds")]
fn floor(seconds: f64) -> i64 {
    seconds.floor() as i64
}
