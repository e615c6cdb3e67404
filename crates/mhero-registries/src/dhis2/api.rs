//! Asks a DHIS2, and says in words when what answers is none.

use mhero_app::{
    AppError,
    ports::{Delivery, SourceSettings},
};
use mhero_core::record::Reason;
use mhero_wire::dhis2::{Message, System};

use crate::http::{Answer, Ask, AuthMode, Client, Defaults, HttpError, first_words};

/// What is taken for granted: a token is a personal access token.
const DEFAULTS: Defaults =
    Defaults { token: AuthMode::ApiToken, token_path: None, example: "https://dhis2.example.org" };

/// The Web API of one server.
pub(super) struct Api {
    pub(super) client: Client,
    /// `api/`, or nothing where the source's address ends with it.
    prefix: &'static str,
}

impl Api {
    pub(super) fn new(settings: &SourceSettings) -> Result<Self, AppError> {
        let client = Client::new(settings, &DEFAULTS)?;
        let path = client.base().path().trim_end_matches('/').to_owned();
        let mut steps = path.rsplit('/');
        let last = steps.next().unwrap_or_default();
        let is_version = !last.is_empty() && last.bytes().all(|byte| byte.is_ascii_digit());
        let has_api = last == "api" || (is_version && steps.next() == Some("api"));
        Ok(Self { client, prefix: if has_api { "" } else { "api/" } })
    }

    /// The address of the server as identifiers name it: without what only this program was told.
    pub(super) fn address(&self, path: &str) -> String {
        self.client.url(&format!("{}{path}", self.prefix), &[]).to_string()
    }

    /// A GET below `/api/`: its body, when it is one of success and no page for people.
    pub(super) async fn get(&self, path: &str, query: &[(&str, &str)]) -> Result<String, HttpError> {
        let url = self.client.url(&format!("{}{path}", self.prefix), query);
        self.judge(self.client.ask(&as_machine(Ask::get(url))).await?)
    }

    /// A request that changes something, by JSON Patch. The answer comes whatever its status.
    pub(super) async fn patch(&self, path: &str, body: String) -> Result<Answer, HttpError> {
        let url = self.client.url(&format!("{}{path}", self.prefix), &[]);
        let ask = Ask::new(reqwest::Method::PATCH, url).header("content-type", "application/json-patch+json");
        self.client.ask(&as_machine(ask).body(body)).await
    }

    /// A report, handed over once. The answer comes whatever its status.
    pub(super) async fn post(&self, delivery: &Delivery) -> Result<Answer, HttpError> {
        let query: Vec<(&str, &str)> = delivery.query.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let url = self.client.url(&format!("{}{}", self.prefix, delivery.path), &query);
        let ask = Ask::new(reqwest::Method::POST, url).header("content-type", delivery.content_type);
        self.client.ask(&as_machine(ask).body(delivery.body.clone())).await
    }

    /// What is said where a page for people came.
    pub(super) fn login_page(&self) -> Reason {
        self.refused("dhis2-login-page", 401).into()
    }

    /// What the server says about itself.
    pub(super) async fn system(&self) -> Result<System, HttpError> {
        let text = self.get("system/info", &[]).await?;
        System::read(&text).ok_or_else(|| self.refused("dhis2-not-dhis2", 0))
    }

    /// An answer in words: log-in pages, wrong paths and refusals in the server's own words.
    pub(super) fn judge(&self, answer: Answer) -> Result<String, HttpError> {
        if answer.is_page() && answer.status < 400 {
            return Err(self.refused("dhis2-login-page", 401));
        }
        match answer.status {
            401 => Err(self.refused("dhis2-401", 401)),
            404 if Message::read(&answer.text()).is_none() => Err(self.refused("dhis2-not-here", 404)),
            400 | 403 | 404 | 409 | 415 => Err(self.told(&answer)),
            _ => answer.success().map(|answer| answer.text()),
        }
    }

    /// A refusal in the server's own words.
    pub(super) fn told(&self, answer: &Answer) -> HttpError {
        let message = Message::read(&answer.text()).map(|message| message.message).unwrap_or_default();
        let key = match answer.status {
            403 => "dhis2-403",
            _ => "dhis2-refuses",
        };
        let path = answer.url.path().to_owned();
        let args = [("host", self.client.host()), ("path", path), ("detail", first_words(&message))];
        HttpError::Refused { status: answer.status, reason: Reason::new(key, args) }
    }

    /// The answer is no list of what was asked for.
    pub(super) fn not_a_list(&self) -> HttpError {
        HttpError::Odd(Reason::new("dhis2-no-list", [("host", self.client.host())]))
    }

    fn refused(&self, key: &'static str, status: u16) -> HttpError {
        let address = self.client.base().to_string();
        let reason = Reason::new(key, [("host", self.client.host()), ("address", address)]);
        HttpError::Refused { status, reason }
    }
}

/// Asks for JSON as programs do: a server then says 401 rather than sending the log-in page.
fn as_machine(ask: Ask) -> Ask {
    ask.header("accept", "application/json").header("x-requested-with", "XMLHttpRequest")
}
