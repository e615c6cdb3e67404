//! Asks a RapidPro, and says in words when what answers is none.

use std::collections::HashSet;

use mhero_app::{AppError, ports::SourceSettings};
use mhero_core::record::Reason;
use mhero_wire::rapidpro::{Page, detail};
use reqwest::{Method, Url};
use serde_json::Value;

use crate::http::{Answer, Ask, AuthMode, Client, Defaults, HttpError, first_words};

/// What is taken for granted.
const DEFAULTS: Defaults =
    Defaults { token: AuthMode::Token, token_path: None, example: "https://rapidpro.example.org" };
/// Most pages of one list: five million contacts.
const PAGES_MAX: usize = 20_000;

/// The API of one workspace.
pub(super) struct Api {
    pub(super) client: Client,
    /// `api/v2/`, or nothing where the source's address ends with it.
    prefix: &'static str,
}

/// Most objects of a list that is read whole: a workspace has at most 250 fields and groups unless it was enlarged.
const OBJECTS_MAX: usize = 5_000;

/// Where a list is read on.
pub(super) struct Cursor {
    url: Url,
    asked: HashSet<String>,
}

impl Cursor {
    /// Goes on where an earlier reading of the same list stood.
    pub(super) fn go_to(&mut self, place: &str) {
        self.url.set_query(Some(place));
    }

    /// Where it stands, for [`Cursor::go_to`].
    pub(super) fn place(&self) -> String {
        self.url.query().unwrap_or_default().to_owned()
    }
}

impl Api {
    pub(super) fn new(settings: &SourceSettings) -> Result<Self, AppError> {
        let client = Client::new(settings, &DEFAULTS)?;
        let has_api = client.base().path().trim_end_matches('/').ends_with("/api/v2");
        Ok(Self { client, prefix: if has_api { "" } else { "api/v2/" } })
    }

    fn url(&self, endpoint: &str, query: &[(&str, &str)]) -> Url {
        self.client.url(&format!("{}{endpoint}.json", self.prefix), query)
    }

    /// A list from its beginning.
    pub(super) fn list(&self, endpoint: &str, query: &[(&str, &str)]) -> Cursor {
        Cursor { url: self.url(endpoint, query), asked: HashSet::new() }
    }

    /// The next page of a list; `None` after the last.
    pub(super) async fn next(&self, cursor: &mut Option<Cursor>) -> Result<Option<Page>, HttpError> {
        let Some(mut at) = cursor.take() else { return Ok(None) };
        let query = at.url.query().unwrap_or_default().to_owned();
        if !at.asked.insert(query) || at.asked.len() > PAGES_MAX {
            let args = [("path", at.url.path().to_owned()), ("page", at.asked.len().to_string())];
            return Err(HttpError::Odd(Reason::new("rapidpro-paging-loop", args)));
        }
        let text = self.judge(self.client.ask(&as_machine(Ask::get(at.url.clone()))).await?)?;
        let page = Page::read(&text).ok_or_else(|| self.odd("rapidpro-no-list"))?;
        if let Some(next) = page.next.as_ref().filter(|_| !page.items.is_empty()) {
            at.url.set_query(Some(next));
            *cursor = Some(at);
        }
        Ok(Some(page))
    }

    /// All objects of a list that is short.
    pub(super) async fn all(&self, endpoint: &str) -> Result<Vec<Value>, HttpError> {
        let mut cursor = Some(self.list(endpoint, &[]));
        let mut items: Vec<Value> = Vec::new();
        while let Some(page) = self.next(&mut cursor).await? {
            let fresh: Vec<Value> = page.items.into_iter().filter(|item| !items.contains(item)).collect();
            if items.len() > OBJECTS_MAX || (fresh.is_empty() && cursor.is_some()) {
                let args = [("path", endpoint.to_owned()), ("page", items.len().to_string())];
                return Err(HttpError::Odd(Reason::new("rapidpro-paging-loop", args)));
            }
            items.extend(fresh);
        }
        Ok(items)
    }

    /// One object that is no list.
    pub(super) async fn one(&self, endpoint: &str) -> Result<Value, HttpError> {
        let answer = self.client.ask(&as_machine(Ask::get(self.url(endpoint, &[])))).await?;
        let text = self.judge(answer)?;
        serde_json::from_str(&text).map_err(|_| self.odd("rapidpro-no-list"))
    }

    /// A write. The answer comes whatever its status.
    pub(super) async fn post(&self, endpoint: &str, query: &[(&str, &str)], body: &Value) -> Result<Answer, HttpError> {
        let ask = Ask::new(Method::POST, self.url(endpoint, query)).header("content-type", "application/json");
        self.client.ask(&as_machine(ask).body(body.to_string())).await
    }

    /// An answer in words: pages for people, wrong tokens, and refusals in the server's own words.
    pub(super) fn judge(&self, answer: Answer) -> Result<String, HttpError> {
        if answer.is_page() && answer.status < 500 {
            return Err(self.refused("rapidpro-not-here", answer.status, None));
        }
        match answer.status {
            401 => Err(self.refused("rapidpro-token", 401, None)),
            403 => Err(self.refused("rapidpro-token", 403, Some(&answer))),
            400 | 404 | 405 | 409 => Err(self.refused("rapidpro-refuses", answer.status, Some(&answer))),
            _ => answer.success().map(|answer| answer.text()),
        }
    }

    fn refused(&self, key: &'static str, status: u16, answer: Option<&Answer>) -> HttpError {
        let words = answer.map(|answer| detail(&answer.text())).unwrap_or_default();
        let args = [("host", self.client.host()), ("detail", first_words(&words))];
        HttpError::Refused { status, reason: Reason::new(key, args) }
    }

    pub(super) fn odd(&self, key: &'static str) -> HttpError {
        HttpError::Odd(Reason::new(key, [("host", self.client.host())]))
    }
}

fn as_machine(ask: Ask) -> Ask {
    ask.header("accept", "application/json")
}
