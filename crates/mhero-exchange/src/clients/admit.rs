//! Who a request comes from, and whether it may come so.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use mhero_app::AppError;
use mhero_core::TokenId;
use mhero_store::{ClientRule, Queue, Store, Unit};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::{
    certificate::Certificate,
    error::Turned,
    faults::{Faults, WrongTokens},
    jwt::Signed,
    keys::{self, Key},
    kinds::{self, Kind},
    network::Network,
};
use crate::journal::{Journal, Sendable};

/// How long an account and its rule are taken from memory, in microseconds. What a token may do is asked of the store each time.
const FRESH_MICROS: i64 = 2_000_000;
/// Accounts kept in memory at most.
const KNOWN_MAX: usize = 1_000;
/// How long keys that were read elsewhere serve, in microseconds.
const KEYS_FRESH_MICROS: i64 = 3_600_000_000;
/// How long they serve when they can't be read anew, in microseconds: a day.
const KEYS_STALE_MICROS: i64 = 24 * 3_600_000_000;
/// How long reading them may take.
const KEYS_LIMIT: Duration = Duration::from_secs(5);
/// How soon they are read again when a token names one that is not among them, in microseconds.
const KEYS_AGAIN_MICROS: i64 = 60_000_000;

/// What a request shows of itself.
#[derive(Clone, Copy)]
pub struct Presented<'r> {
    /// The header `Authorization`.
    pub authorization: Option<&'r str>,
    /// The certificate that was shown on the connection, which is good.
    pub certificate: Option<&'r Certificate>,
    /// From where.
    pub address: IpAddr,
    /// The method.
    pub method: &'r str,
    /// The path.
    pub path: &'r str,
    /// What follows the question mark.
    pub query: &'r str,
}

impl std::fmt::Debug for Presented<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Presented").field("method", &self.method).finish_non_exhaustive()
    }
}

/// An account that was recognised.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownClient {
    /// Its id.
    pub id: TokenId,
    /// Its name.
    pub name: String,
}

/// What is known of who asks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Admitted {
    /// The account; `None` where nobody said who they are, or where the front itself must refuse the token.
    pub client: Option<KnownClient>,
    /// What the front is to read in place of the header `Authorization`.
    pub authorization: Option<String>,
    /// Whether the account may use some kinds of resources only: then [`super::Narrowed`] goes on to the front.
    pub is_narrowed: bool,
}

struct Remembered {
    client: KnownClient,
    kinds: Vec<Kind>,
    networks: Vec<Network>,
    certificate: Option<String>,
    until: i64,
}

struct Inner {
    journal: Journal,
    known: Mutex<HashMap<[u8; 32], Arc<Remembered>>>,
    wrong: WrongTokens,
    faults: Faults,
    /// When the keys of each account were last asked for. Held while they are read, so that many requests read them once.
    asked: tokio::sync::Mutex<HashMap<Uuid, i64>>,
}

/// All accounts. Clones share what is remembered.
#[derive(Clone)]
pub struct Clients(Arc<Inner>);

impl std::fmt::Debug for Clients {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Clients").finish_non_exhaustive()
    }
}

impl Clients {
    /// The accounts of an installation.
    pub fn new(journal: Journal) -> Self {
        Self(Arc::new(Inner {
            journal,
            known: Mutex::default(),
            wrong: WrongTokens::default(),
            faults: Faults::default(),
            asked: tokio::sync::Mutex::default(),
        }))
    }

    pub(super) fn journal(&self) -> &Journal {
        &self.0.journal
    }

