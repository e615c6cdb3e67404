//! A sign-in begins: where the browser goes, and what its session keeps until it comes back; and how one ends there.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use mhero_core::Lang;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::Provider;
use crate::Refused;

/// How long somebody may take at the provider, in seconds.
pub const PENDING_SECONDS: i64 = 600;
/// Random octets of state, nonce and verifier.
const CHANCE_BYTES: usize = 32;

/// A sign-in that began, as the session of the browser keeps it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pending {
    /// What the provider gives back, so that nobody is signed in by a link of somebody else's.
    pub state: String,
    /// What the token must hold, so that it is of this sign-in.
    pub(super) nonce: String,
    /// What only who began knows (PKCE).
    pub(super) verifier: String,
    /// Where the provider was told to lead the browser back to.
    pub(super) back: String,
    /// Where to go on to: a path of the console.
    pub next: String,
    /// When it began, in seconds since 1970.
    pub(super) at: i64,
}

impl std::fmt::Debug for Pending {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Pending").field("at", &self.at).finish_non_exhaustive()
    }
}

impl Pending {
    /// Whether too much time has passed at an instant in seconds since 1970.
    pub const fn is_over(&self, now: i64) -> bool {
        now < self.at || now - self.at > PENDING_SECONDS
    }
}

impl Provider {
    /// The address to lead the browser to, which comes back at `back`, and what to keep meanwhile.
    ///
    /// # Errors
    /// [`Refused::ProviderDown`].
    pub async fn begin(&self, back: &str, next: &str, language: Lang) -> Result<(String, Pending), Refused> {
        let metadata = self.metadata().await?;
        let pending = Pending {
            state: chance(),
            nonce: chance(),
            verifier: chance(),
            back: back.to_owned(),
            next: next.to_owned(),
            at: self.0.app.clock().now().as_second(),
        };
        let settings = &self.0.settings;
        let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(&pending.verifier));
        let mut scope = String::from("openid");
        for word in settings.scope.split_whitespace().filter(|word| *word != "openid") {
            scope.push(' ');
            scope.push_str(word);
        }
        let query = form_urlencoded::Serializer::new(String::new())
            .append_pair("response_type", "code")
            .append_pair("client_id", &settings.client_id)
            .append_pair("redirect_uri", back)
            .append_pair("scope", &scope)
            .append_pair("state", &pending.state)
            .append_pair("nonce", &pending.nonce)
            .append_pair("code_challenge", &challenge)
            .append_pair("code_challenge_method", "S256")
            .append_pair("ui_locales", language.bcp47())
            .finish();
        Ok((joined(&metadata.authorization_endpoint, &query), pending))
    }

    /// Where the browser may go to sign out at the provider too, and come back to `back`; `None` where it offers nothing.
    pub async fn farewell(&self, id_token: &str, back: &str) -> Option<String> {
        let end = self.metadata().await.ok()?.end_session_endpoint.clone()?;
        let query = form_urlencoded::Serializer::new(String::new())
            .append_pair("id_token_hint", id_token)
            .append_pair("client_id", &self.0.settings.client_id)
            .append_pair("post_logout_redirect_uri", back)
            .finish();
        Some(joined(&end, &query))
    }
}

/// An address with a query, which it may have some of already.
fn joined(address: &str, query: &str) -> String {
    format!("{address}{}{query}", if address.contains('?') { '&' } else { '?' })
}

fn chance() -> String {
    URL_SAFE_NO_PAD.encode(rand::random::<[u8; CHANCE_BYTES]>())
}
