//! Mail as a channel, for officials: what is written to people goes to their mail address, as plain text, by the ministry's own server.
//!
//! ```text
//! mhero channel add email officials host=mail.moh.example from="Ministry of Health <mhero@moh.example>" username=mhero password=…
//! ```
//!
//! A message to somebody's phone number that is given this channel goes to their address instead (`mailto:` in the register); who has none
//! gets nothing, and the message says so. The administrator's guide is `docs/admin/email.md`.

mod answer;
mod letter;
mod settings;

use std::sync::Arc;

use async_trait::async_trait;
use lettre::{AsyncSmtpTransport, AsyncTransport, Tokio1Executor};
use mhero_app::{
    App, AppError,
    ports::{Carrier, ChannelSettings, Driver, Field, Outcome, Outgoing, Parts, Reach},
};
use mhero_core::record::Reason;

use self::settings::Settings;
use crate::http::{Health, Sign, Trouble, not_sent, refused, unknown};

/// The KIND of `mhero channel add`.
pub const KIND: &str = "email";
/// The scheme of addresses.
pub const SCHEME: &str = "mailto";
/// What it is called in logs.
const NAME: &str = "the mail server";

/// The driver of KIND `email`.
#[derive(Clone, Copy, Debug, Default)]
pub struct Email;

impl Driver for Email {
    fn kind(&self) -> &'static str {
        KIND
    }

    fn keys(&self) -> &'static [(&'static str, bool)] {
        settings::KEYS
    }

    fn fields(&self) -> Vec<Field> {
        settings::FIELDS.to_vec()
    }

    fn reach(&self) -> Reach {
        Reach::Addresses(SCHEME)
    }

    fn build(&self, app: &App, settings: &ChannelSettings) -> Result<Arc<dyn Carrier>, AppError> {
        crate::tls::install();
        let read = Settings::read(&settings.config)?;
        let health = Health::new(settings.id, NAME, app.clock().clone(), settings::AT_ONCE);
        Ok(Arc::new(Post { app: app.clone(), transport: read.transport()?, settings: read, health }))
    }
}

/// One server.
struct Post {
    app: App,
    settings: Settings,
    transport: AsyncSmtpTransport<Tokio1Executor>,
    health: Health,
}

impl Post {
    /// What is wrong, in words for an administrator.
    fn sentence(&self, trouble: Trouble) -> Reason {
        let key = match trouble {
            Trouble::Unreachable => "mail-unreachable",
            Trouble::Silent => "mail-silent",
            Trouble::Password => "mail-password",
            Trouble::Sender => "mail-sender",
            Trouble::Stranger => "mail-certificate",
            _ => "mail-fault",
        };
        // As one word: a figure alone would be written with separators.
        Reason::new(key, [("host", format!("{}:{}", self.settings.host, self.settings.port))])
    }

    /// Looks whether the server lets us in. Nothing has been sent where it does not.
    async fn knock(&self) -> Result<(), Trouble> {
        match tokio::time::timeout(self.settings.timeout, self.transport.test_connection()).await {
            Ok(Ok(true)) => Ok(()),
            Ok(Ok(false)) => Err(Trouble::Fault),
            Ok(Err(error)) => Err(answer::trouble(&error)),
            Err(_) => Err(Trouble::Silent),
        }
    }

    async fn deliver(&self, outgoing: &Outgoing) -> (Outcome, Sign) {
        let title = match self.app.title_of(outgoing.message).await {
            Ok(title) => title,
            Err(_) => return (not_sent("http-not-now"), Sign::Nothing),
        };
        let letter = match letter::write(&self.settings, outgoing, title.as_deref()) {
            Ok(letter) => letter,
            Err(code) => return (refused(code), Sign::Nothing),
        };
        // Whatever goes wrong up to here has sent nothing.
        if let Err(trouble) = self.knock().await {
            return (not_sent("mail-unsent"), Sign::Fails(trouble));
        }
        match tokio::time::timeout(self.settings.timeout, self.transport.send(letter)).await {
            Ok(Ok(_)) => (Outcome::Accepted { carrier_id: None }, Sign::Works),
            Ok(Err(error)) => answer::read(&error),
            Err(_) => (unknown("mail-unanswered"), Sign::Fails(Trouble::Silent)),
        }
    }
}

#[async_trait]
impl Carrier for Post {
    fn parts(&self) -> Parts {
        Parts::Whole
    }

    fn room(&self) -> usize {
        self.health.room()
    }

    fn trouble(&self) -> Option<Reason> {
        self.health.trouble().map(|trouble| self.sentence(trouble))
    }

    async fn submit(&self, outgoing: &Outgoing) -> Outcome {
        let (outcome, sign) = self.deliver(outgoing).await;
        match sign {
            Sign::Works => self.health.worked(),
            Sign::Fails(trouble) => drop(self.health.failed(trouble)),
            Sign::Nothing => {}
        }
        outcome
    }

    async fn check(&self) -> Result<Vec<Reason>, Reason> {
        self.knock().await.map_err(|trouble| self.sentence(trouble))?;
        Ok(vec![Reason::new("mail-works", [("host", self.settings.host.clone())])])
    }
}
