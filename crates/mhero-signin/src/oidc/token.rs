//! Whether an ID token is believed (OpenID Connect Core 1.0, 3.1.3.7).

use mhero_exchange::clients::Signed;
use serde_json::Value;

use super::Provider;
use crate::Refused;

/// Longest name of a person at a provider, in octets (Core 2).
const SUBJECT_BYTES_MAX: usize = 255;

impl Provider {
    /// What a token says, once it is believed: signed by the provider, for us, of this sign-in, and of today.
    pub(super) async fn believed(&self, token: &str, nonce: &str, now: i64) -> Result<Value, Refused> {
        let not = |why| Refused::NotBelieved { why };
        // Only RS256 and ES256: neither `none` nor a secret that both sides know.
        let signed = Signed::read(token).map_err(|_| not("it is signed by neither RS256 nor ES256"))?;
        let settings = &self.0.settings;
        if signed.issuer() != Some(&settings.issuer) {
            return Err(not("it is of another issuer (iss)"));
        }
        let keys = self.keys(signed.key.as_deref()).await?;
        signed.check(&keys, Some(&settings.client_id), now).map_err(|turned| match turned {
            mhero_exchange::clients::Turned::Unsigned(why) => not(why),
            _ => not("it is not signed"),
        })?;
        let claims = signed.claims();
        let is_ours = |claim: &Value| claim.as_str() == Some(&settings.client_id);
        let has_many = claims["aud"].as_array().is_some_and(|all| all.len() > 1);
        if (has_many || !claims["azp"].is_null()) && !is_ours(&claims["azp"]) {
            return Err(not("it was made for somebody else (azp)"));
        }
        if claims["nonce"].as_str() != Some(nonce) {
            return Err(not("it is of another sign-in (nonce)"));
        }
        match signed.subject() {
            Some(subject) if !subject.is_empty() && subject.len() <= SUBJECT_BYTES_MAX => Ok(claims.clone()),
            _ => Err(not("it does not say about whom it is (sub)")),
        }
    }

    /// Whether the provider asked for more than a password: `amr` with `mfa` (RFC 8176), an `acr` that the setting names, or the
    /// setting that says that it always does.
    pub(super) fn has_second_factor(&self, claims: &Value) -> bool {
        let settings = &self.0.settings;
        let said = claims["amr"].as_array().is_some_and(|ways| ways.iter().any(|way| way == "mfa"));
        let level =
            claims["acr"].as_str().is_some_and(|acr| settings.second_factor_acr.iter().any(|known| known == acr));
        settings.asks_second_factor || said || level
    }
}
