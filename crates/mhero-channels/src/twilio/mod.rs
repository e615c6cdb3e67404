//! Twilio, and anything that speaks its language, as a channel.
//!
//! ```text
//! mhero channel add twilio us account_sid=AC… auth_token=… sender=+15551230000 callback=https://mhero.example.org
//! ```
//!
//! Its calls are signed over the address that it calls, which is `callback`: without it nothing can be believed. A server that does
//! not sign (`signed=no`) has the secret of its address instead. The administrator's guide is `docs/admin/twilio.md`.

mod answer;
mod callback;
mod settings;

use std::collections::BTreeMap;

use async_trait::async_trait;
use mhero_app::{
    AppError,
    ports::{Call, CallRefused, Field, Outcome, Outgoing, Parts, Taken},
    rows::Clock,
};
use mhero_core::{ChannelId, Urn, record::Reason};
use reqwest::RequestBuilder;

use self::settings::Settings;
use crate::http::{Asker, Common, Heard, HttpDriver, Provider, Sign, Trouble, form::encoded, host, under};

/// The KIND of `mhero channel add`.
pub const KIND: &str = "twilio";
/// The name in the addresses that it calls, the same as RapidPro's.
pub const ROUTE: &str = "t";
/// What it is called in sentences.
const NAME: &str = "Twilio";
/// Letters that one message may have (error 21617).
const LETTERS_MAX: usize = 1_600;
/// Longest validity of a text, in seconds (errors 21624 and 30045).
const VALIDITY_SECONDS_MAX: u32 = 36_000;
/// Before numbers at WhatsApp.
const WHATSAPP: &str = "whatsapp:";

/// The driver of KIND `twilio`.
pub type Twilio = HttpDriver<Node>;

/// One account.
pub struct Node {
    settings: Settings,
}

impl Node {
    fn path(&self, path: &str) -> reqwest::Url {
        under(&self.settings.base_url, &format!("/2010-04-01/Accounts/{}{path}.json", self.settings.account_sid))
    }
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
        NAME
    }

    fn common(&self) -> &Common {
        &self.settings.common
    }

    fn parts(&self) -> Parts {
        Parts::Within(LETTERS_MAX)
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
        if outgoing.to.scheme() != Urn::TEL {
            return Err("http-no-phone");
        }
        let settings = &self.settings;
        let prefix = if settings.is_whatsapp { WHATSAPP } else { "" };
        let to = format!("{prefix}{}", outgoing.to.path());
        let from = outgoing.sender.as_deref().or(settings.from.as_deref());
        let from = from.map(|from| format!("{prefix}{}", from.trim_start_matches(WHATSAPP)));
        let by = match (&settings.messaging_service_sid, &from) {
            (Some(service), _) => ("MessagingServiceSid", service.as_str()),
            (None, Some(from)) => ("From", from.as_str()),
            (None, None) => return Err("twilio-no-sender"),
        };
        let report_to = settings.common.at("status").map(|at| {
            // Unsigned servers show by the secret who they are.
            let secret = if settings.is_signed { String::new() } else { format!("&secret={}", settings.common.secret) };
            format!("{at}?uuid={}&action=callback{secret}", outgoing.submission)
        });
        let pairs = [("To", to.as_str()), by, ("Body", outgoing.text.as_str())];
        // Longer than it keeps any, it refuses to be told.
        let seconds = minutes.map(|minutes| minutes.max(1).saturating_mul(60)).filter(|it| *it <= VALIDITY_SECONDS_MAX);
        let seconds = seconds.map(|seconds| seconds.to_string());
        let further = seconds.iter().map(|seconds| ("ValidityPeriod", seconds.as_str()));
        let further = further.chain(report_to.iter().map(|url| ("StatusCallback", url.as_str())));
        let form = encoded(pairs.into_iter().chain(further));
        let request = client.post(self.path("/Messages")).basic_auth(&settings.account_sid, Some(&settings.auth_token));
        Ok(request.header(reqwest::header::CONTENT_TYPE, "application/x-www-form-urlencoded").body(form))
    }

    fn read(&self, heard: &Heard) -> (Outcome, Sign) {
        answer::read(heard)
    }

    fn sentence(&self, trouble: Trouble) -> Reason {
        trouble.reason(NAME, host(&self.settings.base_url), "account_sid, auth_token, base_url")
    }

    /// Asks for the balance: that needs account and token, and sends nothing.
    async fn check(&self, asker: &Asker) -> Result<Vec<Reason>, Reason> {
        let settings = &self.settings;
        let request = asker.client.get(self.path("/Balance"));
        let heard = asker.ask(request.basic_auth(&settings.account_sid, Some(&settings.auth_token))).await;
        let mut remarks: Vec<Reason> = match answer::balance(&heard) {
            Ok(balance) => {
                let args = balance.map(|balance| [("provider", NAME.to_owned()), ("balance", balance)]);
                args.map(|args| Reason::new("http-balance", args)).into_iter().collect()
            }
            Err(trouble) => return Err(self.sentence(trouble)),
        };
        if settings.common.callback.is_none() {
            remarks.push(Reason::new("http-no-callback", [("provider", NAME.to_owned())]));
        }
        Ok(remarks)
    }

    fn addresses(&self) -> Vec<(&'static str, String)> {
        let common = &self.settings.common;
        let signed = || common.at("receive").filter(|_| self.settings.is_signed);
        vec![("A message comes in", signed().unwrap_or_else(|| common.shown_at("receive")))]
    }

    fn called(&self, call: &Call<'_>) -> Result<Taken, CallRefused> {
        callback::read(&self.settings, call)
    }
}
