//! An aggregator that nobody has written a driver for, described in a file: what is asked, what its answers mean, what it calls
//! with.
//!
//! ```text
//! mhero channel add template main file=clickatell.toml api_key=… callback=https://mhero.example.org
//! ```
//!
//! What the file calls settings is given beside it and kept as secrets. The guide is `docs/admin/template-channels.md`, with two
//! files to begin from.

mod answer;
mod callback;
mod file;
mod settings;

use std::collections::BTreeMap;

use async_trait::async_trait;
use mhero_app::{
    AppError,
    ports::{Call, CallRefused, Field, Outcome, Outgoing, Parts, Taken},
    rows::Clock,
};
use mhero_core::{ChannelId, Urn, record::Reason};
use reqwest::{Method, RequestBuilder, Url};

use self::settings::{Settings, Values};
use crate::http::{Asker, Common, Heard, HttpDriver, Provider, Sign, Trouble, host, national};

/// The KIND of `mhero channel add`.
pub const KIND: &str = "template";
/// The name in the addresses that the aggregator calls.
pub const ROUTE: &str = "tpl";

/// The driver of KIND `template`.
pub type Template = HttpDriver<Node>;

/// One aggregator.
pub struct Node {
    settings: Settings,
}

#[async_trait]
impl Provider for Node {
    const KIND: &'static str = KIND;
    const ROUTE: &'static str = ROUTE;
    const KEYS: &'static [(&'static str, bool)] = settings::KEYS;
    const FIELDS: &'static [Field] = &settings::FIELDS;
    const TAKES_OTHER_KEYS: bool = true;

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
        self.settings.file.request.letters.map_or(Parts::Split, Parts::Within)
    }

    fn request(&self, client: &reqwest::Client, outgoing: &Outgoing) -> Result<RequestBuilder, &'static str> {
        if outgoing.to.scheme() != Urn::TEL {
            return Err("http-no-phone");
        }
        let settings = &self.settings;
        let id = outgoing.submission.to_string();
        let from = outgoing.sender.as_deref().unwrap_or_default();
        let to = national(outgoing.to.path(), settings.file.request.use_national);
        let values = Values { settings, id: &id, text: &outgoing.text, to: &to, from };
        let url = Url::parse(&values.url()).map_err(|_| "http-no-address")?;
        let request = client.request(settings.method.clone(), url).headers(values.headers().ok_or("http-no-header")?);
        Ok(if settings.method == Method::GET { request } else { request.body(values.body()) })
    }

    fn read(&self, heard: &Heard) -> (Outcome, Sign) {
        answer::read(&self.settings.file.response, heard)
    }

    fn sentence(&self, trouble: Trouble) -> Reason {
        trouble.reason("HTTP", host(&self.settings.place), "file, settings of the template")
    }

    /// Nobody can ask such an aggregator whether it knows us without handing it a text: only whether somebody answers is found out.
    async fn check(&self, asker: &Asker) -> Result<Vec<Reason>, Reason> {
        match asker.ask(asker.client.request(Method::OPTIONS, self.settings.place.clone())).await {
            Heard::NoConnection => Err(self.sentence(Trouble::Unreachable)),
            Heard::Silence => Err(self.sentence(Trouble::Silent)),
            Heard::Cut | Heard::Answer { .. } => Ok(vec![Reason::plain("external-reached-only")]),
        }
    }

    fn addresses(&self) -> Vec<(&'static str, String)> {
        let (file, at) = (&self.settings.file, |action| (action, self.settings.common.shown_at(action)));
        let receive = file.receive.as_ref().map(|_| at("receive"));
        receive.into_iter().chain(file.status.as_ref().map(|_| at("status"))).collect()
    }

    fn called(&self, call: &Call<'_>) -> Result<Taken, CallRefused> {
        callback::read(&self.settings, call)
    }
}
