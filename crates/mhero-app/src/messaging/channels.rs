//! Channels: adding, listing, and the carriers that their drivers build.

use std::{collections::BTreeMap, sync::Arc};

use mhero_core::{ChannelId, Right, record::Reason};
use mhero_store::{ChannelRow, Queue, Unit};

use crate::{
    App, AppError, Caller,
    ports::{Carrier, ChannelSettings},
};

/// A channel to be added.
#[derive(Clone)]
pub struct NewChannel {
    /// The driver's kind.
    pub kind: String,
    /// Its name.
    pub name: String,
    /// Settings by key.
    pub config: BTreeMap<String, String>,
}

/// A channel as listed; secrets stay where they are.
#[derive(Clone, Debug, PartialEq)]
pub struct Channel {
    /// Its id.
    pub id: ChannelId,
    /// Its name.
    pub name: String,
    /// The driver's kind.
    pub kind: String,
    /// The sender to show.
    pub sender: Option<String>,
    /// Parts a second; 0 is no limit.
    pub parts_per_second: f64,
    /// Whether it sends.
    pub active: bool,
}

/// What the sealed settings of a channel are bound to, beside its id.
pub(super) const SECRET: &str = "channel.secret";
/// Longest name of a channel, in characters.
const NAME_MAX: usize = 60;

impl App {
    /// Adds a channel. Messages that wait without one leave by the first active channel.
    ///
    /// # Errors
    /// [`AppError::Invalid`] for an unknown kind or key, a taken name, or settings that the driver refuses.
    pub async fn add_channel(&self, caller: &Caller, new: &NewChannel) -> Result<Channel, AppError> {
        caller.must(Right::Settings)?;
        let driver = self.driver(&new.kind).ok_or_else(|| {
            let known = self.driver_kinds().collect::<Vec<_>>().join(", ");
            AppError::invalid("channel-unknown-kind", [("kind", new.kind.clone()), ("known", known)])
        })?;
        let name = new.name.trim();
        if name.is_empty() || name.chars().count() > NAME_MAX {
            return Err(AppError::invalid("channel-name", [("max", NAME_MAX.to_string())]));
        }
        let keys = driver.keys();
        let common = ["sender", "rate"];
        for key in new.config.keys().filter(|key| !common.contains(&key.as_str())) {
            if !driver.takes_other_keys() && !keys.iter().any(|(known, _)| known == key) {
                let known = keys.iter().map(|(k, _)| *k).chain(common).collect::<Vec<_>>().join(", ");
                return Err(AppError::invalid("channel-unknown-key", [("key", key.clone()), ("known", known)]));
            }
        }
        let rate = new.config.get("rate").map_or("0", String::as_str);
        let parts_per_second = read_rate(rate)?;
        let id = self.store().mint().id(ChannelId::from_uuid);
        let settings = ChannelSettings { id, name: name.to_owned(), config: new.config.clone() };
        driver.build(self, &settings)?;
        let of_driver = |key: &str| keys.iter().find(|(known, _)| *known == key).map(|(_, is_secret)| *is_secret);
        let is_secret = |key: &str| !common.contains(&key) && of_driver(key).unwrap_or(true);
        let (secret, open): (BTreeMap<_, _>, BTreeMap<_, _>) =
            new.config.iter().map(|(k, v)| (k.as_str(), v.as_str())).partition(|(key, _)| is_secret(key));
        let json = |map: &BTreeMap<&str, &str>| serde_json::json!(map).to_string();
        let row = ChannelRow {
            id,
            name: name.to_owned(),
            kind: new.kind.clone(),
            config: json(&open),
            secret: if secret.is_empty() {
                None
            } else {
                Some(self.seal(SECRET, id.uuid(), json(&secret).as_bytes())?)
            },
            sender: new.config.get("sender").cloned(),
            parts_per_second,
            active: true,
        };
        let mut unit = Unit::new();
        unit.add_channel(&row, self.clock().now_micros());
        unit.audit(
            self.store(),
            &caller.entry("channel-added", "channel", Some(id.uuid()), serde_json::json!({ "kind": row.kind })),
        );
        self.store().write(unit, Queue::Interactive).await.map_err(|error| match error {
            mhero_store::StoreError::Exists { .. } => {
                AppError::invalid("channel-name-taken", [("name", name.to_owned())])
            }
            other => other.into(),
        })?;
        self.carriers().forget_rows();
        self.wake();
        Ok(listed(row))
    }

