//! What neighbours are told by HTTP: FHIR subscriptions, resthooks, web hooks.
//!
//! A notice is written in the unit of what it tells of, and leaves later: in the order of its target, signed, again and again with
//! growing pauses until it has arrived. Whoever hears it twice sees the same `Idempotency-Key`. Where the address may lead is decided by
//! the rules of outside calls, and an answer that sends a notice elsewhere is none. Addresses' headers and bodies are sealed at rest; a
//! body is forgotten once it has arrived.

mod queue;
mod sign;
pub mod subscriptions;

use mhero_app::{App, AppError, ports::Leads};
use mhero_store::{NewNotice, NoticeTarget, Unit};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::fhir::FhirError;

pub use sign::{SIGNATURE_HEADER, signature, signatures};

/// What the targets of web hooks are for.
pub const WEB_HOOK: &str = "web-hook";
/// Longest address, in octets.
const URL_BYTES_MAX: usize = 2_000;
/// Headers of a target at most.
const HEADERS_MAX: usize = 20;
/// Longest header, in octets.
const HEADER_BYTES_MAX: usize = 4_000;
/// What seals are bound to.
const SECRET: &str = "notice_target.secret";
/// What seals are bound to.
const BODY: &str = "notice.body";
/// Headers that are not a target's to set.
const OURS: [&str; 7] = [
    "host",
    "content-length",
    "content-type",
    "transfer-encoding",
    "connection",
    "idempotency-key",
    "x-mhero-signature",
];

/// Somebody who is to be told.
#[derive(Clone)]
pub struct NewTarget<'a> {
    /// `fhir-subscription`, `resthook`, `web-hook`.
    pub purpose: &'a str,
    /// What it is among those of its purpose.
    pub subject: &'a str,
    /// An address of http or https.
    pub url: &'a str,
    /// Headers that each notice carries.
    pub headers: &'a [(String, String)],
    /// The key by which notices are signed; `None` for unsigned ones.
    pub key: Option<&'a str>,
    /// The user or token who asked for it.
    pub owner: Option<Uuid>,
    /// Whether it is told anything yet.
    pub is_on: bool,
}

/// No address, no headers, no key.
impl std::fmt::Debug for NewTarget<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NewTarget").field("purpose", &self.purpose).finish_non_exhaustive()
    }
}

/// Something that is to be told.
#[derive(Clone, Copy)]
pub struct Notice<'a> {
    /// What makes it the same notice for this target when it is written twice.
    pub once_key: &'a str,
    /// `POST`, `PUT`.
    pub method: &'a str,
    /// What comes after the target's address; empty for nothing.
    pub path: &'a str,
    /// The type of the body; empty for none.
    pub content_type: &'a str,
    /// The body.
    pub body: &'a str,
}

/// No body.
impl std::fmt::Debug for Notice<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Notice").field("once_key", &self.once_key).finish_non_exhaustive()
    }
}

/// What is sealed of a target.
#[derive(Default)]
struct Secret {
    headers: Vec<(String, String)>,
    key: Option<String>,
    /// The key before, and until when notices are signed by both, in UTC microseconds.
    before: Option<(String, i64)>,
    /// What asked for the key.
    once: Option<String>,
}

/// The desk of notices.
#[derive(Clone, Debug)]
pub struct Notices {
    app: App,
}

impl Notices {
    /// The desk over an application.
    pub fn new(app: &App) -> Self {
        Self { app: app.clone() }
    }

    /// Adds somebody who is told, within the unit of whatever asks for it. Returns their id.
    ///
    /// # Errors
    /// [`AppError::Invalid`] for an address or a header that can't be used.
    pub fn add_target(&self, unit: &mut Unit, new: &NewTarget<'_>) -> Result<Uuid, AppError> {
        let id = self.app.store().mint().uuid();
        self.add_target_as(unit, id, new)?;
        Ok(id)
    }

    /// As [`Self::add_target`], under an id that makes it the same one when it is asked for twice: the second unit fails with
    /// [`mhero_store::StoreError::Exists`].
    ///
    /// # Errors
    /// As [`Self::add_target`].
    pub fn add_target_as(&self, unit: &mut Unit, id: Uuid, new: &NewTarget<'_>) -> Result<(), AppError> {
        let now = self.app.clock().now_micros();
        let row = NoticeTarget {
            id,
            purpose: new.purpose.to_owned(),
            subject: new.subject.to_owned(),
            url: target_url(new)?,
            secret: self.sealed(id, new.headers, new.key)?,
            owner: new.owner,
            state: if new.is_on { "on" } else { "off" }.to_owned(),
            failures: 0,
            failure: None,
            created_at: now,
            updated_at: now,
            version: 1,
        };
        unit.add_notice_target(&row);
        Ok(())
    }

