//! WhatsApp as a channel, by the Cloud API of Meta.
//!
//! ```text
//! mhero channel add whatsapp main phone_number_id=1067… access_token=… app_secret=… callback=https://mhero.example.org
//! ```
//!
//! Whoever has not written for 24 hours gets approved templates only. With `template=` every text to them goes out as that template,
//! whose one variable is the text; without it WhatsApp refuses such texts, and the message says why.

mod answer;
mod callback;

use std::collections::BTreeMap;

use async_trait::async_trait;
use jiff::SignedDuration;
use mhero_app::{
    AppError,
    ports::{Call, CallRefused, Field, Outcome, Outgoing, Parts, Shape, Taken},
    rows::Clock,
};
use mhero_core::{ChannelId, Lang, Urn, record::Reason};
use reqwest::{RequestBuilder, Url};
use serde_json::{Value, json};

use crate::{
    given::{Given, keys},
    http::{Asker, Common, Heard, HttpDriver, Provider, Sign, Trouble, field, host, under},
};

/// The KIND of `mhero channel add`.
pub const KIND: &str = "whatsapp";
/// The name in the addresses that it calls, the same as RapidPro's.
pub const ROUTE: &str = "wac";
/// What it is called in sentences.
const NAME: &str = "WhatsApp";
/// Where it is.
const BASE: &str = "https://graph.facebook.com/v23.0";
/// How long after somebody wrote WhatsApp carries free texts to them: a day, without the minutes that a text may be under way.
const WINDOW: SignedDuration = SignedDuration::from_mins(24 * 60 - 5);
/// The language of a template where none is set.
const LANGUAGE: &str = "en";
/// Letters of one text.
const LETTERS_MAX: usize = 4_096;
/// Letters of one text that stands in a template.
const TEMPLATE_LETTERS_MAX: usize = 900;
/// Longest id of a number, in figures. Meta's are 15 to 17.
const NUMBER_ID_MAX: usize = 32;
/// The scheme of people with a user name, whose number WhatsApp does not tell: their id counts for this business alone.
const USER: &str = "bsuid";
/// What a page asks for, the needed ones first.
const FIELDS: [Field; 12] = [
    Field::must("phone_number_id"),
    Field::must("access_token").secret(),
    Field::must("app_secret").secret(),
    Field::may("verify_token").secret(),
    Field::may("template").first(),
    Field::may("template_language"),
    Field::may("base_url").shaped(Shape::Address),
    field::CALLBACK,
    field::SECRET,
    field::ALLOW,
    field::CONNECTIONS,
    field::TIMEOUT,
];
/// The keys, and which of them are secrets.
const KEYS: &[(&str, bool)] = &keys(&FIELDS);

/// The driver of KIND `whatsapp`.
pub type WhatsApp = HttpDriver<Node>;

/// One number at WhatsApp.
pub struct Node {
    common: Common,
    clock: Clock,
    base_url: Url,
    phone_number_id: String,
    access_token: String,
    app_secret: String,
    verify_token: String,
    template: Option<Template>,
}

/// An approved template.
struct Template {
    name: String,
    /// The languages in which it is approved, the first for texts of any other.
    languages: Vec<String>,
}

impl Template {
    /// The language of the template for a text in this one: `fr` stands for `fr_FR` too.
    fn language(&self, of: Option<Lang>) -> &str {
        let fits = |tag: &&String| of.is_some() && tag.parse().ok() == of;
        self.languages.iter().find(fits).or(self.languages.first()).map_or(LANGUAGE, String::as_str)
    }
}

