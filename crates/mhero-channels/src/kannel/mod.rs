//! Kannel as a channel: the gateway that most ministries run between their systems and the operators' SMS centres.
//!
//! ```text
//! mhero channel add kannel main url=http://127.0.0.1:13013 username=mhero password=… callback=http://127.0.0.1:8080
//! ```
//!
//! Texts leave by its `sendsms` interface. What phones write, and what became of what we sent, comes to
//! `/c/kn/CHANNEL/receive` and `/c/kn/CHANNEL/status`; `mhero channel list` prints the lines for `kannel.conf`. The administrator's
//! guide is `docs/admin/kannel.md`. Each delivery report names our own submission, so that one which left although nobody heard
//! the answer is known to have left.

mod answer;
mod callback;
mod check;
mod form;
mod health;
mod request;
mod settings;

use std::{
    sync::{Arc, OnceLock},
    time::Duration,
};

use async_trait::async_trait;
use mhero_app::{
    App, AppError,
    ports::{Call, CallRefused, Carrier, ChannelSettings, Driver, Outcome, Outgoing, Parts, Taken},
};
use mhero_core::record::Reason;

use self::{
    answer::{Heard, Sign},
    health::Health,
    settings::Settings,
};

/// The KIND of `mhero channel add`.
pub const KIND: &str = "kannel";
/// The name in the addresses that Kannel calls, the same as RapidPro's, so that a gateway that moves keeps its configuration.
pub const ROUTE: &str = "kn";

/// How long a connection to Kannel may take to come about.
const CONNECT_LIMIT: Duration = Duration::from_secs(5);
/// How long a connection that is not used is kept. Kannel closes its end later than this, so that a request rarely meets a
/// connection that is just being closed, when nobody could say whether it was read.
const IDLE_LIMIT: Duration = Duration::from_secs(10);

/// The driver of KIND `kannel`.
#[derive(Debug, Default)]
pub struct Kannel {
    /// One client for all channels; connections are kept by address.
    client: OnceLock<reqwest::Client>,
}

impl Kannel {
    fn client(&self) -> Result<reqwest::Client, AppError> {
        if let Some(client) = self.client.get() {
            return Ok(client.clone());
        }
        super::tls::install();
        let made = reqwest::Client::builder()
            .connect_timeout(CONNECT_LIMIT)
            .pool_idle_timeout(IDLE_LIMIT)
            .tcp_nodelay(true)
            // Kannel stands where its address says: a password is not carried on to another place.
            .redirect(reqwest::redirect::Policy::none())
            // Nor to a proxy of the environment.
            .no_proxy()
            .retry(reqwest::retry::never())
            .build()
            .map_err(|_| AppError::invalid("kannel-no-client", []))?;
        Ok(self.client.get_or_init(|| made).clone())
    }
}

impl Driver for Kannel {
    fn kind(&self) -> &'static str {
        KIND
    }

    fn keys(&self) -> &'static [(&'static str, bool)] {
        settings::KEYS
    }

    fn route(&self) -> Option<&'static str> {
        Some(ROUTE)
    }

    fn build(&self, app: &App, settings: &ChannelSettings) -> Result<Arc<dyn Carrier>, AppError> {
        let default_secret = || app.derived_secret("kannel.callback", settings.id.uuid());
        let read = Settings::read(settings.id, &settings.config, default_secret)?;
        let health = Health::new(settings.id, app.clock().clone(), read.connections);
        Ok(Arc::new(Gateway { client: self.client()?, settings: read, health }))
    }
}

/// One Kannel.
struct Gateway {
    client: reqwest::Client,
    settings: Settings,
    health: Health,
}

impl Gateway {
    /// Asks for an address; what comes back is cut at a few kilobytes.
    async fn get(&self, url: reqwest::Url) -> Heard {
        let asked = self.client.get(url).timeout(self.settings.timeout).send().await;
        answer::hear(asked).await
    }
}

#[async_trait]
impl Carrier for Gateway {
    fn parts(&self) -> Parts {
        self.settings.parts
    }

    fn room(&self) -> usize {
        self.health.room()
    }

    fn trouble(&self) -> Option<Reason> {
        self.health.trouble().map(|trouble| trouble.reason(&self.settings))
    }

    async fn submit(&self, outgoing: &Outgoing) -> Outcome {
        let url = match request::sendsms(&self.settings, outgoing) {
            Ok(url) => url,
            Err(code) => return Outcome::Refused { reason: code.to_owned() },
        };
        let (outcome, sign) = answer::read(&self.get(url).await);
        match (sign, outcome) {
            (Sign::Works, outcome) => {
                self.health.worked();
                outcome
            }
            (Sign::Nothing, outcome) => outcome,
            (Sign::Fails(trouble), outcome) => {
                let rest = self.health.failed(trouble);
                match outcome {
                    Outcome::NotSent { reason, .. } => Outcome::NotSent { reason, retry_after: Some(rest) },
                    other => other,
                }
            }
        }
    }

    async fn check(&self) -> Result<Vec<Reason>, Reason> {
        check::check(self).await
    }

    fn addresses(&self) -> Vec<(&'static str, String)> {
        callback::addresses(&self.settings)
    }

    fn called(&self, call: &Call<'_>) -> Result<Taken, CallRefused> {
        callback::read(&self.settings, call)
    }
}
