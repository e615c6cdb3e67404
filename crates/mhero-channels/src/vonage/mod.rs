//! Vonage, once Nexmo, as a channel: its SMS API, signed calls where the account has a signature secret.
//!
//! ```text
//! mhero channel add vonage main api_key=… api_secret=… signature_secret=… sender=MOH callback=https://mhero.example.org
//! ```

mod answer;
mod callback;
mod signature;

use std::collections::BTreeMap;

use async_trait::async_trait;
use mhero_app::{
    AppError,
    ports::{Call, CallRefused, Field, Outcome, Outgoing, Shape, Taken},
    rows::Clock,
};
use mhero_core::{ChannelId, Urn, record::Reason};
use mhero_text::sms::is_gsm7;
use reqwest::{RequestBuilder, Url, header::CONTENT_TYPE};

use crate::{
    given::{Given, keys},
    http::{
        Asker, Common, Heard, HttpDriver, Provider, Sign, Trouble, field, form::encoded, host, sign::sha256_hex, under,
    },
};

/// The KIND of `mhero channel add`.
pub const KIND: &str = "vonage";
/// The name in the addresses that it calls, the same as RapidPro's.
pub const ROUTE: &str = "nx";
/// What it is called in sentences.
const NAME: &str = "Vonage";
/// Where it is.
const BASE: &str = "https://rest.nexmo.com";
/// Longest validity of a text: a week, in minutes.
const VALIDITY_MINUTES_MAX: u32 = 7 * 24 * 60;
/// What a page asks for, the needed ones first.
const FIELDS: [Field; 10] = [
    Field::must("api_key"),
    Field::must("api_secret").secret(),
    Field::may("signature_secret").secret().first(),
    Field::may("from"),
    Field::may("base_url").shaped(Shape::Address),
    field::CALLBACK,
    field::SECRET,
    field::ALLOW,
    field::CONNECTIONS,
    field::TIMEOUT,
];
/// The keys, and which of them are secrets.
const KEYS: &[(&str, bool)] = &keys(&FIELDS);

/// The driver of KIND `vonage`.
pub type Vonage = HttpDriver<Node>;

/// One account.
pub struct Node {
    common: Common,
    clock: Clock,
    base_url: Url,
    api_key: String,
    api_secret: String,
    signature_secret: Option<String>,
    from: Option<String>,
}

impl Node {
    fn read_settings(
        (channel, clock): (ChannelId, &Clock),
        config: &BTreeMap<String, String>,
        default_secret: impl FnOnce() -> String,
    ) -> Result<Self, AppError> {
        let given = Given::new(KIND, KEYS, config)?;
        let usual = || Url::parse(BASE).map_err(|_| given.invalid("channel-missing", "base_url", []));
        Ok(Self {
            clock: clock.clone(),
            base_url: given.address("base_url")?.map_or_else(usual, Ok)?,
            api_key: given.must("api_key")?.to_owned(),
            api_secret: given.must("api_secret")?.to_owned(),
            signature_secret: given.get("signature_secret").map(ToOwned::to_owned),
            from: given.get("from").map(ToOwned::to_owned),
            common: Common::read(&given, (channel, ROUTE), default_secret)?,
        })
    }

