//! Any gateway that takes texts over HTTP, in the format that RapidPro calls External.
//!
//! ```text
//! mhero channel add external main send_url=https://sms.example.org/send method=POST content_type=json callback=https://mhero.example.org
//! ```
//!
//! A gateway that is set up for RapidPro keeps its configuration: the same settings, the same `{{variables}}`, the same addresses
//! `/c/ex/CHANNEL/receive|sent|delivered|failed|stopped`. The administrator's guide is `docs/admin/external.md`.

mod callback;
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
use reqwest::{Method, RequestBuilder};

use self::settings::Settings;
use crate::http::{Asker, Common, Heard, HttpDriver, Provider, Sign, Trouble, host, refused, unknown, usual};

/// The KIND of `mhero channel add`.
pub const KIND: &str = "external";
/// The name in the addresses that the gateway calls, the same as RapidPro's.
pub const ROUTE: &str = "ex";

/// The driver of KIND `external`.
pub type External = HttpDriver<Node>;

/// One gateway.
pub struct Node {
    settings: Settings,
}

#[async_trait]
impl Provider for Node {
    const KIND: &'static str = KIND;
    const ROUTE: &'static str = ROUTE;
    const KEYS: &'static [(&'static str, bool)] = settings::KEYS;
    const FIELDS: &'static [Field] = &settings::FIELDS;

    fn of(
        (channel, _): (ChannelId, &Clock),
        config: &BTreeMap<String, String>,
        default_secret: impl FnOnce() -> String,
    ) -> Result<Self, AppError> {
        Settings::read(channel, config, default_secret).map(|settings| Self { settings })
    }

    fn name(&self) -> &'static str {
        "HTTP"
    }

    fn common(&self) -> &Common {
        &self.settings.common
    }

    fn parts(&self) -> Parts {
        Parts::Within(self.settings.max_length)
    }

    fn request(&self, client: &reqwest::Client, outgoing: &Outgoing) -> Result<RequestBuilder, &'static str> {
        request::build(&self.settings, client, outgoing)
    }

    fn read(&self, heard: &Heard) -> (Outcome, Sign) {
        let (status, body) = match usual(heard) {
            Ok(answer) => answer,
            Err(said) => return said,
        };
        let is_taken = self.settings.response_check.as_ref().is_none_or(|check| body.contains(check.as_str()));
        match status {
            200..=299 if is_taken => (Outcome::Accepted { carrier_id: None }, Sign::Works),
            // What was to confirm it may stand in the part that did not come.
            200..=299 if heard.is_broken() => (unknown("http-cut"), Sign::Nothing),
            // It answers, in its own words, something else than what it says of a text that it has taken.
            200..=299 => (refused("external-not-confirmed"), Sign::Nothing),
            _ => (refused("http-refused"), Sign::Nothing),
        }
    }

    fn sentence(&self, trouble: Trouble) -> Reason {
        trouble.reason("HTTP", host(&self.settings.place), "send_url, send_authorization, headers")
    }

    /// Nobody can ask such a gateway whether it knows us without handing it a text: only whether somebody answers is found out.
    async fn check(&self, asker: &Asker) -> Result<Vec<Reason>, Reason> {
        let mut place = self.settings.place.clone();
        place.set_query(None);
        match asker.ask(asker.client.request(Method::OPTIONS, place)).await {
            Heard::NoConnection => Err(self.sentence(Trouble::Unreachable)),
            Heard::Silence => Err(self.sentence(Trouble::Silent)),
            Heard::Cut | Heard::Answer { .. } => Ok(vec![Reason::plain("external-reached-only")]),
        }
    }

    fn addresses(&self) -> Vec<(&'static str, String)> {
        ["receive", "sent", "delivered", "failed", "stopped"]
            .map(|action| (action, self.settings.common.shown_at(action)))
            .to_vec()
    }

    fn called(&self, call: &Call<'_>) -> Result<Taken, CallRefused> {
        callback::read(&self.settings, call)
    }
}
