//! Accepting a text from a carrier: once this answers, the text is on disk.

use jiff::Timestamp;
use mhero_core::{ChannelId, IntakeId, Urn, limits::INBOUND_CHARS_MAX};
use mhero_store::IntakeRow;

use crate::{App, AppError, delivery_rules};

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
        self.receive_said(received, None).await
    }

    /// The same, with when the text was written as phone or operator say; it is kept beside the time at which it came.
    ///
    /// # Errors
    /// Those of [`App::receive`].
    pub async fn receive_said(&self, received: &Received, at: Option<Timestamp>) -> Result<Accepted, AppError> {
        let numbering = self.numbering_cached().await?;
        let path = numbering.inbound(&received.from).ok_or_else(|| no_sender(&received.from))?;
        let from = (received.carrier_id.as_deref(), Urn::TEL, path.as_str());
        self.accept(received.channel, from, &received.text, at).await
    }

    /// Accepts a text from a chat, as [`App::receive`] does one from a phone.
    pub(super) async fn receive_chat(
        &self,
        channel: ChannelId,
        (carrier_id, from): (Option<&str>, &Urn),
        text: &str,
    ) -> Result<Accepted, AppError> {
        self.accept(channel, (carrier_id, from.scheme(), from.path()), text, None).await
    }

    async fn accept(
        &self,
        channel: ChannelId,
        (carrier_id, scheme, path): (Option<&str>, &str, &str),
        text: &str,
        said: Option<Timestamp>,
    ) -> Result<Accepted, AppError> {
        let text: String = text.chars().filter(|c| *c != '\0').take(INBOUND_CHARS_MAX).collect();
        let carrier_id = carrier_id.map(|id| id.chars().filter(|c| *c != '\0').take(200).collect());
        let now = self.clock().now();
        let row = IntakeRow {
            id: self.store().mint().id(IntakeId::from_uuid),
            channel,
            carrier_id,
            scheme: scheme.to_owned(),
            path: path.to_owned(),
            text,
            received_at: now.as_microsecond(),
            attempt: 0,
        };
        let said = said.map(|at| delivery_rules::said(at, now));
        let new = self.store().add_intake_said(&row, said).await?;
        self.wake_intake();
        Ok(if new { Accepted::New(row.id) } else { Accepted::Known })
    }
}

/// A sender that can't be one, without saying which.
pub(super) fn no_sender(from: &str) -> AppError {
    AppError::invalid("receive-no-sender", [("length", from.chars().count().to_string())])
}
