//! Channels that reach nobody by a phone number alone: those whose phones must dial first, and those of other addresses. What waits
//! for them goes where it can.

use mhero_core::{ChannelId, Lane, MessageId, MessageState, Urn};
use mhero_store::{ChannelRow, Claim, Queue, Ready, Unit};

use super::deliver::Lanes;
use crate::{App, AppError, ports::Reach};

/// Messages looked at in one pass.
const LOOK_MAX: i64 = 200;

impl App {
    /// Whom a channel reaches by itself.
    pub(crate) fn reached_by(&self, row: &ChannelRow) -> Reach {
        self.driver(&row.kind).map_or(Reach::Phones, |driver| driver.reach())
    }

    /// The channel of what names none: the first that is on and reaches phones.
    pub(crate) fn default_channel(&self, rows: &[ChannelRow]) -> Option<ChannelId> {
        rows.iter().find(|row| self.reaches_phones(row)).map(|row| row.id)
    }

    /// Whether a channel is on and carries SMS to phones by itself.
    pub(crate) fn reaches_phones(&self, row: &ChannelRow) -> bool {
        let is_chat = self.driver(&row.kind).is_some_and(|driver| driver.chat().is_some());
        row.active && !is_chat && self.reached_by(row) == Reach::Phones
    }

    /// Whether a channel carries what names none.
    ///
    /// # Errors
    /// Whatever the store reports.
    pub async fn is_default_channel(&self, id: ChannelId) -> Result<bool, AppError> {
        Ok(self.default_channel(&self.store().channels().await?) == Some(id))
    }

    /// Gives messages that wait for the screen of a phone which shows none to a channel of SMS. Returns how many.
    pub(crate) async fn screens_to_sms(&self, row: &ChannelRow) -> Result<usize, AppError> {
        if self.channel_lease(row).await?.is_none() {
            return Ok(0);
        }
        let ready = self.ready_for(row.id, (Lane::Alert, Lane::Bulk)).await?;
        if ready.is_empty() {
            return Ok(0);
        }
        let held = self.store().held_for_screens(row.id, self.clock().now_micros()).await?;
        let sms = self.sms_beside(row).await?;
        let mut unit = Unit::new();
        for one in ready.iter().filter(|one| !held.contains(&one.path)) {
            unit.from_screen_to_sms(one.message, row.id, sms);
        }
        if unit.is_empty() {
            return Ok(0);
        }
        let done = self.store().write(unit, Queue::Interactive).await?;
        let moved = done.rows.iter().filter(|rows| **rows > 0).count();
        if moved > 0 {
            self.wake();
        }
        Ok(moved)
    }

    /// The channel of SMS that a channel of screens names in its setting `sms`.
    async fn sms_beside(&self, row: &ChannelRow) -> Result<Option<ChannelId>, AppError> {
        let config: serde_json::Value = serde_json::from_str(&row.config).unwrap_or_default();
        let Some(name) = config["sms"].as_str().map(str::trim).filter(|name| !name.is_empty()) else { return Ok(None) };
        let rows = self.store().channels().await?;
        let named = rows.iter().find(|known| known.name == name && known.id != row.id);
        Ok(named.filter(|known| self.reached_by(known) == Reach::Phones).map(|known| known.id))
    }

    /// Gives messages to phone numbers, which this channel can't carry to, the person's own address that it can. Those of people
    /// who have none fail. Returns how many were looked at.
    pub(crate) async fn readdress(&self, row: &ChannelRow, scheme: &str, lanes: Lanes) -> Result<usize, AppError> {
        let mut done = 0;
        for ready in self.ready_for(row.id, lanes.range()).await? {
            if ready.scheme != Urn::TEL {
                continue;
            }
            done += 1;
            match self.store().address_of(ready.person, scheme).await? {
                Some(path) => {
                    let mut unit = Unit::new();
                    unit.readdress(ready.message, scheme, &path);
                    match self.store().write(unit, Queue::Interactive).await {
                        // It was taken back meanwhile.
                        Err(error) if error.is_decide_again() => {}
                        other => drop(other?),
                    }
                }
                None => self.give_up(&ready, MessageState::Failed, "no-address").await?,
            }
        }
        Ok(done)
    }

    /// The title of the broadcast that a message is of; `None` for every other message.
    ///
    /// # Errors
    /// Whatever the store reports.
    pub async fn title_of(&self, message: MessageId) -> Result<Option<String>, AppError> {
        Ok(self.store().title_of(message).await?)
    }

    async fn ready_for(&self, channel: ChannelId, (from, to): (Lane, Lane)) -> Result<Vec<Ready>, AppError> {
        let now = self.clock().now_micros();
        let claim = Claim { from, to, now, channel, is_default: false, exempt_only: false, limit: LOOK_MAX };
        Ok(self.store().ready_to_leave(&claim, self.next_turn()).await?)
    }
}