    /// Recognises who asks, and turns away who may not ask so.
    ///
    /// # Errors
    /// The outer one is the store's; the inner one says why the request is turned away, with the account where it is known.
    pub async fn admit(
        &self,
        presented: &Presented<'_>,
    ) -> Result<Result<Admitted, (Turned, Option<KnownClient>)>, AppError> {
        let app = self.0.journal.app();
        let now = app.clock().now_micros();
        if self.0.wrong.is_shut(presented.address, now) {
            return Ok(Err((Turned::Often, None)));
        }
        let token = presented.authorization.and_then(token_of);
        let found = match &token {
            Some(token) if Signed::is_one(token) => match self.of_signed(token, now).await? {
                Ok(found) => Some(found),
                Err(turned) => {
                    self.0.wrong.count(presented.address, now);
                    return Ok(Err((turned, None)));
                }
            },
            Some(token) => self.of_token(token, now).await?,
            None => match presented.certificate {
                Some(certificate) => self.of_certificate(certificate, now).await?,
                None => return Ok(Ok(Admitted::default())),
            },
        };
        let Some(known) = found else {
            // A certificate that no account has was let in by its authority: it is like none.
            if token.is_some() {
                self.0.wrong.count(presented.address, now);
            }
            return Ok(Ok(Admitted::default()));
        };
        let client = known.client.clone();
        if !known.networks.is_empty() && !known.networks.iter().any(|network| network.holds(presented.address)) {
            return Ok(Err((Turned::Network, Some(client))));
        }
        let is_shown = |wanted: &String| presented.certificate.is_some_and(|shown| shown.is(wanted));
        if !known.certificate.as_ref().is_none_or(is_shown) {
            return Ok(Err((Turned::Certificate, Some(client))));
        }
        if !kinds::may(&known.kinds, presented.method, presented.path, presented.query) {
            return Ok(Err((Turned::Kind, Some(client))));
        }
        let is_plain = token.is_some_and(|token| !Signed::is_one(&token));
        let authorization = (!is_plain).then(|| format!("Bearer {}", app.pass_for(client.id)));
        Ok(Ok(Admitted { client: Some(client), authorization, is_narrowed: !known.kinds.is_empty() }))
    }

    /// Recognises whose request it is that is made again: from where and how it is shown does not count, but what the account may use does.
    ///
    /// # Errors
    /// As [`Self::admit`].
    pub async fn admit_again(
        &self,
        client: TokenId,
        presented: &Presented<'_>,
    ) -> Result<Result<Admitted, (Turned, Option<KnownClient>)>, AppError> {
        let app = self.0.journal.app();
        let pass = app.pass_for(client);
        let account = app.account_of_token(&pass).await?;
        let known = account.map(|account| KnownClient { id: account.id, name: account.name });
        let kinds = kinds_of(app.store(), client.uuid()).await?;
        if !kinds::may(&kinds, presented.method, presented.path, presented.query) {
            return Ok(Err((Turned::Kind, known)));
        }
        let authorization = Some(format!("Bearer {pass}"));
        Ok(Ok(Admitted { client: known, authorization, is_narrowed: !kinds.is_empty() }))
    }

    /// Counts that a request of an account failed; the administrators are told when that goes on.
    ///
    /// # Errors
    /// [`AppError::Store`].
    pub async fn failed(&self, client: &KnownClient) -> Result<(), AppError> {
        let app = self.0.journal.app();
        let now = app.clock().now();
        let Some(count) = self.0.faults.count(client.id, now.as_microsecond()) else { return Ok(()) };
        let day = now.strftime("%Y-%m-%d").to_string();
        let args = [("client", client.name.clone()), ("n", count.to_string())];
        tracing::warn!(client = client.name, count, "an account fails again and again");
        let mut unit = Unit::new();
        unit.client_told(client.id.uuid(), now.as_microsecond());
        app.store().write(unit, Queue::Interactive).await?;
        match app.alert_administrators(("alert-client-fails", &args), &format!("client/{}/{day}", client.id)).await {
            // They were told today.
            Err(AppError::Store(mhero_store::StoreError::Exists { .. })) => Ok(()),
            other => other,
        }
    }

