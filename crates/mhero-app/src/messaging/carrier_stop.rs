//! People who told the carrier, not us, that they want nothing more: an aggregator keeps such lists, and so do operators. Here it
//! counts as STOP for everything, and the audit log says from which channel it came.

use mhero_core::{ChannelId, Urn};
use mhero_store::{Queue, Unit};
use serde_json::json;

use super::receive::no_sender;
use crate::{App, AppError, Caller};

impl App {
    /// Takes from a carrier that a phone wants nothing more.
    pub(super) async fn stopped_by_carrier(&self, channel: ChannelId, from: &str) -> Result<(), AppError> {
        let path = self.numbering_cached().await?.inbound(from).ok_or_else(|| no_sender(from))?;
        self.stop_number(channel, (Urn::TEL, &path)).await
    }

    /// Stops everything to a number that has stopped us at the carrier. One that is stopped already stays as it is, so that
    /// carriers may say it again.
    pub(super) async fn stop_number(&self, channel: ChannelId, number: (&str, &str)) -> Result<(), AppError> {
        self.store().decide(|| self.write_stop(channel, number)).await
    }

    async fn write_stop(&self, channel: ChannelId, number: (&str, &str)) -> Result<(), AppError> {
        if self.store().stopped_since(number.0, number.1).await?.is_some() {
            return Ok(());
        }
        let (mut unit, now) = (Unit::new(), self.clock().now_micros());
        unit.stop(number, "", None, now);
        unit.cancel_waiting(number.0, number.1, now);
        self.interrupt_all(&mut unit, number).await?;
        let caller = Caller::system();
        let facts = || json!({ "channel": channel });
        let holders = self.store().holders(number.0, number.1).await?;
        for holder in &holders {
            let about = Some(holder.person.uuid());
            unit.audit(self.store(), &caller.entry("stopped-by-carrier", "person", about, facts()));
        }
        if holders.is_empty() {
            let about = Some(channel.uuid());
            unit.audit(self.store(), &caller.entry("stopped-by-carrier", "channel", about, facts()));
        }
        self.store().write(unit, Queue::Interactive).await?;
        tracing::info!(%channel, "a phone has stopped us at the carrier: nothing more is sent to it");
        Ok(())
    }
}
