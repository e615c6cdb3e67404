//! A FHIR server small enough to lie on demand.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, MutexGuard},
};

use jiff::{SignedDuration, Timestamp};
use mhero_testkit::{Asked, Reply, Site};
use serde_json::{Value, json};

/// How it misbehaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fault {
    /// `_lastUpdated` is left out of account, and the self link says so.
    IgnoresSince,
    /// The same without a self link.
    IgnoresSinceSilently,
    /// The last page leads back to the first.
    Loops,
    /// Every page leads to another with the same content.
    Endless,
    /// Links name the host by which a proxy knows it.
    BehindProxy,
    /// One entry is no JSON.
    BrokenEntry,
    /// The first page of people breaks off.
    BrokenPage,
    /// A search carries a warning that a parameter was not understood.
    Warns,
    /// The answer of a write is lost after it was made.
    LosesAnswers,
    /// `If-None-Exist` is left out of account.
    CreatesAlways,
    /// No history.
    NoHistory,
    /// Nothing at /metadata.
    NoMetadata,
    /// It says that there are more than it hands out.
    CountsMore,
    /// It forgets a search after its first page.
    Forgets,
    /// It is down.
    Down,
}

#[derive(Default)]
pub(super) struct Store {
    /// Every state of every resource, oldest first; a removal is null.
    states: Vec<(String, String, Timestamp, Value)>,
    pub(super) faults: BTreeSet<Fault>,
    ticks: i64,
}

impl Store {
    fn now(&mut self) -> Timestamp {
        self.ticks += 1;
        start() + SignedDuration::from_mins(10 * self.ticks)
    }

    pub(super) fn put(&mut self, mut resource: Value) -> Value {
        let (kind, id) =
            (resource["resourceType"].as_str().unwrap().to_owned(), resource["id"].as_str().unwrap().to_owned());
        let version = self.states.iter().filter(|(k, i, ..)| (k, i) == (&kind, &id)).count() + 1;
        let now = self.now();
        resource["meta"] = json!({"versionId": version.to_string(), "lastUpdated": now.to_string()});
        self.states.push((kind, id, now, resource.clone()));
        resource
    }

    pub(super) fn remove(&mut self, kind: &str, id: &str) {
        let now = self.now();
        self.states.push((kind.to_owned(), id.to_owned(), now, Value::Null));
    }

    pub(super) fn get(&self, kind: &str, id: &str) -> Option<Value> {
        let last = self.states.iter().rev().find(|(k, i, ..)| k == kind && i == id)?;
        Some(last.3.clone()).filter(|value| !value.is_null())
    }

    pub(super) fn all(&self, kind: &str) -> Vec<(Timestamp, Value)> {
        let mut last = BTreeMap::new();
        for (k, id, at, value) in &self.states {
            if k == kind {
                last.insert(id.clone(), (*at, value.clone()));
            }
        }
        last.into_values().filter(|(_, value)| !value.is_null()).collect()
    }

    fn has(&self, fault: Fault) -> bool {
        self.faults.contains(&fault)
    }
}

pub(super) fn start() -> Timestamp {
    "2026-01-01T00:00:00Z".parse().unwrap()
}

/// The running server. Its base is `/fhir`.
pub(super) struct FakeFhir {
    pub(super) site: Site,
    store: Arc<Mutex<Store>>,
}

impl FakeFhir {
    pub(super) fn start() -> Self {
        let store = Arc::new(Mutex::new(Store::default()));
        let kept = Arc::clone(&store);
        let site = Site::start(move |asked| answer(&mut kept.lock().unwrap(), asked));
        Self { site, store }
    }

    pub(super) fn store(&self) -> MutexGuard<'_, Store> {
        self.store.lock().unwrap()
    }

    pub(super) fn url(&self) -> String {
        format!("{}/fhir", self.site.url())
    }

    pub(super) fn fault(&self, fault: Fault) {
        self.store().faults.insert(fault);
    }
}