    /// Changes somebody who is told: all that failed counts no longer. `headers` and `key` of `None` stay as they are.
    ///
    /// # Errors
    /// As [`Self::add_target`].
    pub fn change_target(
        &self,
        unit: &mut Unit,
        held: &NoticeTarget,
        new: &NewTarget<'_>,
        keeps_secret: bool,
    ) -> Result<(), AppError> {
        let now = self.app.clock().now_micros();
        let mut row = held.clone();
        row.url = target_url(new)?;
        if !keeps_secret {
            row.secret = self.sealed(held.id, new.headers, new.key)?;
        }
        row.owner = new.owner;
        row.state = if new.is_on { "on" } else { "off" }.to_owned();
        (row.failures, row.failure) = (0, None);
        unit.set_notice_target(&row, now);
        if new.is_on {
            unit.revive_notices(held.id, now);
        }
        Ok(())
    }

    /// Tells a target something, within the unit of what it is about.
    ///
    /// # Errors
    /// [`AppError::Invalid`] for a body that can't be sealed.
    pub fn tell(&self, unit: &mut Unit, target: Uuid, notice: &Notice<'_>) -> Result<(), AppError> {
        self.tell_as(unit, target, self.app.store().mint().uuid(), notice)
    }

    /// As [`Self::tell`], under an id that its body may name.
    ///
    /// # Errors
    /// As [`Self::tell`].
    pub fn tell_as(&self, unit: &mut Unit, target: Uuid, id: Uuid, notice: &Notice<'_>) -> Result<(), AppError> {
        let body = self.app.seal(BODY, id, notice.body.as_bytes())?;
        let Notice { once_key, method, path, content_type, .. } = *notice;
        let new = NewNotice { id, target, once_key, method, path, content_type, body };
        unit.add_notice(new, self.app.clock().now_micros());
        Ok(())
    }

    /// Signs by another key from now on, and until an instant by the one before as well. What asked for it is kept beside, so that
    /// the same again changes nothing.
    ///
    /// # Errors
    /// [`AppError::Invalid`] when what is there can't be opened.
    pub fn change_key(
        &self,
        unit: &mut Unit,
        held: &NoticeTarget,
        (key, until): (&str, i64),
        once: Option<&str>,
    ) -> Result<(), AppError> {
        let secret = self.opened(held)?;
        let plain =
            json!({ "headers": secret.headers, "key": key, "before": secret.key, "until": until, "once": once })
                .to_string();
        let mut row = held.clone();
        row.secret = Some(self.app.seal(SECRET, held.id, plain.as_bytes())?);
        unit.set_notice_target(&row, self.app.clock().now_micros());
        Ok(())
    }

    /// The key by which notices are signed, and what asked for it where it was changed.
    ///
    /// # Errors
    /// As [`Self::change_key`].
    pub(crate) fn key(&self, held: &NoticeTarget) -> Result<(String, Option<String>), AppError> {
        let secret = self.opened(held)?;
        Ok((secret.key.unwrap_or_default(), secret.once))
    }

    fn sealed(&self, id: Uuid, headers: &[(String, String)], key: Option<&str>) -> Result<Option<Vec<u8>>, AppError> {
        check_headers(headers)?;
        if headers.is_empty() && key.is_none() {
            return Ok(None);
        }
        let plain = json!({ "headers": headers, "key": key }).to_string();
        self.app.seal(SECRET, id, plain.as_bytes()).map(Some)
    }

    fn opened(&self, target: &NoticeTarget) -> Result<Secret, AppError> {
        let Some(sealed) = &target.secret else { return Ok(Secret::default()) };
        let plain = self.app.unseal(SECRET, target.id, sealed)?;
        let told: Value = serde_json::from_slice(&plain).unwrap_or_default();
        let pairs = told["headers"].as_array().into_iter().flatten();
        let headers = pairs.filter_map(|pair| Some((pair[0].as_str()?.to_owned(), pair[1].as_str()?.to_owned())));
        let before = told["before"].as_str().zip(told["until"].as_i64());
        Ok(Secret {
            headers: headers.collect(),
            key: told["key"].as_str().map(ToOwned::to_owned),
            before: before.map(|(key, until)| (key.to_owned(), until)),
            once: told["once"].as_str().map(ToOwned::to_owned),
        })
    }
}

