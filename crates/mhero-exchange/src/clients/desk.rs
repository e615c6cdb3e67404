//! Accounts as administrators see and change them.

use mhero_app::{AppError, Caller, TokenWithGrants};
use mhero_core::Right;
use mhero_store::{ClientRule, Queue, Unit};
use serde_json::json;
use uuid::Uuid;

use super::{admit::Clients, certificate, keys, kinds::Kind, network::Network};

/// Entries of a list at most.
const LIST_MAX: usize = 100;
/// Longest issuer, audience, subject or address, in characters.
const TEXT_CHARS_MAX: usize = 500;

/// An account and what narrows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientPage {
    /// The token and its roles.
    pub account: TokenWithGrants,
    /// Kinds of resources it may use; empty for all.
    pub kinds: Vec<String>,
    /// Networks it may come from; empty for all.
    pub networks: Vec<String>,
    /// Who signs its tokens.
    pub issuer: Option<String>,
    /// For whom they must be.
    pub audience: Option<String>,
    /// Whose they must be.
    pub subject: Option<String>,
    /// Where its keys are read.
    pub keys_url: Option<String>,
    /// The certificate that it must show.
    pub certificate: Option<String>,
    /// Whether keys are known.
    pub has_keys: bool,
    /// When administrators were told last that it fails.
    pub told_at: Option<jiff::Timestamp>,
}

/// What is to narrow an account; everything anew.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RuleChange {
    /// Kinds of resources: `Practitioner`, `Location:read`; empty for all.
    pub kinds: Vec<String>,
    /// Networks: `10.2.0.0/16`; empty for all.
    pub networks: Vec<String>,
    /// Who signs its tokens; `None` for nobody.
    pub issuer: Option<String>,
    /// For whom they must be.
    pub audience: Option<String>,
    /// Whose they must be.
    pub subject: Option<String>,
    /// A JWK set or a public key in PEM.
    pub keys: Option<String>,
    /// Where a JWK set is read.
    pub keys_url: Option<String>,
    /// That every token of this issuer is meant, whoever it was signed for and for whichever program: else a subject or an audience
    /// has to be named.
    pub everybody: bool,
    /// The certificate that it must show on an encrypted connection, and is known by without a token: its SHA-256 or its subject.
    pub certificate: Option<String>,
}

impl Clients {
    /// All accounts, by name.
    ///
    /// # Errors
    /// [`AppError::NotAllowed`].
    pub async fn list(&self, caller: &Caller) -> Result<Vec<ClientPage>, AppError> {
        let app = self.journal().app();
        let accounts = app.tokens(caller).await?;
        let rules = app.store().client_rules().await?;
        Ok(accounts
            .into_iter()
            .map(|account| {
                let rule = rules.iter().find(|rule| rule.client == account.token.id.uuid());
                page(account, rule)
            })
            .collect())
    }

    /// Sets what narrows an account.
    ///
    /// # Errors
    /// [`AppError::NotFound`]; [`AppError::Invalid`] naming what can't be read.
    pub async fn set_rule(&self, caller: &Caller, name: &str, change: &RuleChange) -> Result<(), AppError> {
        caller.must(Right::Settings)?;
        let app = self.journal().app();
        let account = app.store().token_by_name(name.trim()).await?;
        let account = account.ok_or_else(|| AppError::not_found("token", name))?;
        let rule = checked(account.id.uuid(), change)?;
        let mut unit = Unit::new();
        unit.set_client_rule(&rule, app.clock().now_micros());
        let facts = json!({
            "kinds": change.kinds, "networks": change.networks.len(), "signed": rule.issuer.is_some(),
            "certified": rule.certificate.is_some(),
        });
        unit.audit(app.store(), &caller.entry("client-narrowed", "token", Some(account.id.uuid()), facts));
        app.store().write(unit, Queue::Interactive).await.map_err(|error| match error {
            // SQLite names the column, PostgreSQL the index; both hold this word for the one rule alone.
            mhero_store::StoreError::Exists { rule } if rule.contains("certificate") => {
                AppError::invalid("client-certificate-taken", [])
            }
            mhero_store::StoreError::Exists { .. } => AppError::invalid("client-issuer-taken", []),
            error => error.into(),
        })?;
        self.forget();
        Ok(())
    }
}

