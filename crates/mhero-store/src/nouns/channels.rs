//! Channels: one way each to reach phones.

use mhero_core::ChannelId;

use crate::{Row, Store, StoreError, Unit, params, statement::statements};

statements! {
    ADD = "INSERT INTO channel (id, name, kind, config, secret, sender, parts_per_second, active, created_at, version) VALUES ($1, $2, $3, $4, $5, $6, $7, TRUE, $8, 1)";
    LIST = "SELECT id, name, kind, config, secret, sender, parts_per_second, active FROM channel ORDER BY created_at ASC NULLS LAST, id ASC NULLS LAST";
    SWITCH = "UPDATE channel SET active = $2, version = version + 1 WHERE id = $1";
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

    /// Switches a channel on or off. What waits for it stays in the outbox.
    pub fn switch_channel(&mut self, id: ChannelId, active: bool) -> &mut Self {
        self.one(&SWITCH, params![id, active])
    }
}

impl Store {
    /// All channels, oldest first. The first active one is the default.
    ///
    /// # Errors
    /// Whatever the engine reports.
    pub async fn channels(&self) -> Result<Vec<ChannelRow>, StoreError> {
        self.query(&LIST, vec![]).await?.iter().map(ChannelRow::read).collect()
    }
}
