//! Codes by which workers ask whether a message is true, and what they asked.

use mhero_core::MessageId;
use uuid::Uuid;

use crate::{Row, Store, StoreError, Unit, params, statement::statements};

statements! {
    ADD = "INSERT INTO trust_code (code, kind, about, made_at) VALUES ($1, $2, $3, $4)";
    GET = "SELECT code, kind, about, made_at FROM trust_code WHERE code = $1";
    OF = "SELECT code, kind, about, made_at FROM trust_code WHERE about = $1";
    ASKED = "INSERT INTO trust_asked (id, path, code, about, message, heard_at) VALUES ($1, $2, $3, $4, $5, $6)";
    UNKNOWN_OF = "SELECT CAST(COUNT(*) AS BIGINT) FROM trust_asked WHERE path = $1 AND heard_at > $2 AND about IS NULL AND code <> ''";
    ASKED_ABOUT = "SELECT CAST(COUNT(*) AS BIGINT) FROM trust_asked WHERE about = $1";
    /// Codes that are none of ours, with how many phones asked and when last.
    UNKNOWN = "SELECT code, CAST(COUNT(DISTINCT path) AS BIGINT), CAST(MAX(heard_at) AS BIGINT) FROM trust_asked WHERE about IS NULL AND heard_at > $1 GROUP BY code ORDER BY 3 DESC NULLS LAST LIMIT $2";
    WAS_SENT = "SELECT 1 FROM message WHERE path = $1 AND broadcast = $2 AND direction = 'out' LIMIT 1";
}

/// A code and what it belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrustCode {
    /// The code.
    pub code: String,
    /// `broadcast`, `start`, `campaign`.
    pub kind: String,
    /// What it belongs to.
    pub about: Uuid,
    /// Since when, in UTC microseconds.
    pub made_at: i64,
}

impl TrustCode {
    fn read(row: &Row) -> Result<Self, StoreError> {
        Ok(Self { code: row.get(0)?, kind: row.get(1)?, about: row.get(2)?, made_at: row.get(3)? })
    }
}

/// A code that is none of ours and that workers asked about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownCode {
    /// As typed; empty for messages that workers told of without a code.
    pub code: String,
    /// Phones that asked.
    pub phones: i64,
    /// When the last one did, in UTC microseconds.
    pub last_at: i64,
}

impl Unit {
    /// Gives something its code; [`StoreError::Exists`] when the code is taken.
    pub fn add_trust_code(&mut self, code: &TrustCode) -> &mut Self {
        self.one(&ADD, params![&code.code, &code.kind, code.about, code.made_at])
    }

    /// Notes what a phone asked about, or that it told of a false message (an empty code).
    pub fn trust_asked(
        &mut self,
        id: Uuid,
        path: &str,
        code: &str,
        about: Option<Uuid>,
        heard: (MessageId, i64),
    ) -> &mut Self {
        self.one(&ASKED, params![id, path, code, about, heard.0, heard.1])
    }
}

impl Store {
    /// What a code belongs to.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn trust_code(&self, code: &str) -> Result<Option<TrustCode>, StoreError> {
        self.first(&GET, params![code]).await?.map(|row| TrustCode::read(&row)).transpose()
    }

    /// The code of something.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn trust_code_of(&self, about: Uuid) -> Result<Option<TrustCode>, StoreError> {
        self.first(&OF, params![about]).await?.map(|row| TrustCode::read(&row)).transpose()
    }

    /// How many codes that are none of ours a phone has asked about since an instant.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn unknown_codes_of(&self, path: &str, since: i64) -> Result<i64, StoreError> {
        self.first(&UNKNOWN_OF, params![path, since]).await?.map_or(Ok(0), |row| row.get(0))
    }

    /// How often workers asked whether something is true.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn asked_about(&self, about: Uuid) -> Result<i64, StoreError> {
        self.first(&ASKED_ABOUT, params![about]).await?.map_or(Ok(0), |row| row.get(0))
    }

    /// Codes that are none of ours since an instant, the last one asked about first.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn unknown_codes(&self, since: i64, limit: i64) -> Result<Vec<UnknownCode>, StoreError> {
        let read = |row: &Row| Ok(UnknownCode { code: row.get(0)?, phones: row.get(1)?, last_at: row.get(2)? });
        self.query(&UNKNOWN, params![since, limit]).await?.iter().map(read).collect()
    }

    /// Whether a broadcast went to a number.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn was_broadcast_to(&self, path: &str, broadcast: Uuid) -> Result<bool, StoreError> {
        Ok(self.first(&WAS_SENT, params![path, broadcast]).await?.is_some())
    }
}
