//! Notifications: the Subscription that asks a FHIR server to tell us of changes.
//!
//! R4's rest-hook. No payload is asked for, so that no names and numbers travel by this way: a notification only says that
//! something changed, and the next pull reads what. The secret stands in the address, which is one of this source alone.

use async_trait::async_trait;
use mhero_app::ports::{Standing, Subscribed, Teller};
use mhero_core::record::Reason;
use reqwest::Method;
use serde_json::{Value, json};

use super::server::Server;
use crate::http::{Ask, HttpError, first_words};

/// The kinds that are told of: people, their positions, places and organisations.
const KINDS: [&str; 4] = ["Practitioner", "PractitionerRole", "Location", "Organization"];
/// Subscriptions of a server that are looked through for one of ours.
const LISTED: &str = "200";

/// The Subscription that tells us of changes of one kind (`Practitioner`) at our address for this source.
///
/// ```
/// let asks = mhero_registries::fhir::subscription::resource("Practitioner", "https://mhero.example.org/registry/hr/s3cret");
/// assert_eq!(asks["criteria"], "Practitioner?");
/// assert!(asks["channel"].get("payload").is_none());
/// ```
pub fn resource(kind: &str, endpoint: &str) -> Value {
    json!({
        "resourceType": "Subscription",
        "status": "requested",
        "reason": "mHero reads what changed",
        "criteria": format!("{kind}?"),
        "channel": { "type": "rest-hook", "endpoint": endpoint },
    })
}

/// How a Subscription stands by what its server says of it; `None` for one that is none, or has no id.
///
/// ```
/// use mhero_app::ports::Standing;
/// use mhero_registries::fhir::subscription::standing;
/// let said = serde_json::json!({"resourceType": "Subscription", "id": "s1", "status": "error", "error": "refused"});
/// let found = standing(&said).expect("a subscription");
/// assert_eq!((found.standing, found.says.as_str()), (Standing::Error, "refused"));
/// ```
pub fn standing(resource: &Value) -> Option<Subscribed> {
    let text = |key: &str| resource.get(key).and_then(Value::as_str).unwrap_or_default();
    if text("resourceType") != "Subscription" || text("id").is_empty() {
        return None;
    }
    let standing = match text("status") {
        "requested" => Standing::Asked,
        "active" => Standing::Active,
        "error" => Standing::Error,
        _ => Standing::Off,
    };
    // Nothing said is nothing shown.
    let says = Some(text("error")).filter(|error| !error.trim().is_empty()).map(first_words).unwrap_or_default();
    Some(Subscribed { id: text("id").to_owned(), standing, says })
}

/// Whether a Subscription is ours: of this kind, to this address.
fn is_ours(resource: &Value, wanted: &Value) -> bool {
    let criteria =
        |resource: &Value| resource["criteria"].as_str().unwrap_or_default().trim_end_matches('?').to_owned();
    criteria(resource) == criteria(wanted) && resource["channel"]["endpoint"] == wanted["channel"]["endpoint"]
}

impl Server {
    async fn ask_for(&self, kind: &str, endpoint: &str) -> Result<Subscribed, HttpError> {
        let wanted = resource(kind, endpoint);
        if let Some(there) = self.there_already(&wanted).await? {
            return Ok(there);
        }
        let ask = self.write(Method::POST, "Subscription", wanted.to_string());
        let answer = self.client.ask(&ask).await?;
        let location = answer.header("location").map(str::to_owned);
        let answer = answer.success()?;
        if let Some(made) = answer.json().ok().as_ref().and_then(standing) {
            return Ok(made);
        }
        // Servers may answer with nothing but the address of what they made.
        let id = location.as_deref().and_then(id_in).ok_or_else(|| {
            let args = [("host", self.client.host()), ("kind", "Subscription".to_owned())];
            HttpError::Odd(Reason::new("registry-fhir-no-id", args))
        })?;
        Ok(Subscribed { id, standing: Standing::Asked, says: String::new() })
    }

    /// One of ours that is there already: the answer to an earlier attempt was lost.
    async fn there_already(&self, wanted: &Value) -> Result<Option<Subscribed>, HttpError> {
        let answer = self.get(self.client.url("Subscription", &[("_count", LISTED)])).await?;
        if answer.status == 404 || answer.status == 405 || answer.status == 501 {
            return Ok(None);
        }
        let bundle = answer.success()?.json()?;
        let entries = bundle["entry"].as_array().cloned().unwrap_or_default();
        let own = entries.iter().map(|entry| &entry["resource"]).filter(|resource| is_ours(resource, wanted));
        Ok(own.filter_map(standing).find(|found| matches!(found.standing, Standing::Asked | Standing::Active)))
    }

    async fn look_up(&self, id: &str) -> Result<Option<Subscribed>, HttpError> {
        let answer = self.get(self.client.url(&format!("Subscription/{id}"), &[])).await?;
        if matches!(answer.status, 404 | 410) {
            return Ok(None);
        }
        let there = answer.success()?.json()?;
        let found = standing(&there);
        // Some servers leave it to us to say that it is active; those that know better go on as they do.
        if found.as_ref().is_some_and(|found| found.standing == Standing::Asked) {
            let active = self.activate(id, there).await.ok().flatten();
            return Ok(active.or(found));
        }
        Ok(found)
    }

    async fn activate(&self, id: &str, mut resource: Value) -> Result<Option<Subscribed>, HttpError> {
        resource["status"] = json!("active");
        let ask = self.write(Method::PUT, &format!("Subscription/{id}"), resource.to_string());
        Ok(standing(&self.client.ask(&ask).await?.success()?.json()?))
    }

    async fn end(&self, id: &str) -> Result<(), HttpError> {
        let ask = Ask::new(Method::DELETE, self.client.url(&format!("Subscription/{id}"), &[]));
        let answer = self.client.ask(&ask).await?;
        if matches!(answer.status, 404 | 410) {
            return Ok(());
        }
        answer.success().map(drop)
    }
}

/// The id in an address: `http://x/fhir/Subscription/s1/_history/1`.
fn id_in(location: &str) -> Option<String> {
    let (_, rest) = location.rsplit_once("Subscription/")?;
    let id = rest.split('/').next()?;
    let is_id = (1..=64).contains(&id.len()) && id.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '.'));
    is_id.then(|| id.to_owned())
}

#[async_trait]
impl Teller for Server {
    fn tells_of(&self) -> Vec<&'static str> {
        KINDS.into_iter().filter(|kind| self.settings.types.contains(kind)).collect()
    }

    async fn subscribe(&self, kind: &str, endpoint: &str) -> Result<Subscribed, Reason> {
        self.ask_for(kind, endpoint).await.map_err(|error| error.reason().clone())
    }

    async fn subscription(&self, id: &str) -> Result<Option<Subscribed>, Reason> {
        self.look_up(id).await.map_err(|error| error.reason().clone())
    }

    async fn unsubscribe(&self, id: &str) -> Result<(), Reason> {
        self.end(id).await.map_err(|error| error.reason().clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_read_from_addresses() {
        let id = |location| id_in(location);
        assert_eq!(id("http://x/fhir/Subscription/s-1/_history/1").as_deref(), Some("s-1"));
        assert_eq!((id("http://x/fhir/"), id("http://x/Subscription/"), id("Subscription/a b")), (None, None, None));
        let (ours, other) = (resource("Location", "https://m/r"), resource("Organization", "https://m/r"));
        assert!(is_ours(&ours, &ours) && !is_ours(&ours, &other));
        assert_eq!(standing(&ours), None, "it has no id yet");
    }
}
