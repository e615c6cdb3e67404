//! SMPP 3.4 as a channel: a line of our own to an operator's SMS centre.
//!
//! ```text
//! mhero channel add smpp orange host=smsc.example.org port=2775 system_id=moh password=… sender=MOH window=20
//! ```
//!
//! The binds are held by the node that serves the channel. Texts leave within the window of each bind; what phones write is
//! acknowledged once it is on disk; receipts are matched to submissions in whatever notation the operator writes their ids. The
//! administrator's guide is `docs/admin/smpp.md`.

mod bind;
mod coding;
mod fields;
mod frame;
mod hold;
mod incoming;
mod line;
mod receipt;
mod settings;
mod status;
mod submit;

use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

use async_trait::async_trait;
use jiff::SignedDuration;
use mhero_app::{
    App, AppError,
    ports::{Carrier, ChannelSettings, Driver, Ear, Field, Outcome, Outgoing, Parts},
};
use mhero_core::record::Reason;
use tokio::sync::watch;

use self::{hold::Binds, settings::Settings};
use crate::http::{self, Health};

/// The KIND of `mhero channel add`.
pub const KIND: &str = "smpp";

/// The driver of KIND `smpp`.
#[derive(Debug, Default)]
pub struct Smpp;

impl Driver for Smpp {
    fn kind(&self) -> &'static str {
        KIND
    }

    fn keys(&self) -> &'static [(&'static str, bool)] {
        settings::KEYS
    }

    fn fields(&self) -> Vec<Field> {
        fields::FIELDS.to_vec()
    }

    fn build(&self, app: &App, settings: &ChannelSettings) -> Result<Arc<dyn Carrier>, AppError> {
        let read = Settings::read(settings.id, &settings.config)?;
        if let Some(tls) = &read.tls {
            bind::tls_config(tls).map_err(|detail| AppError::invalid("smpp-ca", [("detail", detail)]))?;
        }
        let binds = Arc::new(Binds::new(read.roles.len()));
        let account = Health::new(settings.id, "SMPP", app.clock().clone(), read.window);
        Ok(Arc::new(Centre { settings: Arc::new(read), binds, account, refused: AtomicU32::new(status::OK) }))
    }
}

/// One SMS centre.
struct Centre {
    settings: Arc<Settings>,
    binds: Arc<Binds>,
    /// How it takes what we submit: at first, and after it refused all of us, one message goes ahead to see.
    account: Health,
    /// With which state it did so last.
    refused: AtomicU32,
}

impl Centre {
    /// Why it takes nothing of ours, though the lines are there.
    fn refusal(&self) -> Option<Reason> {
        let code = [("code", status::name(self.refused.load(Ordering::Relaxed)))];
        Some(match self.account.trouble()? {
            http::Trouble::Sender => Reason::new("smpp-sender", code),
            _ => Reason::new("smpp-account", code),
        })
    }
}

#[async_trait]
impl Carrier for Centre {
    fn parts(&self) -> Parts {
        self.settings.parts()
    }

    fn room(&self) -> usize {
        let room = self.binds.room();
        if self.account.trouble().is_some() { room.min(self.account.room()) } else { room }
    }

    fn trouble(&self) -> Option<Reason> {
        self.binds.trouble().map(|trouble| trouble.reason(&self.settings)).or_else(|| self.refusal())
    }

    /// One bind of several that is down, or the one that only hears, keeps nothing from leaving.
    fn is_away(&self) -> bool {
        self.account.trouble().is_some() || (self.binds.trouble().is_some() && !self.binds.sends())
    }

    async fn submit(&self, outgoing: &Outgoing) -> Outcome {
        self.submit_within(outgoing, None).await
    }

    async fn submit_within(&self, outgoing: &Outgoing, valid_for: Option<SignedDuration>) -> Outcome {
        let minutes = valid_for.map(|left| u32::try_from(left.as_mins()).unwrap_or_default());
        let Some(line) = self.binds.best() else {
            return Outcome::NotSent { reason: "no bind".to_owned(), retry_after: None };
        };
        let (outcome, said) = line.submit(outgoing, minutes).await;
        if said == Some(status::OK) {
            self.account.worked();
        }
        let Some((code, trouble)) = said.and_then(|code| Some((code, status::trouble(code)?))) else { return outcome };
        self.refused.store(code, Ordering::Relaxed);
        let rest = self.account.failed(trouble);
        match outcome {
            Outcome::NotSent { reason, retry_after } => {
                Outcome::NotSent { reason, retry_after: Some(retry_after.map_or(rest, |asked| asked.max(rest))) }
            }
            other => other,
        }
    }

    fn is_held(&self) -> bool {
        true
    }

    async fn hold(&self, ear: Arc<dyn Ear>, closing: watch::Receiver<bool>) {
        hold::hold(&self.settings, &self.binds, &ear, &closing).await;
    }

    async fn check(&self) -> Result<Vec<Reason>, Reason> {
        if self.binds.are_all_up() && self.account.trouble().is_none() {
            return Ok(Vec::new());
        }
        if let Some(reason) = self.trouble() {
            return Err(reason);
        }
        // No server holds it here: a bind of our own shows whether it would.
        let mut roles = self.settings.roles.clone();
        roles.sort_unstable_by_key(|role| role.sends());
        roles.dedup();
        for role in roles {
            let tried = async { bind::try_out(&self.settings, bind::bind(&self.settings, role).await?).await };
            tried.await.map_err(|trouble| trouble.reason(&self.settings))?;
        }
        Ok(vec![Reason::plain("smpp-tried-only")])
    }
}