    /// A request's form with who asks: signed where there is a secret for it, which then stands in the place of the API secret.
    /// (Vonage, "Signing messages": the time in seconds joins the fields, and the signature is made over all.)
    fn authenticated(&self, pairs: Vec<(&str, &str)>) -> String {
        let Some(secret) = &self.signature_secret else {
            return encoded(pairs.into_iter().chain([("api_secret", self.api_secret.as_str())]));
        };
        let now = self.clock.now().as_second().to_string();
        let signed: BTreeMap<&str, &str> = pairs.into_iter().chain([("timestamp", now.as_str())]).collect();
        let sig = sha256_hex(secret.as_bytes(), signature::text(&signed).as_bytes());
        encoded(signed.into_iter().chain([("sig", sig.as_str())]))
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
        (channel, clock): (ChannelId, &Clock),
        config: &BTreeMap<String, String>,
        default_secret: impl FnOnce() -> String,
    ) -> Result<Self, AppError> {
        Self::read_settings((channel, clock), config, default_secret)
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
        let from = outgoing.sender.as_deref().or(self.from.as_deref()).ok_or("http-no-sender")?;
        let id = outgoing.submission.to_string();
        let kind = if is_gsm7(&outgoing.text) { "text" } else { "unicode" };
        let report_to = self.common.at("status").map(|at| format!("{at}?secret={}", self.common.secret));
        let pairs = [
            ("api_key", self.api_key.as_str()),
            ("from", from.trim_start_matches('+')),
            ("to", outgoing.to.path().trim_start_matches('+')),
            ("text", &outgoing.text),
            ("type", kind),
            ("client-ref", &id),
            ("status-report-req", if report_to.is_some() { "1" } else { "0" }),
        ];
        let millis = minutes.map(|minutes| (u64::from(minutes.clamp(1, VALIDITY_MINUTES_MAX)) * 60_000).to_string());
        let pairs = pairs.into_iter().chain(report_to.iter().map(|url| ("callback", url.as_str())));
        let pairs = pairs.chain(millis.iter().map(|millis| ("ttl", millis.as_str())));
        let form = self.authenticated(pairs.collect());
        Ok(client.post(self.path("/sms/json")).header(CONTENT_TYPE, "application/x-www-form-urlencoded").body(form))
    }

    fn read(&self, heard: &Heard) -> (Outcome, Sign) {
        answer::read(heard)
    }

    fn sentence(&self, trouble: Trouble) -> Reason {
        trouble.reason(NAME, host(&self.base_url), "api_key, api_secret, signature_secret")
    }

    async fn check(&self, asker: &Asker) -> Result<Vec<Reason>, Reason> {
        let mut url = self.path("/account/get-balance");
        let pairs = [("api_key", self.api_key.as_str()), ("api_secret", self.api_secret.as_str())];
        url.set_query(Some(&encoded(pairs)));
        let heard = asker.ask(asker.client.get(url)).await;
        let balance = answer::balance(&heard).map_err(|trouble| self.sentence(trouble))?;
        let mut remarks = vec![Reason::new("http-balance", [("provider", NAME.to_owned()), ("balance", balance)])];
        if self.common.callback.is_none() {
            remarks.push(Reason::new("http-no-callback", [("provider", NAME.to_owned())]));
        }
        Ok(remarks)
    }

    fn addresses(&self) -> Vec<(&'static str, String)> {
        vec![
            ("Inbound SMS webhook", self.common.shown_at("receive")),
            ("Delivery receipts webhook", self.common.shown_at("status")),
        ]
    }

    fn called(&self, call: &Call<'_>) -> Result<Taken, CallRefused> {
        callback::read(&self.common, (self.signature_secret.as_deref(), self.clock.now()), call)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_are_signed_where_there_is_a_secret_for_it() {
        let (clock, _) = Clock::manual("2026-11-22T08:30:00Z".parse().unwrap());
        let node = |further: &[(&str, &str)]| {
            let given = [("api_key", "k"), ("api_secret", "s")];
            let config = given.iter().chain(further).map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
            let channel = ChannelId::from_uuid(uuid::Uuid::nil());
            Node::read_settings((channel, &clock), &config, || "0123456789abcdef".to_owned()).unwrap()
        };
        let pairs = vec![("api_key", "k"), ("text", "a&b=c"), ("to", "231770000001")];
        assert_eq!(node(&[]).authenticated(pairs.clone()), "api_key=k&text=a%26b%3Dc&to=231770000001&api_secret=s");
        let signed = node(&[("signature_secret", "s1gn")]).authenticated(pairs);
        let sig = sha256_hex(b"s1gn", b"&api_key=k&text=a_b_c&timestamp=1795336200&to=231770000001");
        let expected = format!("api_key=k&text=a%26b%3Dc&timestamp=1795336200&to=231770000001&sig={sig}");
        assert_eq!(signed, expected, "the API secret stays here");
    }
}
