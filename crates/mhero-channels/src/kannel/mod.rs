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
mod fields;
mod request;
mod settings;

use std::collections::BTreeMap;

use async_trait::async_trait;
use mhero_app::{
    AppError,
    ports::{Call, CallRefused, Field, Outcome, Outgoing, Parts, Taken},
    rows::Clock,
};
use mhero_core::{ChannelId, record::Reason};
use reqwest::RequestBuilder;

use self::settings::Settings;
use crate::http::{Asker, Common, Heard, HttpDriver, Provider, Sign, Trouble};

/// The KIND of `mhero channel add`.
pub const KIND: &str = "kannel";
/// The name in the addresses that Kannel calls, the same as RapidPro's, so that a gateway that moves keeps its configuration.
pub const ROUTE: &str = "kn";

/// The driver of KIND `kannel`.
pub type Kannel = HttpDriver<Node>;

/// One Kannel.
pub struct Node {
    settings: Settings,
}

#[async_trait]
impl Provider for Node {
    const KIND: &'static str = KIND;
    const ROUTE: &'static str = ROUTE;
    const KEYS: &'static [(&'static str, bool)] = settings::KEYS;
    const FIELDS: &'static [Field] = &fields::FIELDS;

    fn of(
        (channel, _): (ChannelId, &Clock),
        config: &BTreeMap<String, String>,
        default_secret: impl FnOnce() -> String,
    ) -> Result<Self, AppError> {
        Settings::read(channel, config, default_secret).map(|settings| Self { settings })
    }

    fn name(&self) -> &'static str {
        "Kannel"
    }

    fn common(&self) -> &Common {
        &self.settings.common
    }

    fn parts(&self) -> Parts {
        self.settings.parts
    }

    fn request(&self, client: &reqwest::Client, outgoing: &Outgoing) -> Result<RequestBuilder, &'static str> {
        self.request_within(client, outgoing, None)
    }

    fn request_within(
        &self,
        client: &reqwest::Client,
        outgoing: &Outgoing,
        minutes: Option<u32>,
    ) -> Result<RequestBuilder, &'static str> {
        Ok(client.get(request::sendsms(&self.settings, outgoing, minutes)?))
    }

    fn read(&self, heard: &Heard) -> (Outcome, Sign) {
        answer::read(heard)
    }

    fn sentence(&self, trouble: Trouble) -> Reason {
        answer::sentence(trouble, &self.settings)
    }

    async fn check(&self, asker: &Asker) -> Result<Vec<Reason>, Reason> {
        check::check(self, asker).await
    }

    fn addresses(&self) -> Vec<(&'static str, String)> {
        callback::addresses(&self.settings)
    }

    fn called(&self, call: &Call<'_>) -> Result<Taken, CallRefused> {
        callback::read(&self.settings, call)
    }
}
