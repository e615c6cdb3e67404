//! What narrows an account of an API beside its role, and how its signed tokens are known.

use jiff::Timestamp;
use uuid::Uuid;

use crate::{Row, Store, StoreError, Unit, params, statement::statements};

/// The columns of a rule, in the order of [`read`].
macro_rules! columns {
    () => {
        "client, kinds, networks, issuer, audience, subject, keys, keys_url, keys_at, told_at, certificate"
    };
}

statements! {
    SET = "INSERT INTO client_rule (client, kinds, networks, issuer, audience, subject, keys, keys_url, keys_at, told_at, certificate, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, NULL, NULL, $9, $10) ON CONFLICT (client) DO UPDATE SET kinds = $2, networks = $3, issuer = $4, audience = $5, subject = $6, keys = $7, keys_url = $8, keys_at = NULL, certificate = $9, updated_at = $10";
    KEYS_READ = "UPDATE client_rule SET keys = $2, keys_at = $3 WHERE client = $1";
    TOLD = "UPDATE client_rule SET told_at = $2 WHERE client = $1";
    ENSURE = "INSERT INTO client_rule (client, kinds, networks, issuer, audience, subject, keys, keys_url, keys_at, told_at, updated_at) VALUES ($1, '[]', '[]', NULL, NULL, NULL, NULL, NULL, NULL, NULL, $2) ON CONFLICT (client) DO NOTHING";
    OF_CLIENT = (concat!("SELECT ", columns!(), " FROM client_rule WHERE client = $1"));
    ALL_RULES = (concat!("SELECT ", columns!(), " FROM client_rule ORDER BY client ASC NULLS LAST"));
    CERTIFIED = (concat!("SELECT ", columns!(), " FROM client_rule WHERE certificate = $1 OR certificate = $2 ORDER BY client ASC NULLS LAST"));
    SIGNED = (concat!("SELECT ", columns!(), " FROM client_rule WHERE issuer = $1 ORDER BY client ASC NULLS LAST"));
}

/// What narrows an account beside its role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientRule {
    /// The token that is the account.
    pub client: Uuid,
    /// JSON: kinds of resources it may use, `["Practitioner", "Location:read"]`; empty for all.
    pub kinds: String,
    /// JSON: networks it may come from, `["10.2.0.0/16"]`; empty for all.
    pub networks: String,
    /// Who signs its tokens (`iss`).
    pub issuer: Option<String>,
    /// For whom they must be (`aud`).
    pub audience: Option<String>,
    /// Whose they must be (`sub`).
    pub subject: Option<String>,
    /// The keys they are checked by: a JWK set, or a key in PEM.
    pub keys: Option<String>,
    /// Where the JWK set is read.
    pub keys_url: Option<String>,
    /// When it was read last.
    pub keys_at: Option<Timestamp>,
    /// When the administrators were told last that it fails.
    pub told_at: Option<Timestamp>,
    /// The certificate that it must show on an encrypted connection, and is known by: `sha256:…` or `subject:…`.
    pub certificate: Option<String>,
}

fn read(row: &Row) -> Result<ClientRule, StoreError> {
    Ok(ClientRule {
        client: row.get(0)?,
        kinds: row.get(1)?,
        networks: row.get(2)?,
        issuer: row.get(3)?,
        audience: row.get(4)?,
        subject: row.get(5)?,
        keys: row.get(6)?,
        keys_url: row.get(7)?,
        keys_at: row.get(8)?,
        told_at: row.get(9)?,
        certificate: row.get(10)?,
    })
}

impl Unit {
    /// Sets the rule of an account; keys that were read elsewhere are read anew.
    pub fn set_client_rule(&mut self, rule: &ClientRule, now: i64) -> &mut Self {
        self.one(
            &SET,
            params![
                rule.client,
                &rule.kinds,
                &rule.networks,
                rule.issuer.as_deref(),
                rule.audience.as_deref(),
                rule.subject.as_deref(),
                rule.keys.as_deref(),
                rule.keys_url.as_deref(),
                rule.certificate.as_deref(),
                now
            ],
        )
    }

    /// Keeps the keys of an account as they were read, at an instant in UTC microseconds.
    pub fn client_keys_read(&mut self, client: Uuid, keys: &str, at: i64) -> &mut Self {
        self.run(&KEYS_READ, params![client, keys, at])
    }

    /// Notes that administrators were told that an account fails.
    pub fn client_told(&mut self, client: Uuid, at: i64) -> &mut Self {
        self.run(&ENSURE, params![client, at]);
        self.run(&TOLD, params![client, at])
    }
}

impl Store {
    /// The rule of an account.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn client_rule(&self, client: Uuid) -> Result<Option<ClientRule>, StoreError> {
        self.first(&OF_CLIENT, params![client]).await?.as_ref().map(read).transpose()
    }

    /// All rules.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn client_rules(&self) -> Result<Vec<ClientRule>, StoreError> {
        self.query(&ALL_RULES, vec![]).await?.iter().map(read).collect()
    }

    /// The rules of accounts whose tokens an issuer signs.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn clients_signed_by(&self, issuer: &str) -> Result<Vec<ClientRule>, StoreError> {
        self.query(&SIGNED, params![issuer]).await?.iter().map(read).collect()
    }

    /// The rules of accounts that are known by one of two descriptions of a certificate, at most one for each.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn clients_certified_by(&self, sha256: &str, subject: &str) -> Result<Vec<ClientRule>, StoreError> {
        self.query(&CERTIFIED, params![sha256, subject]).await?.iter().map(read).collect()
    }
}
