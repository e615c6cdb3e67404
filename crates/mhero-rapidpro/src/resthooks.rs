//! Resthooks and who gets what they send. Flows call them with `call_resthook`; whoever subscribes here gets those calls.

use std::collections::BTreeMap;

use mhero_app::flows::{RESTHOOK_ASSET, resthook_asset};
use mhero_core::Right;
use mhero_flow::effects::Request;
use mhero_store::{Queue, ResthookCall, StoreError, Subscriber, Unit};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    Answer, Answered, ApiError, ApiServer, Ask,
    ask::instant,
    page::{Item, PAGE, items_page, nothing},
};

/// Most subscribers that there may be.
const SUBSCRIBERS_MAX: usize = 250;
/// Longest short name, in characters.
const SLUG_MAX: usize = 50;
/// Longest address, in characters.
const URL_MAX: usize = 2_000;
/// Pages of calls that are looked through for those of one resthook.
const EVENT_PAGES_MAX: usize = 40;
/// The sequence that subscribers are numbered by.
const NUMBERS: &str = "resthook-subscriber";

impl ApiServer {
    /// `GET resthooks`.
    pub(crate) async fn resthooks(&self, ask: &Ask) -> Answered {
        ask.caller.must(Right::ReadMessages)?;
        let Some(wanted) = ask.wanted(true)? else { return Ok(nothing(ask, &self.base)) };
        let mut first: BTreeMap<String, i64> = BTreeMap::new();
        for subscriber in self.app.store().subscribers().await? {
            let since = first.entry(subscriber.resthook).or_insert(subscriber.created_at);
            *since = (*since).min(subscriber.created_at);
        }
        let items = self.app.store().assets_of(RESTHOOK_ASSET).await?.into_iter().map(|(asset, at)| {
            let since = first.get(&asset.id).copied().unwrap_or(at);
            let id = Uuid::new_v5(&Uuid::NAMESPACE_OID, asset.id.as_bytes());
            let json = json!({ "resthook": asset.id, "created_on": instant(since), "modified_on": instant(at) });
            Item::new(at, id, json)
        });
        Ok(items_page(ask, &self.base, wanted.of_all(items.collect())))
    }

    /// `GET resthook_subscribers`.
    pub(crate) async fn resthook_subscribers(&self, ask: &Ask) -> Answered {
        ask.caller.must(Right::ReadMessages)?;
        let Some(wanted) = ask.wanted(false)? else { return Ok(nothing(ask, &self.base)) };
        let (number, slug) = (ask.number("id")?, ask.param("resthook"));
        let subscribers = self.app.store().subscribers().await?.into_iter();
        let subscribers = subscribers.filter(|one| number.is_none_or(|number| one.number == number));
        let subscribers = subscribers.filter(|one| slug.is_none_or(|slug| one.resthook == slug));
        let items = subscribers.map(|one| {
            let id = Uuid::from_u64_pair(0, u64::try_from(one.number).unwrap_or(0));
            Item::new(one.created_at, id, json_of(&one))
        });
        Ok(items_page(ask, &self.base, wanted.of_all(items.collect())))
    }

    /// `GET resthook_events`: what flows sent to subscribers, as long as the calls of flows are kept.
    pub(crate) async fn resthook_events(&self, ask: &Ask) -> Answered {
        ask.caller.must(Right::ReadMessages)?;
        // What is sent tells of people wherever they are.
        if !ask.caller.scope.all_places() {
            return Ok(nothing(ask, &self.base));
        }
        let Some(wanted) = ask.wanted(false)? else { return Ok(nothing(ask, &self.base)) };
        let slug = ask.param("resthook").map(str::to_lowercase);
        let (mut part, mut items) = (wanted.part, Vec::new());
        // The name of the resthook is sealed with what was sent: others are passed over here.
        for _ in 0..EVENT_PAGES_MAX {
            let calls = self.app.store().resthook_calls(&ask.caller.scope, &part).await?;
            let is_last = i64::try_from(calls.len()).unwrap_or(i64::MAX) < part.limit;
            part.after = calls.last().map(|call| (call.created_at, call.id)).or(part.after);
            let own = calls.iter().filter_map(|call| self.sent(call, slug.as_deref()));
            items.extend(own);
            if is_last || items.len() > PAGE {
                break;
            }
        }
        items.truncate(PAGE + 1);
        Ok(items_page(ask, &self.base, items))
    }

    /// What was sent, unless it was sent by another resthook.
    fn sent(&self, call: &ResthookCall, slug: Option<&str>) -> Option<Item> {
        let json = self.app.unseal("effect", call.session.uuid(), &call.request).ok()?;
        let request: Request = serde_json::from_slice(&json).ok()?;
        let Request::Http { calls, resthook: Some(resthook) } = request else { return None };
        if slug.is_some_and(|slug| resthook.to_lowercase() != slug) {
            return None;
        }
        let data: Value = calls.first().and_then(|call| serde_json::from_str(&call.body).ok()).unwrap_or_default();
        let json = json!({ "resthook": resthook, "data": data, "created_on": instant(call.created_at) });
        Some(Item::new(call.created_at, call.id, json))
    }