fn answer(store: &mut Store, asked: &Asked) -> Reply {
    if store.has(Fault::Down) {
        return Reply::json(503, "{}");
    }
    let url = reqwest::Url::parse(&format!("http://{}{}", asked.header("host").unwrap(), asked.path)).unwrap();
    let parts: Vec<&str> = url.path().trim_start_matches("/fhir").split('/').filter(|part| !part.is_empty()).collect();
    let reply = match (asked.method.as_str(), parts.as_slice()) {
        ("GET", ["metadata"]) if store.has(Fault::NoMetadata) => Reply::json(404, "{}"),
        ("GET", ["metadata"]) => Reply::json(200, metadata(store)),
        ("GET", [kind, "_history"]) => history(store, kind, &url),
        ("GET", [kind, id]) => match store.get(kind, id) {
            Some(resource) => tagged(200, &resource),
            None => Reply::json(404, json!({"resourceType": "OperationOutcome"})),
        },
        ("GET", [kind]) => search(store, kind, &url),
        ("PUT" | "PATCH", [kind, id]) => update(store, kind, id, asked),
        ("POST", [kind]) => create(store, kind, asked),
        _ => Reply::json(405, "{}"),
    };
    if asked.method != "GET" && store.has(Fault::LosesAnswers) { Reply { status: 0, ..reply } } else { reply }
}

fn tagged(status: u16, resource: &Value) -> Reply {
    let version = resource["meta"]["versionId"].as_str().unwrap();
    Reply::json(status, resource).header("ETag", format!("W/\"{version}\""))
}

fn metadata(store: &Store) -> Value {
    let kinds = ["CodeSystem", "Organization", "Location", "Practitioner", "PractitionerRole", "Basic", "Provenance"];
    let mut ways = vec!["read", "search-type", "update", "create"];
    if !store.has(Fault::NoHistory) {
        ways.push("history-type");
    }
    let ways: Vec<Value> = ways.into_iter().map(|code| json!({"code": code})).collect();
    let kind = |kind: &str| json!({"type": kind, "interaction": ways, "updateCreate": true});
    json!({"resourceType": "CapabilityStatement", "fhirVersion": "4.0.1", "software": {"name": "Fake", "version": "1"},
        "rest": [{"mode": "server", "resource": kinds.map(kind)}]})
}

fn param(url: &reqwest::Url, name: &str) -> Option<String> {
    url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
}

fn search(store: &Store, kind: &str, url: &reqwest::Url) -> Reply {
    let since = param(url, "_lastUpdated").and_then(|text| text.strip_prefix("ge")?.parse::<Timestamp>().ok());
    let ignores = store.has(Fault::IgnoresSince) || store.has(Fault::IgnoresSinceSilently);
    let token = param(url, "identifier");
    let fits = |at: &Timestamp, resource: &Value| {
        let is_new = ignores || since.is_none_or(|since| *at >= since);
        let is_named = token.as_ref().is_none_or(|token| {
            let list = resource["identifier"].as_array().cloned().unwrap_or_default();
            list.iter().any(|i| format!("{}|{}", i["system"].as_str().unwrap(), i["value"].as_str().unwrap()) == *token)
        });
        is_new && is_named
    };
    let found: Vec<Value> = store.all(kind).into_iter().filter(|(at, value)| fits(at, value)).map(|(_, v)| v).collect();
    let entries =
        found.into_iter().map(|resource| json!({"resource": resource, "search": {"mode": "match"}})).collect();
    page(store, kind, "searchset", url, entries)
}

fn history(store: &Store, kind: &str, url: &reqwest::Url) -> Reply {
    if store.has(Fault::NoHistory) {
        return Reply::json(501, "{}");
    }
    let since: Timestamp = param(url, "_since").and_then(|text| text.parse().ok()).unwrap_or_else(start);
    let states = store.states.iter().rev().filter(|(k, _, at, _)| k == kind && *at >= since);
    let entry = |(kind, id, at, value): &(String, String, Timestamp, Value)| {
        let place = format!("{kind}/{id}");
        if value.is_null() {
            return json!({"fullUrl": place, "request": {"method": "DELETE", "url": place}, "response": {"status": "204", "lastModified": at.to_string()}});
        }
        json!({"fullUrl": place, "resource": value, "request": {"method": "PUT", "url": place}})
    };
    page(store, kind, "history", url, states.map(entry).collect())
}

