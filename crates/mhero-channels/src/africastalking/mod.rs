//! Africa's Talking as a channel: SMS by its bulk API, reports, texts of phones, and who opted out there.
//!
//! ```text
//! mhero channel add africastalking kenya username=moh api_key=… sender=MOH callback=https://mhero.example.org
//! ```
//!
//! It signs nothing: the secret in the addresses and a list of its addresses (`allow=`) keep strangers out. The administrator's guide
//! is `docs/admin/africastalking.md`.

mod answer;
mod callback;
mod settings;

use std::collections::BTreeMap;

use async_trait::async_trait;
use mhero_app::{
    AppError,
    ports::{Call, CallRefused, Field, Outcome, Outgoing, Taken},
    rows::Clock,
};
use mhero_core::{ChannelId, Urn, record::Reason};
use reqwest::{RequestBuilder, header::ACCEPT};

use self::settings::Settings;
use crate::http::{Asker, Common, Heard, HttpDriver, Provider, Sign, Trouble, form::encoded, host, under};

/// The KIND of `mhero channel add`.
pub const KIND: &str = "africastalking";
/// The name in the addresses that it calls, the same as RapidPro's.
pub const ROUTE: &str = "at";
/// What it is called in sentences.
const NAME: &str = "Africa's Talking";
/// The type of a form.
const FORM: &str = "application/x-www-form-urlencoded";

/// The driver of KIND `africastalking`.
pub type AfricasTalking = HttpDriver<Node>;

/// One account.
pub struct Node {
    settings: Settings,
}

impl Node {
    fn path(&self, path: &str) -> reqwest::Url {
        under(&self.settings.url, path)
    }

    /// What is left in the account.
    async fn balance(&self, asker: &Asker) -> Result<Option<Reason>, Trouble> {
        let mut url = self.path("/version1/user");
        url.set_query(Some(&encoded([("username", self.settings.username.as_str())])));
        let request = asker.client.get(url).header("apikey", self.settings.api_key.clone());
        let heard = asker.ask(request.header(ACCEPT, "application/json")).await;
        let said = |balance| Reason::new("http-balance", [("provider", NAME.to_owned()), ("balance", balance)]);
        Ok(answer::balance(&heard)?.map(said))
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

    fn request(&self, client: &reqwest::Client, outgoing: &Outgoing) -> Result<RequestBuilder, &'static str> {
        if outgoing.to.scheme() != Urn::TEL {
            return Err("http-no-phone");
        }
        let settings = &self.settings;
        // A shared short code is not named: it belongs to nobody.
        let from = outgoing.sender.as_deref().or(settings.from.as_deref()).filter(|_| !settings.is_shared);
        let pairs = [("username", settings.username.as_str()), ("to", outgoing.to.path()), ("message", &outgoing.text)];
        let form = encoded(pairs.into_iter().chain(from.map(|from| ("from", from))));
        let request = client.post(self.path("/version1/messaging")).header("apikey", settings.api_key.clone());
        Ok(request.header(ACCEPT, "application/json").header(reqwest::header::CONTENT_TYPE, FORM).body(form))
    }

    fn read(&self, heard: &Heard) -> (Outcome, Sign) {
        answer::read(heard)
    }

    fn sentence(&self, trouble: Trouble) -> Reason {
        trouble.reason(NAME, host(&self.settings.url), "username, api_key, sandbox")
    }

    /// Asks for the balance: that needs the name and the key, and sends nothing.
    async fn check(&self, asker: &Asker) -> Result<Vec<Reason>, Reason> {
        let balance = self.balance(asker).await.map_err(|trouble| self.sentence(trouble))?;
        let mut remarks = balance.into_iter().collect::<Vec<_>>();
        if self.settings.common.callback.is_none() {
            remarks.push(Reason::new("http-no-callback", [("provider", NAME.to_owned())]));
        }
        Ok(remarks)
    }

    async fn facts(&self, asker: &Asker) -> Vec<Reason> {
        // What is wrong with the account says its trouble.
        self.balance(asker).await.ok().flatten().into_iter().collect()
    }

    fn addresses(&self) -> Vec<(&'static str, String)> {
        let at = |action| self.settings.common.shown_at(action);
        vec![
            ("Incoming messages", at("receive")),
            ("Delivery reports", at("status")),
            ("Bulk SMS opt out", at("optout")),
        ]
    }

    fn called(&self, call: &Call<'_>) -> Result<Taken, CallRefused> {
        callback::read(&self.settings, call)
    }
}
