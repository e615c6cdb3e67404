//! For a country whose flows run in its RapidPro: they are started there, texts are sent through it, and flows, runs, messages and
//! contacts are read back, page by page.

use std::time::Duration;

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use mhero_app::ports::{
    Backend, BackendAsk, BackendError, BackendItem, BackendList, BackendPage, BackendTook, BackendWhat,
};
use mhero_core::record::Reason;
use mhero_wire::rapidpro::{BackContact, BackFlow, back_contact, back_flow, back_message, back_run};
use serde_json::{Map, Value, json};

use super::{Workspace, api::Cursor};
use crate::http::{Answer, HttpError};

/// The parameter of a start that holds our reference, by which it is found again.
const REFERENCE: &str = "mhero_reference";
/// Pages of starts or broadcasts that are looked through for a lost one.
const LOOKED_MAX: usize = 40;
/// Longest wait that is respected, in seconds.
const WAIT_MAX_SECONDS: u64 = 24 * 3600;
/// Most languages of one text.
const LANGUAGES_MAX: usize = 20;

impl Workspace {
    /// What was asked, as the API takes it: the endpoint and the body.
    fn asked(ask: &BackendAsk) -> (&'static str, Value) {
        match &ask.what {
            BackendWhat::Start { flow, params } => {
                let mut params = match params {
                    Some(Value::Object(params)) => params.clone(),
                    _ => Map::new(),
                };
                params.insert(REFERENCE.to_owned(), json!(ask.reference.to_string()));
                let body = json!({
                    "flow": flow,
                    "contacts": ask.contacts,
                    "restart_participants": true,
                    "exclude_active": false,
                    // The older dialect reads `extra`.
                    "params": params,
                    "extra": params,
                });
                ("flow_starts", body)
            }
            BackendWhat::Text(texts) => {
                let first = texts.first().map(|(language, _)| language.to_string()).unwrap_or_default();
                let text: Map<String, Value> = texts
                    .iter()
                    .take(LANGUAGES_MAX)
                    .map(|(language, text)| (language.to_string(), json!(text)))
                    .collect();
                ("broadcasts", json!({ "contacts": ask.contacts, "text": text, "base_language": first }))
            }
        }
    }

    /// What an answer to a write means.
    fn took(&self, answer: Result<Answer, HttpError>) -> BackendTook {
        let text = match answer.and_then(|answer| self.api.judge(answer)) {
            Ok(text) => text,
            Err(error) => return failed_write(error),
        };
        let id = serde_json::from_str::<Value>(&text).ok().as_ref().and_then(id_of);
        match id {
            Some(id) => BackendTook::Taken { id },
            // It said yes in words that are no answer: it is looked up.
            None => BackendTook::Unknown { reason: self.api.odd("rapidpro-no-list").reason().clone() },
        }
    }

    /// Reads a list from its beginning as long as `take` wants more.
    async fn look_through(
        &self,
        endpoint: &str,
        since: Timestamp,
        mut take: impl FnMut(&Value) + Send,
    ) -> Result<(), BackendError> {
        let after = since.to_string();
        let mut cursor = Some(self.api.list(endpoint, &[("after", &after)]));
        for _ in 0..LOOKED_MAX {
            let Some(page) = self.api.next(&mut cursor).await.map_err(failed_read)? else { return Ok(()) };
            page.items.iter().for_each(&mut take);
        }
        Ok(())
    }
}

/// The id of a start or broadcast: its UUID, and its number where it has none.
fn id_of(item: &Value) -> Option<String> {
    let text = |key: &str| match item.get(key)? {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    };
    text("uuid").or_else(|| text("id"))
}

/// The contacts of a start or broadcast, sorted.
fn contacts_of(item: &Value) -> Vec<String> {
    let listed = item.get("contacts").and_then(Value::as_array).into_iter().flatten();
    let id = |one: &Value| one.get("uuid").and_then(Value::as_str).or_else(|| one.as_str()).map(str::to_owned);
    let mut ids: Vec<String> = listed.filter_map(id).collect();
    ids.sort_unstable();
    ids
}

fn is_it(ask: &BackendAsk, wanted: &[String], item: &Value) -> bool {
    match &ask.what {
        BackendWhat::Start { .. } => {
            let own = ask.reference.to_string();
            let has = |key: &str| item.get(key).and_then(|params| params.get(REFERENCE)?.as_str()) == Some(&own);
            has("params") || has("extra")
        }
        BackendWhat::Text(texts) => {
            let text = item.get("text");
            let said = |text: &Value, words: &str| match text {
                Value::String(one) => one == words,
                Value::Object(all) => all.values().any(|one| one == words),
                _ => false,
            };
            let is_same = texts.iter().all(|(_, words)| text.is_some_and(|text| said(text, words)));
            is_same && contacts_of(item) == wanted
        }
    }
}

/// How long the workspace asks us to wait.
fn patience(after: Option<Duration>) -> Option<SignedDuration> {
    let seconds = after?.as_secs().min(WAIT_MAX_SECONDS);
    Some(SignedDuration::from_secs(i64::try_from(seconds).unwrap_or(0)))
}

