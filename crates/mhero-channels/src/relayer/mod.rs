//! A phone with a SIM card and the Android app as a channel.
//!
//! ```text
//! mhero channel add android district
//! ```
//!
//! The app speaks the relayer protocol of RapidPro: it registers at `/relayers/relayer/register/`, shows a code that an official types on
//! the page of the channel, and from then on asks at `/relayers/relayer/sync/NUMBER/` what there is to send, signing each question. With
//! `wait=SECONDS` in the address, which is ours, the answer is held back until there is something (long polling). The administrator's guide
//! is `docs/admin/android.md`.
//!
//! Messages wait in the outbox, not on the phone: room is there only while the phone asks, so that an alert overtakes, and STOP and quiet
//! hours hold, until the last moment.

mod desk;
mod presence;
mod register;
mod status;
mod sync;
mod wire;

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use async_trait::async_trait;
use mhero_app::{
    App, AppError,
    ports::{Call, CallRefused, Carrier, ChannelSettings, Driver, Greeting},
};
use mhero_core::ChannelId;

use self::{desk::Desk, presence::Presence, register::Door};

/// The KIND of `mhero channel add`.
pub const KIND: &str = "android";

/// The driver of KIND `android`.
#[derive(Debug, Default)]
pub struct Android {
    /// Whether the phone of each channel is asking just now.
    present: Mutex<HashMap<ChannelId, Arc<Presence>>>,
    /// Who may register.
    door: Door,
}

impl Android {
    fn presence(&self, channel: ChannelId) -> Arc<Presence> {
        let mut present = self.present.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(present.entry(channel).or_default())
    }
}

#[async_trait]
impl Driver for Android {
    fn kind(&self) -> &'static str {
        KIND
    }

    fn keys(&self) -> &'static [(&'static str, bool)] {
        &[]
    }

    fn build(&self, app: &App, settings: &ChannelSettings) -> Result<Arc<dyn Carrier>, AppError> {
        Ok(Arc::new(Desk::new(app, settings.id, self.presence(settings.id))))
    }

    async fn greeted(&self, app: &App, path: &str, call: &Call<'_>) -> Result<Greeting, CallRefused> {
        if call.method != "POST" {
            return Err(CallRefused::Unreadable("the app calls with POST"));
        }
        let mut parts = path.split('/').filter(|part| !part.is_empty());
        match (parts.next(), parts.next(), parts.next()) {
            (Some("register"), None, None) => register::take(app, &self.door, call).await,
            (Some("sync"), Some(number), None) => {
                let number = number.parse().map_err(|_| CallRefused::Unknown)?;
                sync::take(app, number, call, |channel| self.presence(channel)).await
            }
            _ => Err(CallRefused::Unknown),
        }
    }
}