/// Tells what is due. Returns how much was done.
///
/// # Errors
/// Whatever the store reports.
pub async fn pass(app: &App) -> Result<usize, FhirError> {
    Ok(Notices::new(app).pass().await?)
}

/// An address of http or https that names a host, without a password in it: that belongs into a header, which is sealed.
pub(crate) fn checked_url(url: &str) -> Result<String, AppError> {
    let url = url.trim();
    let wrong = |why: &'static str| {
        let shown: String = url.chars().take(80).collect();
        AppError::invalid(why, [("url", shown)])
    };
    if url.len() > URL_BYTES_MAX {
        return Err(AppError::invalid("notice-url-long", [("max", URL_BYTES_MAX.to_string())]));
    }
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    let rest = rest.ok_or_else(|| wrong("notice-url"))?;
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    if host.is_empty() || url.chars().any(|c| c.is_whitespace() || c.is_control()) || url.contains('#') {
        return Err(wrong("notice-url"));
    }
    if host.contains('@') {
        return Err(AppError::invalid("notice-url-password", []));
    }
    Ok(url.to_owned())
}

/// An address as [`checked_url`] has it that may be told by the rules of outside calls as they are: inside those networks that the rules
/// name also in clear, elsewhere encrypted.
pub(crate) async fn judged_url(app: &App, url: &str) -> Result<String, AppError> {
    let url = checked_url(url)?;
    let Some(effector) = app.effector() else { return Err(AppError::invalid("webhook-no-calls", [])) };
    match effector.judge(&url).await {
        Leads::Nowhere => Err(AppError::invalid("webhook-refused", [("host", host(&url).to_owned())])),
        Leads::Outside if !url.starts_with("https://") => {
            Err(AppError::invalid("webhook-https", [("host", host(&url).to_owned())]))
        }
        Leads::Inside | Leads::Outside => Ok(url),
    }
}

/// The host of an address.
pub(crate) fn host(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.split(['/', '?', '#']).next().unwrap_or_default()
}

/// The address of a target: what notices put something behind has no stroke at its end, a web hook's is called as it stands.
fn target_url(new: &NewTarget<'_>) -> Result<String, AppError> {
    let url = checked_url(new.url)?;
    Ok(if new.purpose == WEB_HOOK { url } else { url.trim_end_matches('/').to_owned() })
}

fn check_headers(headers: &[(String, String)]) -> Result<(), AppError> {
    if headers.len() > HEADERS_MAX {
        return Err(AppError::invalid("notice-headers", [("max", HEADERS_MAX.to_string())]));
    }
    for (name, value) in headers {
        let is_name =
            !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || "-_.!#$%&'*+^`|~".contains(c));
        let is_value = value.chars().all(|c| c == '\t' || (' '..='~').contains(&c));
        let is_ours = OURS.contains(&name.to_ascii_lowercase().as_str());
        if !is_name || !is_value || is_ours || name.len() + value.len() > HEADER_BYTES_MAX {
            // The value is a secret: only the name is said.
            return Err(AppError::invalid("notice-header", [("name", name.chars().take(60).collect::<String>())]));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_one_of_the_web_without_a_password() {
        for good in ["https://hr.moh.example/hook", "http://10.0.0.3:8080/fhir/", "https://x.example?a=b"] {
            assert!(checked_url(good).is_ok(), "{good}");
        }
        for (purpose, url) in [("resthook", "https://hr.example/in"), (WEB_HOOK, "https://hr.example/in/")] {
            let url_given = "https://hr.example/in/";
            let new =
                NewTarget { purpose, subject: "", url: url_given, headers: &[], key: None, owner: None, is_on: true };
            assert_eq!(target_url(&new).ok().as_deref(), Some(url));
        }
        for bad in
            ["", "hr.example", "ftp://hr.example", "https://", "https:///x", "https://a:b@hr.example/", "https://a b/"]
        {
            assert!(checked_url(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn headers_are_the_targets_own() {
        let one = |name: &str, value: &str| check_headers(&[(name.to_owned(), value.to_owned())]);
        assert!(one("Authorization", "Bearer x").is_ok());
        for (name, value) in [("", "x"), ("A B", "x"), ("Host", "x"), ("X", "a\r\nB: c"), ("idempotency-key", "1")] {
            assert!(one(name, value).is_err(), "{name}");
        }
    }
}
