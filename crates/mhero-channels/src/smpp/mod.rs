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

use std::sync::Arc;

use async_trait::async_trait;
use jiff::SignedDuration;
use mhero_app::{
    App, AppError,
    ports::{Carrier, ChannelSettings, Driver, Ear, Field, Outcome, Outgoing, Parts},
};
use mhero_core::record::Reason;
use tokio::sync::watch;

use self::{hold::Binds, settings::Settings};

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

    fn build(&self, _app: &App, settings: &ChannelSettings) -> Result<Arc<dyn Carrier>, AppError> {
        let settings = Settings::read(settings.id, &settings.config)?;
        if let Some(tls) = &settings.tls {
            bind::tls_config(tls).map_err(|detail| AppError::invalid("smpp-ca", [("detail", detail)]))?;
        }
        let binds = Arc::new(Binds::new(settings.roles.len()));
        Ok(Arc::new(Centre { settings: Arc::new(settings), binds }))
    }
}

/// One SMS centre.
struct Centre {
    settings: Arc<Settings>,
    binds: Arc<Binds>,
}

#[async_trait]
impl Carrier for Centre {
    fn parts(&self) -> Parts {
        self.settings.parts()
    }

    fn room(&self) -> usize {
        self.binds.room()
    }

    fn trouble(&self) -> Option<Reason> {
        self.binds.trouble().map(|trouble| trouble.reason(&self.settings))
    }

    async fn submit(&self, outgoing: &Outgoing) -> Outcome {
        self.submit_within(outgoing, None).await
    }

    async fn submit_within(&self, outgoing: &Outgoing, valid_for: Option<SignedDuration>) -> Outcome {
        let minutes = valid_for.map(|left| u32::try_from(left.as_mins()).unwrap_or_default());
        match self.binds.best() {
            Some(line) => line.submit(outgoing, minutes).await,
            None => Outcome::NotSent { reason: "no bind".to_owned(), retry_after: None },
        }
    }

    fn is_held(&self) -> bool {
        true
    }

    async fn hold(&self, ear: Arc<dyn Ear>, closing: watch::Receiver<bool>) {
        hold::hold(&self.settings, &self.binds, &ear, &closing).await;
    }

    async fn check(&self) -> Result<Vec<Reason>, Reason> {
        if self.binds.are_all_up() {
            return Ok(Vec::new());
        }
        if let Some(trouble) = self.binds.trouble() {
            return Err(trouble.reason(&self.settings));
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