fn page(store: &Store, kind: &str, what: &str, url: &reqwest::Url, mut entries: Vec<Value>) -> Reply {
    if store.has(Fault::Forgets) && param(url, "at").is_some() {
        return Reply::json(410, json!({"resourceType": "OperationOutcome"}));
    }
    let count: usize = param(url, "_count").and_then(|text| text.parse().ok()).unwrap_or(10);
    let at: usize = param(url, "at").and_then(|text| text.parse().ok()).unwrap_or(0);
    let total = entries.len() + usize::from(store.has(Fault::CountsMore) && kind == "Practitioner");
    let is_last = at + count >= entries.len();
    entries = entries.into_iter().skip(if store.has(Fault::Endless) { 0 } else { at }).take(count).collect();
    let mut own = url.clone();
    let (ignored, silent) = (store.has(Fault::IgnoresSince), store.has(Fault::IgnoresSinceSilently));
    if ignored {
        let kept: Vec<_> = url.query_pairs().into_owned().filter(|(key, _)| key != "_lastUpdated").collect();
        own.query_pairs_mut().clear().extend_pairs(kept);
    }
    let mut links = if silent { vec![] } else { vec![json!({"relation": "self", "url": own.as_str()})] };
    let to = if is_last { store.has(Fault::Loops).then_some(0) } else { Some(at + count) };
    let to = if store.has(Fault::Endless) { Some(at + count) } else { to };
    if let Some(to) = to {
        let mut next = url.clone();
        let kept: Vec<_> = url.query_pairs().into_owned().filter(|(key, _)| key != "at").collect();
        next.query_pairs_mut().clear().extend_pairs(kept).append_pair("at", &to.to_string());
        let mut next = next.to_string();
        if store.has(Fault::BehindProxy) {
            let tail = next.split_once("/fhir/").unwrap().1.to_owned();
            next = format!("https://registry.moh.example/public/{tail}");
        }
        links.push(json!({"relation": "next", "url": next}));
    }
    if store.has(Fault::Warns) {
        entries.push(json!({"search": {"mode": "outcome"}, "resource": {"resourceType": "OperationOutcome",
            "issue": [{"severity": "warning", "code": "not-supported", "diagnostics": "parameter left out"}]}}));
    }
    let mut text =
        json!({"resourceType": "Bundle", "type": what, "total": total, "link": links, "entry": entries}).to_string();
    if kind == "Practitioner" && store.has(Fault::BrokenEntry) {
        text = text.replacen("\"gender\":", "\"gender\" ", 1);
    }
    if kind == "Practitioner" && at == 0 && store.has(Fault::BrokenPage) {
        text.truncate(text.len() - 40);
    }
    let now = start() + SignedDuration::from_mins(10 * store.ticks);
    let date = jiff::fmt::rfc2822::to_string(&now.to_zoned(jiff::tz::TimeZone::UTC)).unwrap().replace("+0000", "GMT");
    Reply::json(200, text).header("Date", date)
}

fn update(store: &mut Store, kind: &str, id: &str, asked: &Asked) -> Reply {
    let now = store.get(kind, id);
    let tag = now.as_ref().map(|now| format!("W/\"{}\"", now["meta"]["versionId"].as_str().unwrap()));
    if asked.header("if-match").is_some_and(|given| Some(given) != tag.as_deref()) {
        return Reply::json(412, json!({"resourceType": "OperationOutcome"}));
    }
    let body: Value = serde_json::from_slice(&asked.body).unwrap();
    let resource = if asked.method == "PATCH" { patched(now.unwrap(), &body) } else { body };
    let status = if tag.is_some() { 200 } else { 201 };
    tagged(status, &store.put(resource))
}

fn patched(mut resource: Value, steps: &Value) -> Value {
    for step in steps.as_array().unwrap() {
        let member = step["path"].as_str().unwrap().trim_start_matches('/').to_owned();
        match step["op"].as_str().unwrap() {
            "test" => assert_eq!(resource[&member], step["value"]),
            "remove" => drop(resource.as_object_mut().unwrap().shift_remove(&member)),
            _ => resource[&member] = step["value"].clone(),
        }
    }
    resource
}

fn create(store: &mut Store, kind: &str, asked: &Asked) -> Reply {
    let mut resource: Value = serde_json::from_slice(&asked.body).unwrap();
    if let Some(query) = asked.header("if-none-exist").filter(|_| !store.has(Fault::CreatesAlways)) {
        let url = reqwest::Url::parse(&format!("http://x/?{query}")).unwrap();
        let token = param(&url, "identifier").unwrap();
        let key = token.split_once('|').unwrap().1.to_owned();
        let found = store.all(kind).into_iter().find(|(_, value)| value["identifier"][0]["value"] == key.as_str());
        if let Some((_, found)) = found {
            return tagged(200, &found);
        }
    }
    resource["id"] = format!("new{}", store.states.len()).into();
    let made = store.put(resource);
    let place = format!("{kind}/{}/_history/1", made["id"].as_str().unwrap());
    tagged(201, &made).header("Location", place)
}