    /// All channels; the first active one is the default.
    ///
    /// # Errors
    /// Whatever the store reports.
    pub async fn channels(&self) -> Result<Vec<Channel>, AppError> {
        Ok(self.store().channels().await?.into_iter().map(listed).collect())
    }

    /// The channel of a name.
    ///
    /// # Errors
    /// [`AppError::NotFound`].
    pub async fn channel_named(&self, name: &str) -> Result<Channel, AppError> {
        let channels = self.channels().await?;
        channels.into_iter().find(|c| c.name == name).ok_or_else(|| AppError::not_found("channel", name))
    }

    /// Switches a channel on or off; what waits for it stays.
    ///
    /// # Errors
    /// [`AppError::NotAllowed`], and whatever the store reports.
    pub async fn switch_channel(&self, caller: &Caller, id: ChannelId, active: bool) -> Result<(), AppError> {
        caller.must(Right::Settings)?;
        let mut unit = Unit::new();
        unit.switch_channel(id, active);
        unit.audit(
            self.store(),
            &caller.entry("channel-switched", "channel", Some(id.uuid()), serde_json::json!({ "active": active })),
        );
        self.store().write(unit, Queue::Interactive).await?;
        self.carriers().forget_rows();
        self.wake();
        Ok(())
    }

    /// Whether a channel's settings are complete, its secrets open here, and its carrier had no trouble the last time. Nothing is
    /// sent, and nobody is called.
    ///
    /// # Errors
    /// [`AppError::NotFound`]; [`AppError::Invalid`] naming what its driver lacks or its carrier suffers.
    pub async fn check_channel(&self, id: ChannelId) -> Result<(), AppError> {
        let channels = self.store().channels().await?;
        let row = channels.iter().find(|row| row.id == id).ok_or_else(|| AppError::not_found("channel", id))?;
        match self.carrier(row)?.trouble() {
            Some(trouble) => Err(AppError::Invalid(trouble)),
            None => Ok(()),
        }
    }

    /// Looks whether a channel works, without sending anything. Remarks say what is not as it should be and keeps nothing from
    /// being sent.
    ///
    /// # Errors
    /// [`AppError::NotFound`]; [`AppError::Invalid`] naming what keeps messages from leaving.
    pub async fn test_channel(&self, id: ChannelId) -> Result<Vec<Reason>, AppError> {
        let channels = self.store().channels().await?;
        let row = channels.iter().find(|row| row.id == id).ok_or_else(|| AppError::not_found("channel", id))?;
        self.carrier(row)?.check().await.map_err(AppError::Invalid)
    }

    /// Builds the carrier of a channel by its driver.
    pub(super) fn build_carrier(&self, row: &ChannelRow) -> Result<Arc<dyn Carrier>, AppError> {
        let driver = self
            .driver(&row.kind)
            .ok_or_else(|| AppError::invalid("channel-unknown-kind", [("kind", row.kind.clone())]))?;
        let unreadable = |_| AppError::invalid("channel-unreadable", [("name", row.name.clone())]);
        let mut config: BTreeMap<String, String> = serde_json::from_str(&row.config).map_err(unreadable)?;
        if let Some(sealed) = &row.secret {
            let open = self.unseal(SECRET, row.id.uuid(), sealed)?;
            let secrets: BTreeMap<String, String> = serde_json::from_slice(&open).map_err(unreadable)?;
            config.extend(secrets);
        }
        driver.build(self, &ChannelSettings { id: row.id, name: row.name.clone(), config })
    }
}

/// Parts a second, as it was typed.
pub(super) fn read_rate(text: &str) -> Result<f64, AppError> {
    let rate = text.parse::<f64>().ok().filter(|rate| rate.is_finite() && *rate >= 0.0);
    rate.ok_or_else(|| AppError::invalid("channel-rate", [("value", text.to_owned())]))
}

pub(super) fn listed(row: ChannelRow) -> Channel {
    Channel {
        id: row.id,
        name: row.name,
        kind: row.kind,
        sender: row.sender,
        parts_per_second: row.parts_per_second,
        active: row.active,
    }
}