    /// `POST resthook_subscribers`. A resthook is there as soon as somebody subscribes to it.
    pub(crate) async fn subscribe(&self, ask: &Ask) -> Answered {
        ask.caller.must(Right::Flows)?;
        let slug = ask.needed("resthook", SLUG_MAX)?;
        let is_slug = slug.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_');
        if !is_slug {
            let said = "A resthook is called by small letters, digits, - and _, as in the flow that calls it.";
            return Err(ApiError::field("resthook", said));
        }
        let target_url = ask.needed("target_url", URL_MAX)?;
        if !is_web_address(&target_url) {
            return Err(ApiError::field("target_url", "Enter a valid URL."));
        }
        let subscriber = self.app.store().decide(|| self.subscribe_once(ask, &slug, &target_url)).await?;
        Ok(Answer::made(json_of(&subscriber)))
    }

    async fn subscribe_once(&self, ask: &Ask, slug: &str, target_url: &str) -> Result<Subscriber, ApiError> {
        let store = self.app.store();
        let now = self.app.clock().now_micros();
        let known = store.subscribers().await?;
        if known.iter().any(|one| one.resthook == slug && one.target_url == target_url) {
            return Err(ApiError::field("target_url", "URL is already subscribed to this event."));
        }
        if known.len() >= SUBSCRIBERS_MAX {
            let said = format!("Cannot create object because workspace has reached limit of {SUBSCRIBERS_MAX}.");
            return Err(ApiError::Full(said));
        }
        let number = store.next_number(NUMBERS).await?;
        let subscriber =
            Subscriber { number, resthook: slug.to_owned(), target_url: target_url.to_owned(), created_at: now };
        let others = known.iter().filter(|one| one.resthook == slug).map(|one| one.target_url.as_str());
        let mut unit = Unit::new();
        unit.take_numbers(NUMBERS, number, 1).add_subscriber(&subscriber, ask.caller.scope.principal());
        unit.put_flow_asset(&resthook_asset(slug, others.chain([target_url])), now);
        let facts = json!({ "resthook": slug, "number": number });
        unit.audit(store, &ask.caller.entry("resthook-subscribed", "resthook", None, facts));
        match store.write(unit, Queue::Interactive).await {
            Err(StoreError::Exists { .. }) => {
                Err(ApiError::field("target_url", "URL is already subscribed to this event."))
            }
            other => Ok(other.map(|_| subscriber)?),
        }
    }

    /// `DELETE resthook_subscribers`.
    pub(crate) async fn unsubscribe(&self, ask: &Ask) -> Answered {
        ask.caller.must(Right::Flows)?;
        let needed = || ApiError::Detail("URL must contain one of the following parameters: id".to_owned());
        let number = ask.number("id")?.ok_or_else(needed)?;
        let store = self.app.store();
        let known = store.subscribers().await?;
        let gone = known.iter().find(|one| one.number == number).ok_or(ApiError::NotFound)?;
        let others = known.iter().filter(|one| one.resthook == gone.resthook && one.number != number);
        let mut unit = Unit::new();
        unit.drop_subscriber(number);
        let left = resthook_asset(&gone.resthook, others.map(|one| one.target_url.as_str()));
        unit.put_flow_asset(&left, self.app.clock().now_micros());
        let facts = json!({ "resthook": gone.resthook, "number": number });
        unit.audit(store, &ask.caller.entry("resthook-unsubscribed", "resthook", None, facts));
        store.write(unit, Queue::Interactive).await?;
        Ok(Answer::done())
    }
}

fn json_of(subscriber: &Subscriber) -> Value {
    json!({
        "id": subscriber.number,
        "resthook": subscriber.resthook,
        "target_url": subscriber.target_url,
        "created_on": instant(subscriber.created_at),
    })
}

/// Whether a text is an address of the web; which hosts may be called is decided when it is.
fn is_web_address(text: &str) -> bool {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    let host = rest.and_then(|rest| rest.split(['/', '?', '#']).next()).unwrap_or_default();
    !host.is_empty() && !host.contains('@') && !text.contains(char::is_whitespace) && !text.contains(char::is_control)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_the_web_have_a_host_and_no_user() {
        for right in ["https://example.org/hook", "http://127.0.0.1:9/x?y=1"] {
            assert!(is_web_address(right), "{right}");
        }
        for wrong in
            ["", "example.org", "https://", "ftp://example.org", "https://me:pw@example.org/", "https://a b.org"]
        {
            assert!(!is_web_address(wrong), "{wrong}");
        }
    }
}
