//! Channels as an administrator keeps them: their settings changed, and what they have done lately.

use std::{collections::BTreeMap, collections::HashMap};

use mhero_core::{ChannelId, Right, record::Reason};
use mhero_store::{ChannelRow, ChannelTraffic, Queue, Unit};

use super::channels::{Channel, SECRET, listed, read_rate};
use crate::{App, AppError, Caller, ports::ChannelSettings};

/// Settings that go with every kind and stand beside the driver's own.
const COMMON: [&str; 2] = ["sender", "rate"];

impl App {
    /// The settings of a channel that are no secrets, with `sender` and `rate`; and the keys of the secrets that are set.
    ///
    /// # Errors
    /// [`AppError::NotAllowed`]; [`AppError::NotFound`]; [`AppError::Invalid`] where they can't be read.
    pub async fn channel_settings(
        &self,
        caller: &Caller,
        id: ChannelId,
    ) -> Result<(BTreeMap<String, String>, Vec<String>), AppError> {
        caller.must(Right::Settings)?;
        let row = self.channel_row(id).await?;
        let mut open = read(&row)?;
        // With another key the page still shows the rest, and new secrets can be given.
        let secrets = self.secrets_of(&row).map(|secrets| secrets.into_keys().collect()).unwrap_or_default();
        open.extend(row.sender.map(|sender| ("sender".to_owned(), sender)));
        open.insert("rate".to_owned(), row.parts_per_second.to_string());
        Ok((open, secrets))
    }

    /// Changes settings of a channel: those that are named, an empty value takes one away. What waits leaves with the new ones;
    /// its carrier is built anew, and a line that it holds is made again.
    ///
    /// # Errors
    /// [`AppError::NotFound`]; [`AppError::Invalid`] for an unknown key, or settings that the driver refuses: then nothing changes.
    pub async fn change_channel(
        &self,
        caller: &Caller,
        id: ChannelId,
        change: &[(String, String)],
    ) -> Result<Channel, AppError> {
        caller.must(Right::Settings)?;
        let changed = self.store().decide(|| self.try_changing(caller, id, change)).await?;
        self.carriers().forget_rows();
        self.wake();
        Ok(changed)
    }

    async fn try_changing(
        &self,
        caller: &Caller,
        id: ChannelId,
        change: &[(String, String)],
    ) -> Result<Channel, AppError> {
        let version = self.store().channel_version(id).await?.ok_or_else(|| AppError::not_found("channel", id))?;
        let mut row = self.channel_row(id).await?;
        let driver = self
            .driver(&row.kind)
            .ok_or_else(|| AppError::invalid("channel-unknown-kind", [("kind", row.kind.clone())]))?;
        let keys = driver.keys();
        let is_secret =
            |key: &str| keys.iter().find(|(known, _)| *known == key).is_none_or(|(_, is_secret)| *is_secret);
        let (mut open, secrets) = (read(&row)?, self.secrets_of(&row));
        // Where the old secrets open no more, the new ones take their place whole.
        let mut secrets = secrets.unwrap_or_default();
        for (key, value) in change {
            let is_known = keys.iter().any(|(known, _)| known == key) || COMMON.contains(&key.as_str());
            if !is_known && !driver.takes_other_keys() {
                let known = keys.iter().map(|(k, _)| *k).chain(COMMON).collect::<Vec<_>>().join(", ");
                return Err(AppError::invalid("channel-unknown-key", [("key", key.clone()), ("known", known)]));
            }
            let value = value.trim();
            match key.as_str() {
                "sender" => row.sender = Some(value.to_owned()).filter(|sender| !sender.is_empty()),
                "rate" => row.parts_per_second = read_rate(if value.is_empty() { "0" } else { value })?,
                _ => {
                    let map = if is_secret(key) { &mut secrets } else { &mut open };
                    if value.is_empty() {
                        map.remove(key)
                    } else {
                        map.insert(key.clone(), value.to_owned())
                    };
                }
            }
        }
        let mut config = open.clone();
        config.extend(secrets.clone());
        driver.build(self, &ChannelSettings { id, name: row.name.clone(), config })?;
        row.config = serde_json::json!(open).to_string();
        row.secret = match secrets.is_empty() {
            true => None,
            false => Some(self.seal(SECRET, id.uuid(), serde_json::json!(secrets).to_string().as_bytes())?),
        };
        let mut unit = Unit::new();
        unit.set_channel(&row, version);
        // Which settings, never their values: some are secrets.
        let names: Vec<&str> = change.iter().map(|(key, _)| key.as_str()).collect();
        let facts = serde_json::json!({ "keys": names });
        unit.audit(self.store(), &caller.entry("channel-changed", "channel", Some(id.uuid()), facts));
        self.store().write(unit, Queue::Interactive).await?;
        Ok(listed(row))
    }

    /// What each channel has done lately, and what waits for it. What has no channel of its own counts for the first that is on.
    ///
    /// # Errors
    /// [`AppError::NotAllowed`], and whatever the store reports.
    pub async fn channel_traffic(&self, caller: &Caller) -> Result<HashMap<ChannelId, ChannelTraffic>, AppError> {
        caller.must(Right::Settings)?;
        let mut all = self.store().channel_traffic().await?;
        let unbound = all.remove(&None).unwrap_or_default();
        let mut traffic: HashMap<ChannelId, ChannelTraffic> =
            all.into_iter().filter_map(|(id, traffic)| Some((id?, traffic))).collect();
        if let Some(first) = self.default_channel(&self.store().channels().await?) {
            let first = traffic.entry(first).or_default();
            first.waiting += unbound.waiting;
            first.waiting_since = first.waiting_since.into_iter().chain(unbound.waiting_since).min();
        }
        Ok(traffic)
    }

    /// What an administrator should know about a channel just now beside its trouble.
    ///
    /// # Errors
    /// [`AppError::NotFound`]; [`AppError::Invalid`] naming what its driver lacks.
    pub async fn channel_facts(&self, id: ChannelId) -> Result<Vec<Reason>, AppError> {
        let row = self.channel_row(id).await?;
        Ok(self.carrier(&row)?.facts().await)
    }

    pub(super) async fn channel_row(&self, id: ChannelId) -> Result<ChannelRow, AppError> {
        let rows = self.store().channels().await?;
        rows.into_iter().find(|row| row.id == id).ok_or_else(|| AppError::not_found("channel", id))
    }

    fn secrets_of(&self, row: &ChannelRow) -> Result<BTreeMap<String, String>, AppError> {
        let Some(sealed) = &row.secret else { return Ok(BTreeMap::new()) };
        let open = self.unseal(SECRET, row.id.uuid(), sealed)?;
        serde_json::from_slice(&open).map_err(|_| unreadable(row))
    }
}

fn read(row: &ChannelRow) -> Result<BTreeMap<String, String>, AppError> {
    serde_json::from_str(&row.config).map_err(|_| unreadable(row))
}

fn unreadable(row: &ChannelRow) -> AppError {
    AppError::invalid("channel-unreadable", [("name", row.name.clone())])
}
