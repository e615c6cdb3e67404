//! Infobip as a channel: SMS by its API of 2024 (`/sms/3`), reports under our own ids, texts of phones.
//!
//! ```text
//! mhero channel add infobip main base_url=https://xxxxx.api.infobip.com api_key=… sender=MOH callback=https://mhero.example.org
//! ```

mod answer;
mod callback;

use std::collections::BTreeMap;

use async_trait::async_trait;
use mhero_app::{
    AppError,
    ports::{Call, CallRefused, Field, Outcome, Outgoing, Shape, Taken},
    rows::Clock,
};
use mhero_core::{ChannelId, Urn, record::Reason};
use reqwest::{
    RequestBuilder, Url,
    header::{AUTHORIZATION, HeaderValue},
};
use serde_json::json;

use crate::{
    given::{Given, keys},
    http::{Asker, Common, Heard, HttpDriver, Provider, Sign, Trouble, field, host, under},
};

/// The KIND of `mhero channel add`.
pub const KIND: &str = "infobip";
/// The name in the addresses that it calls, the same as RapidPro's.
pub const ROUTE: &str = "ib";
/// What it is called in sentences.
const NAME: &str = "Infobip";
/// Longest validity of a text: two days, in minutes.
const VALIDITY_MINUTES_MAX: u32 = 2 * 24 * 60;
/// What a page asks for, the needed ones first.
const FIELDS: [Field; 9] = [
    Field::must("base_url").shaped(Shape::Address),
    Field::must("api_key").secret(),
    Field::may("from"),
    Field::may("transliteration").choice(&["none", "french", "portuguese", "all"]),
    field::CALLBACK,
    field::SECRET,
    field::ALLOW,
    field::CONNECTIONS,
    field::TIMEOUT,
];
/// The keys, and which of them are secrets.
const KEYS: &[(&str, bool)] = &keys(&FIELDS);

/// The driver of KIND `infobip`.
pub type Infobip = HttpDriver<Node>;

/// One account.
pub struct Node {
    common: Common,
    base_url: Url,
    authorization: HeaderValue,
    from: Option<String>,
    transliteration: Option<&'static str>,
}

impl Node {
    fn read_settings(
        channel: ChannelId,
        config: &BTreeMap<String, String>,
        default_secret: impl FnOnce() -> String,
    ) -> Result<Self, AppError> {
        let given = Given::new(KIND, KEYS, config)?;
        let mut authorization = HeaderValue::from_str(&format!("App {}", given.must("api_key")?))
            .map_err(|_| given.invalid("channel-header", "api_key", [("value", "Authorization".to_owned())]))?;
        authorization.set_sensitive(true);
        let alphabets =
            [("none", None), ("french", Some("FRENCH")), ("portuguese", Some("PORTUGUESE")), ("all", Some("ALL"))];
        Ok(Self {
            base_url: given.must_address("base_url")?,
            authorization,
            from: given.get("from").map(ToOwned::to_owned),
            transliteration: given.choice("transliteration", &alphabets)?,
            common: Common::read(&given, (channel, ROUTE), default_secret)?,
        })
    }

    fn path(&self, path: &str) -> Url {
        under(&self.base_url, path)
    }
}

#[async_trait]
impl Provider for Node {
    const KIND: &'static str = KIND;
    const ROUTE: &'static str = ROUTE;
    const KEYS: &'static [(&'static str, bool)] = KEYS;
    const FIELDS: &'static [Field] = &FIELDS;

    fn of(
        (channel, _): (ChannelId, &Clock),
        config: &BTreeMap<String, String>,
        default_secret: impl FnOnce() -> String,
    ) -> Result<Self, AppError> {
        Self::read_settings(channel, config, default_secret)
    }

    fn name(&self) -> &'static str {
        NAME
    }

    fn common(&self) -> &Common {
        &self.common
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
        let to = outgoing.to.path().trim_start_matches('+');
        let destination = json!({ "to": to, "messageId": outgoing.submission.to_string() });
        let mut content = json!({ "text": outgoing.text });
        if let Some(alphabet) = self.transliteration {
            content["transliteration"] = alphabet.into();
        }
        let mut message = json!({ "destinations": [destination], "content": content });
        if let Some(from) = outgoing.sender.as_ref().or(self.from.as_ref()) {
            message["sender"] = from.as_str().into();
        }
        if let Some(at) = self.common.at("delivered") {
            let url = format!("{at}?secret={}", self.common.secret);
            let delivery = json!({ "url": url, "intermediateReport": true });
            message["webhooks"] = json!({ "delivery": delivery, "contentType": "application/json" });
        }
        if let Some(minutes) = minutes {
            let amount = minutes.clamp(1, VALIDITY_MINUTES_MAX);
            message["options"] = json!({ "validityPeriod": { "amount": amount, "timeUnit": "MINUTES" } });
        }
        let request = client.post(self.path("/sms/3/messages")).header(AUTHORIZATION, self.authorization.clone());
        Ok(request.json(&json!({ "messages": [message] })))
    }

    fn read(&self, heard: &Heard) -> (Outcome, Sign) {
        answer::read(heard)
    }

    fn sentence(&self, trouble: Trouble) -> Reason {
        trouble.reason(NAME, host(&self.base_url), "base_url, api_key")
    }

    async fn check(&self, asker: &Asker) -> Result<Vec<Reason>, Reason> {
        let request = asker.client.get(self.path("/account/1/balance"));
        let heard = asker.ask(request.header(AUTHORIZATION, self.authorization.clone())).await;
        let balance = answer::balance(&heard).map_err(|trouble| self.sentence(trouble))?;
        let mut remarks = Vec::new();
        remarks.extend(
            balance.map(|balance| Reason::new("http-balance", [("provider", NAME.to_owned()), ("balance", balance)])),
        );
        if self.common.callback.is_none() {
            remarks.push(Reason::new("http-no-callback", [("provider", NAME.to_owned())]));
        }
        Ok(remarks)
    }

    fn addresses(&self) -> Vec<(&'static str, String)> {
        vec![("Forward to HTTP", self.common.shown_at("receive"))]
    }

    fn called(&self, call: &Call<'_>) -> Result<Taken, CallRefused> {
        callback::read(&self.common, call)
    }
}
