//! What a provider says of itself (OpenID Connect Discovery 1.0), and its keys, which it may change at any time.

use std::sync::{Arc, Mutex, PoisonError};

use mhero_exchange::clients::{Key, read_keys};
use serde::Deserialize;

use super::{Provider, WireCall, settings::is_safe};
use crate::Refused;

/// How long what was read serves, in microseconds.
const FRESH_MICROS: i64 = 3_600_000_000;
/// How long a provider that does not answer as it should is not asked again, in microseconds: strangers press the button, too.
const DOWN_MICROS: i64 = 5_000_000;
/// How soon keys are read again when a token names one that is not among them, in microseconds.
const KEYS_AGAIN_MICROS: i64 = 10_000_000;

/// What was read, and when.
#[derive(Default)]
pub(super) struct Remembered {
    metadata: Mutex<Option<(Arc<Metadata>, i64)>>,
    keys: Mutex<Option<(Arc<Vec<Key>>, i64)>>,
    /// When it failed last, and why. Held while its description is read, so that many who press at once have it read once.
    failed: tokio::sync::Mutex<Option<(String, i64)>>,
}

/// What a provider says of itself.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(super) struct Metadata {
    pub(super) issuer: String,
    pub(super) authorization_endpoint: String,
    pub(super) token_endpoint: String,
    pub(super) jwks_uri: String,
    pub(super) userinfo_endpoint: Option<String>,
    pub(super) end_session_endpoint: Option<String>,
    #[serde(default)]
    pub(super) token_endpoint_auth_methods_supported: Vec<String>,
    /// RFC 9207: the answer names the issuer.
    #[serde(default)]
    pub(super) authorization_response_iss_parameter_supported: bool,
}

impl Provider {
    /// What the provider says of itself, read anew every hour.
    pub(super) async fn metadata(&self) -> Result<Arc<Metadata>, Refused> {
        if let Some(known) = self.known() {
            return Ok(known);
        }
        let mut failed = self.0.remembered.failed.lock().await;
        let now = self.0.app.clock().now_micros();
        // Somebody else may have read it, or tried to, while this one waited.
        if let Some(known) = self.known() {
            return Ok(known);
        }
        if let Some((why, _)) = failed.as_ref().filter(|(_, at)| (*at..*at + DOWN_MICROS).contains(&now)) {
            return Err(Refused::ProviderDown { name: self.name().to_owned(), why: why.clone() });
        }
        let found = self.read_metadata().await;
        *failed = match &found {
            Err(Refused::ProviderDown { why, .. }) => Some((why.clone(), self.0.app.clock().now_micros())),
            _ => None,
        };
        found
    }

    /// What was read within the hour.
    fn known(&self) -> Option<Arc<Metadata>> {
        let now = self.0.app.clock().now_micros();
        let known = self.0.remembered.metadata.lock().unwrap_or_else(PoisonError::into_inner).clone();
        known.filter(|(_, at)| (*at..*at + FRESH_MICROS).contains(&now)).map(|(known, _)| known)
    }

    async fn read_metadata(&self) -> Result<Arc<Metadata>, Refused> {
        let now = self.0.app.clock().now_micros();
        let issuer = &self.0.settings.issuer;
        let url = format!("{}/.well-known/openid-configuration", issuer.trim_end_matches('/'));
        let body = self.read(&url).await?;
        let found: Metadata = serde_json::from_str(&body)
            .map_err(|_| self.down("its description can't be read (openid-configuration)"))?;
        if found.issuer != *issuer {
            return Err(self.down("it names itself otherwise than the setting oidc.issuer"));
        }
        let named = [Some(&found.authorization_endpoint), Some(&found.token_endpoint), Some(&found.jwks_uri)];
        let named = named.into_iter().chain([found.userinfo_endpoint.as_ref(), found.end_session_endpoint.as_ref()]);
        if !named.flatten().all(|address| is_safe(address, issuer)) {
            return Err(self.down("it names an address that is not https"));
        }
        let found = Arc::new(found);
        *self.0.remembered.metadata.lock().unwrap_or_else(PoisonError::into_inner) = Some((Arc::clone(&found), now));
        Ok(found)
    }

    /// Its keys; read anew when they are old, or when the one that is wanted is not among them.
    pub(super) async fn keys(&self, wanted: Option<&str>) -> Result<Arc<Vec<Key>>, Refused> {
        let now = self.0.app.clock().now_micros();
        let known = self.0.remembered.keys.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some((keys, at)) = known {
            let has_it = wanted.is_none() || keys.iter().any(|key| key.name.as_deref() == wanted);
            let fresh = if has_it { FRESH_MICROS } else { KEYS_AGAIN_MICROS };
            if (at..at + fresh).contains(&now) {
                return Ok(keys);
            }
        }
        let body = self.read(&self.metadata().await?.jwks_uri).await?;
        let keys = Arc::new(
            read_keys(&body).ok_or_else(|| self.down("there is no key in its set (jwks_uri) that is used here"))?,
        );
        *self.0.remembered.keys.lock().unwrap_or_else(PoisonError::into_inner) = Some((Arc::clone(&keys), now));
        Ok(keys)
    }

    async fn read(&self, url: &str) -> Result<String, Refused> {
        let call = WireCall { url: url.to_owned(), form: None, authorization: None };
        match self.0.wire.call(&call).await {
            Ok(answer) if answer.status == 200 => Ok(answer.body),
            Ok(answer) => Err(self.down(format!("it answers {}", answer.status))),
            Err(why) => Err(self.down(why)),
        }
    }
}