fn failed_write(error: HttpError) -> BackendTook {
    match error {
        HttpError::NotSent(reason) => BackendTook::NotSent { reason, after: None },
        // Throttled before anything was looked at.
        HttpError::Down { status: 429, reason, after } => BackendTook::NotSent { reason, after: patience(after) },
        // A wrong token is mended, and then the same may be asked again.
        HttpError::Refused { status: 0 | 401 | 403, reason } => BackendTook::NotSent { reason, after: None },
        HttpError::Refused { reason, .. } => BackendTook::Refused { reason },
        HttpError::Unknown(reason) | HttpError::Odd(reason) | HttpError::Down { reason, .. } => {
            BackendTook::Unknown { reason }
        }
    }
}

fn failed_read(error: HttpError) -> BackendError {
    match error {
        HttpError::Refused { reason, .. } | HttpError::Odd(reason) => BackendError::Refused { reason },
        HttpError::NotSent(reason) | HttpError::Unknown(reason) => BackendError::Down { reason, after: None },
        HttpError::Down { reason, after, .. } => BackendError::Down { reason, after: patience(after) },
    }
}

fn read_item(list: BackendList, item: &Value) -> Option<BackendItem> {
    Some(match list {
        BackendList::Contacts => BackendItem::Contact(back_contact(item)?),
        BackendList::Messages => BackendItem::Message(back_message(item)?),
        BackendList::Runs => BackendItem::Run(back_run(item)?),
    })
}

#[async_trait]
impl Backend for Workspace {
    async fn flows(&self) -> Result<Vec<BackFlow>, BackendError> {
        let items = self.api.all("flows").await.map_err(failed_read)?;
        Ok(items.iter().filter_map(back_flow).collect())
    }

    async fn ask(&self, ask: &BackendAsk) -> BackendTook {
        if ask.contacts.is_empty() {
            return BackendTook::Refused { reason: Reason::plain("rapidpro-contact-gone") };
        }
        let (endpoint, body) = Self::asked(ask);
        self.took(self.api.post(endpoint, &[], &body).await)
    }

    async fn find(&self, ask: &BackendAsk, since: Timestamp) -> Result<Vec<String>, BackendError> {
        let mut wanted = ask.contacts.clone();
        wanted.sort_unstable();
        let (endpoint, _) = Self::asked(ask);
        let mut found = Vec::new();
        self.look_through(endpoint, since, |item| {
            found.extend(id_of(item).filter(|_| is_it(ask, &wanted, item)));
        })
        .await?;
        found.dedup();
        Ok(found)
    }

    async fn read(
        &self,
        list: BackendList,
        after: Option<Timestamp>,
        cursor: Option<&str>,
    ) -> Result<BackendPage, BackendError> {
        let after = after.map(|after| after.to_string());
        let mut query: Vec<(&str, &str)> = match list {
            BackendList::Contacts => vec![("reverse", "1")],
            BackendList::Messages => Vec::new(),
            BackendList::Runs => vec![("reverse", "1"), ("paths", "0")],
        };
        query.extend(after.as_deref().map(|after| ("after", after)));
        let mut at: Option<Cursor> = Some(self.api.list(list.as_str(), &query));
        if let (Some(at), Some(cursor)) = (&mut at, cursor) {
            at.go_to(cursor);
        }
        let page = self.api.next(&mut at).await.map_err(failed_read)?.unwrap_or_default();
        let items: Vec<BackendItem> = page.items.iter().filter_map(|item| read_item(list, item)).collect();
        let unread = (page.items.len() - items.len()) as u64;
        Ok(BackendPage { items, unread, next: at.map(|at| at.place()) })
    }

    async fn contact(&self, id: &str) -> Result<Option<BackContact>, BackendError> {
        let mut cursor = Some(self.api.list("contacts", &[("uuid", id)]));
        let page = self.api.next(&mut cursor).await.map_err(failed_read)?.unwrap_or_default();
        // A server that ignores the parameter lists everybody.
        Ok(page.items.iter().filter_map(back_contact).find(|contact| contact.id == id))
    }
}

#[cfg(test)]
mod tests {
    use mhero_core::Lang;
    use uuid::Uuid;

    use super::*;

    fn ask(what: BackendWhat) -> BackendAsk {
        BackendAsk { reference: Uuid::from_u128(7), contacts: vec!["b".into(), "a".into()], what }
    }

    #[test]
    fn a_start_is_known_by_our_reference_and_a_text_by_contacts_and_words() {
        let start = ask(BackendWhat::Start { flow: "f".into(), params: Some(json!({ "week": 12 })) });
        let (endpoint, body) = Workspace::asked(&start);
        assert_eq!((endpoint, &body["params"]["week"]), ("flow_starts", &json!(12)));
        let wanted = ["a".to_owned(), "b".to_owned()];
        assert!(is_it(&start, &wanted, &json!({ "uuid": "s", "params": body["params"] })));
        assert!(is_it(&start, &wanted, &json!({ "uuid": "s", "extra": body["extra"], "params": null })));
        assert!(!is_it(&start, &wanted, &json!({ "uuid": "s", "params": { "week": 12 } })));

        let text = ask(BackendWhat::Text(vec![(Lang::ENGLISH, "hello".into())]));
        let there = |words: &str, contacts: Value| json!({ "id": 5, "text": { "eng": words }, "contacts": contacts });
        assert!(is_it(&text, &wanted, &there("hello", json!([{ "uuid": "a" }, { "uuid": "b" }]))));
        assert!(!is_it(&text, &wanted, &there("hello", json!([{ "uuid": "a" }]))));
        assert!(!is_it(&text, &wanted, &there("good-bye", json!([{ "uuid": "a" }, { "uuid": "b" }]))));
        assert_eq!(id_of(&there("", json!([]))).as_deref(), Some("5"));
    }
}