fn page(account: TokenWithGrants, rule: Option<&ClientRule>) -> ClientPage {
    let list = |json: Option<&String>| -> Vec<String> {
        json.and_then(|json| serde_json::from_str(json).ok()).unwrap_or_default()
    };
    ClientPage {
        account,
        kinds: list(rule.map(|rule| &rule.kinds)),
        networks: list(rule.map(|rule| &rule.networks)),
        issuer: rule.and_then(|rule| rule.issuer.clone()),
        audience: rule.and_then(|rule| rule.audience.clone()),
        subject: rule.and_then(|rule| rule.subject.clone()),
        keys_url: rule.and_then(|rule| rule.keys_url.clone()),
        certificate: rule.and_then(|rule| rule.certificate.as_deref()).map(certificate::shown),
        has_keys: rule.is_some_and(|rule| rule.keys.is_some()),
        told_at: rule.and_then(|rule| rule.told_at),
    }
}

fn checked(client: Uuid, change: &RuleChange) -> Result<ClientRule, AppError> {
    let text = |value: &Option<String>| -> Result<Option<String>, AppError> {
        let value = value.as_deref().map(str::trim).filter(|value| !value.is_empty());
        match value {
            Some(value) if value.chars().count() > TEXT_CHARS_MAX => {
                Err(AppError::invalid("client-too-long", [("max", TEXT_CHARS_MAX.to_string())]))
            }
            value => Ok(value.map(ToOwned::to_owned)),
        }
    };
    if change.kinds.len() > LIST_MAX || change.networks.len() > LIST_MAX {
        return Err(AppError::invalid("client-too-many", [("max", LIST_MAX.to_string())]));
    }
    if let Some(odd) = change.kinds.iter().find(|kind| Kind::read(kind).is_none()) {
        return Err(AppError::invalid("client-kind-odd", [("value", odd.clone())]));
    }
    if let Some(odd) = change.networks.iter().find(|network| Network::read(network).is_none()) {
        return Err(AppError::invalid("client-network-odd", [("value", odd.clone())]));
    }
    let (issuer, keys, keys_url) = (text(&change.issuer)?, change.keys.clone(), text(&change.keys_url)?);
    let keys = keys.map(|keys| keys.trim().to_owned()).filter(|keys| !keys.is_empty());
    if keys.as_deref().is_some_and(|keys| keys::read(keys).is_none()) {
        return Err(AppError::invalid("client-keys-odd", []));
    }
    if keys_url.as_deref().is_some_and(|url| !is_safe(url)) {
        return Err(AppError::invalid("client-keys-url-odd", []));
    }
    if issuer.is_some() && keys.is_none() && keys_url.is_none() {
        return Err(AppError::invalid("client-keys-missing", []));
    }
    let (audience, subject) = (text(&change.audience)?, text(&change.subject)?);
    if issuer.is_some() && audience.is_none() && subject.is_none() && !change.everybody {
        return Err(AppError::invalid("client-issuer-open", []));
    }
    if issuer.is_none() && (keys.is_some() || keys_url.is_some()) {
        return Err(AppError::invalid("client-issuer-missing", []));
    }
    let shown = text(&change.certificate)?;
    let certificate = shown.as_deref().map(certificate::read);
    if certificate == Some(None) {
        return Err(AppError::invalid("client-certificate-odd", [("value", shown.unwrap_or_default())]));
    }
    let list = |items: &[String]| {
        let trimmed: Vec<&str> = items.iter().map(|item| item.trim()).collect();
        json!(trimmed).to_string()
    };
    Ok(ClientRule {
        client,
        kinds: list(&change.kinds),
        networks: list(&change.networks),
        audience,
        subject,
        issuer,
        keys,
        keys_url,
        keys_at: None,
        told_at: None,
        certificate: certificate.flatten(),
    })
}

/// Whether keys may be read from an address: who stands on the way could put his own in their place, so that it is https, or this machine.
fn is_safe(url: &str) -> bool {
    let Some(rest) = url.strip_prefix("http://") else { return url.starts_with("https://") };
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    !host.contains('@')
        && ["localhost", "127.0.0.1", "[::1]"]
            .iter()
            .any(|own| host.strip_prefix(own).is_some_and(|port| port.is_empty() || port.starts_with(':')))
}
