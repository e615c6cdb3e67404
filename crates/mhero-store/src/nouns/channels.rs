//! Channels: one way each to reach phones.

use std::collections::HashMap;

use mhero_core::ChannelId;

use crate::{Row, Store, StoreError, Unit, params, statement::statements};

statements! {
    ADD = "INSERT INTO channel (id, name, kind, config, secret, sender, parts_per_second, active, created_at, version) VALUES ($1, $2, $3, $4, $5, $6, $7, TRUE, $8, 1)";
    LIST = "SELECT id, name, kind, config, secret, sender, parts_per_second, active FROM channel ORDER BY created_at ASC NULLS LAST, id ASC NULLS LAST";
    SWITCH = "UPDATE channel SET active = $2, version = version + 1 WHERE id = $1";
    VERSION = "SELECT version FROM channel WHERE id = $1";
    SET = "UPDATE channel SET config = $3, secret = $4, sender = $5, parts_per_second = $6, version = version + 1 WHERE id = $1 AND version = $2";
    QUEUES = "SELECT channel, CAST(COUNT(*) AS BIGINT), CAST(MIN(created_at) AS BIGINT) FROM outbox WHERE NOT held GROUP BY channel";
    /// Ids are in the order of time: the last ones are read, however many there are, so that a page costs the same for ever.
    LATELY_SENT = "SELECT s.channel, CAST(MAX(s.submitted_at) AS BIGINT) FROM (SELECT channel, state, submitted_at FROM submission ORDER BY id DESC NULLS LAST LIMIT 5000) AS s WHERE s.state IN ('accepted', 'delivered', 'failed', 'uncertain') GROUP BY s.channel";
    LATELY_HEARD = "SELECT m.channel, CAST(MAX(m.created_at) AS BIGINT) FROM (SELECT channel, direction, created_at FROM message ORDER BY id DESC NULLS LAST LIMIT 5000) AS m WHERE m.direction = 'in' AND m.channel IS NOT NULL GROUP BY m.channel";
}

/// A channel as stored.
#[derive(Clone, PartialEq)]
pub struct ChannelRow {
    /// Its id.
    pub id: ChannelId,
    /// Its name.
    pub name: String,
    /// The driver's kind.
    pub kind: String,
    /// Settings that are no secrets, JSON.
    pub config: String,
    /// Secret settings, sealed.
    pub secret: Option<Vec<u8>>,
    /// The sender to show.
    pub sender: Option<String>,
    /// Parts a second; 0 is no limit.
    pub parts_per_second: f64,
    /// Whether it sends.
    pub active: bool,
}

impl std::fmt::Debug for ChannelRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ChannelRow").field("id", &self.id).field("kind", &self.kind).finish_non_exhaustive()
    }
}

impl ChannelRow {
    fn read(row: &Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.get(0)?,
            name: row.get(1)?,
            kind: row.get(2)?,
            config: row.get(3)?,
            secret: row.get(4)?,
            sender: row.get(5)?,
            parts_per_second: row.get(6)?,
            active: row.get(7)?,
        })
    }
}

impl Unit {
    /// Adds a channel.
    pub fn add_channel(&mut self, channel: &ChannelRow, now: i64) -> &mut Self {
        self.one(
            &ADD,
            params![
                channel.id,
                &channel.name,
                &channel.kind,
                &channel.config,
                channel.secret.clone(),
                channel.sender.clone(),
                channel.parts_per_second,
                now
            ],
        )
    }

    /// Writes the settings of a channel; the unit fails when somebody else has changed it since `version` was read.
    pub fn set_channel(&mut self, channel: &ChannelRow, version: i64) -> &mut Self {
        let ChannelRow { id, config, secret, sender, parts_per_second, .. } = channel;
        self.one(&SET, params![*id, version, config, secret.clone(), sender.clone(), *parts_per_second])
    }

    /// Switches a channel on or off. What waits for it stays in the outbox.
    pub fn switch_channel(&mut self, id: ChannelId, active: bool) -> &mut Self {
        self.one(&SWITCH, params![id, active])
    }
}

/// What a channel has done lately.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ChannelTraffic {
    /// Messages that wait for it.
    pub waiting: i64,
    /// Since when the first of them does, in UTC microseconds.
    pub waiting_since: Option<i64>,
    /// When something last left by it; `None` where that is long ago.
    pub sent_at: Option<i64>,
    /// When a text last came by it.
    pub heard_at: Option<i64>,
}

impl Store {
    /// How often a channel was changed, for guards.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn channel_version(&self, id: ChannelId) -> Result<Option<i64>, StoreError> {
        self.first(&VERSION, params![id]).await?.map(|row| row.get(0)).transpose()
    }

    /// What each channel has done lately. What waits for whichever channel is the default stands under `None`.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn channel_traffic(&self) -> Result<HashMap<Option<ChannelId>, ChannelTraffic>, StoreError> {
        let mut all: HashMap<Option<ChannelId>, ChannelTraffic> = HashMap::new();
        for row in self.query(&QUEUES, vec![]).await? {
            let of = all.entry(row.get(0)?).or_default();
            (of.waiting, of.waiting_since) = (row.get(1)?, row.get(2)?);
        }
        for row in self.query(&LATELY_SENT, vec![]).await? {
            all.entry(row.get(0)?).or_default().sent_at = row.get(1)?;
        }
        for row in self.query(&LATELY_HEARD, vec![]).await? {
            all.entry(row.get(0)?).or_default().heard_at = row.get(1)?;
        }
        Ok(all)
    }

    /// All channels, oldest first. The first active one is the default.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn channels(&self) -> Result<Vec<ChannelRow>, StoreError> {
        self.query(&LIST, vec![]).await?.iter().map(ChannelRow::read).collect()
    }
}
