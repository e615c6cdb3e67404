//! Phones that dial a code, as Africa's Talking brings them, or any gateway that asks by HTTP what a screen is to show.
//!
//! ```text
//! mhero channel add ussd menu word=MENU callback=https://mhero.example.org
//! ```
//!
//! The network calls `/c/ussd/CHANNEL/screen` for each screen. It is let in by the secret in that address or a list of its addresses
//! (`allow=`). What finds no screen goes by SMS. The administrator's guide is `docs/admin/ussd.md`.

mod callback;
mod settings;

use std::sync::Arc;

use async_trait::async_trait;
use mhero_app::{
    App, AppError,
    ports::{
        Call, CallRefused, Carrier, ChannelSettings, Driver, Field, Outcome, Outgoing, Parts, Reach, Screen, Taken,
    },
};
use mhero_core::{ChannelId, record::Reason};

use self::settings::Settings;

/// The KIND of `mhero channel add`.
pub const KIND: &str = "ussd";
/// The name in the addresses that the network calls.
pub const ROUTE: &str = "ussd";

/// The driver of KIND `ussd`.
#[derive(Clone, Copy, Debug, Default)]
pub struct Ussd;

impl Driver for Ussd {
    fn kind(&self) -> &'static str {
        KIND
    }

    fn keys(&self) -> &'static [(&'static str, bool)] {
        settings::KEYS
    }

    fn fields(&self) -> Vec<Field> {
        settings::FIELDS.to_vec()
    }

    fn route(&self) -> Option<&'static str> {
        Some(ROUTE)
    }

    fn reach(&self) -> Reach {
        Reach::Dialling
    }

    fn build(&self, app: &App, settings: &ChannelSettings) -> Result<Arc<dyn Carrier>, AppError> {
        let default_secret = || app.derived_secret("ussd.callback", settings.id.uuid());
        let read = Settings::read(settings.id, &settings.config, default_secret)?;
        Ok(Arc::new(Menu { app: app.clone(), channel: settings.id, settings: read }))
    }
}

/// One code.
struct Menu {
    app: App,
    channel: ChannelId,
    settings: Settings,
}

impl Menu {
    /// Whether anything carries what finds no screen.
    async fn has_sms(&self) -> Result<bool, AppError> {
        let channels = self.app.channels().await?;
        let reaches = |kind: &str| self.app.driver(kind).is_some_and(|driver| driver.reach() == Reach::Phones);
        let named = |name: &str| self.settings.sms.as_deref().is_none_or(|sms| sms == name);
        Ok(channels.iter().any(|channel| channel.active && reaches(&channel.kind) && named(&channel.name)))
    }
}

#[async_trait]
impl Carrier for Menu {
    fn parts(&self) -> Parts {
        Parts::Whole
    }

    /// Nothing can be pushed: messages wait for a screen, or go by SMS.
    fn room(&self) -> usize {
        0
    }

    async fn submit(&self, _outgoing: &Outgoing) -> Outcome {
        Outcome::NotSent { reason: "ussd-no-screen".to_owned(), retry_after: None }
    }

    /// Nobody can be called here: what can be looked at is whether whoever dials would find something.
    async fn check(&self) -> Result<Vec<Reason>, Reason> {
        let rules = &self.settings.rules;
        let unseen = |error: AppError| Reason::new("ussd-unread", [("detail", error.to_string())]);
        if !self.app.starts_a_flow(self.channel, &rules.word).await.map_err(unseen)? {
            return Err(Reason::new("ussd-no-flow", [("word", rules.word.clone())]));
        }
        let mut remarks = vec![Reason::plain("ussd-never-called")];
        if !self.has_sms().await.map_err(unseen)? {
            remarks.push(Reason::plain("ussd-no-sms"));
        }
        if self.settings.common.callback.is_none() {
            remarks.push(Reason::plain("ussd-no-callback"));
        }
        Ok(remarks)
    }

    fn addresses(&self) -> Vec<(&'static str, String)> {
        let at = |action: &str| self.settings.common.shown_at(action);
        vec![("Callback URL", at("screen")), ("Events URL", at("over"))]
    }

    fn called(&self, call: &Call<'_>) -> Result<Taken, CallRefused> {
        callback::read(&self.settings, call)
    }

    fn screen(&self, screen: &Screen) -> Taken {
        callback::written(&self.settings, screen)
    }
}
