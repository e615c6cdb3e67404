//! A bot on Telegram as a channel: health workers who have Telegram write to it, and are answered there.
//!
//! ```text
//! mhero channel add telegram bot token=123456:ABC-DEF
//! ```
//!
//! What people write is fetched (`mode=poll`, long polling, which needs no public address) or brought to `/c/tg/CHANNEL/receive`
//! (`mode=webhook` with `callback=`). An account says nothing about who has it: whoever begins is asked to show the phone number, for which
//! Telegram vouches, and is linked to the health worker who has it in the register. The administrator's guide is
//! `docs/admin/telegram.md`.

mod api;
mod fields;
mod poll;
mod send;
mod settings;
mod update;

use std::sync::Arc;

use async_trait::async_trait;
use mhero_app::{
    App, AppError,
    ports::{Call, CallRefused, Carrier, ChannelSettings, Driver, Ear, Field, Outcome, Outgoing, Parts, Taken},
};
use mhero_core::{ChannelId, Lang, Urn, record::Reason};
use tokio::sync::watch;

use self::{api::Api, poll::Line, settings::Settings};
use crate::http::{Client, Health, sign::same};

/// The KIND of `mhero channel add`.
pub const KIND: &str = "telegram";
/// The name in the address that Telegram calls.
pub const ROUTE: &str = "tg";
/// The scheme of addresses there.
const SCHEME: &str = "telegram";
/// Longest text of one message there, in letters.
const TEXT_MAX: usize = 4_096;
/// Messages under way at a time.
const AT_ONCE: usize = 10;
/// The header that holds the secret of what is brought.
const SECRET_HEADER: &str = "x-telegram-bot-api-secret-token";

/// The driver of KIND `telegram`.
#[derive(Debug, Default)]
pub struct Telegram {
    client: Client,
}

impl Driver for Telegram {
    fn kind(&self) -> &'static str {
        KIND
    }

    fn keys(&self) -> &'static [(&'static str, bool)] {
        settings::KEYS
    }

    fn fields(&self) -> Vec<Field> {
        fields::FIELDS.to_vec()
    }

    fn route(&self) -> Option<&'static str> {
        Some(ROUTE)
    }

    fn chat(&self) -> Option<&'static str> {
        Some(SCHEME)
    }

    fn build(&self, app: &App, settings: &ChannelSettings) -> Result<Arc<dyn Carrier>, AppError> {
        let default_secret = || app.derived_secret("telegram.webhook", settings.id.uuid());
        let read = Settings::read(settings.id, &settings.config, default_secret)?;
        let health = Health::new(settings.id, "Telegram", app.clock().clone(), AT_ONCE);
        let api = Api::new(self.client.get()?, &read);
        Ok(Arc::new(Bot { app: app.clone(), channel: settings.id, api, settings: read, health, line: Line::default() }))
    }
}

/// One bot.
struct Bot {
    app: App,
    channel: ChannelId,
    api: Api,
    settings: Settings,
    health: Health,
    line: Line,
}

impl Bot {
    /// Says a word of the system in a language.
    fn say(&self, language: Lang, key: &str) -> String {
        self.app.words().say(language, key, &[])
    }
}

#[async_trait]
impl Carrier for Bot {
    fn parts(&self) -> Parts {
        Parts::Within(TEXT_MAX)
    }

    fn room(&self) -> usize {
        self.health.room()
    }

    fn trouble(&self) -> Option<Reason> {
        let sending = self.health.trouble().map(|trouble| self.api.reason(trouble));
        sending.or_else(|| self.line.trouble())
    }

    async fn submit(&self, outgoing: &Outgoing) -> Outcome {
        send::submit(self, outgoing).await
    }

    async fn withdraw(&self, to: &Urn, carrier_id: &str) -> bool {
        send::withdraw(self, to, carrier_id).await
    }

    fn is_held(&self) -> bool {
        true
    }

    async fn hold(&self, ear: Arc<dyn Ear>, closing: watch::Receiver<bool>) {
        poll::hold(self, &ear, closing).await;
    }

    async fn check(&self) -> Result<Vec<Reason>, Reason> {
        let name = self.api.me().await?;
        let mut remarks = vec![Reason::new("telegram-is", [("name", name)])];
        remarks.extend(self.line.trouble());
        Ok(remarks)
    }

    fn called(&self, call: &Call<'_>) -> Result<Taken, CallRefused> {
        if call.action != "receive" || call.method != "POST" {
            return Err(CallRefused::Unknown);
        }
        let given = call.header(SECRET_HEADER).unwrap_or_default();
        if !same(given.as_bytes(), self.settings.secret.as_bytes()) {
            return Err(CallRefused::Forbidden);
        }
        let update = serde_json::from_slice(call.body).map_err(|_| CallRefused::Unreadable("the body is no update"))?;
        let say = |language: Lang, key: &str| self.say(language, key);
        let events = update::read(&update, &say).into_iter().collect();
        Ok(Taken { events, content_type: "application/json", body: "{}".to_owned() })
    }
}
