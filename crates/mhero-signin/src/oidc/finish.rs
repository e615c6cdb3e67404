//! The browser comes back: the code is exchanged, the token checked, the account found.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use mhero_core::UserId;
use mhero_store::{Actor, AuditEntry, Queue, Unit};
use serde_json::{Value, json};

use super::{Pending, Provider, WireCall, discovery::Metadata};
use crate::Refused;

/// Longest code, in octets.
const CODE_BYTES_MAX: usize = 4_096;
/// Longest word of an error that is shown, in letters.
const ERROR_CHARS_MAX: usize = 40;

/// What the browser brought back.
#[derive(Clone, Default)]
pub struct Answered {
    /// The code.
    pub code: String,
    /// Who answers (RFC 9207).
    pub iss: Option<String>,
    /// The word of a refusal.
    pub error: Option<String>,
}

impl std::fmt::Debug for Answered {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Answered").field("error", &self.error).finish_non_exhaustive()
    }
}

/// Somebody who came back.
#[derive(Clone, PartialEq, Eq)]
pub struct Arrival {
    /// Who they are here.
    pub user: UserId,
    /// Whether the provider has asked for a second factor.
    pub has_second_factor: bool,
    /// The token, by which the provider knows them when they sign out.
    pub id_token: String,
}

impl std::fmt::Debug for Arrival {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Arrival").field("user", &self.user).finish_non_exhaustive()
    }
}

impl Provider {
    /// Ends a sign-in that began here: `pending` is what the session kept under the state that came back, taken out of it before.
    /// A refusal of somebody whom the provider knows stands in the audit log.
    ///
    /// # Errors
    /// [`Refused`].
    pub async fn finish(&self, pending: Option<Pending>, answered: &Answered) -> Result<Arrival, Refused> {
        let ended = self.try_finishing(pending, answered).await;
        match &ended {
            // Anybody can bring nonsense back, or turn round at the provider.
            Ok(_) | Err(Refused::App(_) | Refused::Stale | Refused::Denied { .. } | Refused::ProviderDown { .. }) => {}
            Err(refused) => self.note(refused).await?,
        }
        ended
    }

    async fn try_finishing(&self, pending: Option<Pending>, answered: &Answered) -> Result<Arrival, Refused> {
        let now = self.0.app.clock().now().as_second();
        let pending = pending.filter(|pending| !pending.is_over(now)).ok_or(Refused::Stale)?;
        let metadata = self.metadata().await?;
        let is_other = answered
            .iss
            .as_ref()
            .map_or(metadata.authorization_response_iss_parameter_supported, |iss| *iss != self.0.settings.issuer);
        if is_other {
            return Err(Refused::NotBelieved { why: "the answer is not of this issuer (iss)" });
        }
        if let Some(error) = &answered.error {
            let plain = |letter: &char| letter.is_ascii_alphanumeric() || "_-.".contains(*letter);
            return Err(Refused::Denied { code: error.chars().filter(plain).take(ERROR_CHARS_MAX).collect() });
        }
        if answered.code.is_empty() || answered.code.len() > CODE_BYTES_MAX {
            return Err(Refused::Stale);
        }
        let tokens = self.exchange(&metadata, &pending, &answered.code).await?;
        let id_token = tokens["id_token"].as_str().ok_or_else(|| self.down("its answer holds no id_token"))?.to_owned();
        let mut claims = self.believed(&id_token, &pending.nonce, now).await?;
        if claims["email"].is_null() || (self.wants_roles() && self.roles_of(&claims).is_empty()) {
            self.add_userinfo(&metadata, &tokens, &mut claims).await?;
        }
        let has_second_factor = self.has_second_factor(&claims);
        let user = self.account(&claims).await?;
        Ok(Arrival { user, has_second_factor, id_token })
    }

    /// The call that turns a code into tokens.
    fn call(&self, metadata: &Metadata, pending: &Pending, code: &str) -> WireCall {
        let settings = &self.0.settings;
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.append_pair("grant_type", "authorization_code")
            .append_pair("code", code)
            .append_pair("redirect_uri", &pending.back)
            .append_pair("code_verifier", &pending.verifier);
        let methods = &metadata.token_endpoint_auth_methods_supported;
        let has = |method: &str| methods.iter().any(|known| known == method);
        let mut authorization = None;
        if settings.client_secret.is_empty() {
            form.append_pair("client_id", &settings.client_id);
        } else if !methods.is_empty() && !has("client_secret_basic") && has("client_secret_post") {
            form.append_pair("client_id", &settings.client_id).append_pair("client_secret", &settings.client_secret);
        } else {
            // Both are encoded as in a form before Basic encodes them (RFC 6749, 2.3.1).
            let coded = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
            let pair = format!("{}:{}", coded(&settings.client_id), coded(&settings.client_secret));
            authorization = Some(format!("Basic {}", STANDARD.encode(pair)));
        }
        WireCall { url: metadata.token_endpoint.clone(), form: Some(form.finish()), authorization }
    }

    async fn exchange(&self, metadata: &Metadata, pending: &Pending, code: &str) -> Result<Value, Refused> {
        let call = self.call(metadata, pending, code);
        let answer = self.0.wire.call(&call).await.map_err(|why| self.down(why))?;
        let body: Value = serde_json::from_str(&answer.body).unwrap_or_default();
        match (answer.status, body["error"].as_str()) {
            (200, _) => Ok(body),
            (400, Some("invalid_grant")) => Err(Refused::NotBelieved { why: "the provider does not take the code" }),
            (401, _) | (400, Some("invalid_client" | "unauthorized_client")) => {
                Err(self.down("it does not know this server by client_id and client_secret_file"))
            }
            (status, _) => Err(self.down(format!("it answers {status} to a code"))),
        }
    }

    /// What the token does not say may stand at the provider's page about the person.
    async fn add_userinfo(&self, metadata: &Metadata, tokens: &Value, claims: &mut Value) -> Result<(), Refused> {
        let (Some(url), Some(access)) = (&metadata.userinfo_endpoint, tokens["access_token"].as_str()) else {
            return Ok(());
        };
        if !access.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(self.down("its access token can't be sent"));
        }
        let call = WireCall { url: url.clone(), form: None, authorization: Some(format!("Bearer {access}")) };
        let answer = self.0.wire.call(&call).await.map_err(|why| self.down(why))?;
        if answer.status != 200 {
            return Err(self.down(format!("it answers {} about the person (userinfo)", answer.status)));
        }
        let more: Value = serde_json::from_str(&answer.body).map_err(|_| self.down("its userinfo can't be read"))?;
        // Core 5.3.2: another subject means another person.
        if more["sub"].is_null() || more["sub"] != claims["sub"] {
            return Err(Refused::NotBelieved { why: "userinfo is about somebody else (sub)" });
        }
        if let (Some(claims), Value::Object(more)) = (claims.as_object_mut(), more) {
            for (name, value) in more {
                let known = claims.entry(name).or_insert(Value::Null);
                if known.is_null() {
                    *known = value;
                }
            }
        }
        Ok(())
    }

    async fn note(&self, refused: &Refused) -> Result<(), Refused> {
        tracing::info!(why = refused.word(), "a sign-in by the provider was refused");
        let facts = json!({ "why": refused.word(), "issuer": self.issuer() });
        let actor = Actor { kind: "system", id: None };
        let entry = AuditEntry { actor, action: "provider-refused", about_kind: "user", about: None, facts };
        let mut unit = Unit::new();
        unit.audit(self.0.app.store(), &entry);
        self.0.app.store().write(unit, Queue::Interactive).await?;
        Ok(())
    }
}
