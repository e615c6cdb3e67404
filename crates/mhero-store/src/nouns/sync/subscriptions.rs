//! What we asked registries to tell us of at once.

use mhero_core::SourceId;

use crate::{Row, Store, StoreError, Unit, params, statement::statements};

statements! {
    OF_SOURCE = "SELECT source, kind, ext_id, state, reason, made_at, looked_at FROM source_subscription WHERE source = $1 ORDER BY kind ASC NULLS LAST";
    SET = "INSERT INTO source_subscription (source, kind, ext_id, state, reason, made_at, looked_at) VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (source, kind) DO UPDATE SET ext_id = $3, state = $4, reason = $5, made_at = $6, looked_at = $7";
    DROP = "DELETE FROM source_subscription WHERE source = $1 AND kind = $2";
}

/// A subscription at a registry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubscriptionRow {
    /// The source.
    pub source: SourceId,
    /// The kind of records that it tells of.
    pub kind: String,
    /// Its id there; empty where it could not be made.
    pub ext_id: String,
    /// `asked`, `active`, `error`, `off`.
    pub state: String,
    /// What is wrong, as a reason in JSON; empty where nothing is.
    pub reason: String,
    /// When it was made, in UTC microseconds.
    pub made_at: i64,
    /// When we looked at it last, in UTC microseconds.
    pub looked_at: i64,
}

impl SubscriptionRow {
    fn read(row: &Row) -> Result<Self, StoreError> {
        Ok(Self {
            source: row.get(0)?,
            kind: row.get(1)?,
            ext_id: row.get(2)?,
            state: row.get(3)?,
            reason: row.get(4)?,
            made_at: row.get(5)?,
            looked_at: row.get(6)?,
        })
    }
}

impl Unit {
    /// Keeps how a subscription stands.
    pub fn set_subscription(&mut self, s: &SubscriptionRow) -> &mut Self {
        self.run(&SET, params![s.source, &s.kind, &s.ext_id, &s.state, &s.reason, s.made_at, s.looked_at])
    }

    /// Forgets a subscription.
    pub fn drop_subscription(&mut self, source: SourceId, kind: &str) -> &mut Self {
        self.run(&DROP, params![source, kind])
    }
}

impl Store {
    /// What a registry was asked to tell us of.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn subscriptions(&self, source: SourceId) -> Result<Vec<SubscriptionRow>, StoreError> {
        self.query(&OF_SOURCE, params![source]).await?.iter().map(SubscriptionRow::read).collect()
    }
}
