//! What carriers call us with, made durable before they hear that it was taken.

use mhero_core::{ChannelId, Right};

use super::{MissedCall, Received};
use crate::{
    App, AppError, Caller,
    ports::{Call, CallRefused, CarrierEvent, Taken},
};

impl App {
    /// Takes what a carrier calls with. It may be told that it was taken only when this returns `Ok`.
    ///
    /// # Errors
    /// Why it was not taken. [`CallRefused::Later`] when it could not be made durable.
    pub async fn called(&self, route: &str, channel: ChannelId, call: &Call<'_>) -> Result<Taken, CallRefused> {
        let later = |error: AppError| {
            tracing::error!(%channel, %error, "a carrier's call could not be taken");
            CallRefused::Later
        };
        let row = self.channel_cached(channel).await.map_err(later)?.ok_or(CallRefused::Unknown)?;
        if self.driver(&row.kind).and_then(|driver| driver.route()) != Some(route) {
            return Err(CallRefused::Unknown);
        }
        let carrier = self.carrier(&row).map_err(later)?;
        let taken = carrier.called(call)?;
        if let [CarrierEvent::Dialled(dialled)] = taken.events.as_slice() {
            return match self.dialled(channel, dialled).await {
                Ok(screen) => Ok(carrier.screen(&screen)),
                Err(AppError::Invalid(reason)) if reason.key == "receive-no-sender" => {
                    Err(CallRefused::Unreadable("the sender is no phone number"))
                }
                Err(AppError::Invalid(reason)) if reason.key == "ussd-session" => {
                    Err(CallRefused::Unreadable("the id of the dialogue is too long"))
                }
                Err(error) => Err(later(error)),
            };
        }
        for event in &taken.events {
            match self.take_event(channel, event).await {
                Ok(()) => {}
                Err(AppError::Invalid(reason)) if reason.key == "receive-no-sender" => {
                    // One of many is left out, for it would bring the others back for ever.
                    if taken.events.len() == 1 {
                        return Err(CallRefused::Unreadable("the sender is no phone number"));
                    }
                    tracing::warn!(%channel, "one text of a carrier's call has no sender that can be read");
                }
                Err(error) => return Err(later(error)),
            }
        }
        Ok(taken)
    }

    pub(super) async fn take_event(&self, channel: ChannelId, event: &CarrierEvent) -> Result<(), AppError> {
        match event {
            CarrierEvent::Received { carrier_id, from, text, at } => {
                let received =
                    Received { channel, carrier_id: carrier_id.clone(), from: from.clone(), text: text.clone() };
                self.receive_said(&received, *at).await.map(|_| ())
            }
            CarrierEvent::Report { carrier_id, report } => self.report(channel, carrier_id, report.clone()).await,
            CarrierEvent::ReceivedPiece { from, piece } => self.receive_piece(channel, from, piece).await,
            CarrierEvent::TakenLate { submission, carrier_id } => {
                self.taken_late(channel, *submission, carrier_id.as_deref()).await
            }
            CarrierEvent::ReportSpelt { carrier_ids, numbers, report } => {
                self.report_spelt(channel, carrier_ids, numbers, report).await
            }
            CarrierEvent::ReportOn { submission, report } => self.report_on(channel, *submission, report).await,
            CarrierEvent::Left { submission } => self.report_left(channel, *submission).await,
            CarrierEvent::Stopped { from } => self.stopped_by_carrier(channel, from).await,
            CarrierEvent::Chat { carrier_id, from, text } => {
                self.receive_chat(channel, (carrier_id.as_deref(), from), text).await.map(|_| ())
            }
            CarrierEvent::Began { from } => self.chat_began(channel, from).await,
            CarrierEvent::Proved { from, phone } => self.number_proved(channel, from, phone).await,
            CarrierEvent::MissedCall { carrier_id, from } => {
                let call = MissedCall { channel, carrier_id: carrier_id.clone(), from: from.clone() };
                self.missed_call(&call).await.map(|_| ())
            }
            // Whoever dialled waits for a screen, which only `called` gives.
            CarrierEvent::Dialled(_) | CarrierEvent::Nothing => Ok(()),
        }
    }

    /// The addresses that the carrier of a channel is to call, by the name of each in its own manual. They hold the channel's
    /// secret.
    ///
    /// # Errors
    /// [`AppError::NotAllowed`]; [`AppError::NotFound`]; [`AppError::Invalid`] naming what the driver lacks.
    pub async fn channel_addresses(
        &self,
        caller: &Caller,
        id: ChannelId,
    ) -> Result<Vec<(&'static str, String)>, AppError> {
        caller.must(Right::Settings)?;
        let row = self.channel_cached(id).await?.ok_or_else(|| AppError::not_found("channel", id))?;
        Ok(self.carrier(&row)?.addresses())
    }
}
