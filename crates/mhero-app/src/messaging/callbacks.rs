//! What carriers call us with, made durable before they hear that it was taken.

use mhero_core::{ChannelId, Right};

use super::Received;
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
        let taken = self.carrier(&row).map_err(later)?.called(call)?;
        self.take_event(channel, &taken.event).await.map_err(|error| match error {
            AppError::Invalid(reason) if reason.key == "receive-no-sender" => {
                CallRefused::Unreadable("the sender is no phone number")
            }
            error => later(error),
        })?;
        Ok(taken)
    }

    async fn take_event(&self, channel: ChannelId, event: &CarrierEvent) -> Result<(), AppError> {
        match event {
            CarrierEvent::Received { carrier_id, from, text, .. } => {
                let received =
                    Received { channel, carrier_id: carrier_id.clone(), from: from.clone(), text: text.clone() };
                self.receive(&received).await.map(|_| ())
            }
            CarrierEvent::Report { carrier_id, report } => self.report(channel, carrier_id, report.clone()).await,
            CarrierEvent::ReportOn { submission, report } => self.report_on(channel, *submission, report).await,
            CarrierEvent::Left { submission } => self.report_left(channel, *submission).await,
            CarrierEvent::Nothing => Ok(()),
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