impl Node {
    fn read_settings(
        (channel, clock): (ChannelId, &Clock),
        config: &BTreeMap<String, String>,
        default_secret: impl FnOnce() -> String,
    ) -> Result<Self, AppError> {
        let given = Given::new(KIND, KEYS, config)?;
        let usual = || Url::parse(BASE).map_err(|_| given.invalid("channel-missing", "base_url", []));
        let number_id = given.must("phone_number_id")?;
        if number_id.len() > NUMBER_ID_MAX || !number_id.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(given.invalid("channel-field", "phone_number_id", [("max", NUMBER_ID_MAX.to_string())]));
        }
        let common = Common::read(&given, (channel, ROUTE), default_secret)?;
        let languages = given.get("template_language").unwrap_or(LANGUAGE).split(',').map(str::trim);
        let languages = languages.filter(|tag| !tag.is_empty()).map(ToOwned::to_owned).collect();
        Ok(Self {
            clock: clock.clone(),
            base_url: given.address("base_url")?.map_or_else(usual, Ok)?,
            phone_number_id: number_id.to_owned(),
            access_token: given.must("access_token")?.to_owned(),
            app_secret: given.must("app_secret")?.to_owned(),
            verify_token: given.get("verify_token").map_or_else(|| common.secret.clone(), ToOwned::to_owned),
            template: given.get("template").map(|name| Template { name: name.to_owned(), languages }),
            common,
        })
    }

    fn path(&self, path: &str) -> Url {
        under(&self.base_url, &format!("/{}{path}", self.phone_number_id))
    }

    /// What is said: as it is to whoever has written within a day, else within the template.
    fn content(&self, outgoing: &Outgoing) -> Value {
        let is_open = outgoing.heard_at.is_some_and(|at| self.clock.now().duration_since(at) < WINDOW);
        match &self.template {
            Some(template) if !is_open => {
                // A variable can't hold line breaks, nor many spaces in a row.
                let text = outgoing.text.split_whitespace().collect::<Vec<_>>().join(" ");
                let component = json!({ "type": "body", "parameters": [{ "type": "text", "text": text }] });
                let code = template.language(outgoing.language);
                let language = json!({ "policy": "deterministic", "code": code });
                json!({ "type": "template", "template": { "name": template.name, "language": language, "components": [component] } })
            }
            _ => json!({ "type": "text", "text": { "body": outgoing.text, "preview_url": false } }),
        }
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

    fn parts(&self) -> Parts {
        Parts::Within(if self.template.is_some() { TEMPLATE_LETTERS_MAX } else { LETTERS_MAX })
    }

    fn asks_heard(&self) -> bool {
        self.template.is_some()
    }

    fn request(&self, client: &reqwest::Client, outgoing: &Outgoing) -> Result<RequestBuilder, &'static str> {
        let (to, address) = match outgoing.to.scheme() {
            Urn::TEL => ("to", outgoing.to.path().trim_start_matches('+')),
            USER => ("recipient", outgoing.to.path()),
            _ => return Err("http-no-phone"),
        };
        let mut message = json!({
            "messaging_product": "whatsapp",
            "recipient_type": "individual",
            (to): address,
            // Comes back in the reports.
            "biz_opaque_callback_data": outgoing.submission.to_string(),
        });
        if let (Value::Object(message), Value::Object(content)) = (&mut message, self.content(outgoing)) {
            message.extend(content);
        }
        Ok(client.post(self.path("/messages")).bearer_auth(&self.access_token).json(&message))
    }

    fn read(&self, heard: &Heard) -> (Outcome, Sign) {
        answer::read(heard)
    }

    fn sentence(&self, trouble: Trouble) -> Reason {
        trouble.reason(NAME, host(&self.base_url), "phone_number_id, access_token")
    }

    async fn check(&self, asker: &Asker) -> Result<Vec<Reason>, Reason> {
        let mut url = self.path("");
        url.set_query(Some("fields=display_phone_number,quality_rating"));
        let (outcome, sign) = answer::check(&asker.ask(asker.client.get(url).bearer_auth(&self.access_token)).await);
        if let Sign::Fails(trouble) = sign {
            return Err(self.sentence(trouble));
        }
        let mut remarks = Vec::new();
        if !outcome {
            remarks.push(Reason::plain("whatsapp-quality"));
        }
        if self.template.is_none() {
            remarks.push(Reason::plain("whatsapp-no-template"));
        }
        if self.common.callback.is_none() {
            remarks.push(Reason::new("http-no-callback", [("provider", NAME.to_owned())]));
        }
        Ok(remarks)
    }

    fn addresses(&self) -> Vec<(&'static str, String)> {
        let at = self.common.at("receive").unwrap_or_else(|| self.common.shown_at("receive"));
        vec![("Callback URL", at), ("Verify token", self.verify_token.clone())]
    }

    fn called(&self, call: &Call<'_>) -> Result<Taken, CallRefused> {
        callback::read(self, call)
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// When the tests play.
    pub(crate) const NOW: &str = "2026-11-22T09:00:00Z";

    pub(crate) fn node(further: &[(&str, &str)]) -> Result<Node, AppError> {
        let given = [("phone_number_id", "106540352242922"), ("access_token", "t0ken"), ("app_secret", "s3cret")];
        let config = given.iter().chain(further).map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        let (clock, _) = Clock::manual(NOW.parse().unwrap());
        let channel = ChannelId::from_uuid(uuid::Uuid::nil());
        Node::read_settings((channel, &clock), &config, || "0123456789abcdef".to_owned())
    }

    #[test]
    fn wrong_settings_are_named() {
        for (key, value, rule) in [
            ("phone_number_id", "+231", "channel-field"),
            ("access_token", "", "channel-missing"),
            ("app_secret", "", "channel-missing"),
            ("base_url", "graph", "channel-address"),
        ] {
            match node(&[(key, value)]) {
                Err(AppError::Invalid(reason)) => assert_eq!(reason.key, rule, "{key}={value}"),
                other => panic!("{key}={value} gave {}", other.is_ok()),
            }
        }
    }
}
