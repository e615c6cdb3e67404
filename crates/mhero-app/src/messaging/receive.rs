//! Accepting a text from a carrier: once this answers, the text is on disk.

use jiff::Timestamp;
use mhero_core::{ChannelId, IntakeId, Urn, limits::INBOUND_CHARS_MAX};
use mhero_store::IntakeRow;

use crate::{App, AppError};

/// A text that a carrier hands us.
#[derive(Clone)]
pub struct Received {
    /// By which channel.
    pub channel: ChannelId,
    /// The carrier's own id, where it gives one: it decides what is a duplicate.
    pub carrier_id: Option<String>,
    /// The sender as the carrier writes it.
    pub from: String,
    /// What was written.
    pub text: String,
}

impl std::fmt::Debug for Received {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Received").field("channel", &self.channel).finish_non_exhaustive()
    }
}

/// What became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Accepted {
    /// It is on disk and will be handled.
    New(IntakeId),
    /// The carrier has given this one before; it is on disk already.
    Known,
}

impl App {
    /// Accepts a text from a carrier. The carrier may be told "accepted" only when this returns `Ok`.
    ///
    /// # Errors
    /// [`AppError::Invalid`] for a sender that can't be one; [`AppError::Store`] when it could not be made durable, then the
    /// carrier must be told to try again.
    pub async fn receive(&self, received: &Received) -> Result<Accepted, AppError> {
        let numbering = self.numbering_cached().await?;
        let path = numbering.inbound(&received.from).ok_or_else(|| {
            AppError::invalid("receive-no-sender", [("length", received.from.chars().count().to_string())])
        })?;
        let text: String = received.text.chars().filter(|c| *c != '\0').take(INBOUND_CHARS_MAX).collect();
        let carrier_id = received.carrier_id.as_ref().map(|id| id.chars().filter(|c| *c != '\0').take(200).collect());
        let row = IntakeRow {
            id: self.store().mint().id(IntakeId::from_uuid),
            channel: received.channel,
            carrier_id,
            scheme: Urn::TEL.to_owned(),
            path,
            text,
            received_at: Timestamp::as_microsecond(self.clock().now()),
            attempt: 0,
        };
        let new = self.store().add_intake(&row).await?;
        self.wake();
        Ok(if new { Accepted::New(row.id) } else { Accepted::Known })
    }
}