    /// Forgets what is remembered of accounts: a rule has just been changed here.
    pub(super) fn forget(&self) {
        self.0.known.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    async fn of_token(&self, token: &str, now: i64) -> Result<Option<Arc<Remembered>>, AppError> {
        let digest: [u8; 32] = Sha256::digest(token).into();
        let known = self.0.known.lock().unwrap_or_else(PoisonError::into_inner).get(&digest).cloned();
        if let Some(known) = known.filter(|known| now < known.until && known.until - now <= FRESH_MICROS) {
            return Ok(Some(known));
        }
        let app = self.0.journal.app();
        let Some(account) = app.account_of_token(token).await? else { return Ok(None) };
        let rule = app.store().client_rule(account.id.uuid()).await?;
        let client = KnownClient { id: account.id, name: account.name };
        Ok(Some(self.keep(digest, remember(client, rule.as_ref(), now))))
    }

    fn keep(&self, digest: [u8; 32], remembered: Remembered) -> Arc<Remembered> {
        let remembered = Arc::new(remembered);
        let mut all = self.0.known.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= KNOWN_MAX {
            all.clear();
        }
        all.insert(digest, Arc::clone(&remembered));
        remembered
    }

    /// The account that a certificate stands for.
    async fn of_certificate(&self, shown: &Certificate, now: i64) -> Result<Option<Arc<Remembered>>, AppError> {
        let digest: [u8; 32] = Sha256::digest(format!("{}\n{}", shown.digest, shown.subject)).into();
        let known = self.0.known.lock().unwrap_or_else(PoisonError::into_inner).get(&digest).cloned();
        if let Some(known) = known.filter(|known| now < known.until && known.until - now <= FRESH_MICROS) {
            return Ok(Some(known));
        }
        let store = self.0.journal.app().store();
        let rules = store.clients_certified_by(&shown.digest, &shown.subject).await?;
        // Exactly this one goes before all of its subject.
        let is_exact = |rule: &&ClientRule| rule.certificate.as_deref() == Some(shown.digest.as_str());
        let Some(rule) = rules.iter().max_by_key(is_exact) else { return Ok(None) };
        let account = store.token(TokenId::from_uuid(rule.client)).await?;
        let Some(account) = account.filter(|account| account.revoked_at.is_none()) else { return Ok(None) };
        let client = KnownClient { id: account.id, name: account.name };
        Ok(Some(self.keep(digest, remember(client, Some(rule), now))))
    }

    /// The account that a signed token stands for.
    async fn of_signed(&self, token: &str, now: i64) -> Result<Result<Arc<Remembered>, Turned>, AppError> {
        let signed = match Signed::read(token) {
            Ok(signed) => signed,
            Err(turned) => return Ok(Err(turned)),
        };
        let app = self.0.journal.app();
        let Some(issuer) = signed.issuer() else {
            return Ok(Err(Turned::Unsigned("it does not say who signed it (iss)")));
        };
        let rules = app.store().clients_signed_by(issuer).await?;
        let is_whose = |rule: &&ClientRule| rule.subject.is_none() || rule.subject.as_deref() == signed.subject();
        // One that names the subject goes before one for all of an issuer.
        let rule = rules.iter().filter(is_whose).max_by_key(|rule| rule.subject.is_some());
        let Some(rule) = rule else {
            return Ok(Err(Turned::Unsigned("no account here takes tokens of this issuer (iss, sub)")));
        };
        let keys = self.keys_of(rule, signed.key.as_deref(), now).await?;
        if let Err(turned) = signed.check(&keys, rule.audience.as_deref(), now / 1_000_000) {
            return Ok(Err(turned));
        }
        let account = app.store().token(TokenId::from_uuid(rule.client)).await?;
        let Some(account) = account.filter(|account| account.revoked_at.is_none()) else {
            return Ok(Err(Turned::Unsigned("its account was taken back")));
        };
        let client = KnownClient { id: account.id, name: account.name };
        Ok(Ok(Arc::new(remember(client, Some(rule), now))))
    }

    /// The keys of an account; those that stand elsewhere are read when they are old, or when one is missing.
    async fn keys_of(&self, rule: &ClientRule, wanted: Option<&str>, now: i64) -> Result<Vec<Key>, AppError> {
        let Some(url) = &rule.keys_url else { return Ok(keys_in(rule)) };
        if let Some(known) = fresh_keys(rule, wanted, now) {
            return Ok(known);
        }
        let mut asked = self.0.asked.lock().await;
        // Somebody else may have read them while this one waited.
        let rule = self.0.journal.app().store().client_rule(rule.client).await?;
        let Some(rule) = rule.filter(|rule| rule.keys_url.as_ref() == Some(url)) else { return Ok(Vec::new()) };
        let known = usable_keys(&rule, now);
        let was_asked = asked.get(&rule.client).is_some_and(|at| (*at..*at + KEYS_AGAIN_MICROS).contains(&now));
        if was_asked || fresh_keys(&rule, wanted, now).is_some() {
            return Ok(known);
        }
        if asked.len() >= KNOWN_MAX {
            asked.clear();
        }
        asked.insert(rule.client, now);
        let Some(line) = self.0.journal.line() else { return Ok(known) };
        let call = Sendable { method: "GET".to_owned(), url: url.clone(), headers: Vec::new(), body: String::new() };
        let answer = tokio::time::timeout(KEYS_LIMIT, line.call("keys", &call)).await;
        let fresh = match &answer {
            Ok(Ok(answer)) if answer.status == 200 => keys::read(&answer.body).map(|keys| (keys, &answer.body)),
            _ => None,
        };
        let Some((fresh, body)) = fresh else {
            // What was read before serves for a day: then nobody can say that it has not been taken back.
            tracing::warn!(client = %rule.client, "the keys of an account could not be read anew");
            return Ok(known);
        };
        let mut unit = Unit::new();
        unit.client_keys_read(rule.client, body, now);
        self.0.journal.app().store().write(unit, Queue::Interactive).await?;
        Ok(fresh)
    }
}

/// Whether whoever asked for a subscription may search at `/fhir` by these criteria, as far as the kinds of their account go.
pub(crate) async fn may_ask(store: &Store, owner: Option<Uuid>, criteria: &str) -> Result<bool, AppError> {
    let Some(owner) = owner else { return Ok(true) };
    let (kind, query) = criteria.split_once('?').unwrap_or((criteria, ""));
    Ok(kinds::may(&kinds_of(store, owner).await?, "GET", &format!("/fhir/{kind}"), query))
}

/// The kinds to which an account is narrowed as it stands now; none for all.
async fn kinds_of(store: &Store, client: Uuid) -> Result<Vec<Kind>, AppError> {
    Ok(store.client_rule(client).await?.map(|rule| kinds_in(&rule)).unwrap_or_default())
}

fn kinds_in(rule: &ClientRule) -> Vec<Kind> {
    let kinds: Vec<String> = serde_json::from_str(&rule.kinds).unwrap_or_default();
    kinds.iter().filter_map(|kind| Kind::read(kind)).collect()
}

/// The keys that stand in a rule.
fn keys_in(rule: &ClientRule) -> Vec<Key> {
    rule.keys.as_deref().and_then(keys::read).unwrap_or_default()
}

/// Those that were read elsewhere, unless that is too long ago.
fn usable_keys(rule: &ClientRule, now: i64) -> Vec<Key> {
    if age(rule, now) < KEYS_STALE_MICROS { keys_in(rule) } else { Vec::new() }
}

/// The same, where they need not be read again for a token that names a key.
fn fresh_keys(rule: &ClientRule, wanted: Option<&str>, now: i64) -> Option<Vec<Key>> {
    let known = usable_keys(rule, now);
    let has_it = wanted.is_none() || known.iter().any(|key| key.name.as_deref() == wanted);
    let serve = if has_it { KEYS_FRESH_MICROS } else { KEYS_AGAIN_MICROS };
    (!known.is_empty() && age(rule, now) < serve).then_some(known)
}

fn age(rule: &ClientRule, now: i64) -> i64 {
    rule.keys_at.map_or(i64::MAX, |at| now.saturating_sub(at.as_microsecond()))
}

fn remember(client: KnownClient, rule: Option<&ClientRule>, now: i64) -> Remembered {
    let list = |json: Option<&String>| -> Vec<String> {
        json.and_then(|json| serde_json::from_str(json).ok()).unwrap_or_default()
    };
    let networks = list(rule.map(|rule| &rule.networks));
    Remembered {
        client,
        kinds: rule.map(kinds_in).unwrap_or_default(),
        networks: networks.iter().filter_map(|network| Network::read(network)).collect(),
        certificate: rule.and_then(|rule| rule.certificate.clone()),
        until: now + FRESH_MICROS,
    }
}

/// The token of an `Authorization` header: Bearer, Token, DHIS2's ApiToken, or the password of Basic. Every front reads it by this,
/// so that none lets in by a scheme that the rules of accounts do not see.
pub fn token_of(authorization: &str) -> Option<String> {
    let (scheme, rest) = authorization.trim().split_once(' ')?;
    match scheme.to_ascii_lowercase().as_str() {
        "bearer" | "token" | "apitoken" => Some(rest.trim().to_owned()),
        "basic" => {
            let plain = String::from_utf8(STANDARD.decode(rest.trim()).ok()?).ok()?;
            Some(plain.split_once(':')?.1.to_owned())
        }
        _ => None,
    }
}
